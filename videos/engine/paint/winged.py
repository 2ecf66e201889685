"""Birds, butterflies and flying machines."""

from __future__ import annotations

from typing import Any

import numpy as np

from videos.engine.paint.colour import RGB, mix, rgb, scaled
from videos.engine.paint.pen import Pen, Point
from videos.engine.paint.quadruped import SIZES

INK: RGB = (34, 30, 38)
COATS: dict[str, tuple[RGB, float]] = {
    "bird": ((86, 140, 206), 0.34), "eagle": ((92, 64, 46), 0.7), "crow": ((36, 36, 46), 0.4), "owl": ((150, 112,
        76), 0.5),
    "gull": ((244, 244, 246), 0.45), "swan": ((248, 246, 242), 0.75), "butterfly": ((242, 142, 56), 0.26),
        "bat": ((50, 42, 56), 0.34),
}  # fmt: skip


class Bird:
    """Body length is one unit; flies by default, perches or swims when told."""

    hands, reach = 0.5, 0.3
    seat_height = 0.0

    def __init__(self, subject: dict[str, Any]) -> None:
        self.species = str(subject["species"])
        coat, self.size = COATS.get(self.species, COATS["bird"])
        self.coat = rgb(subject["colours"][0]) if subject["colours"] else coat
        self.motion = str(subject["motion"])
        self.size *= SIZES[subject["size"]]
        self.phase = (int(subject["seed"]) % 97) / 97 * 6.28
        self.box = (-1.15, 1.15, 1.3)

    @property
    def airborne(self) -> bool:
        return self.motion not in ("sit", "sleep", "swim", "stand", "walk", "sing", "play")

    def draw(self, pen: Pen, t: float) -> None:
        if self.species == "butterfly":
            self._butterfly(pen, t + self.phase)
        elif not self.airborne:
            self._swan(pen, t) if self.species == "swan" else self._perched(pen, t)
        else:
            self._flying(pen, t)

    def _flying(self, pen: Pen, t: float) -> None:
        glide = self.species in ("eagle", "gull")
        beat = t * (3.2 if glide else 9.0 if self.species != "swan" else 4.5) + self.phase
        flap = float(np.sin(beat)) * (0.28 if glide else 0.5) + 0.16
        y, belly = 0.5, mix(self.coat, (255, 250, 240), 0.45)
        self._wing(pen, (0.06, y + 0.05), flap, scaled(self.coat, 0.68), 0.12)
        pen.polygon([(-0.38, y), (-0.72, y + 0.07), (-0.74, y - 0.06), (-0.4, y - 0.06)], scaled(self.coat, 0.8))
        neck = 0.3 if self.species == "swan" else 0.0
        pen.blob(
            [(-0.5, y), (-0.1, y + 0.15), (0.26, y + 0.12), (0.36, y), (0.1, y - 0.14), (-0.25, y - 0.11)], self.coat
        )
        pen.inside([(-0.4, y - 0.02), (0.3, y - 0.02), (0.2, y - 0.25), (-0.3, y - 0.25)], belly, pen.mask())
        if neck:
            pen.limb([(0.25, y + 0.02), (0.45, y + 0.06), (0.62, y + 0.09)], [0.08, 0.05, 0.05], self.coat)
        hx, hy = 0.38 + neck, y + 0.1
        head = (250, 248, 242) if self.species == "eagle" else self.coat
        pen.disc((hx, hy), 0.12 if not neck else 0.085, head)
        pen.polygon([(hx + 0.08, hy + 0.04), (hx + 0.25, hy - 0.03), (hx + 0.08, hy - 0.05)], (244, 176, 70))
        pen.disc((hx + 0.04, hy + 0.03), 0.022, INK)
        if self.species == "bat":
            pen.polygon([(hx - 0.06, hy + 0.08), (hx - 0.02, hy + 0.24), (hx + 0.04, hy + 0.1)], self.coat)
        self._wing(pen, (0.02, y + 0.06), flap, scaled(self.coat, 0.92), 0.0)

    def _wing(self, pen: Pen, root: Point, flap: float, colour: RGB, shift: float) -> None:
        x, y = root[0] + shift, root[1]
        lift = 0.35 + 1.1 * flap
        mid = (x - 0.1, y + 0.42 * lift + 0.1)
        tip = (x - 0.46, y + 0.9 * lift + 0.06)
        pen.blob(
            [(x + 0.16, y), (mid[0] + 0.16, mid[1] + 0.05), tip, (mid[0] - 0.26, mid[1] - 0.12), (x - 0.26, y - 0.03)],
            colour,
        )
        pen.blob([tip, (mid[0] - 0.05, mid[1]), (mid[0] - 0.26, mid[1] - 0.12)], scaled(colour, 0.62))

    def _perched(self, pen: Pen, t: float) -> None:
        owl, nod = self.species == "owl", 0.012 * float(np.sin(t * 1.4 + self.phase))
        pen.polygon([(-0.22, 0.2), (-0.5, -0.04), (-0.34, -0.06), (-0.08, 0.14)], scaled(self.coat, 0.7))
        pen.blob([(-0.24, 0.2), (-0.2, 0.52), (0.02, 0.66), (0.2, 0.5), (0.2, 0.18), (0.0, 0.03)], self.coat)
        pen.inside(
            [(0.02, 0.5), (0.26, 0.46), (0.24, 0.1), (0.0, 0.02)], mix(self.coat, (255, 246, 230), 0.6), pen.mask()
        )
        pen.blob([(-0.2, 0.48), (-0.02, 0.4), (-0.06, 0.16), (-0.28, 0.06)], scaled(self.coat, 0.75))
        r, hx, hy = 0.2 if owl else 0.16, 0.06, 0.7 + nod
        if owl:
            for dx in (-0.14, 0.16):
                pen.polygon([(hx + dx - 0.07, hy + 0.1), (hx + dx, hy + 0.3), (hx + dx + 0.07, hy + 0.1)], self.coat)
        pen.disc((hx, hy), r, self.coat)
        for dx in (-0.02, 0.14) if owl else (0.06,):
            pen.disc((hx + dx, hy + 0.02), 0.085 if owl else 0.03, (250, 220, 130) if owl else INK)
            pen.disc((hx + dx + 0.01, hy + 0.02), 0.045 if owl else 0.01, INK if owl else (255, 255, 255))
        pen.polygon([(hx + r * 0.6, hy - 0.01), (hx + r * 1.4, hy - 0.06), (hx + r * 0.55, hy - 0.1)], (244, 176, 70))
        for x in (-0.04, 0.08):
            pen.line([(x, 0.06), (x + 0.02, -0.02)], 0.02, (214, 150, 70), smooth=False)

    def _swan(self, pen: Pen, t: float) -> None:
        nod = 0.02 * float(np.sin(t * 1.1 + self.phase))
        pen.blob([(-0.5, 0.22), (-0.3, 0.3), (0.1, 0.26), (0.4, 0.12), (0.3, -0.05), (-0.3, -0.05)], self.coat)
        pen.limb([(0.28, 0.14), (0.42, 0.36), (0.34, 0.6), (0.42 + nod, 0.76)], [0.09, 0.06, 0.05, 0.055], self.coat)
        pen.disc((0.46 + nod, 0.76), 0.07, self.coat)
        pen.polygon([(0.5 + nod, 0.79), (0.66 + nod, 0.71), (0.5 + nod, 0.71)], (240, 140, 60))
        pen.disc((0.48 + nod, 0.78), 0.014, INK)
        pen.blob([(-0.58, 0.34), (-0.2, 0.36), (0.14, 0.22), (-0.1, 0.08), (-0.4, 0.14)], scaled(self.coat, 0.94))

    def _butterfly(self, pen: Pen, t: float) -> None:
        k = 0.35 + 0.65 * abs(float(np.sin(t * 5.5)))
        edge = scaled(self.coat, 0.35)
        for s, shade in ((-1, 0.82), (1, 1.0)):
            w = 0.5 * k * s
            pen.blob([(0, 0.55), (w * 0.7, 0.98), (w * 1.3, 0.86), (w * 0.9, 0.52)], edge)
            pen.blob([(0, 0.54), (w * 0.66, 0.9), (w * 1.14, 0.8), (w * 0.8, 0.54)], scaled(self.coat, shade))
            pen.blob([(0, 0.5), (w * 0.8, 0.48), (w * 0.85, 0.2), (w * 0.3, 0.24)], scaled(self.coat, shade * 0.86))
            pen.disc((w * 0.8, 0.78), 0.04, (255, 246, 226))
        pen.limb([(0, 0.3), (0, 0.66)], [0.025, 0.03], INK)


