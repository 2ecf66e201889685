"""What the machine does next with a video that a worker has claimed: create, poll, collect, purge."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from videos import contract
from videos.asking import request_for
from videos.backends import Backend, BackendLost, BackendRejected, BackendUnavailable, get_backend
from videos.collect import BadCopy, collect, remove_assets
from videos.contract import VideoRequest, VideoResource
from videos.models import Asset, Phase, Receipt, Trouble, Video, kept
from videos.models.phases import TERMINAL
from videos.stored import SourceGone, StorageTrouble, temporary_folder

logger = logging.getLogger(__name__)

# How long the backend may say "queued" or "in progress" before the video is given up.
QUEUE_DEADLINE = timedelta(hours=24)
GENERATION_DEADLINE = timedelta(hours=2)
PURGE_DEADLINE = timedelta(hours=24)
MAX_PAUSE = 60.0
EXPIRE_BATCH = 100
LOST_PAUSE = 60.0
# Lost renders after which a backend that may be asked again is no longer asked.
MAX_ATTEMPTS = 10
# Troubles of one kind in a row after which a video is given up. Counted, not timed: a Studio that was switched off
# for a week has seen no trouble. With pauses of a minute, 1,440 is a day.
LIMITS = {
    Trouble.UNAVAILABLE: 1440,
    Trouble.STORAGE: 1440,
    Trouble.LOST: 3,
    Trouble.COPY: 3,
    Trouble.OWN: 8,
}
ENDINGS = {
    Trouble.UNAVAILABLE: ("backend_unavailable", "The backend did not answer for a day."),
    Trouble.STORAGE: ("server_error", "Studio could not store this video."),
    Trouble.LOST: ("backend_lost_job", "The backend no longer knows this video."),
    Trouble.COPY: ("asset_corrupt", "The backend's file cannot be used."),
    Trouble.OWN: ("server_error", "Studio could not finish this video."),
}
# The request may be on its way, or have arrived unheard.
IN_DOUBT = (Phase.CREATING, Phase.UNKNOWN)


def advance(video: Video) -> None:
    """One step. What goes wrong is in the row and in the log."""
    try:
        _step(video)
    except Video.Stale:
        logger.info("%s was moved by somebody else", video.id)
    except SourceGone:
        with suppress(Video.Stale):
            video.fail("source_unavailable", "The film of the source is gone.")
    except BackendRejected as error:
        with suppress(Video.Stale):
            video.fail(error.code, error.message)
    except Exception as error:
        with suppress(Video.Stale):
            _endure(video, error)


def _step(video: Video) -> None:
    if video.deleted_at:
        return purge(video)
    if video.backend not in settings.VIDEO_BACKENDS:
        return video.fail("backend_unavailable", f"The backend '{video.backend}' is no longer configured.")
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
            return fetch(video)


def start(video: Video) -> None:
    """Intent first, then the effect; what may fail here at home comes before both."""
    backend = get_backend(video.backend)
    with temporary_folder() as folder:
        with kept(video):
            request = request_for(video, backend, folder)
        video.begin_create()
        _create(video, backend, request, folder)


def resolve(video: Video) -> None:
    """The request may have arrived. Ask again only where the same key makes no second video."""
    backend = get_backend(video.backend)
    if not backend.supports_idempotency:
        return video.fail("create_outcome_unknown", "The backend did not say whether it accepted this video.")
    with temporary_folder() as folder:
        with kept(video):
            request = request_for(video, backend, folder)
        _create(video, backend, request, folder)


def _create(video: Video, backend: Backend, request: VideoRequest, folder: Path) -> None:
    try:
        with kept(video):
            resource = _ask(video, backend, request, folder)
    except BackendUnavailable as error:
        if error.ambiguous and video.phase == Phase.CREATING:
            video.doubt()
        raise
    try:
        video.submitted(resource.id, look_after=_poll_pause(video))
    except Video.Stale:
        if Video.objects.filter(pk=video.pk, deleted_at__isnull=False).exists():
            # Deleted while the request was on its way: nobody will ask for the result.
            backend.delete(resource.id)
        raise


def _ask(video: Video, backend: Backend, request: VideoRequest, folder: Path) -> VideoResource:
    """Once more with our own copies, if the backend has lost what the request refers to."""
    try:
        return backend.create(request, key=_key(video, request))
    except BackendLost:
        request = request_for(video, backend, folder, afresh=True)
    try:
        return backend.create(request, key=_key(video, request))
    except BackendLost as error:
        raise SourceGone(video.id) from error


def _key(video: Video, request: VideoRequest) -> str:
    """Of its own for each of the two requests: a backend that compares would refuse the second under the first's."""
    return f"{video.create_key}-by-id" if request.source_id else video.create_key


def poll(video: Video) -> None:
    backend = get_backend(video.backend)
    try:
        with kept(video):
            resource = backend.retrieve(video.backend_video_id)
    except BackendLost:
        return _lost(video, backend)
    match resource.status:
        case contract.COMPLETED:
            video.begin_collect()
            fetch(video)
        case contract.FAILED:
            _failed_there(video, resource)
        case _ if _is_overdue(video):
            _stop(video, backend)
            video.fail("generation_timeout", "The backend did not finish this video in time.")
        case contract.QUEUED:
            video.look_again(_poll_pause(video))
        case _:
            video.report(resource.progress, look_after=_poll_pause(video))


