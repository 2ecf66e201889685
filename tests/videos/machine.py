"""Turning the machine by hand."""

from __future__ import annotations

from django.utils import timezone

from tests import factories
from videos import lifecycle
from videos.backends import get_backend
from videos.models import Video

# As long as the videos of these tests are asked to be.
MP4 = factories.mp4(seconds=4)


def step(video: Video, *, times: int = 1) -> Video:
    """What the worker does when the video is due."""
    for _ in range(times):
        Video.objects.filter(pk=video.pk, due_at__isnull=False).update(due_at=timezone.now())
        claimed = Video.claim(video.id)
        if claimed:
            lifecycle.advance(claimed)
    return Video.objects.get(pk=video.pk)


def remotely(settings, *features: str) -> None:
    """The backend can do this and no more."""
    options = {**settings.VIDEO_BACKENDS["embedded"]["OPTIONS"], "features": list(features)}
    point(settings, options)


def point(settings, options: dict[str, object]) -> None:
    settings.VIDEO_BACKENDS = {"embedded": {**settings.VIDEO_BACKENDS["embedded"], "OPTIONS": options}}
    get_backend.cache_clear()
