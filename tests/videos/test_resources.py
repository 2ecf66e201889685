from __future__ import annotations

from datetime import UTC, datetime

import pytest
from openai.types import Video as SdkVideo

from tests.factories import make_ready_video, make_video
from tests.videos.api.wire import KEYS
from videos import catalog, contract, resources
from videos.models import Phase, Workspace

WHEN = datetime(2026, 11, 20, 12, 0, 0, 999_999, tzinfo=UTC)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_is_a_whole_video_for_the_sdk(workspace: Workspace, phase: Phase) -> None:
    wire = resources.video(make_video(workspace, phase=phase))

    assert wire.keys() >= KEYS
    parsed = SdkVideo.model_validate(wire, strict=True)
    assert parsed.object == "video"
    assert parsed.status in contract.STATUSES
    assert parsed.seconds == "4"
    assert type(wire["progress"]) is int
    assert (wire["progress"] == 100) == (wire["status"] == "completed")
    assert (wire["completed_at"] is not None) == (wire["status"] in ("completed", "failed"))
    assert (wire["error"] is not None) == (wire["status"] == "failed")


def test_times_are_whole_unix_seconds(workspace: Workspace) -> None:
    wire = resources.video(make_ready_video(workspace, created_at=WHEN, completed_at=WHEN, expires_at=WHEN))

    assert [wire[name] for name in ("created_at", "completed_at", "expires_at")] == [1795176000] * 3
    assert all(type(wire[name]) is int for name in ("created_at", "completed_at", "expires_at"))


def test_nothing_of_the_machine_shows(workspace: Workspace) -> None:
    video = make_ready_video(workspace)

    wire = resources.video(video)

    assert set(wire) - KEYS == {"quality", "operation", "source_video_id", "seed", "emulated"}
    assert wire["quality"] == "standard"
    assert video.backend_video_id not in str(wire)


@pytest.mark.parametrize(("operation", "shows"), [("remix", True), ("edit", True), ("extend", False)])
def test_the_source_shows_as_the_operation_wants(workspace: Workspace, operation: str, shows: bool) -> None:
    source = make_ready_video(workspace)
    added = 4 if operation == "extend" else None
    wire = resources.video(make_video(workspace, operation=operation, source=source, added_seconds=added))

    assert wire["remixed_from_video_id"] == (source.id if shows else None)
    assert (wire["operation"], wire["source_video_id"]) == (operation, source.id)


def test_a_page_names_its_first_and_last(workspace: Workspace) -> None:
    rows = [make_video(workspace) for _ in range(3)]

    page = resources.page(rows, resources.video, has_more=True)

    assert page.keys() == {"object", "data", "first_id", "last_id", "has_more"}
    assert (page["first_id"], page["last_id"], page["has_more"]) == (rows[0].id, rows[2].id, True)
    assert resources.page([], resources.video, has_more=False) == {
        "object": "list",
        "data": [],
        "first_id": None,
        "last_id": None,
        "has_more": False,
    }


def test_a_deleted_video_has_three_keys() -> None:
    assert resources.deleted("video", "video_1") == {"id": "video_1", "object": "video.deleted", "deleted": True}


def test_a_model_tells_what_it_can_do() -> None:
    entry = catalog.find("sora-2")
    assert entry

    wire = resources.model(entry)

    assert (wire["id"], wire["object"], wire["backend_model"]) == ("sora-2", "model", "animatic-1")
    assert wire["seconds"] == ["4", "8", "12", "16", "20"]
    assert "720x1280" in wire["sizes"]
    assert type(wire["created"]) is int
    assert wire["owned_by"]
