"""`python -m videos.engine`: serves the embedded engine until it is told to stop."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from videos.engine.folders import DataInUse
from videos.engine.jobs import JobStore
from videos.engine.lifeline import die_with_parent
from videos.engine.server import Server

KEY_VARIABLE = "STUDIO_ENGINE_KEY"
# A client that reads slowly holds one of these for as long as its download takes.
_BLOCKING_THREADS = 32
# Downloads still running after this many seconds are cut when the engine stops.
_STOP_SECONDS = 3


def main(argv: list[str] | None = None) -> int:
    options = _options(argv)
    if options.die_with_parent:
        die_with_parent(signal.SIGTERM)
    server = Granian(
        "videos.engine",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_BLOCKING_THREADS,
        http=HTTPModes.http1,
        # Its one warning is about the thread count, which is meant.
        log_level=LogLevels.error,
        workers_kill_timeout=_STOP_SECONDS,
    )
    server.serve(target_loader=partial(_load, options, os.getpid()), wrap_loader=False)
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m videos.engine", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--data", type=Path, default=Path("var/engine"), help="where jobs and their files are kept")
    parser.add_argument("--key", help=f"the API key; better in the environment as {KEY_VARIABLE}")
    parser.add_argument("--no-key", action="store_true", help="let every program on this machine in")
    parser.add_argument("--workers", type=int, default=1, help="renders at a time; each uses two threads")
    parser.add_argument("--keep-hours", type=float, default=24, help="how long files are kept; 0 keeps them for good")
    parser.add_argument("--die-with-parent", action="store_true", help="stop when the starting process ends")
    options = parser.parse_args(argv)
    # Taken out of the environment, which the WSGI server copies into every request.
    options.key = options.key or os.environ.pop(KEY_VARIABLE, None)
    _check_door(parser, options)
    return options


def _check_door(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.no_key:
        options.key = None
        if not _is_loopback(options.host):
            parser.error("--no-key is only for a loopback address")
    elif not options.key:
        parser.error(f"an API key is needed: set {KEY_VARIABLE}, or give --no-key on a loopback address")
    if options.workers < 1:
        parser.error("--workers has to be at least 1")
    if not _is_free(options.host, options.port):
        parser.error(f"cannot listen on {options.host}:{options.port}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_free(host: str, port: int) -> bool:
    """Granian shares its port with any other that does the same, which would split the requests between two engines."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, _, _, address in found:
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError:
        return False
    return True


def _load(options: argparse.Namespace, parent: int) -> Server:
    """Runs in the process that answers requests; it must not outlive the one that started it."""
    die_with_parent(parent=parent)
    logging.basicConfig(level=logging.INFO, format="engine: %(levelname)s %(message)s")
    try:
        store = JobStore(options.data, workers=options.workers, keep_hours=options.keep_hours)
    except (DataInUse, OSError) as error:
        sys.exit(f"engine: {error}")
    sys.stdout.write(f"engine: listening on http://{options.host}:{options.port}\n")
    sys.stdout.flush()
    return Server(store, key=options.key)


if __name__ == "__main__":
    sys.exit(main())
