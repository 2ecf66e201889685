"""The cutting list: beats, shots, and the camera of each."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from videos.engine.paint.noise import stream
from videos.engine.reading import first, named
from videos.engine.whereabouts import setting_of, time_of, weather_of

Plan = dict[str, Any]
TIMED = re.compile(
    r"[\[(]?\b(\d{1,3})(?:\.\d)? ?s? ?(?:-|\u2013|to) ?(\d{1,3})(?:\.\d)? ?s(?:ec|econds)?\b[\])]?:?", re.I
)
CUT = re.compile(
    r"\b(?:smash cut to|match cut to|cuts? to|and then|then|shot \d{1,2} ?:|scene \d{1,2} ?:|next shot)", re.IGNORECASE
)
MOST_BEATS = 6


def split_beats(prompt: str) -> list[tuple[tuple[float, float] | None, str]]:
    """Cut a prompt with explicit times or cuts into beats; one beat when it names none."""
    timed = list(TIMED.finditer(prompt))[:MOST_BEATS]
    if timed:
        ends = [m.start() for m in timed[1:]] + [len(prompt)]
        return [((float(m[1]), float(m[2])), prompt[m.end() : end]) for m, end in zip(timed, ends, strict=True)]
    parts = [part for part in CUT.split(prompt) if len(part.strip(" .,:;")) > 3]
    return [(None, part) for part in parts[:MOST_BEATS]] or [(None, prompt)]


def shots(
    beats: list[tuple[tuple[float, float] | None, dict[str, Any]]], plan: Plan, facts: dict[str, Any]
) -> list[Plan]:
    """The cutting list: explicit beats, else wide to medium when the clip is long and no camera is named."""
    seconds, camera, framing = float(plan["seconds"]), camera_of(facts), first(facts, "framing")
    if len(beats) > 1:
        return _beat_shots(beats, plan)
    if camera or seconds < 8:
        return [_shot(0.0, seconds, framing or "wide", camera or default_camera(plan, 0))]
    # A still subject bears a close look; scenery does not gain from one.
    sizes = ["wide", "medium"] if seconds < 14 else ["wide", "medium", "wide"]
    if framing == "close":
        sizes[0], sizes[1] = "close", "medium"
    share = float(stream(plan["seed"], "cut").uniform(0.5, 0.58))
    edges = (
        [0.0, round(seconds * share), seconds]
        if len(sizes) == 2
        else [0.0, *np.round([seconds * 0.38, seconds * 0.7]), seconds]
    )
    return [_shot(float(edges[n]), float(edges[n + 1]), size, default_camera(plan, n)) for n, size in enumerate(sizes)]


def _beat_shots(beats: list[tuple[tuple[float, float] | None, dict[str, Any]]], plan: Plan) -> list[Plan]:
    seconds, count = float(plan["seconds"]), len(beats)
    cuts = [round(seconds * n / count, 2) for n in range(count)]
    if all(span for span, _ in beats):
        cuts = sorted(min(span[0], seconds) for span, _ in beats if span)
        cuts[0] = 0.0
    made = []
    for n, (_, facts) in enumerate(beats):
        end = cuts[n + 1] if n + 1 < count else seconds
        if end - cuts[n] < 0.25:
            continue
        framing = first(facts, "framing") or ("wide" if n % 2 == 0 else "medium")
        shot = _shot(cuts[n], end, framing, camera_of(facts) or default_camera(plan, n))
        made.append(shot | _differences(facts, plan))
    return made or [_shot(0.0, seconds, "wide", default_camera(plan, 0))]


def _differences(facts: dict[str, Any], plan: Plan) -> Plan:
    """What a beat says otherwise than the whole prompt."""
    said = {"setting": setting_of(facts), "time": time_of(facts), "weather": weather_of(facts)}
    changed: Plan = {key: value for key, value in said.items() if value and value != plan[key]}
    if motion := first(facts, "motion"):
        changed["motion"] = motion
    return changed


def _shot(start: float, end: float, framing: str, camera: str) -> Plan:
    return {"start": start, "end": end, "framing": framing, "camera": camera}


def camera_of(facts: dict[str, Any]) -> str:
    said = named(facts, "camera")
    words = set(facts["words"])
    if said and said[0] == "pan_right" and "left" in words and "right" not in words:
        return "pan_left"
    if said and said[0] == "tilt_up" and "down" in words:
        return "tilt_down"
    if said and said[0] == "dolly_in" and words & {"back", "backward", "out"} and not words & {"forward", "in"}:
        return "dolly_out"
    if "drone" in said and "track" in said:
        return "drone"
    return said[0] if said else ""


def default_camera(plan: Plan, number: int) -> str:
    """The move nobody named: a calm one that suits the set."""
    moving = any(s["motion"] in ("walk", "run", "ride", "drive", "fly") for s in plan["subjects"])
    if moving and plan["setting"] in ("forest", "field", "desert", "mars", "beach", "mountain", "sky"):
        return "track"
    if plan["setting"] in ("street", "space", "abstract"):
        return "dolly_in"
    if plan["setting"] == "mountain":
        return "drone"
    moves = ["dolly_in", "drift", "dolly_in", "drift"]
    return moves[number % len(moves)]
