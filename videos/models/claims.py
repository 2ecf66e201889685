"""Keeps a claim alive while its holder works longer than a lease."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection

from videos.models.video import LEASE, Video

logger = logging.getLogger(__name__)

RENEW_SECONDS = LEASE.total_seconds() / 3


def _renew(video: Video) -> None:
    """A database that is away for a moment costs one renewal, not the claim."""
    try:
        video.renew()
    except DatabaseError as error:
        logger.warning("%s: claim not renewed: %r", video.id, error)
        connection.close()


@contextmanager
def kept(video: Video, *, every: float = RENEW_SECONDS) -> Iterator[None]:
    """Renew from a thread until the block ends; moves belong behind the block, so that no renewal overwrites them."""
    done = Event()

    def renew() -> None:
        try:
            while not done.wait(every):
                _renew(video)
        except Video.Stale:
            logger.warning("%s: claim lost; the holder's next write finds out", video.id)
        finally:
            connection.close()

    thread = Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
