from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.utils import timezone

from tests.videos.batch_input import make_file
from videos import actions
from videos.models import File, User, Workspace

pytestmark = pytest.mark.usefixtures("disk")


def upload(workspace: Workspace, by: User, **options: Any) -> File:
    file = SimpleUploadedFile("x", b"bytes")
    return actions.upload_file(workspace=workspace, by=by, file=file, filename="x.txt", purpose="vision", **options)


def stored() -> list[str]:
    try:
        folders, _ = default_storage.listdir("files")
    except FileNotFoundError:
        return []
    return [f"files/{folder}/{name}" for folder in folders for name in default_storage.listdir(f"files/{folder}")[1]]


def test_an_upload_is_a_row_and_its_bytes(workspace: Workspace, alice: User) -> None:
    file = upload(workspace, alice, keep=timedelta(hours=1))

    row = File.objects.get()
    assert (row.id, row.filename, row.size, row.purpose) == (file.id, "x.txt", 5, "vision")
    assert row.sha256 == hashlib.sha256(b"bytes").hexdigest()
    assert row.expires_at == row.created_at + timedelta(hours=1)
    assert stored() == [str(row.file)]


def test_an_upload_that_fails_leaves_nothing(workspace: Workspace, alice: User) -> None:
    def note(file: File) -> None:
        raise DatabaseError

    with pytest.raises(DatabaseError):
        upload(workspace, alice, note=note)

    assert not File.objects.exists()
    assert stored() == []


def test_the_bytes_of_deleted_files_are_purged_and_no_others(workspace: Workspace, alice: User) -> None:
    kept, gone = upload(workspace, alice), upload(workspace, alice)
    actions.delete_file(gone)

    actions.purge_files()
    actions.purge_files()

    assert stored() == [str(kept.file)]
    gone.refresh_from_db()
    assert (str(gone.file), gone.deleted_at is None) == ("", False)


def test_bytes_that_cannot_be_removed_keep_none_of_the_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("videos.actions.files.PURGE_BATCH", 3)
    stuck = [make_file(workspace, deleted_at=timezone.now()) for _ in range(3)]
    for file in stuck:
        File.objects.filter(pk=file.pk).update(file="../outside")
    other = make_file(workspace, deleted_at=timezone.now())

    for _ in range(30):
        actions.purge_files()

    assert not default_storage.exists(str(other.file))
    assert set(File.objects.to_purge()) == set(stuck)
    assert f"the bytes of {stuck[0].id} stay for now" in caplog.text


def test_bytes_that_are_gone_already_stop_nobody(workspace: Workspace) -> None:
    for file in (make_file(workspace), make_file(workspace)):
        actions.delete_file(file)
    default_storage.delete(str(file.file))

    actions.purge_files()

    assert not File.objects.to_purge().exists()
