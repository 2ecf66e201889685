"""Remix: a prompt becomes changes to a plan, so that what it does not name stays where it was."""

from __future__ import annotations

import copy
from typing import Any

from videos.engine import lexicon
from videos.engine.cutting import camera_of
from videos.engine.paint.grade import LOOKS
from videos.engine.plan import Plan, cast
from videos.engine.reading import first, named, read
from videos.engine.takes import another_look, as_another_take, looks_alike, shows
from videos.engine.whereabouts import setting_of, time_of, weather_of

ADDING = frozenset({"add", "adds", "adding", "include", "plus", "also", "another"})
REMOVING = frozenset({"remove", "removes", "delete", "without", "no", "erase", "drop", "vanishes", "disappears"})
REPLACING = frozenset({"instead", "replace", "swap", "becomes", "become", "turn", "into"})
SLOWER = frozenset({"slower", "slow", "slowly", "calmer", "slow-motion", "slowmo"})
FASTER = frozenset({"faster", "fast", "quicker", "quickly", "timelapse", "time-lapse", "speed"})
PACES = (0.35, 2.6)
CLOSER = frozenset({"closer", "nearer", "tighter"})
FURTHER = frozenset({"further", "farther", "wider"})
FRAMINGS = ("wide", "medium", "close")
# Settings that can lie under snow; elsewhere winter is told by what falls.
SNOWED = frozenset({"field", "forest", "mountain", "lake"})
# Words that may stand between a colour and what it colours.
PAINTABLE = ("subject", "prop", "setting", "pattern", "size", "detail")


def remix_plan(plan: Plan, prompt: str, *, seed: int) -> Plan:
    """The plan with what the prompt names changed; scene, places, camera and seed are kept otherwise."""
    new = _remixed(plan, facts_of(plan, prompt))
    new["prompt"], new["take"] = prompt, seed
    if plan.get("film"):
        return new if shows(plan, new) else another_look(new, seed)
    return as_another_take(new, seed) if looks_alike(plan, new) else new


def _remixed(plan: Plan, facts: dict[str, Any]) -> Plan:
    """All of a clip that was extended changes, from its beginning on."""
    new = copy.deepcopy(plan)
    if "before" in plan:
        new["before"] = _remixed(plan["before"], facts)
    change_scene(new, facts)
    _camera(new, facts)
    _cast(new, facts)
    return new


def facts_of(plan: Plan, prompt: str) -> dict[str, Any]:
    return read(_said(prompt), plan.get("characters", ()))


def change_scene(new: Plan, facts: dict[str, Any]) -> None:
    """Air, place and look; camera and cast are changed apart."""
    _air(new, facts)
    if not new.get("film"):
        _place(new, facts)
    elif new["ground"] == "snow" and new["weather"] == "clear":
        # Snow cannot be laid on a foreign ground, but it can fall before it.
        new["weather"] = "snow"
    _look(new, facts)


def _said(prompt: str) -> str:
    """Removal is read by this module, so that "without" must not hide the noun from the reader."""
    words = prompt.split(" ")
    return " ".join("remove" if word.lower() in ("without", "no") else word for word in words)


def _air(new: Plan, facts: dict[str, Any]) -> None:
    time, weather, ground = time_of(facts), weather_of(facts), first(facts, "ground")
    if time:
        new["time"], new["time_named"] = time, True
        _forget(new, "time")
    elif weather in ("fireflies", "fireworks") and not new.get("time_named"):
        new["time"] = "night"
        _forget(new, "time")
    if set(facts["words"]) & REMOVING and weather == new["weather"]:
        weather = "clear"
    if weather:
        new["weather"] = weather
        _forget(new, "weather")
        if weather in ("rain", "storm") and new["ground"] != "snow":
            new["ground"] = "wet"
        elif weather == "clear" and new["ground"] == "wet":
            new["ground"] = ""
    if ground:
        new["ground"] = ground
        if ground == "snow" and not weather and new["setting"] not in SNOWED:
            new["weather"] = "snow"
            _forget(new, "weather")


def _place(new: Plan, facts: dict[str, Any]) -> None:
    setting = setting_of(facts)
    if setting and setting != new["setting"] and _is_place(facts, setting):
        new["setting"] = "field" if setting == "snow" else setting
        new["details"] = named(facts, "detail")
        _forget(new, "setting")
    else:
        new["details"] = list(dict.fromkeys([*new["details"], *named(facts, "detail")]))


def _is_place(facts: dict[str, Any], setting: str) -> bool:
    """A place worth moving to, not a word that only sounds like one."""
    return any(
        kind == "setting" and fact == setting and phrase not in ("clouds", "trees", "shapes", "pattern")
        for _, kind, fact, phrase in facts["hits"]
    )


def _look(new: Plan, facts: dict[str, Any]) -> None:
    if mood := first(facts, "mood"):
        new["mood"] = mood
    words = set(facts["words"])
    if grade := _grade(new, facts):
        new["grade"] = grade
        new.pop("tint", None)
    if tint := _tint(facts):
        new["tint"] = tint
    if facts["quotes"]:
        new["sign"] = facts["quotes"][-1]
    step = 0.6 if words & SLOWER else 1.6 if words & FASTER else 1.0
    new["pace"] = round(min(max(new["pace"] * step, PACES[0]), PACES[1]), 3)


def _grade(new: Plan, facts: dict[str, Any]) -> str:
    """The look that is named; else what a mood or a word of light looks like on a picture that is there."""
    if grade := first(facts, "grade"):
        return grade
    if "neon" in facts["words"]:
        return "neon"
    said = [mood for mood in named(facts, "mood") if mood in LOOKS]
    spoken_of = time_of(facts) or weather_of(facts) or any(kind == "subject" for _, kind, _, _ in facts["hits"])
    return said[0] if said and not spoken_of and not new["grade"] else ""


