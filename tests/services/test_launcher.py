"""The launcher gives a command its servers, steps aside, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.services import ROOT, s3

GIVEN = {
    "DATABASE_URL": "postgres://db.test/a",
    "REDIS_URL": "redis://cache.test/1",
    "S3_ENDPOINT_URL": "http://s3.test",
}

# What a command run by the launcher can say about its servers, from inside.
PROBE = """
import json, os, sys
import psycopg
from redis import Redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    data = connection.execute("SHOW data_directory").fetchone()[0]
cache = Redis.from_url(os.environ["REDIS_URL"])
folders = [os.path.dirname(data), cache.config_get("dir")["dir"]]
urls = [os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL") if name in os.environ]
print(json.dumps({"folders": folders, "urls": urls}), flush=True)
sys.stdin.read()
sys.exit(7)
"""

NAME_THE_SIGNAL = """
import os, signal, sys
def stop(number, frame):
    # The signal may come while "ready" is still being printed, and print cannot interrupt itself.
    os.write(1, (signal.Signals(number).name + "\\n").encode())
    sys.exit(5)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, stop)
print("ready", flush=True)
signal.pause()
"""

WITHOUT_S3 = """
import sys
from tests.services import ServiceFailed, s3
from tests.services.__main__ import main
def environment():
    raise ServiceFailed("no S3 today")
s3.environment = environment
sys.exit(main(["redis", "s3", "--", "true"]))
"""


def unset() -> dict[str, str]:
    """The environment without servers that the tests themselves may have been given."""
    given = {"DATABASE_URL", "REDIS_URL", *s3.NAMES}
    return {name: value for name, value in os.environ.items() if name not in given}


@contextmanager
def launched(*arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.services", *arguments]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, cwd=ROOT, env={**unset(), **environ}, text=True, **pipes) as launcher:
        try:
            yield launcher
        finally:
            launcher.kill()


def launch(*arguments: str, **environ: str) -> tuple[int, str, str]:
    with launched(*arguments, **environ) as launcher:
        out, err = launcher.communicate(timeout=30)
    return launcher.returncode, out, err


def said(launcher: subprocess.Popen[str]) -> str:
    assert launcher.stdout
    return launcher.stdout.readline()


def answers(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname, parts.port)) == 0


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def installed_services() -> list[str]:
    return ["postgres", "redis", *(["s3"] if s3.VENV.exists() else [])]


def test_a_command_gets_every_server_and_nothing_is_left_of_them(tmp_path: Path) -> None:
    with launched(*installed_services(), "--", sys.executable, "-c", PROBE, TMPDIR=str(tmp_path)) as launcher:
        report = json.loads(said(launcher))
        up = [answers(url) for url in report["urls"]]
        launcher.communicate(timeout=30)

    assert up == [True] * len(installed_services())
    assert launcher.returncode == 7
    assert not any(answers(url) for url in report["urls"])
    assert not any(Path(folder).exists() for folder in report["folders"])
    assert list(tmp_path.iterdir()) == []


def test_servers_die_with_a_launcher_that_was_killed(tmp_path: Path) -> None:
    with launched(*installed_services(), "--", sys.executable, "-c", PROBE, TMPDIR=str(tmp_path)) as launcher:
        report = json.loads(said(launcher))
        launcher.kill()

    try:
        assert wait_for(lambda: not any(answers(url) for url in report["urls"]))
    finally:
        for folder in report["folders"]:
            shutil.rmtree(folder, ignore_errors=True)


def test_servers_given_by_the_environment_are_used_as_they_are() -> None:
    code, out, _ = launch("postgres", "redis", "s3", "--", "env", **GIVEN)

    assert code == 0
    assert set(out.splitlines()) >= {f"{name}={value}" for name, value in GIVEN.items()}
    assert "S3_BUCKET" not in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_command(number: signal.Signals) -> None:
    with launched("--", sys.executable, "-c", NAME_THE_SIGNAL) as launcher:
        said(launcher)
        launcher.send_signal(number)
        out, _ = launcher.communicate(timeout=10)

    assert out == f"{number.name}\n"
    assert launcher.returncode == 5


@pytest.mark.parametrize(("command", "code"), [("exit 3", 3), ("kill -TERM $$", 143)], ids=str)
def test_the_exit_code_is_the_commands(command: str, code: int) -> None:
    assert launch("--", "sh", "-c", command)[0] == code


def test_a_command_that_is_not_there_is_said_so() -> None:
    assert launch("--", "no-such-command-here") == (127, "", "no-such-command-here: No such file or directory\n")


@pytest.mark.parametrize("arguments", [(), ("redis",), ("redis", "--"), ("mongo", "--", "true")], ids=str)
def test_wrong_usage_is_explained(arguments: tuple[str, ...]) -> None:
    code, _, err = launch(*arguments)

    assert code == 2
    assert "python -m tests.services" in err


def test_when_one_server_fails_the_others_are_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_S3]
    done = subprocess.run(
        command, cwd=ROOT, env={**unset(), "TMPDIR": str(tmp_path)}, capture_output=True, text=True, timeout=30
    )

    assert (done.returncode, done.stderr) == (125, "no S3 today\n")
    assert list(tmp_path.iterdir()) == []
