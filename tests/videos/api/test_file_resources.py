from __future__ import annotations

import pytest
from openai.types import Batch as SdkBatch
from openai.types import FileDeleted, FileObject

from tests.videos.batch_input import line, make_batch, make_file
from videos import resources
from videos.api import file_resources
from videos.models import Batch, File, User, Workspace


@pytest.mark.parametrize("purpose", sorted(set(File.Purpose) - {"evals"}))
def test_every_file_is_whole_for_the_sdk(workspace: Workspace, purpose: str) -> None:
    file = make_file(workspace, purpose=purpose)

    parsed = FileObject.model_validate(file_resources.file(file), strict=True)

    assert (parsed.id, parsed.bytes, parsed.created_at) == (file.id, file.size, int(file.created_at.timestamp()))
    assert parsed.status == "processed"


def test_a_deleted_file_is_called_file_as_the_sdk_types_it() -> None:
    assert FileDeleted.model_validate(resources.deleted("file", "file-1", suffix=""), strict=True).object == "file"


@pytest.mark.parametrize("status", Batch.Status)
def test_every_status_is_a_whole_batch_for_the_sdk(workspace: Workspace, alice: User, status: str) -> None:
    batch = make_batch(workspace, alice, line("one"))
    if status != Batch.Status.VALIDATING:
        batch.move(status)

    parsed = SdkBatch.model_validate(file_resources.batch(batch), strict=True)

    assert parsed.status == status
    own = {name: getattr(parsed, f"{name}_at", None) for name in Batch.Status.values}
    assert {name for name, at in own.items() if at} == {status} - {"validating"}
    assert (parsed.output_file_id, parsed.error_file_id, parsed.errors, parsed.model) == (None, None, None, None)


def test_empty_is_null_and_errors_are_a_list(workspace: Workspace, alice: User) -> None:
    batch = make_batch(workspace, alice)
    batch.errors = [{"code": "empty_file", "message": "The file holds no lines.", "param": None, "line": None}]

    wire = file_resources.batch(batch)

    assert wire["errors"] == {"object": "list", "data": batch.errors}
    assert SdkBatch.model_validate(wire, strict=True).errors
