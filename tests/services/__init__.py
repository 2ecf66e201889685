"""Real servers that the tests start and stop themselves, on Linux; this module holds what all of them need."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEASH = Path(__file__).with_name("leash.py")
START_SECONDS = 60
STOP_SECONDS = 10


class ServiceError(Exception):
    """A server cannot be had."""


class ServiceUnavailable(ServiceError):
    """It is not installed here; the message says how to get it."""


class ServiceFailed(ServiceError):
    """It is installed and would not start; the message ends with its log."""


def package_dir(name: str) -> Path:
    """Find the folder of an installed package without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceUnavailable(f"{name} is not installed: it comes with requirements-dev.txt")
    return Path(spec.submodule_search_locations[0])


@contextmanager
def reserved_port() -> Iterator[int]:
    """Hold a port of 127.0.0.1 that the system chose; only a server that sets SO_REUSEADDR too can listen on it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def open_to_all(path: Path) -> bool:
    """Tell whether a user without rights of its own can get into the folder."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


@contextmanager
def work_dir(
    name: str, *, owner: pwd.struct_passwd | None = None, fits: Callable[[Path], bool] = Path.is_dir
) -> Iterator[Path]:
    """Lend a private folder on the first of the usual temporary places that fits."""
    places = [Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp")]
    place = next((place for place in places if place.is_dir() and fits(place)), None)
    if place is None:
        raise ServiceUnavailable(f"no temporary folder suits {name}: tried {', '.join(map(str, places))}")
    folder = Path(tempfile.mkdtemp(prefix=f"studio-{name}-", dir=place))
    try:
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def leashed(command: Sequence[str], *, death: signal.Signals, owner: pwd.struct_passwd | None = None) -> list[str]:
    """Wrap a command so that it gets `death` when this process dies, however it dies."""
    user = f"{owner.pw_uid}:{owner.pw_gid}" if owner else "-"
    return [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(death)), user, *command]


def stop(process: subprocess.Popen[bytes], by: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running(
    command: Sequence[str],
    *,
    log: Path,
    ready: str,
    death: signal.Signals = signal.SIGTERM,
    owner: pwd.struct_passwd | None = None,
) -> Iterator[str]:
    """Keep a server running from the moment its log says `ready`; gives the log up to there."""
    with log.open("wb") as output:
        # A session of its own: Ctrl-C in a terminal is for the tests, and servers outlive their clients.
        process = subprocess.Popen(
            leashed(command, death=death, owner=owner),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            start_new_session=True,
        )
    try:
        yield _wait_until(ready, process, log)
    finally:
        stop(process, death)


def _wait_until(ready: str, process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while ready not in (said := log.read_text(errors="replace")):
        if process.poll() is not None:
            raise ServiceFailed(f"the server ended with code {process.returncode}:\n{said[-2000:]}")
        if time.monotonic() > deadline:
            raise ServiceFailed(f"the server was not ready after {START_SECONDS} s:\n{said[-2000:]}")
        time.sleep(0.01)
    return said
