"""Rings the worker. A lost ring loses nothing: the row waits, and the sweep finds it."""

from __future__ import annotations

import logging

from celery import current_app

logger = logging.getLogger(__name__)

ADVANCE = "videos.advance_video"


def wake(video_id: str) -> None:
    try:
        current_app.send_task(ADVANCE, args=[video_id], expires=60)
    except Exception as error:  # every broker has errors of its own, and none may undo what was accepted
        logger.warning("no broker, the sweep will find %s: %r", video_id, error)
