"""Two-legged puppets: people, children, robots, astronauts and their like; walk, run, sit, play, dance, hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from videos.engine.paint.characters import draw_character, draw_face
from videos.engine.paint.colour import RGB, mix, rgb, scaled
from videos.engine.paint.figures import FIGURES, GREY
from videos.engine.paint.handheld import draw_held
from videos.engine.paint.pen import Pen, Point
from videos.engine.paint.quadruped import SIZES

INK: RGB = (38, 32, 40)
SKINS: tuple[RGB, ...] = ((246, 208, 178), (226, 172, 132), (176, 120, 84), (122, 80, 58), (250, 220, 196))
HAIRS: tuple[RGB, ...] = ((58, 40, 34), (30, 26, 30), (134, 82, 46), (206, 160, 92), (150, 62, 40))
COATS: tuple[RGB, ...] = ((206, 78, 62), (62, 104, 160), (226, 168, 70), (78, 136, 110), (140, 92, 150))


class Biped:
    """One figure; its own height is one unit, the foot point is the origin, it looks to the right."""

    hands, reach = 0.63, 0.36
    seat_height = 0.31

    def __init__(self, subject: dict[str, Any], held: list[dict[str, Any]] | None = None) -> None:
        seed = int(subject["seed"])
        figure = FIGURES.get(subject["species"], FIGURES["person"])
        colours = [rgb(c) for c in subject["colours"]]
        self.figure = replace(figure, coat=(colours[0] if colours else figure.coat) or COATS[seed // 7 % 5])
        self.skin = figure.skin or SKINS[seed // 3 % 5]
        self.hair = HAIRS[seed // 11 % (2 if sum(self.skin) < 400 else 5)]
        self.motion = str(subject["motion"])
        self.size = figure.size * SIZES[subject["size"]]
        self.held = {str(p["kind"]): rgb(p["colour"][0]) if p.get("colour") else None for p in held or []}
        self.phase = (seed % 97) / 97.0
        tall = 1.95 if "kite" in self.held else 1.55 if {"umbrella", "balloon", "flag"} & set(self.held) else 1.22
        side = 1.35 if "kite" in self.held else 0.75
        self.box = (-0.7, side, tall)
        if {"kite", "guitar", "violin"} & set(self.held) and self.motion == "fly":
            self.motion = "run"
        if self.motion in ("fly", "swim"):
            self.motion = "float"
        if self.motion == "play" and not {"guitar", "violin"} & set(self.held):
            self.motion = "play"

    @property
    def airborne(self) -> bool:
        return self.motion == "float"

    def draw(self, pen: Pen, t: float) -> None:
        style = self.figure.style
        if style in ("penguin", "snowman", "ghost"):
            draw_character(pen, self, t)
            return
        self._figure(pen, t)

    def _figure(self, pen: Pen, t: float) -> None:
        f = self.figure
        run, walk = self.motion in ("run",), self.motion in ("walk", "ride")
        beat = 2 * np.pi * (t * (1.5 if run else 0.85) + self.phase)
        if self.motion == "ride":
            beat = 2 * np.pi * (t * 0.9 + self.phase)
        bob = 0.022 * abs(float(np.sin(beat))) if run or walk else 0.005 * float(np.sin(t * 2 + self.phase))
        sway = 0.03 * float(np.sin(beat * 0.8)) if self.motion == "dance" else 0.0
        hip: Point = (sway, (f.legs if self.motion not in ("sit", "play_seated") else f.legs) + bob)
        seated = self.motion in ("play", "drive") and not {"guitar", "violin"} & set(self.held)
        sitting = seated or self.motion in ("sit", "sleep")
        if sitting:
            hip = (0.0, 0.1 if not seated else 0.31)
        if self.motion == "float":
            pen.turn, pen.pivot = 0.22 * float(np.sin(t * 0.5 + self.phase * 6)) - 0.15, (0.0, 0.5)
        lean = 0.07 if run else 0.02 if walk else 0.0
        neck = (hip[0] + lean + (0.02 * float(np.sin(beat * 0.5)) if self.motion == "dance" else 0.0), hip[1] + f.torso)
        far, near = scaled(f.trousers, 0.72), f.trousers
        self._back(pen, hip, neck)
        self._arm(pen, neck, t, beat + np.pi, near=False)
        for k, colour in ((0, far), (1, near)):
            self._leg(pen, hip, beat + k * np.pi, colour, run, walk, seated, sitting, t)
        self._torso(pen, hip, neck)
        self._head(pen, (neck[0] + 0.012 + lean * 0.3, neck[1] + f.head * 1.05 + 0.012), t)
        self._arm(pen, neck, t, beat, near=True)
        self._things(pen, hip, neck, t)

    def _leg(
        self,
        pen: Pen,
        hip: Point,
        beat: float,
        colour: RGB,
        run: bool,
        walk: bool,
        seated: bool,
        sitting: bool,
        t: float,
    ) -> None:
        f, w = self.figure, self.figure.limb
        if seated:
            foot, knee = (f.legs * 0.52, 0.02), (f.legs * 0.5, hip[1] + 0.03)
            foot = (foot[0] + 0.05 * float(np.sin(beat)) * 0.3, foot[1])
        elif sitting:
            foot, knee = (f.legs * 0.78, 0.03), (f.legs * 0.46, 0.2 + 0.02 * float(np.sin(beat * 0.02)))
        else:
            swing = 0.23 if run else 0.14 if walk else 0.02
            lift = max(0.0, float(np.cos(beat))) * (0.13 if run else 0.05 if walk else 0.0)
            if self.motion == "dance":
                swing, lift = 0.09, max(0.0, float(np.sin(beat))) * 0.12
            if self.motion == "float":
                swing, lift = 0.05, 0.02
            foot = (hip[0] + float(np.sin(beat)) * swing + (0.02 if not run else 0.0), lift + 0.02)
            knee = ((hip[0] + foot[0]) / 2 + 0.03 + lift * 0.7, (hip[1] + foot[1]) / 2 + lift * 0.3)
        pen.limb([(hip[0], hip[1]), knee, foot], [w * 1.5, w * 1.15, w * 0.85], colour)
        shoe = {"robot": (92, 100, 114), "astronaut": (206, 208, 214), "teddy": self.skin, "monkey": self.skin}.get(
            f.style, INK
        )
        pen.oval((foot[0] + w * 0.75, foot[1]), (w * 1.75, w * 0.85), shoe, 0.0)

    def _torso(self, pen: Pen, hip: Point, neck: Point) -> None:
        f, coat = self.figure, self.figure.coat or GREY
        w = f.width
        (hx, hy), (nx, ny) = hip, neck
        hem = {"woman": 0.2, "wizard": 0.38, "child": 0.06, "chef": 0.06}.get(f.style, 0.035)
        flare = {"woman": 0.07, "wizard": 0.08}.get(f.style, 0.01)
        if self.motion in ("sit", "play", "sleep"):
            hem, flare = min(hem, 0.05), 0.02
        outline: list[Point] = [
            (nx - w * 0.86, ny - 0.035),
            (nx, ny + 0.008),
            (nx + w * 0.8, ny - 0.035),
            (hx + w * 0.86, hy + f.torso * 0.4),
            (hx + w * 0.85 + flare, hy - hem),
            (hx - w * 0.85 - flare, hy - hem),
            (hx - w * 0.8, hy + f.torso * 0.4),
        ]
        pen.blob(outline, coat)
        match f.style:
            case "robot":
                pen.oval((hx + w * 0.3, hy + f.torso * 0.62), (w * 0.34, w * 0.34), (60, 70, 86))
                pen.disc((hx + w * 0.3, hy + f.torso * 0.62), w * 0.2, (92, 226, 240))
                pen.line(
                    [(hx - w * 0.7, hy + f.torso * 0.25), (hx + w * 0.8, hy + f.torso * 0.25)], 0.008, (110, 120, 134)
                )
            case "astronaut":
                pen.polygon(
                    [
                        (hx - w * 0.1, hy + f.torso * 0.4),
                        (hx + w * 0.75, hy + f.torso * 0.4),
                        (hx + w * 0.72, hy + f.torso * 0.72),
                        (hx - w * 0.1, hy + f.torso * 0.72),
                    ],
                    (196, 200, 208),
                )
                for n, c in enumerate(((226, 70, 60), (70, 130, 220), (240, 190, 60))):
                    pen.disc((hx + w * (0.1 + 0.22 * n), hy + f.torso * 0.56), 0.012, c)
            case "teddy" | "monkey":
                pen.oval(
                    (hx + w * 0.3, hy + f.torso * 0.4), (w * 0.55, f.torso * 0.42), mix(coat, (255, 240, 210), 0.45)
                )
            case "chef" | "person" | "child":
                pen.line([(nx + w * 0.3, ny - 0.05), (hx + w * 0.3, hy + 0.02)], 0.007, scaled(coat, 0.72))
        if "scarf" in self.held:
            pen.limb([(nx - w * 0.6, ny), (nx + w * 0.7, ny)], [0.028, 0.028], self.held["scarf"] or (206, 60, 56))
            pen.limb(
                [(nx - w * 0.5, ny), (nx - 0.2, ny - 0.02), (nx - 0.34, ny + 0.03)],
                [0.026, 0.03, 0.02],
                self.held["scarf"] or (206, 60, 56),
            )

    def _back(self, pen: Pen, hip: Point, neck: Point) -> None:
        if self.figure.style == "astronaut":
            pen.blob(
                [
                    (hip[0] - 0.21, hip[1] + 0.06),
                    (neck[0] - 0.21, neck[1]),
                    (neck[0] - 0.05, neck[1] + 0.02),
                    (hip[0] - 0.05, hip[1] + 0.04),
                ],
                (196, 200, 208),
            )
        if self.figure.style == "woman":
            r = self.figure.head
            x, y = neck[0], neck[1] + r
            pen.blob(
                [
                    (x - r * 1.1, y + r * 0.6),
                    (x + r * 0.2, y + r * 1.2),
                    (x + r * 0.5, y),
                    (x - r * 0.2, y - r * 2.0),
                    (x - r * 1.3, y - r * 1.9),
                ],
                self.hair,
            )
        if self.figure.style in ("knight", "wizard"):
            pen.blob(
                [(neck[0] - 0.02, neck[1]), (hip[0] - 0.22, hip[1] - 0.25), (hip[0] - 0.03, hip[1] - 0.25)],
                (150, 40, 46) if self.figure.style == "knight" else scaled(self.figure.coat or GREY, 0.7),
            )

    def _arm(self, pen: Pen, neck: Point, t: float, beat: float, *, near: bool) -> None:
        f, w = self.figure, self.figure.limb
        side = 1.0 if near else -1.0
        shoulder = (neck[0] + side * f.width * 0.28, neck[1] - 0.045)
        hand = self._hand(shoulder, t, beat, near)
        dx, dy = hand[0] - shoulder[0], hand[1] - shoulder[1]
        elbow = (shoulder[0] + dx * 0.5 - dy * 0.0 - 0.045, shoulder[1] + dy * 0.5 - 0.04)
        sleeve = scaled(f.coat or GREY, 0.93 if near else 0.7)
        pen.limb([shoulder, elbow, hand], [w * 1.25, w * 1.0, w * 0.8], sleeve)
        glove = {"robot": (92, 100, 114), "astronaut": (206, 208, 214), "knight": GREY}.get(f.style, self.skin)
        pen.disc(hand, w * 0.95, glove if near else scaled(glove, 0.78))

    def _hand(self, shoulder: Point, t: float, beat: float, near: bool) -> Point:
        x, y = shoulder
        if near and {"umbrella", "lantern", "flag", "balloon", "sword", "cup", "flower"} & set(self.held):
            return (x + 0.16, y - 0.02)
        if "kite" in self.held:
            return (x + 0.2, y + (0.1 if near else 0.05))
        if "guitar" in self.held or "violin" in self.held:
            return (x + 0.08, y - 0.2 + 0.025 * float(np.sin(t * 9))) if near else (x + 0.3, y - 0.02)
        if "book" in self.held:
            return (x + 0.18, y - 0.14)
        match self.motion:
            case "play":
                return (
                    x + 0.3,
                    y
                    + (0.63 - 0.31 - self.figure.torso)
                    + 0.04
                    + 0.03 * abs(float(np.sin(t * 4.4 + (1.6 if near else 0.0)))),
                )
            case "ride" | "drive" | "hold":
                return (x + 0.24, y - 0.1)
            case "wave" | "sing":
                return (x + 0.27 + 0.05 * float(np.sin(t * 6)), y + 0.2) if near else (x - 0.02, y - 0.26)
            case "dance":
                return (x + (0.2 if near else -0.2), y + 0.14 * float(np.sin(beat)) + 0.08)
            case "float":
                return (x + (0.2 if near else -0.18), y + 0.05 * float(np.sin(t + near)) - (0.04 if near else 0.1))
            case "sit" | "sleep":
                return (x + 0.18, y - 0.2)
            case "walk" | "run":
                reach = 0.2 if self.motion == "run" else 0.12
                return (x - float(np.sin(beat)) * reach + 0.03, y - 0.2 + (0.08 if self.motion == "run" else 0.0))
        return (x + 0.03, y - 0.26)

    def _head(self, pen: Pen, at: Point, t: float) -> None:
        draw_face(pen, self, at, t)

    def _things(self, pen: Pen, hip: Point, neck: Point, t: float) -> None:
        shoulder = (neck[0] + self.figure.width * 0.28, neck[1] - 0.045)
        for kind, colour in self.held.items():
            draw_held(pen, kind, colour, self._hand(shoulder, t, 0.0, True), hip, t)
