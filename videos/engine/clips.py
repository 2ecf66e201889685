"""Films that somebody sends: judged in a child process before anything is made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from videos.contract import CLIP_MAX_BYTES, CLIP_MAX_SECONDS, CLIP_MAX_SIDE
from videos.engine.child import ToolFailed, run_tool

LEAST_SIDE = 16
_LOOK_SECONDS = 60
# More are not painted; such a film's pictures are found by their times.
MAX_FPS = 60


class NotAClip(ValueError):
    """No whole mp4, or one that is too long, too large or of odd size; the message is for its sender."""


@dataclass(frozen=True)
class Clip:
    """A film as a job starts from it; `plan` is known when its lineage leads to it.

    `seconds` are the film's own; `fps` is whole, and as many `frames` are painted as come nearest to them.
    """

    path: Path
    size: tuple[int, int]
    seconds: float
    fps: int
    frames: int
    steps: list[dict[str, Any]] = field(default_factory=list)
    plan: dict[str, Any] | None = None


def judge_clip(path: Path) -> Clip:
    """What the film is, or NotAClip."""
    if path.stat().st_size > CLIP_MAX_BYTES:
        raise NotAClip(f"it is larger than {CLIP_MAX_BYTES // 1024**2} MiB")
    try:
        found = json.loads(run_tool("videos.engine.lineage", path, seconds=_LOOK_SECONDS))
    except ToolFailed as failed:
        raise NotAClip(str(failed)) from None
    probe = found["probe"]
    size = (probe["width"], probe["height"])
    if size[0] % 2 or size[1] % 2 or min(size) < LEAST_SIDE or max(size) > CLIP_MAX_SIDE:
        raise NotAClip(f"its size of {size[0]}x{size[1]} is not even, or not from {LEAST_SIDE} to {CLIP_MAX_SIDE}")
    seconds, fps = probe["duration"], min(MAX_FPS, max(1, round(probe["fps"])))
    if seconds > CLIP_MAX_SECONDS:
        raise NotAClip(f"it is longer than {CLIP_MAX_SECONDS} seconds")
    return Clip(path, size, seconds, fps, max(1, round(seconds * fps)), found["steps"], found["plan"])
