"""Extension: a plan runs on beyond its end, and a new beat comes in softly after the seam."""

from __future__ import annotations

import copy
from typing import Any

from videos.engine.cutting import camera_of
from videos.engine.paint.shot import anchor, clock
from videos.engine.patch import FRAMINGS, change_cast, change_scene, facts_of, nearer
from videos.engine.plan import Plan, frames_of
from videos.engine.reading import first
from videos.engine.takes import OTHER_FRAMINGS, another_move, looks_alike, shows

ENTERED = frozenset({"dolly_in", "drone", "handheld", "zoom_in"})
# What a shot says otherwise than its plan.
OVERRIDES = ("setting", "time", "weather")


def extend_plan(plan: Plan, prompt: str, *, seed: int, added_seconds: int) -> Plan:
    """The plan with its seconds added: time, camera and cast run on, and what the prompt names comes in after the seam.

    The key "before" holds the source's plan, "seam" the number of the first new frame: frames before it are the
    source's own. "seconds" (and "frames", where the plan counts them) are those of the whole clip.
    """
    ongoing = _ongoing(plan, added_seconds)
    facts = facts_of(plan, prompt)
    new = copy.deepcopy(ongoing)
    new["prompt"], new["take"] = prompt, seed
    change_scene(new, facts)
    change_cast(new, facts)
    if new["setting"] != ongoing["setting"]:
        _move_house(new)
    said = _turn_camera(new, facts)
    if not said and not _tells(ongoing, new):
        _leg(new, camera=another_move(new["camera"], seed, 0), framing=OTHER_FRAMINGS[_framing(new)])
    elif not said and new["shots"][0]["camera"] not in ("static", "track", "handheld"):
        _leg(new, camera="drift", framing=_framing(new))
    return new


def _ongoing(plan: Plan, added_seconds: int) -> Plan:
    """The last shot goes on, and nothing changes."""
    new = copy.deepcopy(plan)
    fps = float(plan["fps"])
    new["before"], new["seam"] = copy.deepcopy(plan), frames_of(plan)
    start = new["seam"] / fps
    shot = new["shots"][-1]
    new |= {key: shot.pop(key) for key in OVERRIDES if key in shot}
    new["time_named"] = bool(plan.get("time_named")) or "time" in plan["shots"][-1]
    if "motion" in shot and new["subjects"]:
        new["subjects"][0]["motion"] = shot["motion"]
    shot.pop("motion", None)
    shot.pop("fresh", None)
    new["shots"] = [shot]
    new["clock"] = [start, clock(anchor(plan), float(plan["pace"]), start)]
    new["seconds"] = plan["seconds"] + added_seconds
    if "frames" in plan:
        new["frames"] = new["seam"] + round(added_seconds * fps)
    return new


def _move_house(new: Plan) -> None:
    """Another place is another shot: nobody there stands where they stood."""
    shot = new["shots"][0]
    new["shots"] = [{"start": _seam(new), "end": _end(new), "framing": _framing(new), "camera": shot["camera"]}]
    new["shots"][0]["fresh"] = True


def _seam(plan: Plan) -> float:
    return float(plan["seam"]) / float(plan["fps"])


def _end(plan: Plan) -> float:
    return frames_of(plan) / float(plan["fps"])


def _framing(plan: Plan) -> str:
    shot = plan["shots"][0]
    framing = str((shot.get("onward") or [shot])[-1]["framing"])
    return framing if framing in FRAMINGS else "wide"


def _leg(new: Plan, *, camera: str, framing: str) -> None:
    shot = new["shots"][0]
    leg = {"start": _seam(new), "end": _end(new), "camera": camera, "framing": framing}
    shot["onward"] = [*shot.get("onward", []), leg]
    new["camera"] = camera


def _turn_camera(new: Plan, facts: dict[str, Any]) -> bool:
    """A move or framing that is named, begun from where the camera has got to."""
    camera, framing, step = camera_of(facts), first(facts, "framing"), nearer(facts)
    if not (camera or framing or step):
        return False
    was = _framing(new)
    at = FRAMINGS.index(was) + step
    if step and not camera and not 0 <= at <= 2:
        camera = "zoom_in" if step > 0 else "zoom_out"
    framing = framing if framing in FRAMINGS else FRAMINGS[min(max(at, 0), 2)]
    if camera in ("dolly_out", "zoom_out"):
        camera, framing = _outward(new, camera, framing)
    elif camera == "track":
        facing = new["subjects"][0]["facing"] if new["subjects"] else 1
        camera = "pan_right" if facing > 0 else "pan_left"
    _leg(new, camera=camera or "drift", framing=framing)
    return True


def _outward(new: Plan, camera: str, framing: str) -> tuple[str, str]:
    """Back from where one has gone in; who stands at the edge of the painting can but rise."""
    was = _framing(new)
    if was != "wide":
        return "drift", FRAMINGS[FRAMINGS.index(was) - 1]
    if new.get("film"):
        return camera, framing
    moves = {shot["camera"] for shot in [new["shots"][0], *new["shots"][0].get("onward", [])]}
    if "zoom_in" in moves:
        return "zoom_out", framing
    return ("dolly_out" if moves & ENTERED else "crane_up"), framing


def _tells(ongoing: Plan, new: Plan) -> bool:
    """Whether the prompt's beat can be seen."""
    if new.get("film"):
        return shows(ongoing | {"pace": new["pace"]}, new)
    return not looks_alike(ongoing, new)
