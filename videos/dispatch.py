"""Rings the worker. A lost ring loses nothing: the row waits, and the sweep finds it."""

from __future__ import annotations

import logging

from celery import current_app

logger = logging.getLogger(__name__)

ADVANCE = "videos.advance_video"
DELIVER = "videos.deliver_webhooks"
ADVANCE_BATCH = "videos.advance_batch"


def wake(video_id: str) -> None:
    _ring(ADVANCE, video_id)


def wake_endpoint(endpoint_id: str) -> None:
    """Something waits in the outbox for this endpoint."""
    _ring(DELIVER, endpoint_id)


def wake_batch(batch_id: str) -> None:
    _ring(ADVANCE_BATCH, batch_id)


def _ring(task: str, row_id: str) -> None:
    try:
        current_app.send_task(task, args=[row_id], expires=60)
    except Exception as error:  # every broker has errors of its own, and none may undo what was accepted
        logger.warning("no broker, the sweep will find %s: %r", row_id, error)