def _failed_there(video: Video, resource: VideoResource) -> None:
    error = resource.error
    message = error.message if error and error.message else "The backend could not make this video."
    video.fail(error.code if error else "generation_failed", message)


def fetch(video: Video) -> None:
    backend = get_backend(video.backend)
    try:
        collect(video, backend)
    except BackendLost:
        _lost(video, backend)


def _lost(video: Video, backend: Backend) -> None:
    """Start again where that costs nothing, with growing pauses; else the backend is believed after a while."""
    if not backend.supports_restart:
        raise BackendLost(video.backend_video_id)
    if video.attempts >= MAX_ATTEMPTS:
        return video.fail(*ENDINGS[Trouble.LOST])
    video.requeue(after=timedelta(seconds=min(MAX_PAUSE, 2.0**video.attempts - 1)))


def purge(video: Video) -> None:
    """The bytes of a deleted video: here at once, at the backend as soon as it answers."""
    if _is_awaited(video):
        return video.look_again(timedelta(seconds=MAX_PAUSE / 6))
    # What may have to be asked for again needs its reference until it was.
    in_doubt = video.phase in IN_DOUBT
    if not in_doubt:
        remove_assets(video)
    if video.backend in settings.VIDEO_BACKENDS and not _is_given_up(video):
        _forget(video, get_backend(video.backend))
    if in_doubt:
        remove_assets(video)
    Receipt.forget(video.id)
    video.purged()


def _is_awaited(video: Video) -> bool:
    """What is made from it has not ended: to ask the backend, or to ask it again, the film is needed."""
    return video.derived.exclude(phase__in=TERMINAL).exists()


def _is_given_up(video: Video) -> bool:
    return video.deleted_at is not None and timezone.now() - video.deleted_at > PURGE_DEADLINE


def _forget(video: Video, backend: Backend) -> None:
    """Also what the backend may have accepted unheard: asked again with the same key, it tells the id."""
    with kept(video):
        video_id = video.backend_video_id
        if not video_id and video.phase in IN_DOUBT and backend.supports_idempotency:
            with suppress(BackendRejected, BackendLost, SourceGone), temporary_folder() as folder:
                video_id = _ask(video, backend, request_for(video, backend, folder), folder).id
        if video_id:
            backend.delete(video_id)


def _stop(video: Video, backend: Backend) -> None:
    with suppress(BackendUnavailable), kept(video):
        backend.delete(video.backend_video_id)


def expire() -> None:
    """Remove the files of videos that were kept long enough; their rows stay."""
    old = Video.objects.filter(phase=Phase.READY, expires_at__lte=timezone.now(), deleted_at=None)
    # By chance, so that those whose files are awaited, or cannot be removed, never hide the rest.
    for video in old.filter(Exists(Asset.objects.filter(video=OuterRef("pk")))).order_by("?")[:EXPIRE_BATCH]:
        try:
            if not _is_awaited(video):
                remove_assets(video)
        except Exception as error:  # each storage has errors of its own
            logger.warning("%s: expired files not removed: %r", video.id, error)


def backend_answers(alias: str) -> bool:
    try:
        get_backend(alias).check()
    except BackendUnavailable:
        return False
    return True


# --- patience ------------------------------------------------------------------------------------


def _endure(video: Video, error: Exception) -> None:
    """Wait and try again, or give up when this kind of trouble has come too often in a row."""
    fence = video.fence
    video.refresh_from_db()  # a move that was rolled back still stands in memory
    if video.fence != fence:
        raise Video.Stale(video.id)
    trouble = _trouble(error)
    logger.warning("%s: %s: %r", video.id, trouble, error, exc_info=trouble == Trouble.OWN)
    if video.in_a_row(trouble) >= LIMITS[trouble] and not video.deleted_at:
        return video.fail(*_ending(trouble, error))
    pause = timedelta(seconds=_pause(video, trouble, error))
    if video.phase == Phase.CREATING and trouble == Trouble.UNAVAILABLE and not video.deleted_at:
        return video.requeue(after=pause, trouble=trouble)  # it was not sent
    video.look_again(pause, trouble=trouble)


def _trouble(error: Exception) -> Trouble:
    match error:
        case BackendUnavailable():
            return Trouble.UNAVAILABLE
        case BackendLost():
            return Trouble.LOST
        case BadCopy():
            return Trouble.COPY
        case StorageTrouble():
            return Trouble.STORAGE
        case _:
            return Trouble.OWN


def _ending(trouble: Trouble, error: Exception) -> tuple[str, str]:
    code, message = ENDINGS[trouble]
    return code, f"{message.removesuffix('.')}: {error}." if trouble == Trouble.COPY else message


def _pause(video: Video, trouble: Trouble, error: Exception) -> float:
    if trouble == Trouble.LOST:
        return LOST_PAUSE
    pause = min(MAX_PAUSE, 2.0 ** min(video.in_a_row(trouble) - 1, 6))
    asked = error.retry_after if isinstance(error, BackendUnavailable) else None
    return max(pause, asked or 0.0)


def _is_overdue(video: Video) -> bool:
    limit = GENERATION_DEADLINE if video.phase == Phase.GENERATING else QUEUE_DEADLINE
    return timezone.now() - video.phase_at > limit


def _poll_pause(video: Video) -> timedelta:
    """Half a second at first, up to ten for what takes long."""
    age = (timezone.now() - video.phase_at).total_seconds()
    return timedelta(seconds=min(10.0, max(0.5, age / 30)))
