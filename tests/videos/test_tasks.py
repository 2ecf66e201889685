from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_ready_video, make_video
from tests.scripted_backend import ScriptedBackend
from tests.videos.ring import broker, rung
from videos import tasks
from videos.dispatch import ADVANCE
from videos.models import Heartbeat, Video, Workspace


def test_the_sweep_rings_for_what_is_due_and_for_nothing_else(workspace: Workspace) -> None:
    due = make_video(workspace)
    make_video(workspace, due_at=timezone.now() + timedelta(minutes=1))
    make_ready_video(workspace)

    with broker("memory://") as app:
        tasks.sweep()

        assert rung(app) == [(ADVANCE, [due.id])]


def test_a_sweep_is_no_claim(workspace: Workspace) -> None:
    video = make_video(workspace)

    with broker("memory://") as app:
        tasks.sweep()
        tasks.sweep()

        assert len(rung(app)) == 2
    assert Video.claim(video.id)


def test_being_told_twice_does_the_work_once(video: Video, backend: ScriptedBackend) -> None:
    tasks.advance_video(video.id)
    tasks.advance_video(video.id)

    assert backend.creates == 1


@pytest.mark.django_db
def test_a_video_that_is_gone_is_no_error() -> None:
    tasks.advance_video("video_gone")


@pytest.mark.django_db
def test_signs_of_life_of_the_worker_and_of_a_backend_that_answers(backend: ScriptedBackend) -> None:
    tasks.check_health()

    assert Heartbeat.is_fresh("worker")
    assert Heartbeat.is_fresh("backend:embedded")


@pytest.mark.django_db
def test_a_backend_that_is_ill_leaves_none(backend: ScriptedBackend) -> None:
    backend.faults["models"].append(lambda exchange: exchange.send_error(503))

    tasks.check_health()

    assert Heartbeat.is_fresh("worker")
    assert not Heartbeat.is_fresh("backend:embedded")
