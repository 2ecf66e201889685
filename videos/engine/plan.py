"""From a prompt to a scene plan: what is where, when, in which light, and how the camera moves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from videos.engine import lexicon
from videos.engine.cutting import shots, split_beats
from videos.engine.paint.noise import stream
from videos.engine.reading import first, named, read
from videos.engine.whereabouts import setting_of, time_of, weather_of

Plan = dict[str, Any]

THIRTY = re.compile(r"\b30 ?(?:fps|frames per second)\b", re.IGNORECASE)
PLURALS = frozenset(
    [
        "people",
        "children",
        "wolves",
        "mice",
        "women",
        "men",
        "sheep",
        "geese",
        "foxes",
        "butterflies",
        "puppies",
        "bunnies",
    ]
)
MOST_SUBJECTS = 3


def frames_of(plan: Plan) -> int:
    """Exactly how many frames the clip of a plan has; one made of a foreign film says it itself."""
    return int(plan.get("frames") or int(plan["seconds"]) * int(plan["fps"]))


def make_plan(prompt: str, *, seed: int, size: tuple[int, int], seconds: int, characters: Sequence[str] = ()) -> Plan:
    """Read the prompt into a plan that says everything a frame depends on.

    Each of the `characters` is in the picture, as the prompt says if it names them; the plan keeps their names.
    """
    names = tuple(characters)
    facts = read(prompt, names)
    beats = [(span, read(text, names)) for span, text in split_beats(prompt)]
    lead = beats[0][1] if len(beats) > 1 else facts
    plan: Plan = {"version": 1, "prompt": prompt, "seed": seed, "width": size[0], "height": size[1], "seconds": seconds}
    if names:
        plan["characters"] = list(names)
    plan["fps"] = 30 if THIRTY.search(prompt) else 24
    plan |= place(facts, lead, whole=len(beats) == 1)
    plan["subjects"], plan["props"] = cast(facts, plan["setting"], seed, names)
    plan["shots"] = shots(beats, plan, facts)
    plan["camera"] = plan["shots"][0]["camera"]
    return plan


def place(facts: dict[str, Any], lead: dict[str, Any], *, whole: bool) -> Plan:
    """Where and when: setting, time, weather, ground, mood, grade, details and lettering."""
    setting = setting_of(lead) or setting_of(facts) or _setting_by_cast(facts)
    ground = first(facts, "ground")
    weather = weather_of(lead) or (weather_of(facts) if whole else "")
    if setting == "snow":
        setting, ground = "field", "snow"
    time = time_of(lead) or time_of(facts) or _time_by_setting(setting, facts)
    if setting == "field" and {"biped/snowman", "biped/penguin", "quadruped/polarbear"} & set(named(facts, "subject")):
        ground = "snow"
    digest = hashlib.sha256(facts["text"].encode()).digest()
    return {
        "setting": setting,
        "time": time,
        "time_named": bool(time_of(facts)),
        "weather": weather or "clear",
        "ground": "wet" if weather in ("rain", "storm") and ground != "snow" else ground,
        "mood": first(facts, "mood", "calm"),
        "grade": first(facts, "grade"),
        "details": named(facts, "detail"),
        "colours": [list(lexicon.COLOURS[p]) for _, kind, _, p in facts["hits"] if kind == "colour"][:4],
        "sign": facts["quotes"][0] if facts["quotes"] else "",
        "hue": digest[0] / 255.0,
        "pace": _pace(facts["words"]),
    }


def _pace(words: list[str]) -> float:
    said = set(words)
    slow, fast = {"slow", "slowly", "gentle", "gently", "slow-motion"}, {"fast", "quick", "quickly", "rapid", "frantic"}
    return 0.7 if said & slow else 1.4 if said & fast else 1.0


def _setting_by_cast(facts: dict[str, Any]) -> str:
    subject, prop = first(facts, "subject"), first(facts, "prop")
    if prop in lexicon.PROP_SETTING and prop in ("piano", "drums", "kite"):
        return lexicon.PROP_SETTING[prop]
    if subject.startswith("bird/") and prop in lexicon.PROP_SETTING:
        return lexicon.PROP_SETTING[prop]
    for key in (subject, subject.split("/")[0]):
        if key and key in lexicon.DEFAULT_SETTING:
            return lexicon.DEFAULT_SETTING[key]
    if subject:
        return "field"
    if prop:
        return lexicon.PROP_SETTING.get(prop, "room")
    if first(facts, "ground") == "snow" or first(facts, "weather") == "snow":
        return "snow"
    if first(facts, "weather") == "fireworks":
        return "city"
    if first(facts, "time") or first(facts, "weather") not in ("", "clear"):
        return "field"
    return "abstract"


def _time_by_setting(setting: str, facts: dict[str, Any]) -> str:
    if setting == "stage" or set(named(facts, "weather")) & {"fireworks", "fireflies"}:
        return "night"
    if "cyberpunk" in named(facts, "detail") or "aurora" in named(facts, "detail"):
        return "night"
    return {"city": "dusk", "sea": "sunset", "forest": "morning", "field": "morning", "street": "dusk",
            "desert": "sunset", "room": "morning", "lake": "sunrise"}.get(setting, "day")  # fmt: skip


def cast(facts: dict[str, Any], setting: str, seed: int, invited: Sequence[str] = ()) -> tuple[list[Plan], list[Plan]]:
    """The subjects with their looks and motions, and the props they hold or stand beside.

    Who is `invited` comes first, named or not.
    """
    subjects: list[Plan] = []
    props: list[Plan] = []
    pending = _nothing_pending()
    last_end = -9
    for i, kind, fact, phrase in facts["hits"]:
        if kind in ("colour", "pattern", "size", "count"):
            _gather(pending, kind, fact, phrase, i)
        elif kind == "subject":
            look = _fresh(pending, i)
            if i == last_end and subjects:
                subjects[-1]["size"] = "small" if "pup" in phrase or "kitten" in phrase else subjects[-1]["size"]
            elif fact not in [f"{s['kind']}/{s['species']}" for s in subjects] and len(subjects) < MOST_SUBJECTS:
                subjects.append(_subject(fact, phrase, look, facts["words"][i]))
            pending, last_end = _nothing_pending(), i + len(phrase.split())
        elif kind == "motion" and subjects and not (phrase == "watch" or "motion" in subjects[-1]):
            subjects[-1]["motion"] = fact
        elif kind == "prop" and fact not in [p["kind"] for p in props] and len(props) < 4:
            props.append({"kind": fact, "word": phrase, "colour": _fresh(pending, i)["colours"][:1]})
            pending = _nothing_pending()
    if invited:
        present = [subject["species"] for subject in subjects if subject["kind"] == "puppet"]
        missing = [_subject(f"puppet/{name}", name, _nothing_pending(), "") for name in invited if name not in present]
        # Names count before words: whoever else there is room for follows.
        subjects[:] = sorted([*missing, *subjects], key=lambda subject: subject["kind"] != "puppet")[:MOST_SUBJECTS]
    _settle(subjects, props, setting, seed, first(facts, "motion"))
    return subjects, props


def _nothing_pending() -> Plan:
    return {"colours": [], "pattern": "", "size": "", "count": 0, "at": -9}


def _gather(pending: Plan, kind: str, fact: str, phrase: str, i: int) -> None:
    pending["at"] = i
    if kind == "colour":
        pending["colours"].append(list(lexicon.COLOURS[phrase]))
    elif kind == "count":
        pending["count"] = lexicon.COUNTS[phrase]
    else:
        pending[kind] = fact


def _fresh(pending: Plan, i: int) -> Plan:
    """Adjectives count for the next noun only."""
    return pending if i - pending["at"] <= 3 else _nothing_pending()


def _subject(fact: str, phrase: str, look: Plan, spoken: str) -> Plan:
    kind, species = fact.split("/", 1)
    known = phrase.endswith("s") and phrase[:-1] in lexicon.SUBJECTS
    plural = phrase in PLURALS or known or spoken == phrase + "s"
    count = look["count"] or ((4 if kind == "bird" else 3 if kind == "fish" else 2) if plural else 1)
    size = look["size"] or ("small" if phrase in ("kitten", "puppy", "cub", "foal", "lamb", "duckling") else "")
    if kind == "puppet":
        phrase, count, look = species, 1, _nothing_pending()
    named_as = {"kind": kind, "species": species, "word": phrase}
    return named_as | {"colours": look["colours"][:2], "pattern": look["pattern"], "size": size, "count": min(count, 5)}


def _settle(subjects: list[Plan], props: list[Plan], setting: str, seed: int, motion: str) -> None:
    """Give everything an id, a sub-seed, a motion and a place."""
    for number, subject in enumerate(subjects):
        rng = stream(seed, "place", subject["kind"], subject["species"], number)
        subject["id"] = f"{subject['species']}-{number}"
        subject.setdefault("motion", (motion if number == 0 else "") or default_motion(subject, setting))
        if number and subject["motion"] == "walk" and subjects[0]["motion"] == "run":
            subject["motion"] = "run"
        subject["x"], subject["facing"] = _stand(number, len(subjects), rng)
        if subject["kind"] == "puppet" and subject["motion"] in ("walk", "run"):
            # Characters go side by side, not through each other.
            subject["facing"] = subjects[0]["facing"]
        subject["seed"] = int(rng.integers(1 << 31))
    for number, prop in enumerate(props):
        rng = stream(seed, "prop", prop["kind"], number)
        prop["id"] = f"{prop['kind']}-{number}"
        prop["held"] = bool(subjects) and prop["kind"] in lexicon.HELD
        prop["x"] = round(float(rng.choice([-1.0, 1.0]) * rng.uniform(0.28, 0.42)), 3) if subjects else 0.0
        prop["seed"] = int(rng.integers(1 << 31))


def _stand(number: int, total: int, rng: np.random.Generator) -> tuple[float, int]:
    """x in frame units from the middle; the subject looks into the picture."""
    if total == 1:
        x = float(rng.choice([-1.0, 1.0]) * rng.uniform(0.02, 0.14))
    else:
        x = (number - (total - 1) / 2) * 0.52 + float(rng.uniform(-0.04, 0.04))
    return round(x, 3), 1 if x < 0 else -1


def default_motion(subject: Plan, setting: str) -> str:
    if subject["species"] in ("snowman", "teddy"):
        return "stand"
    match subject["kind"]:
        case "quadruped":
            return "sit" if setting in ("room", "stage", "street") else "walk"
        case "bird":
            return "sit" if subject["species"] == "owl" else "swim" if subject["species"] == "swan" else "fly"
        case "fish":
            return "swim"
        case "vehicle":
            return "drive"
        case "boat" | "air":
            return "float"
    return "float" if setting in ("space", "underwater") else "stand" if setting in ("room", "stage") else "walk"
