"""Keeps a claim alive while its holder works longer than a lease."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection

from videos.models.due import LEASE, Due, Stale

logger = logging.getLogger(__name__)

RENEW_SECONDS = LEASE.total_seconds() / 3


def _renew(row: Due) -> None:
    """A database that is away for a moment costs one renewal, not the claim."""
    try:
        row.renew()
    except DatabaseError as error:
        logger.warning("%s: claim not renewed: %r", row.pk, error)
        connection.close()


@contextmanager
def kept(row: Due, *, every: float = RENEW_SECONDS) -> Iterator[None]:
    """Renew from a thread until the block ends; moves belong behind the block, so that no renewal overwrites them."""
    done = Event()

    def renew() -> None:
        try:
            while not done.wait(every):
                _renew(row)
        except Stale:
            logger.warning("%s: claim lost; the holder's next write finds out", row.pk)
        finally:
            connection.close()

    thread = Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
