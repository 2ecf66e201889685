"""Camera moves: the view of a shot at any moment, smooth and a little alive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from videos.engine.paint.layer import Frame, View
from videos.engine.paint.noise import drift, stream

ZOOMS = {"wide": 1.0, "medium": 1.5, "close": 2.15}
# Scenery is painted at one size: it may be magnified less than the cast.
SCENERY_ZOOMS = {"wide": 1.0, "medium": 1.22, "close": 1.45}
# What an added move may reach: sets are painted a little beyond the frame, no further.
BOUNDS = {"x": 0.2, "y": 0.13, "z": 0.55, "yaw": 0.14, "pitch": 0.14}
REFRAMING_SECONDS, STARTING_SECONDS = 2.5, 1.2
Moves = dict[str, float]


class Camera:
    """One shot's camera."""

    def __init__(
        self,
        shot: dict[str, Any],
        frame: Frame,
        seed: int,
        target: tuple[float, float] | None,
        pace: float,
        speed: float = 0.0,
        open_air: bool = True,
    ) -> None:
        self.move, self.frame = str(shot["camera"]), frame
        self.speed = speed
        # A drone needs room: little of it indoors or before a cast.
        self.room = 0.35 if target or not open_air else 1.0
        self.start, self.length = float(shot["start"]), float(shot["end"]) - float(shot["start"])
        zooms = ZOOMS if target else SCENERY_ZOOMS
        self.zoom = zooms.get(str(shot["framing"]), 1.0)
        self.target = target or (frame.centre, frame.height * 0.5)
        rng = stream(seed, "camera", shot["start"])
        self.wander = [drift(rng) for _ in range(3)]
        self.side = 1 if rng.random() < 0.5 else -1
        self.reach = min(1.0, 0.45 + self.length / 14.0) * pace

        self.carried, self.since = 0.0, 0.0
        self.aim: Callable[[float], tuple[float, float]] | None = None
        self.legs = [Camera({**shot, "onward": [], **leg}, frame, seed, target, pace, 0.0, open_air)
                     for leg in shot.get("onward", ())]  # fmt: skip

    def at(self, t: float, live: float) -> View:
        """The view at global time t; who is followed runs by the clock `live`."""
        moves = self.moves(t)
        for leg in self.legs:
            _add_leg(moves, leg, t)
        u, shake = self.frame.unit, self.shake
        view = View(
            self.frame,
            x=moves["x"] + self.followed(live) + shake * 0.012 * self.wander[0](t * (1 + shake)),
            y=moves["y"] + shake * 0.010 * self.wander[1](t * (1 + shake)),
            z=moves["z"],
            yaw=moves["yaw"] * u + shake * 0.008 * u * self.wander[2](t),
            pitch=moves["pitch"] * u + shake * 0.006 * u * self.wander[0](t + 7),
        )
        zoom = moves["zoom"]
        return replace(view, zoom=zoom, focus=self._focus(zoom, self._aimed(view, t, live)))

    def _aimed(self, view: View, t: float, live: float) -> tuple[float, float]:
        """What the zoom looks at; once a clip is extended, its lead wherever that goes."""
        if not self.legs or self.aim is None:
            return self.target
        x, y, _ = view.at(*self.aim(live))
        share = smooth((t - self.legs[0].start) / REFRAMING_SECONDS)
        return self.target[0] + (x - self.target[0]) * share, self.target[1] + (y - self.target[1]) * share

    @property
    def shake(self) -> float:
        return 1.0 if self.move == "handheld" else 0.0 if self.move == "static" else 0.16

    def followed(self, live: float) -> float:
        """How far it has travelled with whom it follows."""
        return self.carried + self.speed * (live - self.since)

    def moves(self, t: float) -> Moves:
        made = MOVES.get(self.move, _drift)(self, self.share(t), t - self.start)
        at_rest = {"x": 0.0, "y": 0.0, "z": 0.0, "yaw": 0.0, "pitch": 0.0}
        return at_rest | made | {"zoom": self.zoom * made.get("zoom", 1.0)}

    def share(self, t: float) -> float:
        """How much of its move is done; beyond the end of its shot it comes to rest softly."""
        share = max((t - self.start) / max(self.length, 1e-6), 0.0)
        if share <= 1.0:
            return share
        reach = min(0.2, 1.0 / max(self.length, 1e-6))
        return 1.0 + reach * float(1.0 - np.exp((1.0 - share) / reach))

    def _focus(self, zoom: float, target: tuple[float, float]) -> tuple[float, float]:
        """The fixed point of the zoom that brings the target near the middle without leaving the painting."""
        if zoom <= 1.001:
            return (self.frame.centre, self.frame.height / 2)
        x = (zoom * target[0] - self.frame.centre) / (zoom - 1.0)
        y = (zoom * target[1] - self.frame.height * 0.52) / (zoom - 1.0)
        return (float(np.clip(x, 0, self.frame.width)), float(np.clip(y, 0, self.frame.height)))


