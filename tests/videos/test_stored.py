from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from tests.factories import add_asset, make_ready_video, make_video
from videos.models import Workspace
from videos.stored import SourceGone, StorageTrouble, fetch_source, read_reference, source_film, temporary_folder

pytestmark = pytest.mark.django_db


def test_a_folder_is_gone_when_its_work_is_done() -> None:
    with temporary_folder() as folder:
        (folder / "film.mp4").write_bytes(b"film")
        assert folder.parent == settings.DATA_DIR / "tmp"

    assert not folder.exists()


def test_a_full_disk_is_storage_trouble() -> None:
    with pytest.raises(StorageTrouble, match="No space left"), temporary_folder():
        raise OSError(28, "No space left on device")


def test_the_source_is_the_other_videos_film_or_the_uploaded_one(workspace: Workspace, tmp_path: Path) -> None:
    source = make_ready_video(workspace, data=b"their film")
    remix = make_video(workspace, operation="remix", source=source)
    edit = make_video(workspace, operation="edit")
    add_asset(edit, "source", b"my film")

    assert fetch_source(remix, tmp_path).read_bytes() == b"their film"
    assert fetch_source(edit, tmp_path).read_bytes() == b"my film"


def test_a_source_without_film_is_told(workspace: Workspace) -> None:
    source = make_video(workspace, phase="ready")

    with pytest.raises(SourceGone):
        source_film(make_video(workspace, operation="remix", source=source))


def test_bytes_that_storage_lost_are_storage_trouble(workspace: Workspace, tmp_path: Path) -> None:
    video = make_video(workspace, operation="edit")
    default_storage.delete(add_asset(video, "source", b"film").key)
    default_storage.delete(add_asset(video, "reference", b"image").key)

    with pytest.raises(StorageTrouble):
        fetch_source(video, tmp_path)
    with pytest.raises(StorageTrouble):
        read_reference(video)
