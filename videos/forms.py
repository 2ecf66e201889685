"""The only place where input is judged, for both doors. Error codes are the contract's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from videos import catalog, contract
from videos.contract import SEED_MAX
from videos.models import User, Workspace
from videos.references import BadReference, read_reference

ECHOED_CHARACTERS = 60


def _echo(value: str) -> str:
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


class RemixForm(forms.Form):
    prompt = PromptField()
    seed = SeedField()


class RemixComposerForm(RemixForm):
    prompt = TypedPromptField()


class VideoForm(forms.Form):
    """`cleaned_data` is what `actions.create_video` takes."""

    prompt = PromptField()
    model = forms.CharField(required=False)
    size = forms.CharField(required=False)
    seconds = forms.CharField(required=False)
    seed = SeedField()
    input_reference = forms.FileField(required=False, allow_empty_file=True)

    def default_model(self) -> catalog.Model:
        return catalog.default_for_programs()

    def clean_model(self) -> catalog.Model:
        name = self.cleaned_data["model"]
        model = catalog.find(name) if name else self.default_model()
        if model is None:
            known = ", ".join(f"'{known}'" for known in catalog.models())
            raise ValidationError(
                f"The model '{_echo(name)}' does not exist. Known models: {known}.", code="model_not_found"
            )
        return model

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        model = cleaned.get("model") or self.default_model()
        self._choose("size", contract.DEFAULT_SIZE, model.sizes)
        self._choose("seconds", str(contract.DEFAULT_SECONDS), [str(seconds) for seconds in model.seconds])
        if "seconds" in cleaned:
            cleaned["seconds"] = int(cleaned["seconds"])
        if cleaned.get("input_reference") and "size" in cleaned:
            cleaned["input_reference"] = self._reference(cleaned["input_reference"], cleaned["size"])
        return cleaned

    def _choose(self, field: str, default: str, supported: Any) -> None:
        if field not in self.cleaned_data:
            return
        value = self.cleaned_data[field] or default
        if value not in supported:
            message = contract.supported_values(_echo(value), list(supported))
            self.add_error(field, ValidationError(message, "invalid_value"))
            return
        self.cleaned_data[field] = value

    def _reference(self, file: UploadedFile[bytes], size: str) -> contract.Reference | None:
        try:
            return read_reference(file, contract.parse_size(size))
        except BadReference as error:
            self.add_error("input_reference", ValidationError(error.message, error.code))
            return None


class ComposerForm(VideoForm):
    """The same for people, to whom no model is called by an alias unasked."""

    prompt = TypedPromptField()

    def default_model(self) -> catalog.Model:
        return catalog.own_models()[0]


class ApiKeyForm(forms.Form):
    name = forms.CharField(max_length=80)
    workspace = forms.ModelChoiceField(Workspace.objects.none(), empty_label=None)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workspace"].queryset = user.workspaces()  # type: ignore[attr-defined]
