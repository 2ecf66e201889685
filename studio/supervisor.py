"""Keeps a few processes running in the foreground: restarts what crashes, stops all together."""

from __future__ import annotations

import functools
import logging
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType

from videos.engine.lifeline import die_with_parent

logger = logging.getLogger("studio")

GRACE_SECONDS = 10.0
TICK_SECONDS = 0.2
RESTART_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
STABLE_SECONDS = 60.0


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    crashes: int = 0
    restart_at: float = 0.0
    pauses: Sequence[float] = RESTART_PAUSES
    stable_seconds: float = STABLE_SECONDS

    def start(self) -> None:
        # It ends when the supervisor ends, even by kill -9 (on Linux).
        tie = functools.partial(die_with_parent, signal.SIGTERM, parent=os.getpid())
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=tie)
        self.started_at = time.monotonic()
        self.restart_at = 0.0

    def look(self) -> None:
        """Notice a crash, and start again after a pause that grows while it keeps crashing."""
        now = time.monotonic()
        if self.restart_at:
            if now >= self.restart_at:
                self.start()
        elif self.process and self.process.poll() is not None:
            self.signal_group(signal.SIGKILL)  # what it had started itself would live on beside its successor
            self.crashes = 0 if now - self.started_at > self.stable_seconds else self.crashes + 1
            pause = self.pauses[min(self.crashes, len(self.pauses) - 1)]
            logger.error("%s ended with %s; starting it again in %s s", self.name, self.process.returncode, pause)
            self.restart_at = now + pause

    def signal_group(self, number: signal.Signals) -> None:
        """To the child and whatever it has started."""
        if self.process:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    def __init__(self, children: Sequence[Child], *, grace: float = GRACE_SECONDS) -> None:
        self.children = children
        self.grace = grace
        self.stopping = False

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        for child in self.children:
            child.start()

    def run(self) -> None:
        """Until a signal asks to stop."""
        try:
            while not self.stopping:
                for child in self.children:
                    child.look()
                time.sleep(TICK_SECONDS)
        finally:
            self.stop()

    def stop(self) -> None:
        """SIGTERM to all at once, SIGKILL to what is left after the grace."""
        for child in self.children:
            if child.is_running():
                child.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        while time.monotonic() < deadline and any(child.is_running() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process:
                child.process.wait()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
