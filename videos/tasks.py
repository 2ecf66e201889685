"""Celery's door: claim and advance, nothing else."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings

from videos import actions, batches, lifecycle, webhooks
from videos.dispatch import ADVANCE, ADVANCE_BATCH, DELIVER, Turns, wake, wake_batch, wake_endpoint
from videos.models import Batch, Heartbeat, Receipt, Video

logger = logging.getLogger(__name__)

SWEEP_BATCH = 200
# Of the eight threads of a worker: a step of a batch may wait for images, and videos must not wait behind it.
BATCHES_AT_ONCE = 2
batch_turns = Turns(BATCHES_AT_ONCE)


@shared_task(name=ADVANCE)
def advance_video(video_id: str) -> None:
    video = Video.claim(video_id)
    if video:
        lifecycle.advance(video)


@shared_task(name=ADVANCE_BATCH)
def advance_batch(batch_id: str) -> None:
    with batch_turns.take(batch_id) as is_ours:
        batch = Batch.claim(batch_id) if is_ours else None
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
    """What has been kept long enough. No chore waits for another's trouble to be over."""
    for chore in (lifecycle.expire, actions.purge_files, webhooks.tidy, Receipt.tidy):
        try:
            chore()
        except Exception:
            logger.warning("%s.%s: trouble, and tried again soon", chore.__module__, chore.__qualname__, exc_info=True)


@shared_task(name="videos.remove_orphans")
def remove_orphans() -> None:
    actions.remove_orphans()


@shared_task(name="videos.check_health")
def check_health() -> None:
    """Leave the signs of life that /readyz reads."""
    Heartbeat.beat("worker")
    for alias in settings.VIDEO_BACKENDS:
        if lifecycle.backend_answers(alias):
            Heartbeat.beat(f"backend:{alias}")
