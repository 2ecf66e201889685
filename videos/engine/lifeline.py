"""Ties a process to the one that started it, so that nothing is left running behind a crash."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)  # found before a fork, after which little may be done


def die_with_parent(signum: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Have the system send `signum` to this process when its parent ends; `parent` closes the race at start."""
    expected = os.getppid() if parent is None else parent
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signum)
        if os.getppid() != expected:
            os.kill(os.getpid(), signum)
    else:
        threading.Thread(target=_watch, args=(expected, signum), daemon=True).start()


def _watch(parent: int, signum: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signum)
