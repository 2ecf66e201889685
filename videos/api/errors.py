"""Every error under /v1 has one shape; this file makes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import JsonResponse

from videos import contract
from videos.references import SIZE_MISMATCH

# The hosted service's sentence, which programs look for; it names neither parameter nor code.


class ApiError(Exception):
    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        kind: str = "invalid_request_error",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = contract.error_body(message, kind=kind, param=param, code=code)
        self.headers = headers or {}

    def response(self) -> JsonResponse:
        return JsonResponse(self.body, status=self.status, headers=self.headers)


def not_found(video_id: str, *, param: str | None = None) -> ApiError:
    return ApiError(404, f"Video with id '{video_id}' not found.", param=param, code="video_not_found")


def of_form(form: forms.BaseForm, data: dict[str, Any]) -> ApiError:
    """The first error of a form; `data` tells a missing field from an empty one."""
    field, errors = next(iter(form.errors.as_data().items()))
    if field == "prompt" and field not in data:
        return ApiError(400, "Missing required parameter: 'prompt'.", param=field, code="missing_required_parameter")
    error = errors[0]
    if error.code == SIZE_MISMATCH:
        return ApiError(400, contract.REFERENCE_SIZE_MISMATCH)
    return ApiError(400, _sentence(error), param=field, code=_code(error))


def _sentence(error: ValidationError) -> str:
    return str(error.messages[0])


# Django's own codes in the contract's words.
CODES = {
    "invalid": "invalid_value",
    "min_value": "invalid_value",
    "max_value": "invalid_value",
    "null_characters_not_allowed": "invalid_value",
}


def _code(error: ValidationError) -> str:
    code = error.code or "invalid_value"
    return CODES.get(code, code)
