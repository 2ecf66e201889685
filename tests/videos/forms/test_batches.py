from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.videos.batch_input import make_file
from videos.forms import BatchForm
from videos.forms.refusals import of_form
from videos.models import File, User, Workspace


def form(file: File, workspace: Workspace, **fields: Any) -> BatchForm:
    data = {"input_file_id": file.id, "endpoint": "/v1/videos", "completion_window": "24h", **fields}
    return BatchForm(data, workspace=workspace)


def test_what_a_batch_gives(workspace: Workspace) -> None:
    file = make_file(workspace)

    judged = form(file, workspace, metadata={"k": "v"}, output_expires_after={"anchor": "created_at", "seconds": 7200})

    assert judged.is_valid()
    assert judged.cleaned_data == {
        "input_file_id": file.id,
        "endpoint": "/v1/videos",
        "completion_window": "24h",
        "metadata": {"k": "v"},
        "keep_output": timedelta(hours=2),
    }


def test_a_file_that_is_gone_is_not_found(workspace: Workspace, charlie: User) -> None:
    deleted, expired = make_file(workspace), make_file(workspace, expires_at=timezone.now())
    deleted.delete_softly()
    foreign = make_file(charlie.workspaces().get())

    for file in (deleted, expired, foreign):
        refusal = of_form(form(file, workspace), ["input_file_id"], required=())
        assert (refusal.param, refusal.code, refusal.status) == ("input_file_id", "file_not_found", 400)


METADATA: dict[str, tuple[dict[str, Any], str | None]] = {
    "empty": ({}, None),
    "as much as possible": ({f"{n:064}": "v" * 512 for n in range(16)}, None),
    "one pair too many": ({str(n): "v" for n in range(17)}, "object_above_max_properties"),
    "a long key": ({"k" * 65: "v"}, "string_above_max_length"),
    "a long value": ({"k": "v" * 513}, "string_above_max_length"),
    "a number": ({"k": 1}, "invalid_type"),
    "an object": ({"k": {}}, "invalid_type"),
    "NUL": ({"k": "\0"}, "invalid_value"),
    "half a character": ({"\ud800": "v"}, "invalid_value"),
}


@pytest.mark.parametrize(("metadata", "code"), METADATA.values(), ids=METADATA.keys())
def test_metadata_are_a_few_short_texts(workspace: Workspace, metadata: dict[str, Any], code: str | None) -> None:
    judged = form(make_file(workspace), workspace, metadata=metadata)

    assert judged.is_valid() == (code is None)
    if code:
        refusal = of_form(judged, ["metadata"], required=())
        assert (refusal.code, (refusal.param or "").split(".")[0]) == (code, "metadata")
