"""A film that goes on from another: only its new part is painted, what was there before is copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from videos.engine.join import facts_of, fitted, join, sound_of
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


def sound_for(plan: dict[str, Any], footage: Footage, seconds: Fraction | float) -> Samples:
    """The sound of the plan; of a film that is painted on or continued, its own as far as it goes."""
    made = fitted(soundtrack(plan), seconds)
    if footage.source:
        seam = facts_of(footage.source).seconds
        # A track of ours fades away at its end, so that the new one has to come in before that.
        return _joined(sound_of(footage.source, seam), made, seam if footage.film else seam - Fraction(FADE_OUT))
    if footage.film:
        end = facts_of(footage.film).seconds
        old = sound_of(footage.film, end)
        if seconds - end > CROSSFADE_SECONDS:
            return _joined(old, made, end)
        # Nothing was added to it: a film without sound stays without.
        return fitted(np.zeros((2, 0), np.float32) if old is None else old, seconds)
    return made


def _joined(old: Samples | None, new: Samples, seconds: Fraction | float) -> Samples:
    """The old sound up to here, and over its last moment into the new one."""
    end = min(round(max(0, seconds) * SAMPLE_RATE), new.shape[1])
    start = max(0, end - round(CROSSFADE_SECONDS * SAMPLE_RATE))
    before = np.zeros((2, end), np.float32) if old is None else old[:, :end]
    whole = new.copy()
    whole[:, :start] = before[:, :start]
    share = np.linspace(0, 1, end - start, dtype=np.float32)
    whole[:, start:end] = before[:, start:end] * (1 - share) + new[:, start:end] * share
    return whole
