from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import Celery
from django.db import DatabaseError, transaction

from tests.videos.batch_input import line, make_batch
from tests.videos.ring import broker, rung
from videos import actions
from videos.actions import ActionError
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
