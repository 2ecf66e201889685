"""Runs a command in its own place, as another user if told to, and bound to the life of the process that asked.

Usage: leash.py PARENT_PID SIGNAL UID:GID|- COMMAND...
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def become(user: str) -> None:
    if user == "-":
        return
    uid, gid = map(int, user.split(":"))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def tie(parent: int, death: int) -> None:
    """Ask the kernel for a signal at the parent's death; a later change of user would undo it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death)
    if os.getppid() != parent:
        raise SystemExit(f"the parent {parent} is gone")


def forget_signals() -> None:
    """Undo what Python, and the launcher's blocked signals, would leave to the command."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def main(parent: str, death: str, user: str, *command: str) -> int:
    become(user)
    tie(int(parent), int(death))
    forget_signals()
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127 if isinstance(error, FileNotFoundError) else 126


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
