"""Remix: a prompt becomes changes to a plan, so that what it does not name stays where it was."""

from __future__ import annotations

import copy
from typing import Any

from videos.engine import lexicon
from videos.engine.cutting import camera_of
from videos.engine.plan import Plan, cast
from videos.engine.reading import first, named, read
from videos.engine.whereabouts import setting_of, time_of, weather_of

ADDING = frozenset({"add", "adds", "adding", "include", "plus", "also", "another"})
REMOVING = frozenset({"remove", "removes", "delete", "without", "no", "erase", "drop"})
REPLACING = frozenset({"instead", "replace", "swap", "becomes", "become", "turn", "into"})
SLOWER, FASTER = frozenset({"slower", "slow", "slowly", "calmer"}), frozenset({"faster", "fast", "quicker", "quickly"})


def remix_plan(plan: Plan, prompt: str, *, seed: int) -> Plan:
    """The plan with what the prompt names changed; scene, places, camera and seed are kept otherwise."""
    facts = read(_said(prompt))
    new = copy.deepcopy(plan)
    new["prompt"], new["take"] = prompt, seed
    _air(new, facts)
    _place(new, facts)
    _look(new, facts)
    _camera(new, facts)
    _cast(new, facts)
    return new


def _said(prompt: str) -> str:
    """Removal is read by this module, so that "without" must not hide the noun from the reader."""
    words = prompt.split(" ")
    return " ".join("remove" if word.lower() in ("without", "no") else word for word in words)


def _air(new: Plan, facts: dict[str, Any]) -> None:
    time, weather, ground = time_of(facts), weather_of(facts), first(facts, "ground")
    if time:
        new["time"], new["time_named"] = time, True
        _forget(new, "time")
    if set(facts["words"]) & REMOVING and weather == new["weather"]:
        weather = "clear"
    if weather:
        new["weather"] = weather
        _forget(new, "weather")
        if weather in ("rain", "storm"):
            new["ground"] = "wet"
        elif weather == "clear" and new["ground"] == "wet":
            new["ground"] = ""
    if ground:
        new["ground"] = ground


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
    for category in ("mood", "grade"):
        if said := first(facts, category):
            new[category] = said
    if facts["quotes"]:
        new["sign"] = facts["quotes"][-1]
    words = set(facts["words"])
    if words & SLOWER:
        new["pace"] = round(new["pace"] * 0.65, 3)
    elif words & FASTER:
        new["pace"] = round(new["pace"] * 1.5, 3)


def _camera(new: Plan, facts: dict[str, Any]) -> None:
    camera, framing = camera_of(facts), first(facts, "framing")
    for shot in new["shots"]:
        if camera:
            shot["camera"] = camera
        if framing:
            shot["framing"] = framing
    new["camera"] = new["shots"][0]["camera"]


def _forget(new: Plan, key: str) -> None:
    for shot in new["shots"]:
        shot.pop(key, None)


def _cast(new: Plan, facts: dict[str, Any]) -> None:
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
    elif fresh and not words & ADDING:
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
