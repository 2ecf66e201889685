"""House fronts side by side: storeys, lit windows, shops, awnings, neon."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, bgr, mix, scaled
from videos.engine.paint.noise import Array, stream
from videos.engine.paint.parts import Site

REACH = (3.0, 62.0)
NEON = ((255, 64, 120), (64, 220, 255), (255, 176, 56), (180, 90, 255), (90, 255, 170), (255, 84, 66))


class Facade:
    """Houses side by side: storeys, lit windows, shop fronts, awnings, neon."""

    def __init__(self, site: Site, side: int, dark: bool, top: float) -> None:
        self.site, self.dark, self.top = site, dark, top
        rng = stream(site.seed, "facade", side)
        self.houses: list[dict[str, Any]] = []
        z = REACH[0] - 1.0
        while z < REACH[1]:
            width = float(rng.uniform(3.2, 5.4))
            tone = float(rng.uniform(0.75, 1.15))
            base: RGB = ((116, 88, 82), (92, 96, 112), (138, 116, 96), (84, 78, 92), (120, 72, 66), (102, 110, 104))[
                int(rng.integers(6))
            ]
            self.houses.append(
                {
                    "z": z,
                    "width": width,
                    "height": float(rng.uniform(0.5, 0.98)) * top,
                    "base": scaled(base, tone),
                    "seed": int(rng.integers(1 << 30)),
                    "neon": NEON[int(rng.integers(len(NEON)))],
                    "floor": float(rng.uniform(1.45, 1.75)),
                }
            )
            z += width

    def picture(self, start: float, end: float, density: float) -> Array:
        image = np.zeros((round(self.top * density), round((end - start) * density), 4), np.uint8)
        for house in self.houses:
            if house["z"] < end and house["z"] + house["width"] > start:
                self._house(image, house, start, density)
        return image

    def _house(self, image: Array, house: dict[str, Any], start: float, d: float) -> None:
        rng = stream(house["seed"], "house")
        x0, wide = (house["z"] - start) * d, house["width"] * d
        wall = scaled(house["base"], 0.3 if self.dark else 0.95)
        foot = self.top * d

        def box(x: float, y: float, w: float, h: float, colour: RGB) -> None:
            """A rectangle in metres from the house's left foot."""
            p = (round(x0 + x * d), round(foot - (y + h) * d)), (round(x0 + (x + w) * d) - 1, round(foot - y * d) - 1)
            cv2.rectangle(image, *p, (*bgr(colour), 255), -1)

        box(0, 0, house["width"], house["height"], wall)
        box(house["width"] - 0.12, 0, 0.12, house["height"], scaled(wall, 0.55))
        box(0, house["height"] - 0.22, house["width"], 0.22, scaled(wall, 1.35))
        y = 2.6
        while y < house["height"] - 1.0:
            self._storey(box, house, rng, y, wall)
            y += house["floor"]
        self._shop(box, house, rng, wall)
        if self.dark:
            self._spill(image, house, start, d, wide)

    def _storey(self, box: Any, house: dict[str, Any], rng: np.random.Generator, y: float, wall: RGB) -> None:
        count = max(2, round(house["width"] / 1.25))
        gap = house["width"] / count
        box(0, y - 0.18, house["width"], 0.06, scaled(wall, 0.7))
        for n in range(count):
            pick, warm, kind = rng.random(), rng.random(), rng.random()
            lit = pick < (0.52 if self.dark else 0.12)
            glass: RGB = mix((255, 190, 104), (255, 236, 190), warm) if warm < 0.75 else (150, 206, 240)
            glass = scaled(glass, 0.62 + 0.34 * kind) if lit else ((22, 26, 42) if self.dark else (104, 132, 156))
            x, w, h = n * gap + gap * 0.18, gap * 0.64, house["floor"] * 0.56
            box(x - 0.05, y - 0.05, w + 0.1, h + 0.1, scaled(wall, 0.6))
            box(x, y, w, h, glass)
            box(x, y + h * 0.55, w, 0.05, scaled(wall, 0.6))
            box(x + w * 0.48, y, 0.05, h, scaled(wall, 0.6))
            if lit and kind > 0.55:
                box(x, y, w * 0.3, h, scaled(glass, 0.6))
            if kind < 0.2:
                box(x + w * 0.5, y - 0.32, 0.5, 0.3, scaled(wall, 1.5))

    def _shop(self, box: Any, house: dict[str, Any], rng: np.random.Generator, wall: RGB) -> None:
        w = house["width"]
        glow: RGB = (255, 214, 150) if rng.random() < 0.6 else mix(house["neon"], (255, 255, 255), 0.5)
        pane = scaled(glow, 0.92) if self.dark else mix((126, 152, 170), glow, 0.4)
        box(0.15, 0.0, w - 0.3, 2.1, scaled(wall, 0.5))
        box(0.3, 0.45, w - 1.6, 1.5, pane)
        box(w - 1.15, 0.0, 0.75, 1.95, scaled(pane, 0.8))
        for n in range(int((w - 1.8) / 0.45)):
            box(0.42 + n * 0.45, 0.5, 0.26, float(rng.uniform(0.25, 0.7)), scaled(pane, float(rng.uniform(0.35, 0.8))))
        stripe: RGB = house["neon"]
        box(0.1, 1.98, w - 0.2, 0.34, scaled(mix(stripe, wall, 0.25), 0.95 if self.dark else 0.8))
        for n in range(int(w / 0.5)):
            box(
                0.2 + n * 0.5,
                2.05,
                0.3 * float(rng.uniform(0.5, 1.0)),
                0.2,
                (255, 248, 235) if self.dark else (250, 244, 230),
            )
        if self.dark and rng.random() < 0.75:
            box(w * 0.2, 2.42, w * 0.6, 0.07, mix(stripe, (255, 255, 255), 0.4))

    def _spill(self, image: Array, house: dict[str, Any], start: float, d: float, wide: float) -> None:
        """Neon light on the wall around the shop."""
        x0, x1 = (
            int(max(0, (house["z"] - start) * d)),
            int(min(image.shape[1], (house["z"] + house["width"] - start) * d)),
        )
        if x1 - x0 < 3:
            return
        rows = min(image.shape[0], int(6.5 * d))
        y = (rows - np.arange(rows, dtype=np.float32)) / d
        fall = np.exp(-np.abs(y - 2.2) / 1.1)[:, None, None] * 0.42
        x = np.sin(np.linspace(0, np.pi, x1 - x0, dtype=np.float32))[None, :, None]
        region = image[-rows:, x0:x1]
        light = fall * x * np.array(bgr(house["neon"]), np.float32) * (region[..., 3:4] > 0)
        region[..., :3] = np.clip(region[..., :3] + light * 0.55, 0, 255).astype(np.uint8)
