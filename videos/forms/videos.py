"""Videos to be: made, remixed, edited, extended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from videos import catalog, contract
from videos.forms.clips import read_source
from videos.forms.fields import PartError, PromptField, SeedField, TypedPromptField, WorkspaceForm, echo
from videos.forms.references import find_reference
from videos.models import Character, Video
from videos.references import BadReference, read_reference


class RemixForm(forms.Form):
    prompt = PromptField()
    seed = SeedField()


class RemixComposerForm(RemixForm):
    prompt = TypedPromptField()


def find_model(name: str, default: catalog.Model) -> catalog.Model:
    model = catalog.find(name) if name else default
    if model is None:
        known = ", ".join(f"'{known}'" for known in catalog.models())
        message = f"The model '{echo(name)}' does not exist. Known models: {known}."
        raise ValidationError(message, code="model_not_found")
    return model


class VideoForm(WorkspaceForm):
    """`cleaned_data` is what `actions.create_video` takes."""

    prompt = PromptField()
    model = forms.CharField(required=False)
    size = forms.CharField(required=False)
    seconds = forms.CharField(required=False)
    seed = SeedField()
    input_reference = forms.FileField(required=False, allow_empty_file=True)
    characters = forms.Field(required=False)

    def default_model(self) -> catalog.Model:
        return catalog.default_for_programs()

    def clean_model(self) -> catalog.Model:
        return find_model(self.cleaned_data["model"], self.default_model())

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        model = cleaned.get("model") or self.default_model()
        self._choose("size", contract.DEFAULT_SIZE, model.sizes)
        self._choose("seconds", str(contract.DEFAULT_SECONDS), [str(seconds) for seconds in model.seconds])
        if "seconds" in cleaned:
            cleaned["seconds"] = int(cleaned["seconds"])
        # What costs a look into a file, or a way over the network, comes last.
        if not self.errors:
            cleaned["characters"] = self._judged("characters", self._characters)
            cleaned["input_reference"] = self._judged("input_reference", self._reference)
        return cleaned

    def _choose(self, field: str, default: str, supported: Any) -> None:
        if field not in self.cleaned_data:
            return
        value = self.cleaned_data[field] or default
        if value not in supported:
            message = contract.supported_values(echo(value), list(supported))
            self.add_error(field, ValidationError(message, "invalid_value"))
            return
        self.cleaned_data[field] = value

    def _judged(self, field: str, judge: Any) -> Any:
        try:
            return judge()
        except ValidationError as error:
            self.add_error(field, error)
            return None

    def _reference(self) -> contract.Reference | None:
        file: UploadedFile[bytes] | None = self.cleaned_data.get("input_reference")
        given = self.data.get("input_reference")
        if file is None and isinstance(given, dict):
            file = find_reference(given, self.workspace)
        if not file:
            return None
        try:
            return read_reference(file, contract.parse_size(self.cleaned_data["size"]))
        except BadReference as error:
            raise ValidationError(error.message, error.code) from error

    def _characters(self) -> list[Character]:
        given = self.cleaned_data.get("characters") or []
        if len(given) > contract.CHARACTERS_MAX:
            message = f"At most {contract.CHARACTERS_MAX} characters are accepted, not {len(given)}."
            raise ValidationError(message, "array_above_max_length")
        found = [self._character(number, item) for number, item in enumerate(given)]
        if len({character.name for character in found}) < len(found):
            raise ValidationError("Two characters of one name cannot be told apart in the prompt.", "invalid_value")
        return found

    def _character(self, number: int, item: object) -> Character:
        param = f"characters[{number}].id"
        character_id = item.get("id") if isinstance(item, dict) else item
        if not isinstance(character_id, str):
            raise PartError(param, f"Invalid type for '{param}': expected a string.", "invalid_type")
        character = Character.objects.in_workspace(self.workspace).named(character_id).first()
        if character is None:
            raise PartError(param, f"Character with id '{echo(character_id)}' not found.", "character_not_found")
        return character


class ComposerForm(VideoForm):
    """The same for people, to whom no model is called by an alias unasked."""

    prompt = TypedPromptField()

    def default_model(self) -> catalog.Model:
        return catalog.own_models()[0]


class EditForm(WorkspaceForm):
    """`cleaned_data` is what `actions.edit_video` takes; a program says more than a page does."""

    prompt = PromptField()
    video = forms.Field(required=False)
    model = forms.CharField(required=False)
    seed = SeedField()

    def clean(self) -> dict[str, Any]:
        self._judge()
        if not self.errors:
            self._read_source()
        return self.cleaned_data

    def _judge(self) -> None:
        """What subclasses add comes before the look into a film."""

    def _read_source(self) -> None:
        cleaned = self.cleaned_data
        try:
            source = read_source(cleaned.pop("video", None), self.files.get("video"), self.workspace)
            own = catalog.find(source.model) if isinstance(source, Video) else None
            cleaned["source"] = source
        except ValidationError as error:
            return self.add_error("video", error)
        try:
            cleaned["model"] = find_model(cleaned["model"], own or catalog.default_for_programs())
        except ValidationError as error:
            self.add_error("model", error)


class ExtendForm(EditForm):
    seconds = forms.CharField(required=False)
    input_reference = forms.Field(required=False)
    characters = forms.Field(required=False)

    def _judge(self) -> None:
        for field in ("input_reference", "characters"):
            if self.cleaned_data.pop(field) or self.files.get(field):
                message = f"An extension takes no '{field}': it continues what is there."
                self.add_error(field, ValidationError(message, "unsupported_parameter"))
        value = self.cleaned_data.get("seconds", "")
        supported = [str(seconds) for seconds in contract.SECONDS]
        if value not in supported:
            self.add_error(
                "seconds", ValidationError(contract.supported_values(echo(value), supported), "invalid_value")
            )
        else:
            self.cleaned_data["seconds"] = int(value)