def _add_leg(moves: Moves, leg: Camera, t: float) -> None:
    """What a later move adds to where the camera has got to: from rest, and never out of the painting."""
    if t <= leg.start:
        return
    ramp = smooth((t - leg.start) / STARTING_SECONDS)
    now, then = leg.moves(t), leg.moves(leg.start)
    if leg.shake == 1.0:
        now["x"] += 0.012 * leg.wander[0](t * 2)
        now["y"] += 0.010 * leg.wander[1](t * 2)
    for key, bound in BOUNDS.items():
        bound *= wide(leg) if key == "yaw" else 1.0
        was = moves[key]
        low = min(was, 0.0) if key == "z" else min(was, -bound)
        moves[key] = min(max(was + ramp * (now[key] - then[key]), low), max(was, bound))
    reframed = smooth((t - leg.start) / min(REFRAMING_SECONDS, leg.length))
    wanted = leg.zoom * (now["zoom"] / then["zoom"]) ** ramp
    moves["zoom"] = max(1.0, moves["zoom"] + (wanted - moves["zoom"]) * reframed)


def smooth(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def eased(share: float) -> float:
    """Mostly even, soft at both ends; beyond the end it goes on as it was going."""
    if share > 1.0:
        return 0.75 * share + 0.25
    return 0.75 * share + 0.25 * share * share * (3 - 2 * share)


def wide(camera: Camera) -> float:
    """The frame's width in units: a pan covers a share of the picture, tall or wide."""
    return camera.frame.width / camera.frame.unit


def _dolly(sign: int) -> Callable[[Camera, float, float], Moves]:
    def move(camera: Camera, share: float, t: float) -> Moves:
        return {"z": 0.3 * camera.reach * (eased(share) if sign > 0 else max(0.0, 1.0 - eased(share)))}

    return move


def _pan(sign: int) -> Callable[[Camera, float, float], Moves]:
    def move(camera: Camera, share: float, t: float) -> Moves:
        return {"yaw": sign * 0.08 * wide(camera) * (2 * eased(share) - 1), "x": sign * 0.03 * (2 * eased(share) - 1)}

    return move


def _tilt(sign: int) -> Callable[[Camera, float, float], Moves]:
    def move(camera: Camera, share: float, t: float) -> Moves:
        return {"pitch": sign * 0.11 * (1 - 2 * eased(share))}

    return move


def _crane(sign: int) -> Callable[[Camera, float, float], Moves]:
    def move(camera: Camera, share: float, t: float) -> Moves:
        return {"y": sign * 0.09 * (1 - 2 * eased(share)), "pitch": -sign * 0.03 * (1 - 2 * eased(share))}

    return move


def _zoom(sign: int) -> Callable[[Camera, float, float], Moves]:
    def move(camera: Camera, share: float, t: float) -> Moves:
        return {"zoom": 1.0 + 0.38 * camera.reach * (eased(share) if sign > 0 else max(0.0, 1.0 - eased(share)))}

    return move


def _orbit(camera: Camera, share: float, t: float) -> Moves:
    swing = float(np.sin((share - 0.5) * np.pi * 0.9))
    return {"x": camera.side * 0.16 * swing, "yaw": -camera.side * 0.13 * swing, "z": 0.06 * (1 - swing * swing)}


def _drone(camera: Camera, share: float, t: float) -> Moves:
    z = (0.3 * share + 0.55 * camera.reach * share) * camera.room
    sway = float(np.sin(share * 2.2 + 0.4))
    return {"z": z, "x": camera.side * 0.06 * sway, "y": -0.03 * share, "yaw": camera.side * 0.02 * sway}


def _track(camera: Camera, share: float, t: float) -> Moves:
    return {"z": 0.05 * eased(share)}


def _still(camera: Camera, share: float, t: float) -> Moves:
    return {}


def _drift(camera: Camera, share: float, t: float) -> Moves:
    return {"x": camera.side * 0.05 * (2 * eased(share) - 1), "z": 0.05 * eased(share)}


def _handheld(camera: Camera, share: float, t: float) -> Moves:
    return {"z": 0.08 * share}


def _vantage(sign: int) -> Callable[[Camera, float, float], Moves]:
    """Seen from above (or below): the eye has risen and looks down, and rises on a little."""

    def move(camera: Camera, share: float, t: float) -> Moves:
        rise = 0.75 + 0.25 * eased(share)
        return {"y": -sign * 0.12 * rise, "pitch": sign * 0.1 * rise, "z": 0.05 * eased(share)}

    return move


MOVES: dict[str, Callable[[Camera, float, float], Moves]] = {
    "dolly_in": _dolly(1), "dolly_out": _dolly(-1), "pan_right": _pan(1), "pan_left": _pan(-1), "tilt_up": _tilt(1),
    "tilt_down": _tilt(-1), "crane_up": _crane(-1), "crane_down": _crane(1), "zoom_in": _zoom(1),
        "zoom_out": _zoom(-1),
    "orbit": _orbit, "drone": _drone, "track": _track, "static": _still, "drift": _drift, "handheld": _handheld,
    "from_above": _vantage(1), "from_below": _vantage(-1),
}  # fmt: skip
