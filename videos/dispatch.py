"""Rings the worker. A lost ring loses nothing, nor one that has no turn: the row waits, and the sweep finds it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

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


class Turns:
    """Only so many threads of a worker, and one a row, are at what may wait long for others: the rest stay free."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._busy: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def take(self, row_id: str) -> Iterator[bool]:
        """False if another thread is at this row, or enough are at others."""
        with self._lock:
            is_ours = row_id not in self._busy and len(self._busy) < self._at_once
            if is_ours:
                self._busy.add(row_id)
        try:
            yield is_ours
        finally:
            if is_ours:
                with self._lock:
                    self._busy.discard(row_id)
