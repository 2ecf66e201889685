from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from tests.videos.batch_input import make_file
from videos.models import File, User, Workspace


def test_a_workspace_sees_its_own_files_that_are_neither_deleted_nor_expired(
    workspace: Workspace, charlie: User
) -> None:
    now = timezone.now()
    kept = {make_file(workspace), make_file(workspace, expires_at=now + timedelta(hours=1))}
    make_file(workspace, deleted_at=now)
    make_file(workspace, expires_at=now)
    make_file(charlie.workspaces().get())

    assert set(File.objects.in_workspace(workspace)) == kept


def test_what_is_to_be_purged(workspace: Workspace) -> None:
    now = timezone.now()
    make_file(workspace, expires_at=now + timedelta(hours=1))
    wanted = {make_file(workspace, deleted_at=now), make_file(workspace, expires_at=now)}

    assert set(File.objects.to_purge()) == wanted
    for file in wanted:
        file.purge()
    assert not File.objects.to_purge().exists()


def test_what_is_to_be_purged_is_found_without_a_look_at_all_files(workspace: Workspace) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a handful of rows it would read all.
            cursor.execute("SET LOCAL enable_seqscan = off")

    assert "file_to_purge" in File.objects.to_purge().explain()


def test_a_purged_file_has_no_bytes_but_a_row(workspace: Workspace) -> None:
    file = make_file(workspace)
    key = str(file.file)

    file.purge()

    assert not default_storage.exists(key)
    assert File.objects.named(file.id).get().filename == "orders.jsonl"


def test_a_second_delete_changes_nothing(workspace: Workspace) -> None:
    file = make_file(workspace)

    assert file.delete_softly()
    deleted_at = File.objects.get().deleted_at
    assert not file.delete_softly()

    assert File.objects.get().deleted_at == deleted_at


@pytest.mark.parametrize("file_id", ["file-\0", "\ud800", ""])
def test_what_no_database_holds_is_nobodys_id(workspace: Workspace, file_id: str) -> None:
    assert not File.objects.named(file_id).exists()


def test_no_two_keys_are_alike(workspace: Workspace) -> None:
    file = make_file(workspace)

    assert file.new_key() != file.new_key()
    assert file.filename not in file.new_key()
