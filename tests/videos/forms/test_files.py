from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from videos.forms import FileForm
from videos.forms.files import displayed, read_lifetime
from videos.forms.refusals import of_form


def form(data: bytes = b"bytes", **fields: Any) -> FileForm:
    return FileForm(fields, MultiValueDict({"file": [SimpleUploadedFile("notes.txt", data)]}))


def test_what_an_upload_gives() -> None:
    judged = form(purpose="vision", expires_after={"anchor": "created_at", "seconds": "3600"})

    assert judged.is_valid()
    assert judged.cleaned_data.keys() == {"file", "filename", "purpose", "keep"}
    assert judged.cleaned_data["filename"] == "notes.txt"
    assert judged.cleaned_data["keep"] == timedelta(hours=1)


@pytest.mark.parametrize("purpose", ["", "holidays", "batch_output", "Batch"])
def test_other_purposes_are_refused(purpose: str) -> None:
    refusal = of_form(form(purpose=purpose), {"file", "purpose"}, required=())

    assert (refusal.param, refusal.code, refusal.status) == ("purpose", "invalid_value", 400)


SHOWN = {
    "notes.jsonl": "notes.jsonl",
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "a\r\nSet-Cookie: b": "aSet-Cookie: b",
    "turned\u202egpj.exe": "turnedgpj.exe",
    "nul\0.txt": "nul.txt",
    "half\ud800.txt": "half.txt",
    "\u200b\u200b": "upload",
    "": "upload",
    "folder/": "upload",
    "ä" * 300: "ä" * 255,
}


@pytest.mark.parametrize(("name", "shown"), SHOWN.items(), ids=map(ascii, SHOWN))
def test_a_name_is_harmless_where_it_is_shown(name: str, shown: str) -> None:
    assert displayed(name) == shown


@pytest.mark.parametrize("seconds", [3600, "3600", 2_592_000])
def test_a_lifetime(seconds: object) -> None:
    found = read_lifetime("expires_after", {"anchor": "created_at", "seconds": seconds})

    assert found == timedelta(seconds=int(str(seconds)))


def test_no_lifetime_is_for_good() -> None:
    assert read_lifetime("expires_after", None) is None


BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "anchor"),
    ({"anchor": "last_active_at", "seconds": 3600}, "anchor"),
    ({"anchor": ["created_at"], "seconds": 3600}, "anchor"),
    ({"anchor": "created_at"}, "seconds"),
    *[({"anchor": "created_at", "seconds": it}, "seconds") for it in (3599, 2_592_001, "x", "٣٦٠٠", 3600.5, True, "")],
]


@pytest.mark.parametrize(("given", "part"), BAD)
def test_a_wrong_lifetime_names_the_part(given: dict[str, Any], part: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read_lifetime("expires_after", given)

    assert refused.value.param == f"expires_after.{part}"  # type: ignore[attr-defined]
    assert refused.value.code == "invalid_value"
