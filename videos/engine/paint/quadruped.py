"""Four-legged puppets: one skeleton, many species; walk, run, sit, sleep and play."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from videos.engine.paint.breeds import BUILDS
from videos.engine.paint.coats import paint_markings
from videos.engine.paint.colour import RGB, mix, rgb, scaled
from videos.engine.paint.heads import draw_head
from videos.engine.paint.noise import Array
from videos.engine.paint.pen import Pen, Point

DARK: RGB = (34, 28, 32)


SIZES = {"big": 1.4, "small": 0.68, "": 1.0}


class Quadruped:
    """One animal. Its own length is one unit; the foot point is the origin."""

    def __init__(self, subject: dict[str, Any]) -> None:
        build = BUILDS.get(subject["species"], BUILDS["dog"])
        self.pattern = str(subject["pattern"]) or build.mark
        if subject["colours"] and self.pattern not in ("stripes", "panda", "patches"):
            coat = rgb(subject["colours"][0])
            build = replace(build, coat=coat, belly=mix(coat, (255, 250, 240), 0.32 if sum(coat) > 160 else 0.06))
        if self.pattern in ("calico", "tuxedo", "siamese"):
            coats: dict[str, RGB] = {"calico": (248, 240, 226), "tuxedo": (44, 42, 50), "siamese": (232, 216, 192)}
            build = replace(build, coat=coats[self.pattern], belly=(250, 245, 236))
        self.build, self.motion = build, str(subject["motion"])
        self.size = build.size * SIZES[subject["size"]]
        self.phase = (int(subject["seed"]) % 97) / 97.0
        upright = build.body * 1.85 + 0.22 + build.neck * 0.6 + build.head * (3.0 if build.ear == "long" else 2.4)
        top = 0.78 + build.neck * 1.25 + (0.55 if build.extra else 0.0)
        self.box = (-0.95, 0.95, max(top, upright))

    @property
    def hands(self) -> float:
        """How high the paws of a sitting animal play."""
        return (self.build.body * 1.3 + 0.2) * 0.98

    reach = 0.43
    seat_height = 0.0

    def draw(self, pen: Pen, t: float) -> None:
        match self.motion:
            case "sit" | "play" | "sing" | "hold" | "drive":
                self._sitting(pen, t)
            case "sleep":
                self._lying(pen, t)
            case _:
                self._standing(pen, t)

    def _standing(self, pen: Pen, t: float) -> None:
        b, moving = self.build, self.motion in ("walk", "run", "ride", "dance", "fly", "swim")
        run = self.motion in ("run", "fly")
        beat = 2 * np.pi * (t * (2.1 if run else 0.95) / max(self.size, 0.6) ** 0.4 + self.phase)
        bob = (0.035 * np.sin(beat * (1 if run else 2)) if moving else 0.006 * np.sin(t * 2.2)) + (0.05 if run else 0)
        pitch = 0.05 * np.sin(beat + 0.8) if run else 0.0
        back, front, y = -b.length, b.length - 0.03, b.height - b.body + bob
        self._wings(pen, t, (0.02, y + b.body), near=False)
        far = scaled(self._leg_colour(), 0.7)
        swing = (0.3 if run else 0.17) * (1.0 if moving else 0.0)
        offsets = (0.0, 0.14, 0.5, 0.64) if run else (0.0, 0.5, 0.25, 0.75)
        hips = ((front - 0.03, y + pitch), (back + 0.05, y - pitch), (front + 0.03, y + pitch), (back, y - pitch))
        for n in (0, 1):
            self._leg(pen, hips[n], beat + 2 * np.pi * offsets[n], swing, far, hind=n == 1)
        self._tail(pen, (back - 0.12, y + b.body * 0.45 - pitch), t, run)
        self._trunk_body(pen, back, front, y, pitch)
        for n in (2, 3):
            self._leg(pen, hips[n], beat + 2 * np.pi * offsets[n], swing, self._leg_colour(), hind=n == 3)
        nod = 0.02 * np.sin(beat + 1.2) if moving else 0.01 * np.sin(t * 1.3)
        neck = (front + 0.05, y + b.body * 0.4 + pitch)
        lean = 0.62 if run else 0.5
        head = (neck[0] + b.neck * lean + 0.07, neck[1] + b.neck * b.rise + 0.05 + nod)
        self._wings(pen, t, (0.0, y + b.body), near=True)
        self._head(pen, neck, head, t)

    def _trunk_body(self, pen: Pen, back: float, front: float, y: float, pitch: float) -> None:
        b = self.build
        r, sag = b.body, b.body * 0.92
        outline: list[Point] = [
            (back - 0.13, y + 0.02 - pitch),
            (back - 0.07, y + r * 0.92 - pitch),
            (-0.06, y + r * 0.82),
            (front - 0.02, y + r * 1.0 + pitch),
            (front + 0.13, y + r * 0.45 + pitch),
            (front + 0.1, y - r * 0.55 + pitch),
            (0.02, y - sag * 0.86),
            (back + 0.06, y - r * 0.55 - pitch),
        ]
        pen.blob(outline, b.coat)
        mask = pen.mask()
        belly: list[Point] = [
            (back + 0.1, y - r * 0.62),
            (0.0, y - r * 0.5),
            (front + 0.08, y - r * 0.2),
            (front + 0.16, y - r * 1.2),
            (0.0, y - r * 1.5),
        ]
        pen.inside(belly, mix(b.coat, b.belly, 0.5), mask)
        self._mark(pen, mask, (back, front, y, r))

    def _mark(self, pen: Pen, mask: Array, body: tuple[float, float, float, float]) -> None:
        paint_markings(pen, self.build.coat, self.pattern, int(self.phase * 97) + 5, mask, body)

    def _leg_colour(self) -> RGB:
        if self.pattern in ("panda",) or self.build.mark == "socks":
            return (48, 42, 44)
        return scaled(self.build.coat, 0.94)

    def _leg(self, pen: Pen, hip: Point, phase: float, swing: float, colour: RGB, *, hind: bool) -> None:
        b = self.build
        stride, lift = np.sin(phase) * swing, max(0.0, float(np.cos(phase))) * swing * 0.55
        foot = (hip[0] + stride + (0.02 if not hind else -0.02), lift)
        bend = -0.07 if not hind else 0.085
        knee = (
            (hip[0] + foot[0]) / 2 + bend * (0.5 + lift * 3) * (1 if not hind else -1) * -1,
            (hip[1] + foot[1]) / 2 + 0.01,
        )
        thick = b.limb * (1.9 if hind else 1.45)
        pen.limb([hip, knee, (foot[0], foot[1] + b.limb)], [thick, b.limb * 1.05, b.limb * 0.78], colour)
        end = DARK if b.hoof else mix(colour, b.belly, 0.35 if b.mark != "socks" else 0.0)
        pen.oval((foot[0] + b.limb * 0.45, foot[1] + b.limb * 0.55), (b.limb * 1.25, b.limb * 0.62), end)

    def _tail(self, pen: Pen, root: Point, t: float, run: bool) -> None:
        b, x, y = self.build, root[0] + 0.05, root[1]
        w = 0.06 * np.sin(t * (5 if self.motion == "run" else 2.1) + self.phase * 6)
        out = 0.3 if run else 0.18
        match b.tail:
            case "long":
                pen.limb(
                    [(x, y), (x - 0.16, y + 0.06), (x - out, y + 0.24 + w), (x - out + 0.07 + w, y + 0.42)],
                    [0.034, 0.032, 0.03, 0.022],
                    self._tail_colour(),
                )
            case "bush":
                tip: Point = (x - 0.5, y + (0.1 if run else -0.06) + w * 1.6)
                pen.limb([(x, y), (x - 0.2, y - 0.03 + w), tip], [0.04, 0.105, 0.02], b.coat)
                pen.limb([(x - 0.36, y + (0.05 if run else -0.05) + w * 1.2), tip], [0.075, 0.018], b.belly)
            case "plume":
                pen.limb(
                    [(x, y), (x - 0.2, y + 0.1 + w), (x - 0.3, y + 0.26 + w)],
                    [0.04, 0.075, 0.03],
                    mix(b.coat, b.belly, 0.3),
                )
            case "curl":
                pen.limb(
                    [(x, y), (x - 0.1, y + 0.1), (x - 0.12, y + 0.22 + w), (x - 0.03 + w, y + 0.26)],
                    [0.03, 0.028, 0.024, 0.018],
                    b.coat,
                )
            case "hair":
                pen.limb([(x, y), (x - 0.14, y - 0.02 + w), (x - 0.2 - w, y - 0.34)], [0.03, 0.06, 0.022], self._mane())
            case "thin" | "tuft":
                pen.limb([(x, y), (x - 0.12, y - 0.08), (x - 0.14 + w, y - 0.26)], [0.022, 0.015, 0.014], b.coat)
                pen.disc((x - 0.14 + w, y - 0.28), 0.034, scaled(b.coat, 0.5))
            case "spike":
                pen.limb(
                    [(x + 0.05, y), (x - 0.26, y - 0.06), (x - 0.46, y + 0.08 + w), (x - 0.62, y + 0.02 + w)],
                    [0.1, 0.06, 0.03, 0.008],
                    b.coat,
                )
            case "puff" | "stub":
                pen.disc((x - 0.03, y + 0.04), 0.06 if b.tail == "puff" else 0.035, b.belly)

    def _tail_colour(self) -> RGB:
        return (
            (52, 46, 48) if self.pattern == "calico" else (90, 66, 56) if self.pattern == "siamese" else self.build.coat
        )

    def _mane(self) -> RGB:
        return (206, 160, 220) if self.build.extra == "horn" else scaled(self.build.coat, 0.42)

    def _wings(self, pen: Pen, t: float, at: Point, *, near: bool) -> None:
        if self.build.extra != "wings":
            return
        flap = float(np.sin(t * 3.2 + self.phase * 6)) * 0.22
        colour = scaled(self.build.coat, 0.86 if near else 0.6)
        x, y = at[0] + (0.0 if near else 0.12), at[1] - 0.03
        pen.blob(
            [
                (x + 0.1, y),
                (x - 0.02, y + 0.4 + flap),
                (x - 0.42, y + 0.62 + flap * 1.6),
                (x - 0.36, y + 0.34 + flap),
                (x - 0.28, y + 0.12),
            ],
            colour,
        )

    def _head(self, pen: Pen, neck: Point, head: Point, t: float) -> None:
        b = self.build
        if b.mark == "bigmane":
            pen.oval((head[0] - 0.06, head[1] - 0.02), (b.head * 1.55, b.head * 1.6), (142, 84, 42))
        top, low = b.body * 0.62, b.head * 0.72
        pen.limb(
            [(neck[0] - 0.06, neck[1] - 0.02), ((neck[0] + head[0]) / 2 - 0.02, (neck[1] + head[1]) / 2), head],
            [top, (top + low) / 2.1, low],
            b.coat,
        )
        if b.mark == "mane":
            pen.limb(
                [
                    (neck[0] - 0.1, neck[1] + 0.06),
                    ((neck[0] + head[0]) / 2 - 0.1, (neck[1] + head[1]) / 2 + 0.05),
                    (head[0] - 0.05, head[1] + b.head * 0.8),
                ],
                [0.035, 0.06, 0.04],
                self._mane(),
            )
        draw_head(
            pen, b, self.pattern, head, t + self.phase * 5, sings=self.motion == "sing", asleep=self.motion == "sleep"
        )

    def _sitting(self, pen: Pen, t: float) -> None:
        """Upright on the haunches; playing animals reach forward with both paws."""
        b, breath = self.build, 0.006 * float(np.sin(t * 2.4))
        hip, chest = (-0.12, b.body * 1.0), (0.08, b.body * 1.3 + 0.2)
        legs, far = self._leg_colour(), scaled(self._leg_colour(), 0.74)
        self._tail(pen, (hip[0] - 0.18, 0.06), t, False)
        self._arm(pen, chest, t, 0.0, far)
        outline: list[Point] = [
            (hip[0] - 0.17, hip[1] - 0.06),
            (hip[0] - 0.1, hip[1] + b.body * 0.95),
            (chest[0] - 0.13, chest[1] + b.body * 0.3 + breath),
            (chest[0] + 0.02, chest[1] + b.body * 0.6 + breath),
            (chest[0] + 0.12, chest[1] + breath),
            (chest[0] + 0.07, 0.16),
            (0.1, 0.03),
            (hip[0] - 0.1, 0.02),
        ]
        pen.blob(outline, b.coat)
        mask = pen.mask()
        pen.inside(
            [(chest[0] + 0.03, chest[1] + 0.1), (chest[0] + 0.2, chest[1]), (0.2, 0.05), (0.06, 0.06)],
            mix(b.coat, b.belly, 0.8),
            mask,
        )
        if self.pattern != "calico":
            self._mark(pen, mask, (-0.2, 0.2, hip[1] + b.body * 0.7, b.body * 1.1))
        pen.oval((hip[0] + 0.06, b.body * 0.66), (b.body * 0.95, b.body * 0.72), scaled(b.coat, 0.95), 0.4)
        if self.pattern == "calico":
            pen.inside([(-0.3, 0.3), (-0.06, 0.36), (0.0, 0.2), (-0.12, 0.1), (-0.3, 0.14)], (226, 132, 58), pen.mask())
            pen.inside([(-0.16, 0.62), (0.0, 0.6), (-0.03, 0.43), (-0.2, 0.4)], (52, 46, 48), mask)
        pen.oval((hip[0] + 0.2, b.limb * 0.8), (b.limb * 2.3, b.limb * 0.85), mix(legs, b.belly, 0.4))
        nod = 0.014 * float(np.sin(t * (4.4 if self.motion == "play" else 1.1)))
        head = (chest[0] + 0.05 + b.neck * 0.25, chest[1] + b.body * 0.55 + b.neck * 0.55 + b.head * 0.6 + nod)
        self._head(pen, (chest[0] + 0.02, chest[1] + b.body * 0.3), head, t)
        self._arm(pen, chest, t, 0.5, legs)

    def _arm(self, pen: Pen, chest: Point, t: float, phase: float, colour: RGB) -> None:
        b = self.build
        if self.motion != "play":
            x = chest[0] + (0.06 if phase else 0.0)
            pen.limb(
                [(x, chest[1] - 0.04), (x + 0.05, chest[1] * 0.5), (x + 0.05, b.limb)],
                [b.limb * 1.5, b.limb, b.limb * 0.9],
                colour,
            )
            pen.oval((x + 0.09, b.limb * 0.6), (b.limb * 1.5, b.limb * 0.7), mix(colour, b.belly, 0.5))
            return
        press = abs(float(np.sin(t * 4.4 + phase * 2 * np.pi)))
        hand = (chest[0] + 0.35 + 0.05 * float(np.sin(t * 1.3 + phase * 9)), chest[1] * 0.98 + 0.055 * press)
        elbow = (chest[0] + 0.16, chest[1] - 0.09)
        pen.limb([(chest[0] + 0.02, chest[1] + 0.02), elbow, hand], [b.limb * 1.5, b.limb * 1.15, b.limb], colour)
        pen.oval(hand, (b.limb * 1.35, b.limb * 0.95), mix(colour, b.belly, 0.6), -0.3)

    def _lying(self, pen: Pen, t: float) -> None:
        b, breath = self.build, 0.01 * float(np.sin(t * 1.6))
        r = b.body
        self._tail(pen, (-0.42, r * 0.4), t * 0.3, False)
        pen.blob([(-0.45, 0.04), (-0.36, r * 1.3), (0.0, r * 1.55 + breath), (0.3, r * 1.15), (0.4, 0.05)], b.coat)
        mask = pen.mask()
        self._mark(pen, mask, (-0.3, 0.2, r * 0.8, r))
        pen.oval((0.36, b.limb), (b.limb * 3.2, b.limb), mix(b.coat, b.belly, 0.4))
        self._head(pen, (0.24, r * 0.7), (0.42, r * 0.75 + breath * 0.5), t)
