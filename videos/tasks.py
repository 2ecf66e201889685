"""Celery's door: claim and advance, nothing else."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from videos import lifecycle
from videos.dispatch import ADVANCE, wake
from videos.models import Heartbeat, Video

SWEEP_BATCH = 200


@shared_task(name=ADVANCE)
def advance_video(video_id: str) -> None:
    video = Video.claim(video_id)
    if video:
        lifecycle.advance(video)


@shared_task(name="videos.sweep")
def sweep() -> None:
    """Wake whatever is due. Claiming is atomic, so being told twice does no harm."""
    for video_id in Video.objects.due().values_list("pk", flat=True)[:SWEEP_BATCH]:
        wake(video_id)


@shared_task(name="videos.check_health")
def check_health() -> None:
    """Leave the signs of life that /readyz reads."""
    Heartbeat.beat("worker")
    for alias in settings.VIDEO_BACKENDS:
        if lifecycle.backend_answers(alias):
            Heartbeat.beat(f"backend:{alias}")
