"""The guard of a remix: a picture that would be the same becomes another take of its scene."""

from __future__ import annotations

import copy

import numpy as np

from videos.engine.paint.noise import stream
from videos.engine.plan import Plan

# Too small to please, large enough to tell whether anything has changed.
GLANCE, GLANCE_FPS = (160, 90), 12
LEAST = 0.25
MOVES = ("dolly_in", "orbit", "pan_right", "crane_up", "pan_left", "dolly_out")
OTHER_FRAMINGS = {"wide": "medium", "medium": "wide", "close": "medium"}


def looks_alike(plan: Plan, other: Plan) -> bool:
    """Whether two plans give the same pictures, at a glance at a few of them; of an extension, at its new part."""
    from videos.engine.scene import Scene

    scenes = [Scene(_at_a_glance(p)) for p in (plan, other)]
    painters = [scene.painter() for scene in scenes]
    last, seam = scenes[0].frame_count - 1, scenes[0].worlds[-1][0]
    for share in (0.5, 0.2, 0.9):
        a, b = (painter.frame(seam + round((last - seam) * share)).astype(np.int16) for painter in painters)
        if float(np.abs(a - b).mean()) >= LEAST:
            return False
    return True


def _at_a_glance(plan: Plan) -> Plan:
    size = GLANCE if plan["width"] >= plan["height"] else GLANCE[::-1]
    small = copy.deepcopy(plan) | {"width": size[0], "height": size[1], "fps": GLANCE_FPS}
    share = GLANCE_FPS / float(plan["fps"])
    for key in ("frames", "seam"):
        if key in plan:
            small[key] = round(plan[key] * share)
    if "before" in plan:
        small["before"] = _at_a_glance(plan["before"])
    return small


def as_another_take(plan: Plan, seed: int) -> Plan:
    """The same scene with another framing and another move of the camera; all of a clip that was extended."""
    new = copy.deepcopy(plan)
    if "before" in new:
        new["before"] = as_another_take(new["before"], seed)
    for number, shot in enumerate(new["shots"]):
        shot["camera"] = another_move(shot["camera"], seed, number)
        shot["framing"] = OTHER_FRAMINGS.get(shot["framing"], "wide")
    new["camera"] = new["shots"][0]["camera"]
    return new


def another_move(camera: str, seed: int, number: int) -> str:
    moves = [move for move in MOVES if move != camera]
    return moves[int(stream(seed, "take", number).integers(len(moves)))]


# What of a plan shows on a foreign film.
SHOWN = ("time_named", "time", "weather", "ground", "grade", "tint", "pace", "subjects", "props", "shots", "mood")
OTHER_LOOKS = ("warm", "cool", "vintage")


def shows(plan: Plan, other: Plan) -> bool:
    """Whether two plans of one film, which is not at hand, differ in anything that shows."""
    return any(plan.get(key) != other.get(key) for key in SHOWN if key != "mood" or "tense" in (plan[key], other[key]))


def another_look(plan: Plan, seed: int) -> Plan:
    """What cannot be done to foreign pixels is answered by another framing and another grade."""
    new = copy.deepcopy(plan)
    looks = [look for look in OTHER_LOOKS if look != plan["grade"]]
    for number, shot in enumerate(new["shots"]):
        shot["camera"] = another_move(shot["camera"], seed, number)
    new["camera"] = new["shots"][0]["camera"]
    new["grade"] = looks[int(stream(seed, "look").integers(len(looks)))]
    return new
