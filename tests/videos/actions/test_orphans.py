from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.factories import make_ready_video
from tests.videos.batch_input import make_file
from videos.actions import orphans
from videos.actions.orphans import AGE, remove_orphans
from videos.models import Workspace

LOST = ["files/file-lost/1234", "characters/char_lost/1234.mp4", "videos/video_lost/video-1234.mp4"]
OLD = AGE + timedelta(minutes=1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("disk")]


def store(key: str, age: timedelta = OLD) -> str:
    name = default_storage.save(key, ContentFile(b"bytes"))
    grow_old(name, age)
    return name


def grow_old(name: str, age: timedelta = OLD) -> None:
    moment = time.time() - age.total_seconds()
    os.utime(default_storage.path(name), (moment, moment))


@pytest.mark.parametrize("key", LOST)
def test_old_bytes_without_a_row_are_removed_with_their_folder(key: str) -> None:
    store(key)

    remove_orphans()

    assert not default_storage.exists(key)
    assert not default_storage.exists(os.path.dirname(key))


def test_young_bytes_may_still_get_their_row() -> None:
    keys = [store(key, AGE - timedelta(minutes=1)) for key in LOST]
    # One young file speaks for all of its folder.
    keys.append(store("videos/video_lost/reference-1.png"))

    remove_orphans()

    assert all(default_storage.exists(key) for key in keys)


def test_what_has_a_row_stays_however_old(workspace: Workspace) -> None:
    keys = [str(make_file(workspace).file), *(asset.key for asset in make_ready_video(workspace).assets.all())]
    for key in keys:
        grow_old(key)

    remove_orphans()

    assert len(keys) > 1
    assert all(default_storage.exists(key) for key in keys)


def test_nothing_stored_is_nothing_to_remove() -> None:
    remove_orphans()


def test_the_database_is_asked_in_portions(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(orphans, "PORTION", 2)
    keys = [store(f"files/file-{number}/x") for number in range(5)]

    with django_assert_num_queries(3):
        remove_orphans()

    assert not any(default_storage.exists(key) for key in keys)


def test_one_that_cannot_be_removed_stops_none_of_the_others(caplog: pytest.LogCaptureFixture) -> None:
    stuck, others = store("files/file-lost/stuck"), [store(key) for key in LOST[1:]]
    # A folder that is no file's and not empty keeps its folder from going.
    store(f"{stuck}-folder/inner")

    remove_orphans()

    assert not any(default_storage.exists(key) for key in others)
    assert "files/file-lost belongs to nothing, and stays for now" in caplog.text
