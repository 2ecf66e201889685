"""The process that renders one job: started, followed by its progress lines, killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# The package must be found by the child wherever the server was started.
_ROOT = Path(__file__).resolve().parents[2]
# Keys and addresses of the server are no business of a render.
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
_ONE_THREAD_EACH = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class RenderChild:
    """Dies with the thread that made it."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "videos.engine.render", str(folder.resolve()), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ONE_THREAD_EACH,
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
