"""A stretch of the clip with its set, cast, weather and camera."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from videos.engine.paint import weather
from videos.engine.paint.camera import Camera
from videos.engine.paint.cast import Troupe
from videos.engine.paint.noise import Array
from videos.engine.paint.parts import Set, site_of


class Shot:
    """`before` is the shot that this one takes over from while it runs, in a clip that is extended."""

    def __init__(
        self,
        plan: dict[str, Any],
        shot: dict[str, Any],
        made: Set,
        cards: Mapping[str, Array] | None = None,
        before: Shot | None = None,
    ) -> None:
        self.start, self.set = float(shot["start"]), made
        self.pace = float(plan["pace"])
        self.anchor = anchor(plan)
        # Speeds and reaches follow from the length and the pace that the shot began with.
        self.span: tuple[float, float] = (
            before.span if before else (self.clock(self.start), self.clock(float(shot["end"])))
        )
        self.first_pace: float = before.first_pace if before else self.pace
        self.troupe = troupe = Troupe(plan, shot | {"start": self.span[0], "end": self.span[1]}, made, cards)
        seed = int(plan["seed"])
        if before:
            troupe.carry_on(before.troupe, self.anchor[1])
        self.camera = Camera(shot, made.frame, seed, troupe.target, self.first_pace, troupe.speed, made.open_air)
        if before:
            self.camera.aim = troupe.aim if troupe.target else None
            self.camera.carried, self.camera.since = before.camera.followed(self.anchor[1]), self.anchor[1]
        self.weather = weather.particles(site_of(plan, shot), made)

    def clock(self, t: float) -> float:
        return clock(self.anchor, self.pace, t)


def anchor(plan: dict[str, Any]) -> tuple[float, float]:
    """The moment at which the clip's hour and that of what lives in it agree, or are known: (t, live)."""
    if "clock" in plan:
        t, live = plan["clock"]
        return float(t), float(live)
    middle = float(plan["seconds"]) / 2
    return middle, middle


def clock(at: tuple[float, float], pace: float, t: float) -> float:
    """The hour of everything that lives: it runs at the plan's pace."""
    return t if pace == 1.0 and at[0] == at[1] else at[1] + (t - at[0]) * pace
