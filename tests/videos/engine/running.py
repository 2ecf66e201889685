"""The engine's programs as processes: its server with a client of it, its commands, its renders."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.live.server import free_port
from tests.videos.engine.waiting import until

ROOT = Path(__file__).parents[3]
KEY = "engine-test-key"


def run(module, *arguments):
    """A command of the engine, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=20,
    )


def start(data, *options, key=KEY, **more):
    """A server process and a client of it, once it answers."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "videos.engine", "--port", str(port), "--data", str(data), *options],
        cwd=ROOT,
        env=_environment() | ({"STUDIO_ENGINE_KEY": key} if key else {}),
        **more,
    )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}/v1", headers=headers, timeout=20)
    until(lambda: process.poll() is not None or listens(port))
    return process, client


@contextmanager
def serving(data, *options, **more):
    process, client = start(data, *options, **more)
    try:
        with client:
            yield client
    finally:
        process.terminate()
        assert process.wait(10) == 0


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def renders(part):
    """Process ids of the running renders whose folder has this in its path."""
    pids = [path.name for path in Path("/proc").glob("[0-9]*")]
    return [int(pid) for pid in pids if _is_render(pid) and str(part).encode() in _command(pid)]


def children():
    """Process ids of the renders that this process has started."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split() if _is_render(pid)]


def _is_render(pid):
    return b"videos.engine.render" in _command(pid)


def _command(pid):
    """The command line of a process; empty once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _environment():
    return {name: value for name, value in os.environ.items() if name != "STUDIO_ENGINE_KEY"}
