"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from videos import contract
from videos.contract import SEED_MAX
from videos.models import Workspace

ECHOED_CHARACTERS = 60


def echo(value: str) -> str:
    """A wrong value as the error repeats it."""
    return value if len(value) <= ECHOED_CHARACTERS else f"{value[:ECHOED_CHARACTERS]}…"


class PromptField(forms.CharField):
    """Kept to the letter; only an empty one is refused, or one too long."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, required=False, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text.strip():
            raise ValidationError("Write a prompt: what should the video show?", code="invalid_value")
        if len(text) > contract.PROMPT_MAX_LENGTH:
            raise ValidationError(
                f"The prompt has {len(text):,} characters; at most {contract.PROMPT_MAX_LENGTH:,} are accepted.",
                code="string_above_max_length",
            )
        if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
            raise ValidationError("The prompt contains half a character (a lone surrogate).", code="invalid_value")
        return text


class TypedPromptField(PromptField):
    """From a browser, which sends line breaks as CR LF but counts one character beside the field."""

    def clean(self, value: Any) -> str:
        return super().clean(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class SeedField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        sentence = f"The seed is a whole number from 0 to {SEED_MAX}."
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        super().__init__(required=False, min_value=0, max_value=SEED_MAX, error_messages=messages, **kwargs)


class WorkspaceForm(forms.Form):
    """Looks up what it is given the id of in the workspace of whoever asks."""

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace


class PartError(ValidationError):
    """Of a part of a field, which `param` names, as `characters[0].id`."""

    def __init__(self, param: str, message: str, code: str) -> None:
        super().__init__(message, code)
        self.param = param
