"""Rings the worker. A lost ring loses nothing: the row waits, and the sweep finds it."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import ChannelError, OperationalError

logger = logging.getLogger(__name__)

ADVANCE = "videos.advance_video"


def wake(video_id: str) -> None:
    try:
        current_app.send_task(ADVANCE, args=[video_id], expires=60)
    except (OperationalError, ChannelError, OSError) as error:  # ChannelError: no room in the folder of messages
        logger.warning("no broker, the sweep will find %s: %s", video_id, error)
