"""Bounds of a process that opens files made by others: memory, processor time, life, no core dump."""

from __future__ import annotations

import os
import resource

from videos.engine.lifeline import die_with_parent

# Whoever starts a tool may say by this who that was.
PARENT_VARIABLE = "STUDIO_TOOL_PARENT"


def limit_this_process(*, memory: int, cpu_seconds: int) -> None:
    if parent := os.environ.get(PARENT_VARIABLE):
        die_with_parent(parent=int(parent))
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (wanted, hard))
