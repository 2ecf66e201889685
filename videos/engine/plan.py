"""From a prompt to a scene plan: what is where, when, in which light, and how the camera moves."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import numpy as np

from videos.engine import lexicon
from videos.engine.paint.noise import stream

Plan = dict[str, Any]

WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[^\w\s]\uFE0F?")
QUOTED = re.compile(r"[\"\u201c\u201d\u300c\u00ab]([^\"\u201c\u201d\u300d\u00bb\n]{1,40})[\"\u201c\u201d\u300d\u00bb]")
THIRTY = re.compile(r"\b30 ?(?:fps|frames per second)\b", re.IGNORECASE)
TIMED = re.compile(r"[\[(]?\b(\d{1,3})(?:\.\d)? ?s? ?(?:-|\u2013|to) ?(\d{1,3})(?:\.\d)? ?s(?:ec|econds)?\b[\])]?:?", re.I)
CUT = re.compile(
    r"\b(?:smash cut to|match cut to|cuts? to|and then|then|shot \d{1,2} ?:|scene \d{1,2} ?:|next shot)", re.IGNORECASE
)
VOCABULARY = {
    "setting": lexicon.SETTINGS, "time": lexicon.TIMES, "weather": lexicon.WEATHERS, "ground": lexicon.GROUND,
    "mood": lexicon.MOODS, "camera": lexicon.CAMERAS, "framing": lexicon.FRAMINGS, "pattern": lexicon.PATTERNS,
    "subject": lexicon.SUBJECTS, "prop": lexicon.PROPS, "motion": lexicon.MOTIONS, "size": lexicon.SIZES,
    "grade": lexicon.GRADES, "detail": lexicon.DETAILS, "colour": dict.fromkeys(lexicon.COLOURS, ""),
    "count": dict.fromkeys(lexicon.COUNTS, ""),
}  # fmt: skip
WEAK_PLACES = frozenset("window table bar desk trees clouds cloud horizon waves island cliff ice buildings hills planets "
                        "particles shapes pattern patterns sailing surfing spotlight curtain concert park".split())  # fmt: skip
WEAK_TIMES = frozenset({"dark", "neon", "neon-lit", "starry", "sunny", "evening", "neon sign"})
PLACING = frozenset("in on at over through under above across inside along into by near beneath onto".split())
PLURALS = frozenset("people children wolves mice women men sheep geese foxes butterflies puppies bunnies".split())
MOST_SUBJECTS = 3
MOST_BEATS = 6


def make_plan(prompt: str, *, seed: int, size: tuple[int, int], seconds: int) -> Plan:
    """Read the prompt into a plan that says everything a frame depends on."""
    facts = read(prompt)
    beats = [(span, read(text)) for span, text in split_beats(prompt)]
    lead = beats[0][1] if len(beats) > 1 else facts
    plan: Plan = {"version": 1, "prompt": prompt, "seed": seed, "width": size[0], "height": size[1], "seconds": seconds}
    plan["fps"] = 30 if THIRTY.search(prompt) else 24
    plan |= place(facts, lead)
    plan["subjects"], plan["props"] = cast(facts, plan["setting"], seed)
    plan["shots"] = shots(beats, plan, facts)
    plan["camera"] = plan["shots"][0]["camera"]
    return plan


def read(text: str) -> dict[str, Any]:
    """Collect the facts of a text in one pass, longest phrase first."""
    words = tokens(text)
    facts: dict[str, Any] = {"words": words, "hits": [], "quotes": QUOTED.findall(text), "text": text}
    i, denied = 0, False
    while i < len(words):
        phrase, length = longest(words, i)
        if words[i] in lexicon.NEGATIONS:
            denied = True
        elif words[i] in ".,;!?":
            denied = False
        for category in CATEGORIES.get(phrase, ()):
            if not denied:
                facts["hits"].append((i, category, VOCABULARY[category][phrase], phrase))
        i += length
    return facts


def _categories() -> dict[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for category, table in VOCABULARY.items():
        for word in table:
            index[word] = (*index.get(word, ()), category)
    return index


CATEGORIES = _categories()


def tokens(text: str) -> list[str]:
    """Words and marks in lower case; other scripts and emoji become the English words they stand for."""
    words: list[str] = []
    unquoted = QUOTED.sub(" ", text)
    for word in WORD.findall(unquoted.lower().replace("\u2019", "'").replace("_", " ")):
        if word in CATEGORIES or word.isascii():
            words.append(word)
        elif word in lexicon.FOREIGN:
            words.append(lexicon.FOREIGN[word])
        else:
            words.extend(_spelled(word))
    return words


def _spelled(word: str) -> list[str]:
    """Find known words inside a run of a script without spaces."""
    found, i = [], 0
    while i < len(word):
        for length in (5, 4, 3, 2, 1):
            known = lexicon.FOREIGN.get(word[i : i + length])
            if known and (length > 1 or ord(word[i]) > 0x2000):
                found.append(known)
                i += length - 1
                break
        i += 1
    return found or [word]


def longest(words: list[str], i: int) -> tuple[str, int]:
    for length in (3, 2):
        phrase = " ".join(words[i : i + length])
        if len(words) - i >= length and phrase in CATEGORIES:
            return phrase, length
    word = words[i]
    if word not in CATEGORIES and word.endswith("s") and word[:-1] in CATEGORIES:
        return word[:-1], 1
    if word not in CATEGORIES and "-" in word:
        return next((part for part in word.split("-") if part in CATEGORIES), word), 1
    return word, 1


def split_beats(prompt: str) -> list[tuple[tuple[float, float] | None, str]]:
    """Cut a prompt with explicit times or cuts into beats; one beat when it names none."""
    timed = list(TIMED.finditer(prompt))[:MOST_BEATS]
    if timed:
        ends = [m.start() for m in timed[1:]] + [len(prompt)]
        return [((float(m[1]), float(m[2])), prompt[m.end() : end]) for m, end in zip(timed, ends, strict=True)]
    parts = [part for part in CUT.split(prompt) if len(part.strip(" .,:;")) > 3]
    return [(None, part) for part in parts[:MOST_BEATS]] or [(None, prompt)]


def first(facts: dict[str, Any], category: str, default: str = "") -> str:
    return next((fact for _, kind, fact, _ in facts["hits"] if kind == category), default)


def named(facts: dict[str, Any], category: str) -> list[str]:
    return list(dict.fromkeys(fact for _, kind, fact, _ in facts["hits"] if kind == category))


def place(facts: dict[str, Any], lead: dict[str, Any]) -> Plan:
    """Where and when: setting, time, weather, ground, mood, grade, details and lettering."""
    setting = setting_of(lead) or setting_of(facts) or _setting_by_cast(facts)
    ground = first(facts, "ground")
    weather = weather_of(lead) or weather_of(facts)
    if setting == "snow":
        setting, ground = "field", "snow"
    time = time_of(lead) or time_of(facts) or _time_by_setting(setting, facts)
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


def setting_of(facts: dict[str, Any]) -> str:
    scores: dict[str, float] = {}
    for i, kind, fact, phrase in facts["hits"]:
        if kind != "setting":
            continue
        weight = 0.35 if phrase in WEAK_PLACES else lexicon.SETTING_WEIGHT.get(fact, 1.0)
        weight += 0.5 if PLACING & set(facts["words"][max(0, i - 4) : i]) else 0.0
        scores[fact] = max(scores.get(fact, 0.0), weight) + 0.05
    if not scores:
        return ""
    best = max(scores, key=lambda name: scores[name])
    fishes = any(kind == "subject" and fact.startswith("fish/") for _, kind, fact, _ in facts["hits"])
    leaping = {"breaching", "breach", "leaping", "jumping", "surface", "breaches", "leaps", "jumps"} & set(facts["words"])
    if best in ("sea", "abstract", "lake") and fishes and not leaping:
        return "underwater"
    return best


def _setting_by_cast(facts: dict[str, Any]) -> str:
    subject, prop = first(facts, "subject"), first(facts, "prop")
    if prop in lexicon.PROP_SETTING and prop in ("piano", "drums", "kite"):
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


def weather_of(facts: dict[str, Any]) -> str:
    said = [fact for fact in named(facts, "weather") if fact != "clear"]
    order = ("storm", "rain", "snow", "fireworks", "embers", "petals", "leaves", "fireflies", "mist", "dust", "wind")
    return min(said, key=order.index) if said else first(facts, "weather")


def time_of(facts: dict[str, Any]) -> str:
    said = [(phrase in WEAK_TIMES, i, fact) for i, kind, fact, phrase in facts["hits"] if kind == "time"]
    if said:
        return min(said)[2]
    return "night" if "moon" in named(facts, "prop") else ""


def _time_by_setting(setting: str, facts: dict[str, Any]) -> str:
    if setting == "stage" or set(named(facts, "weather")) & {"fireworks", "fireflies"}:
        return "night"
    if "cyberpunk" in named(facts, "detail") or "aurora" in named(facts, "detail"):
        return "night"
    return {"city": "dusk", "sea": "sunset", "forest": "morning", "field": "morning", "street": "dusk",
            "desert": "sunset", "room": "morning", "lake": "sunrise"}.get(setting, "day")  # fmt: skip


def cast(facts: dict[str, Any], setting: str, seed: int) -> tuple[list[Plan], list[Plan]]:
    """The subjects with their looks and motions, and the props they hold or stand beside."""
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
    kind, species = fact.split("/")
    plural = phrase in PLURALS or (phrase.endswith("s") and (phrase[:-1] in lexicon.SUBJECTS)) or spoken == phrase + "s"
    count = look["count"] or ((4 if kind == "bird" else 3 if kind == "fish" else 2) if plural else 1)
    size = look["size"] or ("small" if phrase in ("kitten", "puppy", "cub", "foal", "lamb", "duckling") else "")
    return {"kind": kind, "species": species, "word": phrase, "colours": look["colours"][:2], "pattern": look["pattern"],
            "size": size, "count": min(count, 5)}  # fmt: skip


def _settle(subjects: list[Plan], props: list[Plan], setting: str, seed: int, motion: str) -> None:
    """Give everything an id, a sub-seed, a motion and a place."""
    for number, subject in enumerate(subjects):
        rng = stream(seed, "place", subject["kind"], subject["species"], number)
        subject["id"] = f"{subject['species']}-{number}"
        subject.setdefault("motion", (motion if number == 0 else "") or default_motion(subject, setting))
        subject["x"], subject["facing"] = _stand(number, len(subjects), rng)
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
        x = (number - (total - 1) / 2) * 0.42 + float(rng.uniform(-0.04, 0.04))
    return round(x, 3), 1 if x < 0 else -1


def default_motion(subject: Plan, setting: str) -> str:
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


def shots(beats: list[tuple[tuple[float, float] | None, dict[str, Any]]], plan: Plan, facts: dict[str, Any]) -> list[Plan]:
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
    edges = [0.0, round(seconds * share), seconds] if len(sizes) == 2 else [0.0, *np.round([seconds * 0.38, seconds * 0.7]), seconds]
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
