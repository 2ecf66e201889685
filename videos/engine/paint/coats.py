"""Coats: what is painted on a body, from calico patches to a shell."""

from __future__ import annotations

import numpy as np

from videos.engine.paint.colour import RGB, scaled
from videos.engine.paint.noise import Array
from videos.engine.paint.pen import Pen


def paint_markings(
    pen: Pen, coat: RGB, pattern: str, seed: int, mask: Array, body: tuple[float, float, float, float]
) -> None:
    """Markings of a body from `back` to `front` whose middle is at `y` and half thickness `r`."""
    back, front, y, r = body
    match pattern:
        case "calico":
            pen.inside(
                [(back - 0.16, y + r), (back + 0.16, y + r * 1.2), (back + 0.2, y), (back - 0.08, y - r * 0.3)],
                (226, 132, 58),
                mask,
            )
            pen.inside(
                [(-0.02, y + r * 1.6), (0.1, y + r * 1.6), (0.08, y + r * 0.75), (-0.04, y + r * 0.7)],
                (52, 46, 48),
                mask,
            )
        case "tabby" | "stripes":
            ink = (44, 36, 38) if pattern == "stripes" else scaled(coat, 0.62)
            for n in range(7):
                x = back - 0.05 + n * 0.095
                pen.inside(
                    [(x, y + r * 1.3), (x + 0.035, y + r * 1.2), (x + 0.05, y - r * 0.1), (x + 0.02, y - r * 0.5)],
                    ink,
                    mask,
                )
        case "spots" | "spotted" | "giraffe" | "patches":
            _spots(pen, pattern, seed, mask, back, y, r)
        case "panda":
            pen.inside(
                [
                    (front - 0.1, y + r * 1.4),
                    (front + 0.09, y + r * 1.3),
                    (front + 0.1, y - r * 1.4),
                    (front - 0.12, y - r * 1.3),
                ],
                (40, 38, 42),
                mask,
            )
        case "wool":
            for n in range(13):
                a = n / 13 * 2 * np.pi
                pen.disc(
                    (-0.02 + 0.35 * np.cos(a), y + 0.02 + r * 0.86 * np.sin(a)),
                    0.1,
                    scaled(coat, 0.97 + 0.03 * (n % 2)),
                )
        case "hump":
            pen.blob([(-0.3, y + r * 0.6), (-0.1, y + r * 2.0), (0.1, y + r * 0.7), (-0.1, y + r * 0.2)], coat)
        case "shell":
            pen.blob(
                [
                    (-0.46, y - r * 0.2),
                    (-0.3, y + r * 1.0),
                    (0.0, y + r * 1.7),
                    (0.3, y + r * 0.9),
                    (0.42, y - r * 0.2),
                ],
                (104, 84, 50),
            )
            for n in range(4):
                pen.disc((-0.25 + n * 0.17, y + r * (0.55 + 0.45 * (n in (1, 2)))), 0.06, (136, 114, 66))
        case "spikes":
            for n in range(7):
                x = back + n * 0.09
                pen.polygon([(x, y + r * 0.75), (x + 0.04, y + r * 1.35), (x + 0.1, y + r * 0.75)], (214, 170, 80))


def _spots(pen: Pen, pattern: str, seed: int, mask: Array, back: float, y: float, r: float) -> None:
    rng = np.random.Generator(np.random.PCG64(seed))
    big = pattern in ("patches", "giraffe")
    ink = (58, 48, 48) if pattern == "patches" else (168, 96, 44) if pattern == "giraffe" else (70, 48, 34)
    for n in range(9 if pattern == "patches" else 22):
        x, dy = back - 0.08 + 0.76 * rng.random(), (rng.random() * 2 - 1) * r
        s = (0.07 + 0.05 * rng.random()) * (1.0 if pattern == "patches" else 0.62) if big else 0.024 + 0.008 * (n % 2)
        pen.inside([(x - s, y + dy), (x, y + dy + s), (x + s * 1.1, y + dy), (x, y + dy - s * 0.8)], ink, mask)
