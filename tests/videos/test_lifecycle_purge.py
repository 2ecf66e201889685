"""Deleting: out of sight at once, and the bytes follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.scripted_backend import Exchange, ScriptedBackend
from tests.videos.machine import MP4, step
from videos import actions, lifecycle
from videos.models import Asset, Phase, User, Video


def test_deleting_removes_bytes_here_and_at_the_backend(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.finish(backend.job, MP4)
    video = step(video)
    keys = [asset.key for asset in video.assets.all()]
    assert all(default_storage.exists(key) for key in keys)

    actions.delete_video(video)
    video = step(video)

    assert backend.deleted == [video.backend_video_id]
    assert not any(default_storage.exists(key) for key in keys)
    assert not Asset.objects.exists()
    assert video.purged_at
    assert video.due_at is None


def test_deleting_a_running_video_stops_it(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.job.status = "in_progress"
    running = step(video)

    actions.delete_video(running)
    video = step(video)

    assert video.phase == Phase.CANCELLED
    assert backend.jobs == {}


def test_a_video_deleted_while_it_is_being_asked_for_is_deleted_there_too(
    video: Video, backend: ScriptedBackend
) -> None:
    claimed = Video.claim(video.id)
    assert claimed
    claimed.begin_create()
    actions.delete_video(video)  # while the request is on its way

    with pytest.raises(Video.Stale):
        lifecycle.resolve(claimed)

    assert backend.creates == 1
    assert backend.jobs == {}


def test_a_deleted_videos_bytes_do_not_wait_for_the_backend(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.finish(backend.job, MP4)
    video = step(video)
    actions.delete_video(video)
    backend.faults["delete"] += [lambda exchange: exchange.refuse(503)] * 2

    video = step(video)
    assert (video.assets.count(), video.purged_at) == (0, None)
    Video.objects.update(deleted_at=timezone.now() - timedelta(hours=25))
    video = step(video)

    assert video.purged_at


def test_deleting_what_was_accepted_unheard_stops_it_there(video: Video, backend: ScriptedBackend) -> None:
    def accept_and_hang_up(exchange: Exchange) -> None:
        backend.accept({}, None, None, exchange.headers["Idempotency-Key"])
        exchange.hang_up()

    backend.faults["create"].append(accept_and_hang_up)
    assert step(video).phase == Phase.UNKNOWN

    actions.delete_video(video)
    video = step(video)

    assert (backend.creates, backend.jobs) == (1, {})
    assert video.purged_at


def test_a_source_waits_for_its_remix_to_end(video: Video, backend: ScriptedBackend, alice: User) -> None:
    step(video)
    backend.finish(backend.job, MP4)
    source = step(video)
    remix = actions.remix_video(source, by=alice, prompt="at night")

    actions.delete_video(source)
    source = step(source)
    assert (source.assets.count(), source.purged_at) == (3, None)
    remix = step(remix)
    assert step(source).purged_at is None  # the backend may lose the remix, and must then be asked again
    backend.finish(backend.jobs[remix.backend_video_id], MP4)
    assert step(remix).phase == Phase.READY
    source = step(source)

    assert source.purged_at
    assert source.assets.count() == 0
    assert backend.deleted == [source.backend_video_id]


@pytest.mark.parametrize("status", [401, 403, 408, 429, 503])
def test_a_backend_that_refuses_to_delete_is_asked_again(video: Video, backend: ScriptedBackend, status: int) -> None:
    running = step(video)
    backend.faults["delete"].append(lambda exchange: exchange.refuse(status))

    actions.delete_video(running)
    assert step(video).purged_at is None

    assert step(video).purged_at
    assert backend.jobs == {}


def test_deleting_what_is_in_doubt_waits_for_a_backend_that_is_away(video: Video, backend: ScriptedBackend) -> None:
    claimed = Video.claim(video.id)
    assert claimed
    claimed.begin_create()
    backend.accept({}, None, None, claimed.create_key)  # it asked, and was killed before it heard
    actions.delete_video(video)
    backend.faults["create"].append(lambda exchange: exchange.refuse(429))

    assert step(video).purged_at is None
    assert step(video).purged_at

    assert (backend.creates, backend.jobs) == (1, {})