class Flyer:
    """Balloons, planes, rockets, saucers."""

    hands, reach, airborne = 0.5, 0.3, True
    seat_height = 0.0

    def __init__(self, subject: dict[str, Any]) -> None:
        self.species = str(subject["species"])
        self.colour = rgb(subject["colours"][0]) if subject["colours"] else None
        self.size = {"balloon": 1.0, "plane": 0.95, "rocket": 1.0, "ufo": 0.85, "helicopter": 0.9}.get(
            self.species, 0.9
        ) * SIZES[subject["size"]]
        self.phase = (int(subject["seed"]) % 97) / 97 * 6.28
        self.seed = int(subject["seed"])
        self.box = (-0.85, 0.85, 1.25)

    def draw(self, pen: Pen, t: float) -> None:
        t += self.phase
        match self.species:
            case "balloon":
                self._balloon(pen, t)
            case "rocket":
                self._rocket(pen, t)
            case "ufo":
                self._saucer(pen, t)
            case "helicopter":
                self._helicopter(pen, t)
            case _:
                self._plane(pen, t)

    def _balloon(self, pen: Pen, t: float) -> None:
        base = self.colour or ((206, 70, 62), (232, 160, 60), (70, 120, 180), (110, 150, 90))[self.seed % 4]
        pen.turn, pen.pivot = 0.03 * float(np.sin(t * 0.7)), (0.0, 0.7)
        a = np.linspace(-0.35, np.pi + 0.35, 30)
        x, y = 0.42 * np.cos(a), 0.74 + 0.42 * np.sin(a)
        foot = np.array([[-0.1, 0.3], [0.1, 0.3]])
        pen.polygon(np.vstack([np.stack([x, y], 1), foot]), base)
        for n, k in enumerate((0.78, 0.5, 0.2)):
            colour = (250, 236, 208) if n % 2 == 0 else base
            pen.polygon(
                np.vstack([np.stack([x * k, y + (1 - k) * 0.0], 1), foot * (k, 1)]), scaled(colour, 0.95 if n else 1.0)
            )
        for s in (-1, 1):
            pen.line([(s * 0.1, 0.3), (s * 0.06, 0.13)], 0.008, (90, 70, 56), smooth=False)
        pen.blob([(-0.09, 0.14), (0.09, 0.14), (0.075, 0.0), (-0.075, 0.0)], (140, 94, 56))
        pen.turn = 0.0

    def _plane(self, pen: Pen, t: float) -> None:
        c = self.colour or (236, 240, 246)
        pen.turn, pen.pivot = 0.05 * float(np.sin(t * 0.8)) + 0.06, (0.0, 0.5)
        pen.polygon([(-0.62, 0.54), (-0.74, 0.84), (-0.58, 0.84), (-0.42, 0.58)], self.colour or (206, 66, 60))
        pen.blob([(-0.72, 0.5), (-0.4, 0.6), (0.4, 0.62), (0.7, 0.54), (0.72, 0.47), (0.4, 0.4), (-0.4, 0.42)], c)
        for n in range(7):
            pen.oval((-0.3 + n * 0.11, 0.54), (0.026, 0.032), (92, 140, 190))
        pen.polygon([(0.16, 0.48), (-0.3, 0.22), (-0.44, 0.24), (-0.12, 0.5)], scaled(c, 0.8))
        pen.polygon([(-0.5, 0.5), (-0.7, 0.4), (-0.78, 0.42), (-0.62, 0.52)], scaled(c, 0.75))
        pen.turn = 0.0

    def _rocket(self, pen: Pen, t: float) -> None:
        pen.turn, pen.pivot = -0.5 + 0.03 * float(np.sin(t)), (0.0, 0.5)
        flare = 0.05 * float(np.sin(t * 7))
        pen.blob([(-0.09, 0.2), (0, -0.16 + flare), (0.09, 0.2)], (250, 150, 60))
        pen.blob([(-0.05, 0.2), (0, -0.02 + flare), (0.05, 0.2)], (255, 236, 170))
        fin = self.colour or (212, 62, 60)
        for s in (-1, 1):
            pen.blob([(s * 0.12, 0.46), (s * 0.28, 0.22), (s * 0.24, 0.14), (s * 0.1, 0.24)], fin)
        pen.blob(
            [(-0.12, 0.2), (-0.17, 0.55), (-0.1, 0.86), (0, 1.06), (0.1, 0.86), (0.17, 0.55), (0.12, 0.2)],
            (240, 240, 244),
        )
        pen.blob([(-0.1, 0.86), (0, 1.06), (0.1, 0.86), (0, 0.84)], fin)
        pen.disc((0.02, 0.66), 0.075, (90, 100, 120))
        pen.disc((0.02, 0.66), 0.055, (120, 200, 236))
        pen.turn = 0.0

    def _saucer(self, pen: Pen, t: float) -> None:
        pen.turn, pen.pivot = 0.07 * float(np.sin(t)), (0.0, 0.6)
        pen.blob([(-0.26, 0.66), (-0.2, 0.88), (0, 0.96), (0.2, 0.88), (0.26, 0.66)], (150, 220, 230))
        pen.oval((0, 0.62), (0.62, 0.15), self.colour or (164, 172, 188))
        pen.oval((0, 0.59), (0.56, 0.1), (112, 120, 138))
        for n in range(6):
            on = 0.5 + 0.5 * float(np.sin(t * 2.2 + n * 1.05))
            pen.disc((-0.44 + n * 0.176, 0.58), 0.036, mix((90, 80, 60), (255, 236, 150), on))
        pen.turn = 0.0

    def _helicopter(self, pen: Pen, t: float) -> None:
        c = self.colour or (206, 66, 60)
        pen.limb([(-0.2, 0.56), (-0.76, 0.66)], [0.1, 0.03], c)
        pen.polygon([(-0.7, 0.66), (-0.84, 0.84), (-0.76, 0.6)], c)
        pen.blob([(-0.36, 0.5), (-0.2, 0.76), (0.2, 0.76), (0.42, 0.5), (0.2, 0.32), (-0.2, 0.32)], c)
        pen.blob([(0.1, 0.7), (0.36, 0.52), (0.2, 0.46), (0.06, 0.5)], (166, 214, 236))
        w = abs(float(np.cos(t * 11)))
        pen.line([(-0.8 * w, 0.88), (0.8 * w, 0.88)], 0.02, (60, 60, 70), smooth=False)
        pen.line([(0, 0.76), (0, 0.88)], 0.03, (60, 60, 70), smooth=False)
        pen.line([(-0.3, 0.22), (0.36, 0.22)], 0.02, (60, 60, 70), smooth=False)
