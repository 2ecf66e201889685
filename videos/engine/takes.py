"""The guard of a remix: a picture that would be the same becomes another take of its scene."""

from __future__ import annotations

import copy

import numpy as np

from videos.engine.paint.noise import stream
from videos.engine.plan import Plan

# Too small to please, large enough to tell whether anything has changed.
GLANCE = (160, 90)
LEAST = 0.25
MOVES = ("dolly_in", "orbit", "pan_right", "crane_up", "pan_left", "dolly_out")
OTHER_FRAMINGS = {"wide": "medium", "medium": "wide", "close": "medium"}


def looks_alike(plan: Plan, other: Plan) -> bool:
    """Whether two plans give the same pictures, at a glance at a few of them."""
    from videos.engine.scene import Scene

    small = {"fps": 12} | (dict(zip(("width", "height"), _glance(plan), strict=True)))
    painters = [Scene(copy.deepcopy(p) | small).painter() for p in (plan, other)]
    last = int(plan["seconds"]) * 12 - 1
    for share in (0.5, 0.2, 0.9):
        a, b = (painter.frame(round(last * share)).astype(np.int16) for painter in painters)
        if float(np.abs(a - b).mean()) >= LEAST:
            return False
    return True


def _glance(plan: Plan) -> tuple[int, int]:
    return GLANCE if plan["width"] >= plan["height"] else GLANCE[::-1]


def as_another_take(plan: Plan, seed: int) -> Plan:
    """The same scene with another framing and another move of the camera."""
    new = copy.deepcopy(plan)
    for number, shot in enumerate(new["shots"]):
        moves = [move for move in MOVES if move != shot["camera"]]
        shot["camera"] = moves[int(stream(seed, "take", number).integers(len(moves)))]
        shot["framing"] = OTHER_FRAMINGS.get(shot["framing"], "wide")
    new["camera"] = new["shots"][0]["camera"]
    return new
