"""Seeded random streams and the smooth noises that skies, terrain and water are made of."""

from __future__ import annotations

import hashlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def stream(seed: int, *names: object) -> np.random.Generator:
    """A generator that depends on the seed and the object's name only, never on call order."""
    digest = hashlib.sha256("|".join(map(str, (seed, *names))).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def fbm(rng: np.random.Generator, shape: tuple[int, int], cell: float, octaves: int = 5, gain: float = 0.5) -> Array:
    """Fractal noise in 0..1; `cell` is the size in pixels of its largest feature, (wide, high) may be stretched."""
    return stretched(rng, shape, (cell, cell), octaves, gain)


def stretched(
    rng: np.random.Generator, shape: tuple[int, int], cell: tuple[float, float], octaves: int, gain: float = 0.5
) -> Array:
    high, wide = shape
    total = np.zeros(shape, np.float32)
    weight, amplitude = 0.0, 1.0
    for octave in range(octaves):
        columns, rows = (max(2, round(n * 2**octave / c) + 1) for n, c in zip((wide, high), cell, strict=True))
        if columns > wide or rows > high:
            break
        grid = rng.random((rows, columns), dtype=np.float32)
        total += amplitude * cv2.resize(grid, (wide, high), interpolation=cv2.INTER_CUBIC)
        weight += amplitude
        amplitude *= gain
    return np.asarray(np.clip(total / max(weight, 1e-6), 0.0, 1.0))


def ridged(rng: np.random.Generator, shape: tuple[int, int], cell: float, octaves: int = 6) -> Array:
    """Ridged multifractal in 0..1: sharp crests, broad valleys."""
    high, wide = shape
    total = np.zeros(shape, np.float32)
    carry = np.ones(shape, np.float32)
    amplitude, weight = 1.0, 0.0
    for octave in range(octaves):
        columns, rows = (max(2, round(n * 2**octave / cell) + 1) for n in (wide, high))
        grid = rng.random((min(rows, high), min(columns, wide)), dtype=np.float32)
        noise = cv2.resize(grid, (wide, high), interpolation=cv2.INTER_CUBIC)
        crest = (1.0 - np.abs(2.0 * noise - 1.0)) ** 2 * carry
        carry = np.clip(crest * 1.6, 0.0, 1.0)
        total += amplitude * crest
        weight += amplitude
        amplitude *= 0.5
    return np.asarray(np.clip(total / weight, 0.0, 1.0))


def wave(rng: np.random.Generator, width: int, roughness: float, lowest: int = 1, highest: int = 64) -> Array:
    """A periodic line in 0..1, made of sines whose size falls with frequency ** roughness."""
    spectrum = np.zeros(width // 2 + 1, np.complex128)
    top = min(highest, width // 2)
    k = np.arange(lowest, top + 1)
    spectrum[lowest : top + 1] = np.exp(2j * np.pi * rng.random(k.size)) * k ** (-roughness)
    line = np.fft.irfft(spectrum, width)
    low, high = float(line.min()), float(line.max())
    return ((line - low) / max(high - low, 1e-9)).astype(np.float32)


def drift(rng: np.random.Generator) -> Any:
    """A slow smooth wandering function of time in about -1..1."""
    phases, speeds = rng.random(3) * 2 * np.pi, 0.5 + rng.random(3) * np.array([0.4, 0.9, 1.7])

    def at(t: float) -> float:
        return float(np.sum(np.sin(phases + speeds * t) * (0.5, 0.3, 0.2)))

    return at
