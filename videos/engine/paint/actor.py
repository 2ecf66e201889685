"""An actor: a puppet with its place, size and way through the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from videos.engine.paint.pen import Pen

GAITS = {"walk": 0.16, "run": 0.42, "ride": 0.34, "drive": 0.4, "fly": 0.2, "swim": 0.1, "float": 0.03, "dance": 0.0}


class Puppet(Protocol):
    """Draws itself in its own units; `box` is left, right, top around its foot."""

    size: float
    box: tuple[float, float, float]

    def draw(self, pen: Pen, t: float) -> None: ...


@dataclass
class Actor:
    """A puppet with its place in the picture."""

    puppet: Puppet
    x: float
    y: float
    scale: float
    facing: int
    depth: float = 1.0
    speed: float = 0.0
    start: float = 0.0
    bob: float = 0.0
    phase: float = 0.0
    grounded: bool = True
    below: float = 0.12
    turn: float = 0.0
    flat: bool = False
    name: str = ""
    # Left and right end of its way, once a clip is extended; 0, 0 for none. Who cannot turn comes in again.
    lane: tuple[float, float] = (0.0, 0.0)
    turns: bool = True

    def place(self, t: float, unit: float) -> tuple[float, float]:
        swing = self.bob * unit
        x, _ = self._way(t, unit)
        return x + swing * 0.8 * float(np.sin(t * 0.6 + self.phase)), self.y + swing * float(
            np.sin(t * 0.9 + self.phase * 2)
        )

    def heading(self, t: float, unit: float) -> int:
        return self._way(t, unit)[1]

    def _way(self, t: float, unit: float) -> tuple[float, int]:
        x = self.x + self.facing * self.speed * unit * (t - self.start)
        left, right = self.lane
        if right <= left:
            return x, self.facing
        span = right - left
        if not self.turns:
            return left + (x - left) % span, self.facing
        past = (x - left) % (2 * span)
        return (left + past, self.facing) if past <= span else (right - (past - span), -self.facing)
