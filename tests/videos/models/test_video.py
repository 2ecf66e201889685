from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import make_video
from videos import contract
from videos.models import Phase, User, Video, Workspace
from videos.models.phases import AT_BACKEND, TERMINAL, TRANSITIONS
from videos.models.video import IllegalMove
from videos.models.video_queries import STATUS

PAIRS = [(old, new) for old in Phase for new in Phase if old != new]


def coherent(phase: Phase) -> dict[str, Any]:
    """The columns that the constraints tie to a phase."""
    final, failed = phase in TERMINAL, phase in (Phase.FAILED, Phase.CANCELLED)
    return {
        "phase": phase,
        "progress": 100 if phase == Phase.READY else 0,
        "completed_at": timezone.now() if final else None,
        "due_at": None if final else timezone.now(),
        "error_code": "x" if failed else "",
        "backend_video_id": "v" if phase in AT_BACKEND else "",
        "started_at": timezone.now(),
    }


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_database_allows_exactly_the_moves_of_the_table(workspace: Workspace, old: Phase, new: Phase) -> None:
    video = make_video(workspace, phase=old)

    def move() -> None:
        with transaction.atomic():
            Video.objects.filter(pk=video.pk).update(**coherent(new))

    if new in TRANSITIONS[old]:
        move()
        assert Video.objects.get().phase == new
    else:
        with pytest.raises(IntegrityError, match="illegal move"):
            move()
        assert Video.objects.get().phase == old


IMPOSSIBLE = {
    "phase not in the list": {"phase": "dancing"},
    "100 % before it is ready": {"progress": 100},
    "ended without a time": {"phase": Phase.FAILED, "completed_at": None},
    "failed without a code": {"phase": Phase.FAILED, "error_code": ""},
    "an error while it still runs": {"error_code": "x"},
    "submitted without the backend's id": {"phase": Phase.SUBMITTED, "backend_video_id": ""},
    "generating without a start": {"phase": Phase.GENERATING, "started_at": None},
    "unfinished and never due": {"due_at": None},
    "no length": {"seconds": 0},
    "purged but not deleted": {"purged_at": timezone.now()},
    "hidden by nobody": {"hidden_at": timezone.now()},
    "a remix of nothing": {"operation": "remix"},
    "an unknown operation": {"operation": "juggle"},
}


@pytest.mark.parametrize("fields", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_the_database_refuses_impossible_rows(workspace: Workspace, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_video(workspace, **({"phase": Phase.QUEUED} | fields))


def test_a_backend_video_belongs_to_one_video(workspace: Workspace) -> None:
    make_video(workspace, phase=Phase.SUBMITTED, backend_video_id="video_1")

    with pytest.raises(IntegrityError):
        make_video(workspace, phase=Phase.SUBMITTED, backend_video_id="video_1")


@pytest.mark.parametrize("phase", Phase)
def test_status_in_python_and_in_queries_agree(workspace: Workspace, phase: Phase) -> None:
    for started_at in (None, timezone.now()):
        if started_at is None and phase in (Phase.GENERATING, Phase.COLLECTING):
            continue
        video = make_video(workspace, phase=phase, started_at=started_at)

        found = [status for status in contract.STATUSES if Video.objects.filter(STATUS[status], pk=video.pk).exists()]

        assert found == [video.status]


def test_only_one_worker_claims_a_due_video(workspace: Workspace) -> None:
    video = make_video(workspace)

    first, second = Video.claim(video.id), Video.claim(video.id)

    assert first is not None
    assert second is None


def test_a_video_that_is_not_due_is_not_claimed(workspace: Workspace) -> None:
    video = make_video(workspace, due_at=timezone.now() + timedelta(seconds=30))

    assert Video.claim(video.id) is None
    assert Video.claim("video_unknown") is None


def test_a_crashed_worker_loses_its_lease_and_its_writes(workspace: Workspace) -> None:
    video = make_video(workspace)
    crashed = Video.claim(video.id)
    rescuer = Video.claim(video.id, now=timezone.now() + timedelta(seconds=31))
    assert crashed
    assert rescuer

    rescuer.begin_create()

    with pytest.raises(Video.Stale):
        crashed.begin_create()
    assert Video.objects.get().phase == Phase.CREATING


def test_renewing_keeps_others_out(workspace: Workspace) -> None:
    video = make_video(workspace)
    claimed = Video.claim(video.id)
    assert claimed
    Video.objects.update(due_at=timezone.now())

    claimed.renew()

    assert Video.claim(video.id) is None


def test_a_move_that_the_table_lacks_is_a_defect(workspace: Workspace) -> None:
    video = make_video(workspace)

    with pytest.raises(IllegalMove, match="queued → ready"):
        video.ready()


def test_progress_never_falls_and_stays_below_100_until_ready(workspace: Workspace) -> None:
    video = make_video(workspace, phase=Phase.SUBMITTED)
    seen = []

    for progress in (10, 40, 20, 100, 250):
        video.report(progress, look_after=timedelta(0))
        seen.append(video.progress)

    assert seen == [10, 40, 40, 99, 99]
    assert video.phase == Phase.GENERATING


def test_a_started_video_that_goes_back_to_the_queue_still_looks_started(workspace: Workspace) -> None:
    video = make_video(workspace, phase=Phase.GENERATING)
    before = video.create_key

    video.requeue(after=timedelta(0))

    video.refresh_from_db()
    assert (video.phase, video.status, video.progress) == (Phase.QUEUED, "in_progress", 37)
    assert video.backend_video_id == ""
    assert video.create_key != before


def test_deleting_is_immediate_and_once_and_takes_the_row_from_its_worker(workspace: Workspace) -> None:
    video = make_video(workspace)
    claimed = Video.claim(video.id)
    assert claimed

    assert video.delete_softly() is True
    assert video.delete_softly() is False

    assert not Video.objects.in_workspace(workspace).exists()
    with pytest.raises(Video.Stale):
        claimed.begin_create()


def test_a_purged_video_leaves_a_tombstone_without_its_prompt(workspace: Workspace) -> None:
    video = make_video(workspace)
    video.delete_softly()
    claimed = Video.claim(video.id)
    assert claimed

    claimed.purged()

    row = Video.objects.get(pk=video.id)
    assert (row.prompt, row.phase, row.due_at) == ("", Phase.CANCELLED, None)


def test_reading_stays_in_the_workspace(workspace: Workspace, alice: User, charlie: User) -> None:
    mine = make_video(workspace)
    make_video(charlie.workspaces().get())
    make_video(workspace, hidden_at=timezone.now(), hidden_by=alice)

    assert list(Video.objects.in_workspace(workspace)) == [mine]


@pytest.mark.parametrize("order", ["desc", "asc"])
def test_pages_of_equal_times_neither_lose_nor_repeat(workspace: Workspace, order: str) -> None:
    now = timezone.now()
    wanted = {make_video(workspace, created_at=now).id for _ in range(7)}
    seen: list[str] = []
    after = None

    while rows := list(Video.objects.in_workspace(workspace).page(order=order, after=after)[:2]):
        seen += [row.id for row in rows]
        after = rows[-1]

    assert len(seen) == 7
    assert set(seen) == wanted
    assert seen == sorted(wanted, reverse=order == "desc")
