"""A film that goes on from another: only its new part is painted, what was there before is copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from videos.engine.join import fitted, join, sound_of
from videos.engine.mp4 import SAMPLE_RATE, Film, Frame, Paints, Samples, write_mp4
from videos.engine.sound import FADE_OUT, soundtrack

if TYPE_CHECKING:
    from videos.engine.render import Footage

CROSSFADE_SECONDS = 0.25


class Later:
    """Paints a scene from a frame on that is not its first."""

    def __init__(self, painter: Paints, first: int) -> None:
        self._painter = painter
        self._first = first

    def frame(self, index: int) -> Frame:
        return self._painter.frame(self._first + index)


def continue_film(
    source: Path, film: Film, path: Path, *, workers: int | None, on_frame: Callable[[int, Frame], None]
) -> None:
    """Write the source followed by the new film, with the new film's sound and tags for the whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        write_mp4(replace(film, sound=_silence), part, workers=workers, on_frame=on_frame)
        join(source, part, path, tags=film.tags, sound=film.sound())
    finally:
        part.unlink(missing_ok=True)


def _silence() -> Samples:
    return np.zeros((2, SAMPLE_RATE), np.float32)


def sound_for(plan: dict[str, Any], footage: Footage, seconds: float) -> Samples:
    """The sound of the plan; of a film that is painted on or continued, its own as far as it goes."""
    made = fitted(soundtrack(plan), seconds)
    if footage.source:
        seam = seconds - footage.added_seconds
        # A track of ours fades away at its end, so that the new one has to come in before that.
        kept = seam if footage.film else seam - FADE_OUT
        return _crossed(sound_of(footage.source, seam), made, max(0.0, kept))
    if footage.film:
        found = sound_of(footage.film, seconds)
        return made if found is None else found
    return made


def _crossed(old: Samples | None, new: Samples, seconds: float) -> Samples:
    """The old sound up to here, and over its last moment into the new one."""
    end = round(seconds * SAMPLE_RATE)
    start = max(0, end - round(CROSSFADE_SECONDS * SAMPLE_RATE))
    before = np.zeros((2, end), np.float32) if old is None else old[:, :end]
    whole = new.copy()
    whole[:, :start] = before[:, :start]
    share = np.linspace(0, 1, end - start, dtype=np.float32)
    whole[:, start:end] = before[:, start:end] * (1 - share) + new[:, start:end] * share
    return whole
