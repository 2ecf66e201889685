"""Studio as a person starts it: `python -m studio`, with real children, in a data directory of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

API_KEY = "sk-live-tests"
READY_SECONDS = 60.0
STOP_SECONDS = 20.0
LINK = re.compile(r"(http://\S+/sign-in/\S+)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


@dataclass
class Studio:
    data_dir: Path
    port: int
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    starts_before: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def full_environ(self) -> dict[str, str]:
        own = {"PORT": str(self.port), "STUDIO_DATA_DIR": str(self.data_dir), "STUDIO_API_KEY": API_KEY}
        return {**os.environ, **own, **self.environ}

    @property
    def log(self) -> str:
        return (self.data_dir / "run.log").read_text()

    def start(self, *, ready: bool = True) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "run.log").open("ab") as log:
            self.starts_before = len(LINK.findall(self.log))
            command = [sys.executable, "-m", "studio"]
            self.process = subprocess.Popen(
                command, env=self.full_environ, stdout=log, stderr=log, start_new_session=True
            )
        if ready:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        try:
            wait_until(lambda: bool(self._links()), seconds=READY_SECONDS, what="Studio says that it is ready")
        except AssertionError:
            raise AssertionError(f"Studio did not start:\n{self.log}") from None

    def _links(self) -> list[str]:
        assert self.process
        assert self.process.poll() is None, f"Studio ended:\n{self.log}"
        return LINK.findall(self.log)[self.starts_before :]

    @property
    def sign_in_link(self) -> str:
        return self._links()[-1]

    def stop(self) -> int:
        """As Ctrl-C or a service manager does; the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def kill(self, *, children: bool) -> None:
        """kill -9 of the supervisor; with its children, as in a power cut."""
        assert self.process
        for pid in [self.process.pid, *(self.descendants() if children else [])]:
            with suppress(ProcessLookupError):  # some end by themselves meanwhile
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def descendants(self) -> list[int]:
        """Process ids, from the kernel's list of children."""
        assert self.process
        found, queue = [], [self.process.pid]
        while queue:
            pid = queue.pop()
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                born = [int(child) for child in task.read_text().split()]
                found += born
                queue += born
        return found

    def client(self, *, key: str = API_KEY) -> httpx.Client:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=f"{self.url}/v1", headers=headers, timeout=30, trust_env=False)


_redis_numbers = iter(range(1, 16))


def own_services() -> dict[str, str]:
    """A database and a broker number of its own on the given servers, if there are any."""
    environ: dict[str, str] = {}
    if url := os.environ.get("DATABASE_URL"):
        name = f"live_{os.getpid()}_{time.monotonic_ns()}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        environ["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    if url := os.environ.get("REDIS_URL"):
        environ["REDIS_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{next(_redis_numbers)}"))
    return environ


@contextmanager
def running(**environ: str) -> Iterator[Studio]:
    """A Studio in a new data directory; everything of it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="studio-live-"))
    studio = Studio(folder, free_port(), {**own_services(), **environ})
    try:
        studio.start()
        yield studio
    finally:
        if studio.process and studio.process.poll() is None:
            try:
                studio.stop()
            finally:
                studio.process.kill()
        shutil.rmtree(folder, ignore_errors=True)
