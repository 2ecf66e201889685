"""Files to be kept for later use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from videos import contract
from videos.forms.fields import PartError, echo
from videos.models import File

FILE_MAX_BYTES = 512 * 1024 * 1024
FILENAME_MAX_LENGTH = 255
PURPOSES = [purpose.value for purpose in File.Purpose if purpose != File.Purpose.BATCH_OUTPUT]
# Seconds that a file may be kept: an hour to thirty days.
LIFETIME_MIN, LIFETIME_MAX = 3600, 2_592_000


class FileForm(forms.Form):
    """`cleaned_data` is what `actions.upload_file` takes."""

    file = forms.FileField(required=False, allow_empty_file=True)
    purpose = forms.CharField(required=False)
    expires_after = forms.Field(required=False)

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            raise ValidationError("Send the file as a part of a form.", "invalid_value")
        if (file.size or 0) > FILE_MAX_BYTES:
            raise ValidationError(f"The file is larger than {FILE_MAX_BYTES // 2**20} MiB.", "request_too_large")
        return file

    def clean_purpose(self) -> str:
        purpose: str = self.cleaned_data["purpose"]
        if purpose not in PURPOSES:
            raise ValidationError(contract.supported_values(echo(purpose), PURPOSES), "invalid_value")
        return purpose

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        try:
            cleaned["keep"] = read_lifetime("expires_after", cleaned.pop("expires_after", None))
        except ValidationError as error:
            self.add_error(None, error)
        if "file" in cleaned:
            cleaned["filename"] = displayed(cleaned["file"].name or "")
        return cleaned


def displayed(name: str) -> str:
    """What a page or a header may show: no folders, nothing that is invisible or turns the text around."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char for char in last if char.isprintable()).strip()
    return shown[:FILENAME_MAX_LENGTH] or "upload"


def read_lifetime(field: str, given: Any) -> timedelta | None:
    """Of `{"anchor": "created_at", "seconds": …}`."""
    if given is None:
        return None
    anchor, seconds = given.get("anchor"), given.get("seconds")
    if anchor != "created_at":
        message = contract.supported_values(echo(str(anchor)), ["created_at"])
        raise PartError(f"{field}.anchor", message, "invalid_value")
    number = _whole(seconds)
    if number is None or not LIFETIME_MIN <= number <= LIFETIME_MAX:
        message = f"'{field}.seconds' is a whole number from {LIFETIME_MIN} to {LIFETIME_MAX}."
        raise PartError(f"{field}.seconds", message, "invalid_value")
    return timedelta(seconds=number)


def _whole(value: object) -> int | None:
    """A form sends text."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:12])
    return value if isinstance(value, int) and not isinstance(value, bool) else None
