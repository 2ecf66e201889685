"""Starts servers, runs a command with their addresses in its environment, and stops them when it ends.

Usage: python -m tests.services [postgres] [redis] [s3] -- COMMAND [ARGUMENT...]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from threading import Event

from tests.services import ServiceError, leashed

SERVICES = ("postgres", "redis", "s3")
PASSED_ON = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
WATCHED = PASSED_ON | {signal.SIGCHLD}
USAGE_ERROR = 2
FAILED_OURSELVES = 125  # as env, timeout and docker do, so that it is no code of the command's own


def hold(name: str, opened: Future[dict[str, str]], closing: Event) -> None:
    """Keep one service open until told to close it; to its server, the end of this thread is the parent's death."""
    try:
        with import_module(f"tests.services.{name}").environment() as environ:
            opened.set_result(environ)
            closing.wait()
    except BaseException as error:
        if opened.done():
            raise
        opened.set_exception(error)


@contextmanager
def services(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Open services side by side, each in a thread of its own that stays."""
    closing = Event()
    with ThreadPoolExecutor(max_workers=max(1, len(names))) as pool:
        try:
            opened: list[Future[dict[str, str]]] = [Future() for _ in names]
            held = [pool.submit(hold, name, one, closing) for name, one in zip(names, opened, strict=True)]
            # The threads have inherited the blocked signals; only this one may be interrupted while it waits.
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
            environ = {name: value for one in opened for name, value in one.result().items()}
            signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
            yield environ
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
            closing.set()
    for one in held:
        one.result()


def run(command: Sequence[str], environ: dict[str, str]) -> int:
    """Run the command to its end, passing signals on; gives its exit code as a shell would."""
    child = subprocess.Popen(leashed(command, death=signal.SIGTERM), env={**os.environ, **environ})
    while child.poll() is None:
        caught = signal.sigwaitinfo(WATCHED)
        # A signal from the kernel is Ctrl-C or a hang-up: the terminal has sent it to the command already.
        from_terminal = caught.si_code > 0
        if caught.si_signo in PASSED_ON and not from_terminal:
            child.send_signal(caught.si_signo)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Part the names of services from the command; without `--` there is none."""
    if "--" not in arguments:
        return arguments, []
    middle = arguments.index("--")
    return arguments[:middle], arguments[middle + 1 :]


def interrupted(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def main(arguments: Sequence[str]) -> int:
    names, command = split(arguments)
    if not command or not set(names) <= set(SERVICES):
        sys.stderr.write(f"{__doc__}")
        return USAGE_ERROR
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    for number in PASSED_ON:
        signal.signal(number, interrupted)
    try:
        with services(names) as environ:
            return run(command, environ)
    except ServiceError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED_OURSELVES


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
