from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from tests.factories import mp4
from videos.forms import CharacterForm
from videos.models import Workspace

pytestmark = pytest.mark.django_db


def form(workspace: Workspace, name: Any, film: bytes | None = None) -> CharacterForm:
    upload = SimpleUploadedFile("luna.mp4", mp4((320, 180), 2) if film is None else film)
    return CharacterForm({"name": name}, MultiValueDict({"video": [upload]}), workspace=workspace)


def test_a_name_and_a_film_make_a_character(workspace: Workspace) -> None:
    judged = form(workspace, "Luna")

    assert judged.is_valid(), judged.errors
    assert judged.cleaned_data.keys() == {"name", "source"}
    assert form(workspace, "L" * 80).is_valid()


@pytest.mark.parametrize(("name", "code"), [("", "invalid_value"), (" ", "invalid_value"), ("L" * 81, "max_length")])
def test_a_name_has_1_to_80_characters(workspace: Workspace, name: str, code: str) -> None:
    assert form(workspace, name).errors.as_data()["name"][0].code == code


def test_what_is_no_film_is_no_character(workspace: Workspace) -> None:
    assert form(workspace, "Luna", b"text").errors.as_data()["video"][0].code == "invalid_video"
