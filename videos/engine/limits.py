"""Bounds of a process that opens files made by others: memory, processor time, no core dump."""

from __future__ import annotations

import resource


def limit_this_process(*, memory: int, cpu_seconds: int) -> None:
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (wanted, hard))
