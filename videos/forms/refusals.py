"""What a program is told of input that is refused: by the door at once, by a batch in its error file."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from videos import contract
from videos.references import SIZE_MISMATCH


class Refusal(NamedTuple):
    message: str
    param: str | None = None
    code: str | None = None
    status: int = 400


def of_form(form: forms.BaseForm, given: Collection[str], *, required: Collection[str]) -> Refusal:
    """The first error of a form; `given` are the names that were sent: missing is not the same as empty.

    `required` are the names without which this request, by its shape, is incomplete.
    """
    field, errors = next(iter(form.errors.as_data().items()))
    if field in required and field not in given:
        return Refusal(f"Missing required parameter: '{field}'.", field, "missing_required_parameter")
    error = errors[0]
    if error.code == SIZE_MISMATCH:
        # The hosted service's sentence, which programs look for; it named neither parameter nor code.
        return Refusal(contract.REFERENCE_SIZE_MISMATCH)
    code = _code(error)
    return Refusal(str(error.messages[0]), getattr(error, "param", field), code, STATUSES.get(code, 400))


# Codes that are not told with 400.
STATUSES = {"video_not_found": 404, "request_too_large": 413}
# Django's own codes in the contract's words.
CODES = {
    "invalid": "invalid_value",
    "required": "invalid_value",
    "min_value": "invalid_value",
    "max_value": "invalid_value",
    "max_length": "string_above_max_length",
    "null_characters_not_allowed": "invalid_value",
}


def _code(error: ValidationError) -> str:
    code = error.code or "invalid_value"
    return CODES.get(code, code)
