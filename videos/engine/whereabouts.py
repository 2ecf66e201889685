"""Where and when a text plays: the setting, the weather and the hour its words name."""

from __future__ import annotations

from typing import Any

from videos.engine import lexicon
from videos.engine.reading import first, named

# Words that only dress a place: they decide when nothing else does.
WEAK_PLACES = frozenset(
    {
        "window",
        "table",
        "bar",
        "desk",
        "trees",
        "clouds",
        "cloud",
        "horizon",
        "waves",
        "island",
        "cliff",
        "ice",
        "hills",
    }
    | {
        "buildings",
        "planets",
        "particles",
        "shapes",
        "pattern",
        "patterns",
        "sailing",
        "surfing",
        "spotlight",
        "curtain",
    }
    | {"concert", "park", "crossing", "lane"}
)
WEAK_TIMES = frozenset({"dark", "neon", "neon-lit", "starry", "sunny", "evening", "neon sign"})
PLACING = frozenset(
    [
        "in",
        "on",
        "at",
        "over",
        "through",
        "under",
        "above",
        "across",
        "inside",
        "along",
        "into",
        "by",
        "near",
        "beneath",
        "onto",
    ]
)


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
    leaping = {"breaching", "breach", "leaping", "jumping", "surface", "breaches", "leaps", "jumps"} & set(
        facts["words"]
    )
    if best in ("sea", "abstract", "lake") and fishes and not leaping:
        return "underwater"
    return best


def weather_of(facts: dict[str, Any]) -> str:
    said = [fact for fact in named(facts, "weather") if fact != "clear"]
    if not said and _snows(facts["words"]):
        return "snow"
    order = ("storm", "rain", "snow", "fireworks", "embers", "petals", "leaves", "fireflies", "mist", "dust", "wind")
    return min(said, key=order.index) if said else first(facts, "weather")


def _snows(words: list[str]) -> bool:
    """ "It starts to snow", "snow falls": the verb, or the noun that moves."""
    before, after = (
        {"to", "it", "heavy", "light", "gentle", "soft"},
        {"falls", "falling", "drifts", "drifting", "swirls"},
    )
    return any(
        w == "snow" and ({*words[max(0, i - 1) : i]} & before or {*words[i + 1 : i + 3]} & after)
        for i, w in enumerate(words)
    )


def time_of(facts: dict[str, Any]) -> str:
    said = [(phrase in WEAK_TIMES, i, fact) for i, kind, fact, phrase in facts["hits"] if kind == "time"]
    if said:
        return str(min(said)[2])
    return "night" if "moon" in named(facts, "prop") else ""
