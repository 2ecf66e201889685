"""The soundtrack of a plan: a pad of chords by mood, the noises of the place, notes when something plays."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Plan = dict[str, Any]
Samples = NDArray[np.float32]

SAMPLE_RATE = 48_000
# -3 dBFS, so that the codec's overshoot stays below -1.
PEAK = 0.7
FADE_IN, FADE_OUT = 0.4, 0.8
CHORD_SECONDS = 4.0

# Chords as semitones above the key; the pitches of the melody follow from the first.
CHORDS: dict[str, tuple[tuple[int, ...], ...]] = {
    "calm": ((0, 4, 7, 11), (5, 9, 12, 16), (-3, 0, 4, 7), (-5, -1, 2, 7)),
    "dreamy": ((0, 4, 7, 14), (2, 6, 9, 14), (-3, 0, 4, 11), (5, 9, 12, 19)),
    "joyful": ((0, 4, 7, 12), (7, 11, 14, 19), (-3, 0, 4, 9), (5, 9, 12, 17)),
    "energetic": ((0, 7, 12, 16), (-2, 5, 10, 14), (5, 12, 17, 21), (0, 7, 12, 16)),
    "epic": ((0, 3, 7, 12), (-4, 0, 3, 8), (3, 7, 10, 15), (-2, 2, 5, 10)),
    "sad": ((0, 3, 7, 10), (-4, 0, 3, 7), (-7, -4, 0, 3), (-5, -2, 2, 5)),
    "tense": ((0, 1, 7, 8), (0, 3, 6, 9), (-1, 2, 5, 8), (0, 1, 6, 7)),
}
MINOR_MOODS = {"epic", "sad", "tense"}
MAJOR, MINOR = (0, 2, 4, 7, 9, 12, 14), (0, 3, 5, 7, 10, 12, 15)

# Noise as (lowest Hz, highest Hz, level, swells per second, depth of the swell).
Noise = tuple[float, float, float, float, float]
WEATHER_NOISE: dict[str, Noise] = {
    "rain": (500, 9000, 0.26, 0.11, 0.15),
    "storm": (120, 7000, 0.38, 0.17, 0.45),
    "wind": (90, 700, 0.30, 0.13, 0.6),
    "snow": (120, 500, 0.14, 0.09, 0.5),
    "dust": (120, 900, 0.20, 0.12, 0.6),
    "leaves": (300, 2500, 0.10, 0.2, 0.6),
}
SETTING_NOISE: dict[str, Noise] = {
    "sea": (70, 1800, 0.30, 0.12, 0.75),
    "beach": (90, 2600, 0.28, 0.14, 0.85),
    "lake": (150, 900, 0.10, 0.2, 0.6),
    "street": (45, 380, 0.30, 0.07, 0.3),
    "city": (45, 380, 0.30, 0.07, 0.3),
    "forest": (250, 2400, 0.09, 0.1, 0.6),
    "field": (150, 1200, 0.12, 0.1, 0.6),
    "mountain": (90, 600, 0.24, 0.1, 0.6),
    "desert": (90, 700, 0.20, 0.1, 0.6),
    "mars": (50, 300, 0.28, 0.06, 0.5),
    "sky": (150, 1500, 0.20, 0.09, 0.4),
    "space": (30, 120, 0.30, 0.05, 0.4),
    "underwater": (30, 260, 0.45, 0.12, 0.4),
    "stage": (200, 1500, 0.03, 0.1, 0.3),
    "room": (60, 300, 0.05, 0.05, 0.2),
}
INSTRUMENTS = ("piano", "guitar", "violin", "drums")


# Before the last chord of an extended clip dies away its sound becomes one that runs on; from the seam on, that of
# the new part takes over.
SETTLING, TAKEOVER = 2 * SAMPLE_RATE, SAMPLE_RATE


def soundtrack(plan: Plan, start: float = 0.0) -> Samples:
    """Stereo float samples of exactly the plan's length; the same plan always sounds the same.

    With `start`, the part from that second on: `soundtrack(plan)` is its beginning and this part, without a seam.
    """
    mix = _unfaded(plan)
    _fade(mix)
    loudest = float(np.abs(mix).max())
    return (mix * np.float32(PEAK / loudest) if loudest else mix)[:, round(start * SAMPLE_RATE) :]


def _length(plan: Plan) -> int:
    seconds = plan["frames"] / plan["fps"] if plan.get("frames") else int(plan["seconds"])
    return round(seconds * SAMPLE_RATE)


def _unfaded(plan: Plan) -> Samples:
    if "before" not in plan:
        return _mixed(plan, _length(plan))
    seam, length = round(plan["seam"] / plan["fps"] * SAMPLE_RATE), _length(plan)
    mix = _mixed(plan, length)
    running_on = _mixed(plan["before"], seam + 3 * TAKEOVER)
    _cross(running_on, mix, seam, TAKEOVER)
    _cross(_unfaded(plan["before"])[:, :seam], mix, seam - SETTLING, TAKEOVER)
    return mix


def _cross(first: Samples, into: Samples, at: int, length: int) -> None:
    """Have `first` play up to the sample `at` and fade over into what is there."""
    at = max(at, 0)
    end = min(at + length, first.shape[1], into.shape[1])
    share = np.linspace(0, 1, end - at, dtype=np.float32)
    into[:, at:end] = first[:, at:end] * (1 - share) + into[:, at:end] * share
    into[:, :at] = first[:, :at]


def _mixed(plan: Plan, length: int) -> Samples:
    mix = np.zeros((2, length), np.float32)
    for layer in (_pad, _noises, _drops, _animals, _crackle, _melody, _whooshes):
        layer(plan, mix)
    return mix


def _random(plan: Plan, name: str) -> np.random.Generator:
    """One stream per layer, so that a change of one leaves the others as they were."""
    return np.random.default_rng([int(plan["seed"]), zlib.crc32(name.encode())])


def _time(length: int) -> Samples:
    return np.arange(length, dtype=np.float32) / np.float32(SAMPLE_RATE)


def _pitch(plan: Plan, semitones: float) -> float:
    key = int(_random(plan, "key").integers(-4, 4))
    return float(146.83 * 2 ** ((key + semitones) / 12))


def _mood(plan: Plan) -> str:
    mood = str(plan.get("mood") or "calm")
    return mood if mood in CHORDS else "calm"


def _pad(plan: Plan, mix: Samples) -> None:
    """Soft chords that cross over into each other, each voice a little apart on the two sides."""
    chords = CHORDS[_mood(plan)]
    step, cross = int(CHORD_SECONDS * SAMPLE_RATE), SAMPLE_RATE
    for number, start in enumerate(range(0, mix.shape[1], step)):
        end = min(start + step + cross, mix.shape[1])
        envelope = _swell(end - start, cross)
        for semitones in chords[number % len(chords)]:
            for side, detune in enumerate((0.9985, 1.0015)):
                mix[side, start:end] += envelope * _voice(_pitch(plan, semitones) * detune, end - start)


def _voice(pitch: float, length: int) -> Samples:
    angle = _time(length) * np.float32(2 * np.pi * pitch)
    fundamental = np.sin(angle)
    # cos(2x) out of sin(x) spares a second sine.
    return np.asarray(0.05 * fundamental + 0.012 * (1 - 2 * fundamental * fundamental), np.float32)


def _swell(length: int, ramp: int) -> Samples:
    envelope = np.ones(length, np.float32)
    slope = np.sin(np.linspace(0, np.pi / 2, min(ramp, length // 2), dtype=np.float32))
    envelope[: slope.size] = slope
    envelope[length - slope.size :] = slope[::-1]
    return envelope


def _noises(plan: Plan, mix: Samples) -> None:
    for table, key in ((SETTING_NOISE, "setting"), (WEATHER_NOISE, "weather")):
        word = str(plan.get(key) or "")
        if word in table:
            low, high, level, rate, depth = table[word]
            rng = _random(plan, word)
            phase = rng.uniform(0, 2 * np.pi)
            lull = 1 - depth * (0.5 + 0.5 * np.sin(_time(mix.shape[1]) * np.float32(2 * np.pi * rate) + phase))
            for side in mix:
                side += np.float32(level) * np.asarray(lull, np.float32) * _band(rng, side.size, low, high)


def _band(rng: np.random.Generator, length: int, low: float, high: float) -> Samples:
    """Noise between two frequencies, falling towards the higher one, of unit strength."""
    spectrum = np.fft.rfft(rng.standard_normal(length, dtype=np.float32))
    frequency = np.fft.rfftfreq(length, 1 / SAMPLE_RATE).astype(np.float32)
    shape = 1 / ((1 + (low / np.maximum(frequency, 1)) ** 4) * (1 + (frequency / high) ** 4))
    noise = np.fft.irfft(spectrum * (shape / np.sqrt(np.maximum(frequency, low))), length)
    return np.asarray(noise * (0.25 / max(float(noise.std()), 1e-9)), np.float32)


def _drops(plan: Plan, mix: Samples) -> None:
    """Single drops in rain, bubbles under water."""
    rain, water = plan.get("weather") in {"rain", "storm"}, plan.get("setting") == "underwater"
    if not (rain or water):
        return
    rng = _random(plan, "drops")
    for start in _moments(rng, mix.shape[1], 14 if rain else 3):
        pitch = rng.uniform(1500, 5000) if rain else rng.uniform(250, 700)
        rise = 0.0 if rain else 4.0
        _add(mix, start, _blip(pitch, 0.03 if rain else 0.12, rise) * rng.uniform(0.01, 0.05), rng.uniform(0.2, 0.8))


def _animals(plan: Plan, mix: Samples) -> None:
    """Birds by day and crickets by night, out of doors in the green."""
    if plan.get("setting") not in {"forest", "field", "lake"} or plan.get("weather") in {"storm", "rain", "snow"}:
        return
    rng = _random(plan, "animals")
    night = plan.get("time") in {"night", "dusk"}
    for start in _moments(rng, mix.shape[1], 1.5 if night else 0.8):
        place, level = rng.uniform(0.1, 0.9), rng.uniform(0.01, 0.035)
        pitch = 4200.0 if night else rng.uniform(2200, 3600)
        for chirp in range(int(rng.integers(3, 6))):
            sound = _blip(pitch, 0.03 if night else 0.09, 0 if night else rng.uniform(-2, 2))
            _add(mix, start + int(chirp * (0.05 if night else 0.13) * SAMPLE_RATE), sound * level, place)


def _crackle(plan: Plan, mix: Samples) -> None:
    fire = {"campfire", "lantern"} & {str(prop.get("kind")) for prop in plan.get("props") or []}
    if not (fire or plan.get("weather") == "embers" or "fireplace" in (plan.get("details") or [])):
        return
    rng = _random(plan, "crackle")
    for start in _moments(rng, mix.shape[1], 12):
        snap = rng.standard_normal(int(rng.uniform(0.002, 0.012) * SAMPLE_RATE)).astype(np.float32)
        _add(mix, start, snap * np.linspace(1, 0, snap.size, dtype=np.float32) ** 2 * rng.uniform(0.02, 0.12), 0.5)


def _melody(plan: Plan, mix: Samples) -> None:
    instrument = _instrument(plan)
    if not instrument:
        return
    rng = _random(plan, "melody")
    scale = MINOR if _mood(plan) in MINOR_MOODS else MAJOR
    beat = 0.5 if _mood(plan) in {"calm", "sad", "dreamy"} else 0.33
    play, place = _VOICES[instrument], len(scale) // 2
    for number in range(int(mix.shape[1] / SAMPLE_RATE / beat)):
        place = int(np.clip(place + rng.integers(-2, 3), 0, len(scale) - 1))
        if number % 4 == 0 or rng.random() < 0.7:
            note = play(_pitch(plan, 12 + scale[place]), beat)
            _add(mix, int(number * beat * SAMPLE_RATE), note * rng.uniform(0.14, 0.2), 0.45)


def _instrument(plan: Plan) -> str | None:
    props = [str(prop.get("kind")) for prop in plan.get("props") or []]
    named = next((each for each in INSTRUMENTS if each in props), None)
    motions = {str(subject.get("motion")) for subject in plan.get("subjects") or []}
    return named or ("guitar" if motions & {"dance", "sing"} else None)


def _piano(pitch: float, beat: float) -> Samples:
    return _partials(pitch, 1.6, ((1, 1.0, 3.0), (2, 0.45, 4.5), (3, 0.2, 7.0), (4, 0.1, 9.0)))


def _guitar(pitch: float, beat: float) -> Samples:
    return _partials(pitch / 2, 1.2, ((1, 1.0, 4.0), (2, 0.7, 6.0), (3, 0.5, 8.0), (4, 0.3, 11.0), (5, 0.2, 14.0)))


def _violin(pitch: float, beat: float) -> Samples:
    length = int(beat * 1.3 * SAMPLE_RATE)
    angle = 2 * np.pi * pitch * _time(length) + 0.25 * np.sin(2 * np.pi * 5.5 * _time(length))
    tone = sum(np.sin(angle * harmonic) / harmonic for harmonic in range(1, 6))
    return np.asarray(0.6 * tone * _swell(length, length // 3), np.float32)


def _drum(pitch: float, beat: float) -> Samples:
    time = _time(int(0.25 * SAMPLE_RATE))
    return np.asarray(
        1.5 * np.exp(-16 * time) * np.sin(2 * np.pi * (55 * time + 6 * (1 - np.exp(-30 * time)))), np.float32
    )


_VOICES: dict[str, Callable[[float, float], Samples]] = {
    "piano": _piano,
    "guitar": _guitar,
    "violin": _violin,
    "drums": _drum,
}


def _partials(pitch: float, seconds: float, partials: tuple[tuple[int, float, float], ...]) -> Samples:
    time = _time(int(seconds * SAMPLE_RATE))
    tone = sum(level * np.exp(-decay * time) * np.sin(2 * np.pi * pitch * n * time) for n, level, decay in partials)
    return np.asarray(tone * np.minimum(time * 250, 1), np.float32)


def _whooshes(plan: Plan, mix: Samples) -> None:
    """A breath of air over each cut."""
    rng = _random(plan, "whoosh")
    for shot in (plan.get("shots") or [])[1:]:
        length = SAMPLE_RATE
        air = _band(rng, length, 300, 2500) * np.sin(np.linspace(0, np.pi, length, dtype=np.float32)) ** 3
        _add(mix, int(float(shot.get("start", 0)) * SAMPLE_RATE) - length // 2, air * np.float32(0.25), 0.5)


def _blip(pitch: float, seconds: float, rise: float) -> Samples:
    """A short tone that glides by `rise` times its own pitch per second."""
    time = _time(int(seconds * SAMPLE_RATE))
    return np.asarray(np.sin(2 * np.pi * pitch * (time + rise * time * time / 2)) * _swell(time.size, time.size // 3))


def _moments(rng: np.random.Generator, length: int, per_second: float) -> Iterator[int]:
    count = int(length / SAMPLE_RATE * per_second)
    yield from (int(start) for start in rng.integers(0, length, count))


def _add(mix: Samples, start: int, sound: Samples, place: float) -> None:
    """Mix a mono sound in; `place` runs from 0, left, to 1, right. What lies outside of the film is cut."""
    first, last = max(start, 0), min(start + sound.size, mix.shape[1])
    if first < last:
        part = sound[first - start : last - start]
        mix[0, first:last] += part * np.float32(1 - place)
        mix[1, first:last] += part * np.float32(place)


def _fade(mix: Samples) -> None:
    rise, fall = int(FADE_IN * SAMPLE_RATE), int(FADE_OUT * SAMPLE_RATE)
    mix[:, :rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    mix[:, -fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
