"""Batches to be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from videos import contract
from videos.forms.fields import PartError, echo
from videos.forms.files import read_lifetime
from videos.models import File, Workspace

ENDPOINTS, WINDOWS = ["/v1/videos"], ["24h"]
METADATA_MAX_PAIRS, METADATA_MAX_KEY, METADATA_MAX_VALUE = 16, 64, 512


class BatchForm(forms.Form):
    """`cleaned_data` is what `actions.create_batch` takes."""

    input_file_id = forms.CharField(required=False)
    endpoint = forms.CharField(required=False)
    completion_window = forms.CharField(required=False)
    metadata = forms.Field(required=False)
    output_expires_after = forms.Field(required=False)

    def __init__(self, data: dict[str, Any], *, workspace: Workspace) -> None:
        super().__init__(data)
        self.workspace = workspace

    def clean_input_file_id(self) -> str:
        file_id: str = self.cleaned_data["input_file_id"]
        file = File.objects.in_workspace(self.workspace).named(file_id).first()
        if file is None:
            raise ValidationError(f"File with id '{echo(file_id)}' not found.", "file_not_found")
        if file.purpose != File.Purpose.BATCH:
            message = f"File '{file_id}' has the purpose '{file.purpose}'; a batch takes one uploaded for 'batch'."
            raise ValidationError(message, "invalid_value")
        return file_id

    def clean_endpoint(self) -> str:
        return _one_of(ENDPOINTS, self.cleaned_data["endpoint"])

    def clean_completion_window(self) -> str:
        return _one_of(WINDOWS, self.cleaned_data["completion_window"])

    def clean_metadata(self) -> dict[str, str] | None:
        given: dict[str, Any] | None = self.cleaned_data["metadata"]
        if given is None:
            return None
        if len(given) > METADATA_MAX_PAIRS:
            message = f"At most {METADATA_MAX_PAIRS} pairs are accepted, not {len(given)}."
            raise ValidationError(message, "object_above_max_properties")
        for key, value in given.items():
            _judge_pair(key, value)
        return given

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        try:
            cleaned["keep_output"] = read_lifetime("output_expires_after", cleaned.pop("output_expires_after", None))
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned


def _one_of(supported: list[str], value: str) -> str:
    if value not in supported:
        raise ValidationError(contract.supported_values(echo(value), supported), "invalid_value")
    return value


def _judge_pair(key: str, value: object) -> None:
    if not isinstance(value, str):
        raise PartError(f"metadata.{echo(key)}", "The values of 'metadata' are strings.", "invalid_type")
    if len(key) > METADATA_MAX_KEY or len(value) > METADATA_MAX_VALUE:
        message = f"'metadata' takes keys of {METADATA_MAX_KEY} characters and values of {METADATA_MAX_VALUE}."
        raise ValidationError(message, "string_above_max_length")
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in key + value):
        raise ValidationError("'metadata' contains a character that cannot be stored.", "invalid_value")
