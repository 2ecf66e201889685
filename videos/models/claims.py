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


@contextmanager
def kept(video: Video, *, every: float = RENEW_SECONDS) -> Iterator[None]:
    """Renew from a thread until the block ends; moves belong behind the block, so that no renewal overwrites them."""
    done = Event()

    def renew() -> None:
        try:
            while not done.wait(every):
                video.renew()
        except (Video.Stale, DatabaseError) as error:
            # The claim may be lost; the holder's next write finds out.
            logger.warning("%s: claim not renewed: %r", video.id, error)
        finally:
            connection.close()

    thread = Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
