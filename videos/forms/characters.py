"""A character to be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from videos import contract
from videos.forms.clips import read_source
from videos.forms.fields import WorkspaceForm


class CharacterForm(WorkspaceForm):
    """`cleaned_data` is what `actions.create_character` takes."""

    name = forms.CharField(
        required=False,
        max_length=contract.CHARACTER_NAME_MAX_LENGTH,
        error_messages={"max_length": "The name has more than %(limit_value)d characters."},
    )
    video = forms.Field(required=False)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name:
            raise ValidationError("Give the character a name.", "invalid_value")
        return name

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        try:
            given, file = self.cleaned_data.pop("video"), self.files.get("video")
            self.cleaned_data["source"] = read_source(given, file, self.workspace)
        except ValidationError as error:
            self.add_error("video", error)
        return self.cleaned_data
