from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from studio.supervisor import Child, Supervisor
from tests.live.server import wait_until

# Each start adds a line with the ids of the process and of its own child, which outlives it unless somebody cares.
WITH_A_CHILD = """
import os, pathlib, subprocess, sys, time
own = subprocess.Popen(["sleep", "60"])
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()} {own.pid}\\n")
"""
CRASHES = WITH_A_CHILD + "sys.exit(3)"
STAYS = WITH_A_CHILD + "time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + STAYS
SUPERVISES = """
import sys
from studio.supervisor import Child, Supervisor
supervisor = Supervisor([Child("inner", sys.argv[1:])])
supervisor.start()
supervisor.run()
"""


class Made:
    """A child process, and the ids that each of its starts wrote down."""

    def __init__(self, script: str, notes: Path) -> None:
        self.notes = notes
        command = [sys.executable, "-c", script, str(notes)]
        self.child = Child("made", command, pauses=(0.0, 0.05, 0.3))

    def starts(self) -> list[list[int]]:
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        return [[int(pid) for pid in line.split()] for line in lines]

    def look_until(self, starts: int) -> None:
        def enough() -> bool:
            self.child.look()
            return len(self.starts()) >= starts

        wait_until(enough, seconds=10, what=f"{starts} starts")


@pytest.fixture
def make(tmp_path: Path) -> Iterator[type[Made]]:
    made: list[Made] = []

    class Kept(Made):
        def __init__(self, script: str) -> None:
            super().__init__(script, tmp_path / f"{len(made)}.txt")
            made.append(self)

    yield Kept
    for each in made:
        each.child.signal_group(signal.SIGKILL)
        if each.child.process:
            each.child.process.wait()


def lives(pid: int) -> bool:
    """A zombie does not: where nobody reaps orphans it stays in the list."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_crashed_is_started_again_and_what_it_left_is_gone(make) -> None:
    made = make(CRASHES)
    made.child.start()

    made.look_until(starts=2)

    leftover = made.starts()[0][1]
    wait_until(lambda: not lives(leftover), seconds=5, what="the first start's own child is gone")


def test_what_runs_is_left_alone(make) -> None:
    made = make(STAYS)
    made.child.start()
    made.look_until(starts=1)

    for _ in range(5):
        made.child.look()
        time.sleep(0.02)

    assert made.child.is_running()
    assert len(made.starts()) == 1


def test_pauses_grow_while_it_keeps_crashing_and_shrink_once_it_was_stable(make) -> None:
    made = make(CRASHES)
    child = made.child
    child.start()
    pauses = []

    for _ in range(4):
        wait_until(lambda: not child.is_running(), seconds=5, what="the crash")
        child.look()
        pauses.append(round(child.restart_at - time.monotonic(), 1))
        child.start()
    assert pauses == pytest.approx([0.05, 0.3, 0.3, 0.3], abs=0.1)

    child.stable_seconds = 0.0
    wait_until(lambda: not child.is_running(), seconds=5, what="the crash")
    child.look()
    assert child.crashes == 0


def test_stopping_kills_what_ignores_the_polite_signal(make) -> None:
    polite, stubborn = make(STAYS), make(STUBBORN)
    for made in (polite, stubborn):
        made.child.start()
        made.look_until(starts=1)

    Supervisor([polite.child, stubborn.child], grace=0.3).stop()

    codes = [made.child.process.returncode for made in (polite, stubborn)]
    assert codes == [-signal.SIGTERM, -signal.SIGKILL]
    for made in (polite, stubborn):
        own = made.starts()[0][1]
        wait_until(lambda: not lives(own), seconds=5, what="the group is gone")  # noqa: B023


def test_a_signal_ends_the_run_and_the_children(make) -> None:
    made = make(STAYS)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    supervisor = Supervisor([made.child], grace=2)
    try:
        supervisor.start()
        made.look_until(starts=1)
        Timer(0.1, os.kill, [os.getpid(), signal.SIGTERM]).start()
        supervisor.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    assert not made.child.is_running()


def test_children_end_with_a_supervisor_that_was_killed(make, tmp_path: Path) -> None:
    notes = tmp_path / "inner.txt"
    made = make(SUPERVISES)
    made.child.command = [sys.executable, "-c", SUPERVISES, sys.executable, "-c", STAYS, str(notes)]
    made.notes = notes
    made.child.start()
    made.look_until(starts=1)

    assert made.child.process
    made.child.process.kill()

    inner = made.starts()[0][0]
    try:
        wait_until(lambda: not lives(inner), seconds=5, what="the child of the killed supervisor ends")
    finally:
        os.kill(made.starts()[0][1], signal.SIGKILL)
