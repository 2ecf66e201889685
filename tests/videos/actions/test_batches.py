from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from celery import Celery
from django.db import DatabaseError, OperationalError, connection, transaction

from tests.videos.batch_input import line, make_batch
from tests.videos.ring import broker, rung
from videos import actions
from videos.actions import ActionError
from videos.actions.batches import BATCHES_MAX
from videos.dispatch import ADVANCE_BATCH
from videos.models import Batch, User, Workspace


@pytest.fixture
def bell() -> Iterator[Celery]:
    with broker("memory://") as app:
        yield app


def test_a_batch_is_due_at_once_and_rung_for(
    workspace: Workspace, alice: User, bell: Celery, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        batch = make_batch(workspace, alice, line("one"), metadata={"a": "b"}, keep_output=timedelta(hours=1))

    assert rung(bell) == [(ADVANCE_BATCH, [batch.id])]
    row = Batch.objects.due().get()
    assert (row.status, row.metadata, row.output_seconds) == ("validating", {"a": "b"}, 3600)
    assert row.expires_at == row.created_at + timedelta(hours=24)


def test_a_batch_whose_note_fails_was_never_there(workspace: Workspace, alice: User) -> None:
    def note(batch: Batch) -> None:
        raise DatabaseError

    with pytest.raises(DatabaseError), transaction.atomic():
        make_batch(workspace, alice, line("one"), note=note)

    assert not Batch.objects.exists()


def test_a_workspace_has_so_many_unfinished_batches(workspace: Workspace, alice: User, charlie: User) -> None:
    made = [make_batch(workspace, alice, line("one")) for _ in range(BATCHES_MAX)]

    with pytest.raises(ActionError) as refused:
        make_batch(workspace, alice, line("one"))

    assert (refused.value.status, refused.value.code) == (400, "batch_limit_reached")
    assert make_batch(charlie.workspaces().get(), charlie, line("one"))
    made[0].move(Batch.Status.FAILED)
    assert make_batch(workspace, alice, line("one"))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_slip_through_the_count(workspace: Workspace, alice: User) -> None:
    def race() -> None:
        # A database of one writer may also refuse to wait.
        with suppress(ActionError, OperationalError):
            make_batch(workspace, alice, line("one"))
        connection.close()

    def begin_another(batch: Batch) -> None:
        thread.start()
        thread.join(0.5)

    thread = threading.Thread(target=race)
    for _ in range(BATCHES_MAX - 1):
        make_batch(workspace, alice, line("one"))
    make_batch(workspace, alice, line("one"), note=begin_another)
    thread.join()

    assert Batch.objects.count() == BATCHES_MAX


def test_a_cancel_is_rung_for_and_overtakes_the_worker(
    workspace: Workspace, alice: User, bell: Celery, django_capture_on_commit_callbacks
) -> None:
    batch = make_batch(workspace, alice, line("one"))
    held = Batch.claim(batch.id)
    assert held

    with django_capture_on_commit_callbacks(execute=True):
        actions.cancel_batch(batch)

    assert rung(bell) == [(ADVANCE_BATCH, [batch.id])]
    assert (batch.status, Batch.objects.due().get()) == ("cancelling", batch)
    assert batch.fence > held.fence


@pytest.mark.parametrize("status", Batch.ENDED)
def test_an_ended_batch_cannot_be_cancelled(workspace: Workspace, alice: User, status: str) -> None:
    batch = make_batch(workspace, alice, line("one"))
    batch.move(status)

    with pytest.raises(ActionError) as refused:
        actions.cancel_batch(batch)

    assert (refused.value.code, refused.value.status) == ("batch_ended", 400)
    batch.refresh_from_db()
    assert (batch.status, batch.cancelling_at) == (status, None)
