"""Reading a prompt: words of many languages become facts, longest phrase first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from videos.engine import lexicon, tongues

WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[^\w\s]\uFE0F?")
QUOTED = re.compile(r"[\"\u201c\u201d\u300c\u00ab]([^\"\u201c\u201d\u300d\u00bb\n]{1,40})[\"\u201c\u201d\u300d\u00bb]")
VOCABULARY = {
    "setting": lexicon.SETTINGS, "time": lexicon.TIMES, "weather": lexicon.WEATHERS, "ground": lexicon.GROUND,
    "mood": lexicon.MOODS, "camera": lexicon.CAMERAS, "framing": lexicon.FRAMINGS, "pattern": lexicon.PATTERNS,
    "subject": lexicon.SUBJECTS, "prop": lexicon.PROPS, "motion": lexicon.MOTIONS, "size": lexicon.SIZES,
    "grade": lexicon.GRADES, "detail": lexicon.DETAILS, "colour": dict.fromkeys(lexicon.COLOURS, ""),
    "count": dict.fromkeys(lexicon.COUNTS, ""),
}  # fmt: skip


# Words that stand for the names of characters while a text is read.
STAND_INS = ("firstnamedcharacter", "secondnamedcharacter", "thirdnamedcharacter")


def read(text: str, names: Sequence[str] = ()) -> dict[str, Any]:
    """Collect the facts of a text in one pass, longest phrase first; `names` of characters are subjects."""
    words = tokens(masked(text, names))
    facts: dict[str, Any] = {"words": words, "hits": [], "quotes": QUOTED.findall(text), "text": text}
    i, denied = 0, False
    while i < len(words):
        phrase, length = longest(words, i)
        if words[i] in STAND_INS[: len(names)] and not denied:
            facts["hits"].append((i, "subject", "puppet/" + names[STAND_INS.index(words[i])], words[i]))
        if words[i] in lexicon.NEGATIONS:
            denied = True
        elif words[i] in ".,;!?":
            denied = False
        for category in CATEGORIES.get(phrase, ()):
            if not denied:
                facts["hits"].append((i, category, VOCABULARY[category][phrase], phrase))
        i += length
    return facts


def masked(text: str, names: Sequence[str]) -> str:
    """The text with a word for each name, so that "Snow" or "Tiger Lily" is nothing but a name."""
    for name, stand_in in sorted(zip(names, STAND_INS, strict=False), key=lambda pair: -len(pair[0])):
        spelled = r"\s+".join(re.escape(part) for part in name.split())
        text = re.sub(rf"(?<!\w){spelled}(?:['\u2019]s)?(?!\w)", f" {stand_in} ", text, flags=re.IGNORECASE)
    return text


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
    spoken = WORD.findall(unquoted.lower().replace("\u2019", "'").replace("_", " "))
    abroad = not tongues.ARTICLES.isdisjoint(spoken)
    for word in spoken:
        if word.isascii():
            words.append(tongues.FOREIGN.get(word, word) if abroad else word)
        elif word in CATEGORIES:
            words.append(word)
        elif word in tongues.FOREIGN:
            words.append(tongues.FOREIGN[word])
        else:
            words.extend(_spelled(word))
    return words


def _spelled(word: str) -> list[str]:
    """Find known words inside a run of a script without spaces."""
    found, i = [], 0
    while i < len(word):
        for length in (5, 4, 3, 2, 1):
            known = tongues.FOREIGN.get(word[i : i + length])
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


def first(facts: dict[str, Any], category: str, default: str = "") -> str:
    return next((str(fact) for _, kind, fact, _ in facts["hits"] if kind == category), default)


def named(facts: dict[str, Any], category: str) -> list[str]:
    return list(dict.fromkeys(fact for _, kind, fact, _ in facts["hits"] if kind == category))
