"""A room's window and lamp: the hour and the weather outside, and the light they send in."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from videos.engine.paint.airs import Fireworks, Mist
from videos.engine.paint.colour import RGB, Light, bgr, gradient, hue, mix, scaled
from videos.engine.paint.falling import Flakes, Rain
from videos.engine.paint.layer import Canvas, Element, Frame, Layer, View, glow
from videos.engine.paint.noise import Array, stream
from videos.engine.paint.parts import Site
from videos.engine.paint.relight import Tone
from videos.engine.paint.weather import aired

Box = tuple[float, float, float, float]
DULL = {"rain": 0.5, "storm": 0.7, "snow": 0.35, "mist": 0.45}
WALL = 1.5
SHADE: RGB = (214, 150, 84)


@dataclass(frozen=True)
class Indoors:
    """What an hour does to a room: wall and floor, the fill light, and how strong the light through the window is."""

    tone: Tone
    ambient: RGB
    shaft: float
    colour: RGB | None = None


INDOORS = {
    "": Indoors(Tone(0.0, (255, 255, 255)), (150, 138, 136), 1.0),
    "sunrise": Indoors(Tone(0.3, (330, 232, 220), 1.0), (150, 122, 132), 1.8, (255, 190, 164)),
    "morning": Indoors(Tone(0.12, (300, 262, 205), 1.1), (156, 142, 132), 1.5, (255, 236, 190)),
    "day": Indoors(Tone(0.1, (262, 258, 250), 1.24), (172, 166, 160), 1.3, (255, 252, 240)),
    "sunset": Indoors(Tone(0.42, (370, 224, 130), 0.95), (140, 100, 96), 2.3, (255, 160, 74)),
    "dusk": Indoors(Tone(0.36, (262, 220, 330), 0.9), (108, 92, 108), 1.0),
    "night": Indoors(Tone(0.4, (210, 222, 330), 0.72), (84, 82, 112), 1.0, (150, 178, 236)),
}


def hang_window(image: Array, box: Box, bar: float, site: Site) -> None:
    """The sky, the shrubs before the house, the frame and the curtains; painted over a wall that is lit already."""
    x, y, w, h = box
    _outside(image, box, site)
    dark = site.time in ("night", "dusk")
    frame_colour: RGB = (238, 230, 216) if not dark else (150, 136, 124)
    t = bar
    for part in (
        (x - t, y - t, w + 2 * t, t),
        (x - t, y + h, w + 2 * t, t * 1.8),
        (x - t, y - t, t, h + 2 * t),
        (x + w, y - t, t, h + 2 * t),
        (x + w / 2 - t / 3, y, t * 0.66, h),
        (x, y + h * 0.42, w, t * 0.6),
    ):
        filled(image, part, frame_colour)
    cloth = hue(float(stream(site.seed, "curtain").random()), 0.35, 0.8 if not dark else 0.45)
    for s in (-1, 1):
        for n in range(6):
            px = x + (w + t if s > 0 else -t - w * 0.2) + n * w * 0.034
            filled(image, (px, y - t * 3, w * 0.035, h + t * 8), scaled(cloth, 0.82 + 0.22 * (n % 2)))
    filled(image, (x - w * 0.26, y - t * 3.6, w * 1.52, t * 0.8), (110, 80, 56))


def filled(image: Array, box: Box, colour: RGB) -> None:
    x, y, w, h = box
    cv2.rectangle(image, (round(x), round(y)), (round(x + w), round(y + h)), (*bgr(colour), 255), -1)


def _outside(image: Array, box: Box, site: Site) -> None:
    x, y, w, h = box
    weather = aired(site)
    sky = gradient(list(site.light.sky), max(int(h), 8))
    if weather == "mist":
        sky += (np.array(scaled((226, 226, 230), site.light.level)[::-1], np.float32) - sky) * 0.55
    x0, y0, x1 = int(x), int(y), int(x + w)
    image[y0 : y0 + sky.shape[0], x0:x1, :3] = np.clip(sky[:, None, :], 0, 255).astype(np.uint8)
    rng = stream(site.seed, "outside")
    if site.hour == "night":
        _moon(image, box)
    for n in range(9):
        r = w * float(rng.uniform(0.07, 0.15))
        green = (84, 128, 76) if weather != "snow" else (226, 232, 242)
        leaf = mix(site.light.lit(green, 0.5), site.light.fog, 0.35 if weather != "mist" else 0.8)
        cv2.ellipse(
            image,
            (int(x + w * (n + 0.5) / 9), int(y + h)),
            (int(r * 1.3), int(r * float(rng.uniform(1.0, 2.2)))),
            0,
            180,
            360,
            (*bgr(scaled(leaf, float(rng.uniform(0.85, 1.1)))), 255),
            -1,
            cv2.LINE_AA,
        )


def _moon(image: Array, box: Box) -> None:
    x, y, w, h = box
    at = (round(x + w * 0.74), round(y + h * 0.2))
    for radius, tone in ((0.13, (70, 84, 124)), (0.085, (228, 234, 246))):
        cv2.circle(image, at, round(w * radius), (*bgr(tone), 255), -1, cv2.LINE_AA)


def views(site: Site, frame: Frame, window: Box) -> list[Element]:
    """The weather behind the panes."""
    pane = Frame(round(window[2]), round(window[3]), window[3] * 0.9, window[3])
    seed = site.seed
    match aired(site):
        case "rain":
            falling: list[Element] = [Rain(pane, seed, 0.8)]
        case "storm":
            falling = [Rain(pane, seed, 1.5)]
        case "snow":
            falling = [Flakes(pane, seed, (236, 240, 250), 120, fall=0.2, sway=0.05, size=(0.007, 0.024))]
        case "mist":
            falling = [Mist(pane, seed, (64, 66, 70), rise=0.2)]
        case "fireworks":
            falling = [Fireworks(pane, seed)]
        case _:
            return []
    return [Outside(window, pane, falling)]


class Outside:
    """Weather seen through the window: drawn on the wall behind the cast, cut by the panes."""

    def __init__(self, window: Box, pane: Frame, falling: list[Element]) -> None:
        self.window, self.pane, self.falling = window, pane, falling

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        x, y, w, h = self.window
        left, top, scale = view.at(x, y, WALL)
        k = scale * canvas.scale
        x0, y0 = round(left * canvas.scale), round(top * canvas.scale)
        sheet = Canvas(self.pane.width, self.pane.height, k)
        for element in self.falling:
            element.draw(sheet, View(self.pane), t)
        high, wide = sheet.image.shape[:2]
        bar = max(1, round(h * 0.012 * k))
        sheet.image[:, wide // 2 - bar : wide // 2 + bar] = 0
        sheet.image[round(high * 0.42) : round(high * 0.42) + 2 * bar] = 0
        a, b = max(0, -x0), max(0, -y0)
        c, d = min(wide, canvas.image.shape[1] - x0), min(high, canvas.image.shape[0] - y0)
        if c > a and d > b:
            region = canvas.image[y0 + b : y0 + d, x0 + a : x0 + c]
            cv2.add(region, sheet.image[b:d, a:c], region)


def lamp_place(frame: Frame, side: int) -> tuple[float, float]:
    return frame.centre - side * frame.width * 0.04, frame.height * 0.15


class Lamp:
    """A lamp that hangs from the ceiling; by night it is lit."""

    def __init__(self, frame: Frame, side: int, lit: bool) -> None:
        self.place, self.unit = lamp_place(frame, side), frame.unit
        self.colour = (255, 216, 150) if lit else SHADE

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        x, y, s = view.at(*self.place, 1.3)
        r, k = self.unit * 0.05 * s * canvas.scale, canvas.scale
        x, y = x * k, y * k
        cv2.line(canvas.image, (round(x), -2), (round(x), round(y - r)), (40, 44, 52, 255), max(1, round(r * 0.08)))
        points = [(x - r * 0.35, y - r), (x + r * 0.35, y - r), (x + r, y), (x - r, y)]
        shape = (np.array(points) * 16).astype(np.int32)
        cv2.fillPoly(canvas.image, [shape], (*bgr(self.colour), 255), cv2.LINE_AA, 4)


def lamplight(frame: Frame, side: int) -> Layer:
    """The warm light of the lamp in the room."""
    x, y = lamp_place(frame, side)
    radius = round(frame.unit * 0.16)
    return Layer(glow(radius, (120, 82, 38), 1.7), 1.3, x - radius * 4, y - radius * 4 + frame.height * 0.04, 0.25)


class Window:
    """Light that falls from the window across the room, with dust in it."""

    def __init__(self, frame: Frame, site: Site, light: Light, dark: bool, window: Box, power: float) -> None:
        self.frame, self.side, self.window = frame, light.side, window
        self.colour = INDOORS.get(site.hour, INDOORS[""]).colour or light.key
        self.level = (0.16 if not dark else 0.07) * power
        self.dust = stream(site.seed, "motes").random((30, 3))
        self.speck = glow(5, (130, 118, 100), 1.2)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        high, wide = canvas.image.shape[0] // 2, canvas.image.shape[1] // 2
        buffer = np.zeros((high, wide, 4), np.uint8)
        level = self.level * (1 + 0.06 * float(np.sin(t * 0.7)))
        colour = tuple(c * level for c in self.colour[::-1])
        corners = np.array(self._corners(view)) * (canvas.scale / 2) * 16
        cv2.fillPoly(buffer, [corners.astype(np.int32)], (*colour, 0), cv2.LINE_AA, 4)
        cv2.blur(buffer, (max(3, wide // 40) | 1,) * 2, buffer)
        cv2.add(canvas.image, cv2.resize(buffer, (canvas.image.shape[1], canvas.image.shape[0])), canvas.image)
        self._motes(canvas, t)

    def _corners(self, view: View) -> list[tuple[float, float]]:
        x, y, w, _ = self.window
        slide, foot = self._slide(), self.frame.ground + self.frame.height * 0.07
        places = ((x, y, WALL), (x + w, y, WALL), (x + w + slide, foot, 1.0), (x + slide - w * 0.1, foot, 1.0))
        return [view.at(*place)[:2] for place in places]

    def _slide(self) -> float:
        return -self.side * self.frame.unit * 0.42

    def _motes(self, canvas: Canvas, t: float) -> None:
        x, y, w, _ = self.window
        frame = self.frame
        for a, b, c in self.dust:
            px = x + self._slide() * b + w * a + frame.unit * 0.02 * np.sin(t * 0.4 + c * 9)
            py = y + (frame.ground - y) * ((b + t * 0.008) % 1.0)
            level = 0.4 + 0.6 * float(np.sin(t * 0.6 + c * 20) ** 2)
            canvas.add(self.speck, 0.35 + 0.45 * c, px, py, level)
