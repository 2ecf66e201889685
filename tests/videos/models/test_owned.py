from __future__ import annotations

from typing import Any

import pytest

from tests.factories import make_video
from tests.videos.batch_input import make_file
from videos.models import Character, File, User, Video, Workspace


def make_character(workspace: Workspace) -> Character:
    return Character.objects.create(workspace=workspace, name="Luna", size=1, width=2, height=2, duration=1)


MAKE: dict[type[Video | File | Character], Any] = {Video: make_video, File: make_file, Character: make_character}
each = pytest.mark.parametrize("model", MAKE)


@each
def test_rows_are_found_by_one_owner_or_several(
    model: type[Video | File | Character], workspace: Workspace, charlie: User
) -> None:
    mine, theirs = (MAKE[model](owner) for owner in (workspace, charlie.workspaces().get()))

    assert model.objects.in_workspace(workspace).get() == mine
    assert model.objects.in_workspace(charlie.workspaces()).get() == theirs
    assert set(model.objects.in_workspace(Workspace.objects.all())) == {mine, theirs}


@each
def test_a_row_is_found_by_its_id(model: type[Video | File | Character], workspace: Workspace) -> None:
    row, _ = MAKE[model](workspace), MAKE[model](workspace)

    assert model.objects.named(row.pk).get() == row


@each
@pytest.mark.parametrize("row_id", ["a\0b", "\ud800", "", "unknown"])
def test_what_no_database_holds_is_nobodys_id(
    model: type[Video | File | Character], workspace: Workspace, row_id: str
) -> None:
    MAKE[model](workspace)

    assert not model.objects.named(row_id).exists()
