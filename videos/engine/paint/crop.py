"""The camera before a foreign film: a window that wanders over its picture and never leaves it."""

from __future__ import annotations

from typing import Any

import numpy as np

from videos.engine.paint.camera import eased, smooth
from videos.engine.paint.noise import drift, stream

FRAMINGS = {"wide": 1.0, "medium": 1.45, "close": 2.0}
# Zoom and place at the start and at the end of a move; a place is a share of the room that the zoom gives.
Place = tuple[float, float, float]
MOVES: dict[str, tuple[Place, Place]] = {
    "static": ((1.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
    "dolly_in": ((1.0, 0.0, 0.0), (1.28, 0.0, 0.0)),
    "dolly_out": ((1.28, 0.0, 0.0), (1.0, 0.0, 0.0)),
    "zoom_in": ((1.0, 0.0, 0.0), (1.42, 0.0, 0.0)),
    "zoom_out": ((1.42, 0.0, 0.0), (1.0, 0.0, 0.0)),
    "pan_right": ((1.24, -0.95, 0.0), (1.24, 0.95, 0.0)),
    "pan_left": ((1.24, 0.95, 0.0), (1.24, -0.95, 0.0)),
    "tilt_up": ((1.24, 0.0, 0.95), (1.24, 0.0, -0.95)),
    "tilt_down": ((1.24, 0.0, -0.95), (1.24, 0.0, 0.95)),
    "crane_up": ((1.18, 0.0, 0.95), (1.22, 0.0, -0.95)),
    "crane_down": ((1.18, 0.0, -0.95), (1.22, 0.0, 0.95)),
    "from_above": ((1.2, 0.0, 0.6), (1.26, 0.0, 0.95)),
    "from_below": ((1.2, 0.0, -0.6), (1.26, 0.0, -0.95)),
    "track": ((1.16, -0.8, 0.0), (1.16, 0.8, 0.0)),
    "orbit": ((1.16, -0.9, 0.2), (1.22, 0.9, -0.2)),
    "drone": ((1.04, 0.0, 0.6), (1.34, 0.0, -0.4)),
    "drift": ((1.05, -0.7, 0.0), (1.09, 0.7, 0.0)),
    "handheld": ((1.1, 0.0, 0.0), (1.12, 0.0, 0.0)),
}
# What is asked of a picture that is there already begins in its middle.
CENTRED = frozenset({"pan_right", "pan_left", "tilt_up", "tilt_down", "crane_up", "crane_down", "track", "orbit"})
REFRAMING_SECONDS = 2.0
Window = tuple[float, float, float]


class Crop:
    """One shot's window: zoom and centre in shares of the picture."""

    def __init__(self, shot: dict[str, Any], seed: int, interest: tuple[float, float], *, later: bool = False) -> None:
        self.move, self.interest, self.later = str(shot["camera"]), interest, later
        self.start, self.length = float(shot["start"]), max(float(shot["end"]) - float(shot["start"]), 1e-6)
        self.framing = FRAMINGS.get(str(shot["framing"]), 1.0)
        self.wander = [drift(stream(seed, "crop", shot["start"], n)) for n in range(2)]
        self.legs = [Crop(leg, seed, interest, later=True) for leg in shot.get("onward", ())]

    def at(self, t: float) -> Window:
        window = self._own(t)
        for leg in self.legs:
            if t > leg.start:
                share = smooth((t - leg.start) / min(REFRAMING_SECONDS, leg.length))
                window = _between(window, leg._own(t), share)
        return _inside(window)

    def _own(self, t: float) -> Window:
        share = min(max((t - self.start) / self.length, 0.0), 1.0)
        if self.later and self.move in CENTRED:
            share = 0.5 + 0.5 * share
        first, last = MOVES.get(self.move, MOVES["drift"])
        zoom, across, down = _between(first, last, eased(share))
        if self.move == "handheld":
            across, down = (0.8 * wander(2 * t) for wander in self.wander)
        room, lean = (1 - 1 / zoom) / 2, 1 - 1 / self.framing
        x = 0.5 + (self.interest[0] - 0.5) * lean + across * room
        y = 0.5 + (self.interest[1] - 0.5) * lean + down * room
        return _inside((self.framing * zoom, x, y))

    def matrix(self, t: float, width: int, height: int) -> Any:
        """The affine map that brings the window to the whole frame; None when it is the whole picture."""
        zoom, x, y = self.at(t)
        if zoom < 1.0005:
            return None
        return np.array(
            [[zoom, 0, width / 2 - zoom * x * width], [0, zoom, height / 2 - zoom * y * height]], np.float64
        )


def _between(a: Place, b: Place, share: float) -> Place:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def _inside(window: Window) -> Window:
    zoom, x, y = window
    half = 0.5 / zoom
    return zoom, min(max(x, half), 1 - half), min(max(y, half), 1 - half)
