"""Child processes: the one that renders a job, followed by its progress lines, and tools for foreign files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from videos.engine.limits import PARENT_VARIABLE

# The package must be found by the child wherever the server was started.
_ROOT = Path(__file__).resolve().parents[2]
# Keys and addresses of the server are no business of a render.
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
_ONE_THREAD_EACH = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


# As many as there are processors to do some work; whoever comes then waits a little.
_TOOLS = threading.BoundedSemaphore(2)
_PATIENCE = 20


class ToolFailed(Exception):
    """The last thing that a tool said, or that it was too slow."""


class ToolsBusy(Exception):
    """Too many films are being looked into."""


def run_tool(module: str, *arguments: Path | str, seconds: int) -> str:
    """Run a command of the engine on foreign files to its end; what it printed."""
    if not _TOOLS.acquire(timeout=_PATIENCE):
        raise ToolsBusy
    try:
        return _run_tool([sys.executable, "-m", module, *map(str, arguments)], seconds)
    finally:
        _TOOLS.release()


def _run_tool(command: list[str], seconds: int) -> str:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=_ROOT,
            env=_environment() | {PARENT_VARIABLE: str(os.getpid())},
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise ToolFailed(f"not understood within {seconds} s") from None
    if done.returncode:
        raise ToolFailed((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    return done.stdout


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ONE_THREAD_EACH


class RenderChild:
    """Dies with the thread that made it."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "videos.engine.render", str(folder.resolve()), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env=_environment(),
            text=True,
            # A Ctrl-C in the terminal is for the server, which then ends its children itself.
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def follow(self, report: Callable[[int], None]) -> dict[str, int] | None:
        """Report progress until the process ends; the spritesheet's layout, or None if it did not finish its work."""
        layout: dict[str, int] | None = None
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                message = json.loads(line)
                if "progress" in message:
                    report(int(message["progress"]))
                layout = message.get("layout", layout)
            return layout if self._process.wait() == 0 else None
        finally:
            self.kill()
            self._process.wait()
            self._process.stdout.close()

    def kill(self) -> None:
        """End the process at once; harmless when it has ended."""
        self._process.kill()
