from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import make_video
from tests.videos.batch_input import line, make_batch
from videos.models import Batch, BatchLine, Membership, Stale, User, WebhookDelivery, WebhookEndpoint, Workspace

Status = Batch.Status


@pytest.fixture
def batch(workspace: Workspace, alice: User) -> Batch:
    """Claimed, with three lines."""
    made = make_batch(workspace, alice, line("one"), line("two"), line("three"))
    claimed = Batch.claim(made.id)
    assert claimed
    claimed.move(Status.IN_PROGRESS, total=3)
    for number, name in enumerate(("one", "two", "three"), start=1):
        BatchLine.objects.create(batch=claimed, number=number, custom_id=name, body={"prompt": name})
    return claimed


@pytest.mark.parametrize("status", [it for it in Status if it != Status.VALIDATING])
def test_a_move_sets_the_time_of_its_status(batch: Batch, status: str) -> None:
    batch.move(status)

    row = Batch.objects.get()
    assert row.status == status
    assert getattr(row, f"{status}_at")
    assert (row.due_at is None) == row.is_final == (status in Batch.ENDED)


@pytest.mark.parametrize("status", [*Batch.ENDED, Status.FINALIZING])
def test_only_an_end_is_news(batch: Batch, workspace: Workspace, status: str) -> None:
    events = [f"batch.{it}" for it in Batch.ENDED]
    WebhookEndpoint.objects.create(workspace=workspace, name="n", url="https://example.org", event_types=events)

    batch.move(status)

    told = [it.event_type for it in WebhookDelivery.objects.all()]
    assert told == ([f"batch.{status}"] if status in Batch.ENDED else [])


def test_an_overtaken_worker_writes_nothing(batch: Batch) -> None:
    Batch.objects.update(fence=batch.fence + 1)
    first = batch.lines.get(number=1)

    with pytest.raises(Stale):
        batch.move(Status.COMPLETED)
    with pytest.raises(Stale):
        batch.answer(first, {})
    with pytest.raises(Stale):
        batch.refuse(first, {})
    with pytest.raises(Stale):
        batch.refuse_the_rest({})
    with pytest.raises(Stale):
        batch.begin_line(first, make_video(batch.workspace))

    row = Batch.objects.get()
    assert (row.status, row.completed, row.failed) == (Status.IN_PROGRESS, 0, 0)
    assert row.lines.waiting().count() == 3


def test_lines_wait_run_and_are_closed(batch: Batch) -> None:
    one, two, three = batch.lines.order_by("number")

    batch.begin_line(one, make_video(batch.workspace))
    assert [it.custom_id for it in batch.lines.running()] == ["one"]
    assert [it.custom_id for it in batch.lines.waiting()] == ["two", "three"]
    batch.answer(one, {"status_code": 200})
    batch.refuse(two, {"code": "invalid_value"})
    assert [it.custom_id for it in batch.lines.open()] == ["three"]
    batch.refuse_the_rest({"code": "batch_cancelled"})

    row = Batch.objects.get()
    assert (row.total, row.completed, row.failed) == (3, 1, 2)
    assert [it.body for it in row.lines.all()] == [{}, {}, {}]
    three.refresh_from_db()
    assert three.error == {"code": "batch_cancelled"}


def test_a_line_that_runs_is_of_one_video_only(batch: Batch) -> None:
    one, two, _ = batch.lines.order_by("number")
    video = make_video(batch.workspace)
    batch.begin_line(one, video)

    with pytest.raises(IntegrityError), transaction.atomic():
        batch.begin_line(two, video)


def test_counts_add_up_in_the_database_too(batch: Batch) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.update(completed=2, failed=2)


def test_a_custom_id_stands_once_in_a_batch(batch: Batch) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchLine.objects.create(batch=batch, number=4, custom_id="one", body={})


def test_cancelling_twice_keeps_the_first_moment(batch: Batch) -> None:
    assert batch.begin_cancel()
    first = batch.cancelling_at
    assert batch.begin_cancel()

    assert batch.cancelling_at == first


def test_what_has_ended_is_never_due(batch: Batch) -> None:
    batch.look_again(timedelta(seconds=-1))
    assert Batch.objects.due().get() == batch

    batch.move(Status.COMPLETED)
    assert not Batch.objects.due().exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.update(due_at=timezone.now())


def test_a_line_that_has_made_trouble_comes_after_the_others(batch: Batch) -> None:
    one, two, three = batch.lines.order_by("number")

    assert [batch.note_failure(one), batch.note_failure(two)] == [1, 1]
    two.refresh_from_db()
    assert batch.note_failure(two) == 2

    seen = []
    while found := batch.lines.next():
        seen.append(found)
        batch.refuse(found, {})
    assert seen == [three, one, two]


def test_an_overtaken_worker_notes_no_failure(batch: Batch) -> None:
    Batch.objects.update(fence=batch.fence + 1)

    with pytest.raises(Stale):
        batch.note_failure(batch.lines.get(number=1))

    assert batch.lines.get(number=1).failures == 0


def test_a_batch_may_go_on_while_its_creator_may_make_videos_there(
    batch: Batch, alice: User, workspace: Workspace, charlie: User
) -> None:
    membership = Membership.objects.filter(user=alice, workspace=workspace)
    assert batch.may_go_on
    membership.update(role="viewer")
    assert not batch.may_go_on
    membership.update(role="editor")
    assert batch.may_go_on
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not batch.may_go_on
    User.objects.filter(pk=alice.pk).update(is_active=True)
    membership.update(workspace=charlie.workspaces().get())
    assert not batch.may_go_on


@pytest.mark.parametrize("odd", ["\0", "\ud800"])
def test_an_id_that_no_database_holds_is_not_asked_for(db: None, odd: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Batch.objects.named(odd).first() is None
