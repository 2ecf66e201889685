"""`python -m studio`: prepare the data directory, then run web server, worker and engine until told to stop."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import os
import shutil
import socket
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import IO

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from studio.supervisor import Child, Supervisor

logger = logging.getLogger("studio")

READY_SECONDS = 20.0
PORT_SECONDS = 3.0
WEB_THREADS = 32
WORKER_THREADS = 8


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    os.umask(0o077)  # prompts and sessions are nobody else's on this machine
    django.setup()
    try:
        lock = lock_data_dir(settings.DATA_DIR)
        refuse_used_port(settings.HOST, settings.PORT)
        prepare()
    except OSError as error:
        raise SystemExit(f"The data directory {settings.DATA_DIR} cannot be used: {error.strerror}") from None
    supervisor = Supervisor(children())
    supervisor.start()
    Thread(target=announce, args=[supervisor], daemon=True).start()
    supervisor.run()
    lock.close()


def lock_data_dir(folder: Path) -> IO[str]:
    """Two copies on one data directory would each restart the other's renders."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "studio.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(
            f"Another Studio is running on the data directory {folder}. Stop it, or set STUDIO_DATA_DIR to another."
        ) from None
    return lock


def refuse_used_port(host: str, port: int) -> None:
    """After a kill -9 of the supervisor the old web server needs a moment to go: hence the patience."""
    deadline = monotonic() + PORT_SECONDS
    while problem := bind_problem(host, port):
        if monotonic() > deadline:
            raise SystemExit(
                f"Cannot listen on {host}:{port}: {problem}. Choose another, for example: PORT=8001 make run"
            )
        sleep(0.2)


def bind_problem(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or str(error)
    return None


def prepare() -> None:
    """Tables, static files, first owner; and an address for the engine that nobody else uses."""
    for folder in (settings.MEDIA_ROOT, settings.MESSAGES_DIR / "control"):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(settings.DATA_DIR / "tmp", ignore_errors=True)  # of a worker that was killed
    refuse_wrong_settings()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("setup")


def refuse_wrong_settings() -> None:
    try:
        call_command("check", stdout=io.StringIO())
    except SystemCheckError as error:
        raise SystemExit(str(error)) from None


def children() -> list[Child]:
    """The engine is left out when another backend makes the videos, or another machine runs it."""
    found = [
        Child("worker", [*python("celery"), "--quiet", "-A", "studio", "worker", *worker_options()]),
        Child("web", [*python("granian"), *web_options(), "studio.wsgi:application"]),
    ]
    if "embedded" in settings.VIDEO_BACKENDS and not os.environ.get("STUDIO_ENGINE_URL"):
        port = str(free_port())
        # Children read their settings from the environment, like everybody.
        os.environ["STUDIO_ENGINE_URL"] = f"http://127.0.0.1:{port}/v1"
        os.environ["STUDIO_ENGINE_KEY"] = settings.VIDEO_BACKENDS["embedded"]["OPTIONS"]["api_key"]
        found.insert(0, Child("engine", engine_command(port)))
    return found


def python(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def worker_options() -> list[str]:
    return ["--pool", "threads", "--concurrency", str(WORKER_THREADS), "--loglevel", "WARNING"]


def web_options() -> list[str]:
    return [
        *("--interface", "wsgi", "--host", settings.HOST, "--port", str(settings.PORT)),
        *("--workers", "1", "--blocking-threads", str(WEB_THREADS), "--no-ws", "--log-level", "error"),
    ]


def engine_command(port: str) -> list[str]:
    folder = str(settings.DATA_DIR / "engine")
    return [*python("videos.engine"), "--host", "127.0.0.1", "--port", port, "--data", folder, "--die-with-parent"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def announce(supervisor: Supervisor) -> None:
    """Say where to go, once everything works, or without what does not when that takes too long."""
    started = monotonic()
    while not supervisor.stopping:
        patient = monotonic() - started < READY_SECONDS
        missing = what_is_missing(settings.LOCAL_HOST, settings.PORT)
        if missing == [] or (missing and not patient):
            return say_hello(missing)
        sleep(0.2)


def what_is_missing(host: str, port: int) -> list[str] | None:
    """The parts that are not ready; None while the web server does not even answer."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        state = json.loads(connection.getresponse().read())
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return [part for part, word in state.items() if part != "status" and word != "ok"]


def say_hello(missing: list[str]) -> None:
    from django.db import connection

    headline = f"Studio is running, but not ready: {', '.join(missing)}" if missing else "Studio is ready"
    link = call_command("signin_link", stdout=io.StringIO())
    connection.close()
    sys.stdout.write(
        f"""
  {headline} at {settings.SITE_URL}

  Sign in (once):    {link}
  Make an API key:   {settings.SITE_URL}/me/keys/   or   make key
  Use it:            OPENAI_BASE_URL={settings.SITE_URL}/v1  OPENAI_API_KEY=<the key>
  Data directory:    {settings.DATA_DIR}
  Stop:              Ctrl-C

"""
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
