"""Celery's door: claim and advance, nothing else."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from videos import actions, batches, lifecycle, webhooks
from videos.dispatch import ADVANCE, ADVANCE_BATCH, DELIVER, wake, wake_batch, wake_endpoint
from videos.models import Batch, Heartbeat, Receipt, Video

SWEEP_BATCH = 200


@shared_task(name=ADVANCE)
def advance_video(video_id: str) -> None:
    video = Video.claim(video_id)
    if video:
        lifecycle.advance(video)


@shared_task(name=ADVANCE_BATCH)
def advance_batch(batch_id: str) -> None:
    batch = Batch.claim(batch_id)
    if batch:
        batches.advance(batch)


@shared_task(name=DELIVER)
def deliver_webhooks(endpoint_id: str) -> None:
    webhooks.work_off(endpoint_id)


@shared_task(name="videos.sweep")
def sweep() -> None:
    """Wake whatever is due. Claiming is atomic, so being told twice does no harm."""
    for video_id in Video.objects.due().values_list("pk", flat=True)[:SWEEP_BATCH]:
        wake(video_id)
    for batch_id in Batch.objects.due().values_list("pk", flat=True)[:SWEEP_BATCH]:
        wake_batch(batch_id)
    for endpoint_id in webhooks.waiting():
        wake_endpoint(endpoint_id)


@shared_task(name="videos.tidy")
def tidy() -> None:
    """What has been kept long enough."""
    lifecycle.expire()
    actions.purge_files()
    webhooks.tidy()
    Receipt.tidy()


@shared_task(name="videos.check_health")
def check_health() -> None:
    """Leave the signs of life that /readyz reads."""
    Heartbeat.beat("worker")
    for alias in settings.VIDEO_BACKENDS:
        if lifecycle.backend_answers(alias):
            Heartbeat.beat(f"backend:{alias}")