def _tint(facts: dict[str, Any]) -> list[float]:
    """ "In blue tones", "make it blue": a colour that belongs to nothing in the picture colours all of it."""
    hits = facts["hits"]
    for i, kind, _, phrase in hits:
        owned = any(i < at <= i + 3 and other in PAINTABLE for at, other, _, _ in hits)
        if kind == "colour" and not owned:
            return [float(c) for c in lexicon.COLOURS[phrase]]
    return []


def nearer(facts: dict[str, Any]) -> int:
    """1 for closer, -1 for further away."""
    words = set(facts["words"])
    return (1 if words & CLOSER else 0) - (1 if words & FURTHER else 0)


def _camera(new: Plan, facts: dict[str, Any]) -> None:
    camera, framing, step = camera_of(facts), first(facts, "framing"), nearer(facts)
    for shot in new["shots"]:
        at = FRAMINGS.index(shot["framing"]) if shot["framing"] in FRAMINGS else 0
        shot["camera"] = camera or shot["camera"]
        shot["framing"] = framing or FRAMINGS[min(max(at + step, 0), 2)]
        if step and not camera and not 0 <= at + step <= 2:
            shot["camera"] = "zoom_in" if step > 0 else "zoom_out"
    new["camera"] = new["shots"][0]["camera"]


def _forget(new: Plan, key: str) -> None:
    for shot in new["shots"]:
        shot.pop(key, None)


def change_cast(new: Plan, facts: dict[str, Any]) -> None:
    """In a clip that goes on, who is named comes to those who are there already."""
    present = [subject["id"] for subject in new["subjects"]]
    _cast(new, facts, joining=True)
    for subject in new["subjects"]:
        if subject["id"] not in present:
            subject["joins"] = True


def _cast(new: Plan, facts: dict[str, Any], *, joining: bool = False) -> None:
    words = set(facts["words"])
    subjects, props = cast(facts, new["setting"], int(new["seed"]))
    if words & REMOVING:
        gone = {s["species"] for s in subjects} | {p["kind"] for p in props}
        new["subjects"] = [s for s in new["subjects"] if s["species"] not in gone]
        new["props"] = [p for p in new["props"] if p["kind"] not in gone]
        return
    fresh = [s for s in subjects if not _update(new["subjects"], s, facts)]
    if words & REPLACING:
        fresh = _replace(new, subjects, fresh, facts)
    elif fresh and not (joining or words & ADDING):
        fresh = _replace_in_order(new, subjects, fresh)
    for subject in fresh:
        _join(new, subject)
    _props(new, props)
    motion = first(facts, "motion")
    if motion and new["subjects"] and not subjects:
        new["subjects"][0]["motion"] = motion


def _update(present: list[Plan], said: Plan, facts: dict[str, Any]) -> bool:
    """A subject that is there already takes on the look and motion the prompt gives it."""
    old = next((s for s in present if s["species"] == said["species"]), None)
    if old is None:
        return False
    for key in ("colours", "pattern", "size"):
        if said[key]:
            old[key] = said[key]
    if said["count"] > 1:
        old["count"] = said["count"]
    if first(facts, "motion"):
        old["motion"] = said["motion"]
    return True


def _replace(new: Plan, said: list[Plan], fresh: list[Plan], facts: dict[str, Any]) -> list[Plan]:
    """ "A robot instead of the cat", "replace the cat with a robot": the one that is there goes."""
    known = [s for s in said if s["species"] in {p["species"] for p in new["subjects"]}]
    old = known[0] if known else None
    index = next((n for n, s in enumerate(new["subjects"]) if old and s["species"] == old["species"]), 0)
    if fresh and new["subjects"]:
        new["subjects"][index] = _in_place_of(new["subjects"][index], fresh[0], bool(first(facts, "motion")))
        return fresh[1:]
    return fresh


def _replace_in_order(new: Plan, said: list[Plan], fresh: list[Plan]) -> list[Plan]:
    """A full prompt: subjects it does not name make room for those it does."""
    names = {s["species"] for s in said}
    free = [n for n, s in enumerate(new["subjects"]) if s["species"] not in names]
    for n in free:
        if fresh:
            new["subjects"][n] = _in_place_of(new["subjects"][n], fresh.pop(0), True)
    return fresh


def _in_place_of(old: Plan, fresh: Plan, moves: bool) -> Plan:
    kept = {key: old[key] for key in ("id", "x", "facing", "seed")}
    if not moves and (
        old["motion"] in ("play", "sit", "dance", "run", "walk") and fresh["kind"] in ("quadruped", "biped")
    ):
        kept["motion"] = old["motion"]
    return fresh | kept


def _join(new: Plan, subject: Plan) -> None:
    """A newcomer stands where there is room."""
    taken = [float(s["x"]) for s in new["subjects"]]
    places = [x for x in (0.34, -0.34, 0.02, 0.5, -0.5) if all(abs(x - t) > 0.25 for t in taken)] or [0.42]
    subject["x"] = places[0] if taken else subject["x"]
    subject["facing"] = 1 if subject["x"] < 0 else -1
    subject["id"] = f"{subject['species']}-{len(new['subjects'])}"
    new["subjects"].append(subject)


def _props(new: Plan, props: list[Plan]) -> None:
    for prop in props:
        old = next((p for p in new["props"] if p["kind"] == prop["kind"]), None)
        if old is not None:
            old["colour"] = prop["colour"] or old["colour"]
            continue
        prop["held"] = bool(new["subjects"]) and prop["kind"] in lexicon.HELD
        prop["id"] = f"{prop['kind']}-{len(new['props'])}"
        new["props"].append(prop)
