"""Brokers of a test's own, in place of the one in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

from celery import Celery

from studio.celery import app as studio_app
from tests.live.server import free_port

# Give up at the first refusal; in the settings' own pace that takes seconds.
AT_ONCE = {"max_retries": 0}


@contextmanager
def broker(url: str, **transport_options: Any) -> Iterator[Celery]:
    app = Celery("ring", broker=url, set_as_current=False)
    app.conf.update(broker_transport_options=AT_ONCE | transport_options, task_publish_retry=False)
    app.set_current()
    try:
        yield app
    finally:
        studio_app.set_current()
        app.close()


def refusing_broker() -> Any:
    return broker(f"redis://127.0.0.1:{free_port()}/0")


def rung(app: Celery) -> list[tuple[str, list[Any]]]:
    """Name and arguments of every message that waits; they are taken."""
    found: list[tuple[str, list[Any]]] = []
    with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        while True:
            try:
                message = queue.get(block=False)
            except Empty:
                return found
            message.ack()
            found.append((message.headers["task"], message.payload[0]))
