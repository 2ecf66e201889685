"""What the machine does next with a video that a worker has claimed: create, poll, collect, finish, purge."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from videos import contract
from videos.backends import Backend, BackendLost, BackendRejected, BackendUnavailable, get_backend
from videos.collect import collect, remove_assets
from videos.contract import Reference, VideoRequest, VideoResource
from videos.models import Asset, Phase, Video, kept

logger = logging.getLogger(__name__)

NOW = timedelta(0)
QUEUE_DEADLINE = timedelta(hours=24)
PURGE_DEADLINE = timedelta(hours=24)
GENERATION_DEADLINE = timedelta(hours=2)
MAX_BACK_OFF = 60.0
# Errors in a row of our own making, and lost renders, after which a video is given up.
MAX_FAILURES = 8
MAX_ATTEMPTS = 5
# Answers "unknown id" in a row before a backend that must not be asked twice is believed.
MAX_LOST = 3


def advance(video: Video) -> None:
    """One step. Never raises: what goes wrong is in the row and in the log."""
    try:
        _step(video)
    except Video.Stale:
        logger.info("%s was moved by somebody else", video.id)
    except BackendUnavailable as error:
        logger.warning("%s: backend %s: %s", video.id, video.backend, error)
        with suppress(Video.Stale):
            _wait(video, error)
    except Exception:
        logger.exception("%s: %s went wrong", video.id, video.phase)
        with suppress(Video.Stale):
            _give_up_or_wait(video)


def _step(video: Video) -> None:
    if video.deleted_at:
        return purge(video)
    match video.phase:
        case Phase.QUEUED:
            return start(video)
        case Phase.CREATING:
            return video.doubt()  # the worker that asked died before it heard the answer
        case Phase.UNKNOWN:
            return resolve(video)
        case Phase.SUBMITTED | Phase.GENERATING:
            return poll(video)
        case Phase.COLLECTING:
            return _collect(video)


def start(video: Video) -> None:
    """Intent first, then the effect."""
    if timezone.now() - video.created_at > QUEUE_DEADLINE:
        return video.fail("backend_unavailable", "No backend could take this video for a day.")
    backend = get_backend(video.backend)
    video.begin_create()
    _create(video, backend)


def resolve(video: Video) -> None:
    """The request may have arrived. Ask again only where the same key makes no second video."""
    backend = get_backend(video.backend)
    if not backend.supports_idempotency:
        return video.fail("create_outcome_unknown", "The backend did not say whether it accepted this video.")
    if timezone.now() - video.created_at > QUEUE_DEADLINE:
        return video.fail("backend_unavailable", "The backend did not answer for a day.")
    _create(video, backend)


def _create(video: Video, backend: Backend) -> None:
    try:
        with kept(video):
            resource = backend.create(_request(video), key=video.create_key)
    except BackendRejected as error:
        return video.fail(error.code, error.message)
    except BackendUnavailable as error:
        logger.warning("%s: create at %s: %s", video.id, video.backend, error)
        return _create_failed(video, error)
    try:
        video.submitted(resource.id, look_after=_poll_pause(video))
    except Video.Stale:
        if Video.objects.filter(pk=video.pk, deleted_at__isnull=False).exists():
            # Deleted while the request was on its way: nobody will ask for the result.
            backend.delete(resource.id)
        raise


def _create_failed(video: Video, error: BackendUnavailable) -> None:
    if not error.ambiguous:
        if video.phase == Phase.UNKNOWN:
            return _wait(video, error)  # the earlier, ambiguous request is still unanswered
        return video.requeue(after=_back_off(video, error))
    if video.phase == Phase.CREATING:
        video.doubt()
    _wait(video, error)


def _request(video: Video) -> VideoRequest:
    return VideoRequest(
        prompt=video.prompt,
        model=video.backend_model,
        size=video.size,
        seconds=video.seconds,
        seed=video.seed,
        reference=_reference(video),
        operation=video.operation,
        source_id=video.source.backend_video_id if video.source else None,
    )


def _reference(video: Video) -> Reference | None:
    asset = video.assets.filter(variant=Asset.Variant.REFERENCE).first()
    if asset is None:
        return None
    with default_storage.open(asset.key) as file:
        return Reference(file.read(), f"reference.{asset.extension}", asset.content_type)


def poll(video: Video) -> None:
    backend = get_backend(video.backend)
    try:
        resource = backend.retrieve(video.backend_video_id)
    except BackendLost:
        return _lost(video, backend)
    match resource.status:
        case contract.COMPLETED:
            video.begin_collect()
            _collect(video)
        case contract.FAILED:
            _failed_there(video, resource)
        case _ if _is_overdue(video):
            video.fail("generation_timeout", "The backend did not finish this video in time.")
        case contract.QUEUED:
            video.look_again(_poll_pause(video))
        case _:
            video.report(resource.progress, look_after=_poll_pause(video))


def _failed_there(video: Video, resource: VideoResource) -> None:
    error = resource.error
    message = error.message if error and error.message else "The backend could not make this video."
    video.fail(error.code if error else "generation_failed", message)


def _collect(video: Video) -> None:
    backend = get_backend(video.backend)
    try:
        collect(video, backend)
    except BackendLost:
        _lost(video, backend)


def _lost(video: Video, backend: Backend) -> None:
    """The backend has forgotten the video: start again where that costs nothing, else believe it the third time."""
    if backend.supports_restart and video.attempts < MAX_ATTEMPTS:
        return video.requeue(after=NOW)
    if not backend.supports_restart and video.failures + 1 < MAX_LOST:
        return video.look_again(_back_off(video), failed=True)
    video.fail("backend_lost_job", "The backend no longer knows this video.")


def purge(video: Video) -> None:
    """The bytes of a deleted video: here at once, at the backend as soon as it answers."""
    remove_assets(video)
    if video.backend_video_id and video.backend in settings.VIDEO_BACKENDS and not _is_given_up(video):
        get_backend(video.backend).delete(video.backend_video_id)
    video.purged()


def _is_given_up(video: Video) -> bool:
    return video.deleted_at is not None and timezone.now() - video.deleted_at > PURGE_DEADLINE


def backend_answers(alias: str) -> bool:
    try:
        get_backend(alias).check()
    except BackendUnavailable:
        return False
    return True


def _is_overdue(video: Video) -> bool:
    since = video.started_at or video.created_at
    return timezone.now() - since > (GENERATION_DEADLINE if video.started_at else QUEUE_DEADLINE)


def _poll_pause(video: Video) -> timedelta:
    """Half a second at first, up to ten for what takes long."""
    age = (timezone.now() - (video.started_at or video.created_at)).total_seconds()
    return timedelta(seconds=min(10.0, max(0.5, age / 30)))


def _back_off(video: Video, error: BackendUnavailable | None = None) -> timedelta:
    pause = min(MAX_BACK_OFF, 2.0**video.failures)
    return timedelta(seconds=max(pause, error.retry_after or 0) if error else pause)


def _wait(video: Video, error: BackendUnavailable) -> None:
    if (
        not video.deleted_at
        and video.phase in (Phase.SUBMITTED, Phase.GENERATING, Phase.COLLECTING)
        and _is_overdue(video)
    ):
        return video.fail("backend_unavailable", "The backend stopped answering.")
    video.look_again(_back_off(video, error), failed=True)


def _give_up_or_wait(video: Video) -> None:
    if video.failures < MAX_FAILURES or video.deleted_at:
        return video.look_again(_back_off(video), failed=True)
    if video.phase == Phase.READY:
        return
    video.fail("server_error", "Studio could not finish this video.")
