"""Theatre lighting: what the house does when the hour or the weather is named, and the follow-spots."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from videos.engine.paint.colour import RGB
from videos.engine.paint.layer import Canvas, Frame, Layer, View, soft_disc
from videos.engine.paint.noise import Array, fbm, stream
from videos.engine.paint.parts import Site
from videos.engine.paint.relight import Tone

SPOTS: tuple[RGB, RGB, RGB] = ((255, 232, 190), (255, 206, 170), (214, 214, 255))
WHITE = Tone(0.0, (255, 255, 255))


@dataclass(frozen=True)
class Rig:
    """A lighting state: washes for cloth and boards, the spots, and how far their pools reach."""

    cloth: Tone = WHITE
    boards: Tone = WHITE
    spots: tuple[RGB, RGB, RGB] = SPOTS
    power: float = 1.0
    reach: float = 1.0
    house: float = 0.0
    side: RGB | None = None
    moon: bool = False
    key: RGB = (255, 232, 196)
    ambient: RGB = (128, 92, 96)
    level: float = 1.0


RIGS = {
    "": Rig(),
    "night": Rig(
        Tone(0.9, (105, 190, 440), 0.8), Tone(0.72, (120, 180, 340), 0.62),
        ((255, 214, 150), (150, 180, 255), (150, 180, 255)), 1.15, 0.62, 0.2, None, True, (255, 220, 168),
        (76, 88, 140), 0.86,
    ),
    "day": Rig(
        Tone(0.06, (262, 255, 245), 1.35), Tone(0.12, (262, 255, 240), 1.3),
        ((255, 252, 240), (255, 250, 236), (250, 250, 255)), 1.25, 1.5, 0.45, None, False, (255, 250, 238),
        (168, 160, 156), 1.08,
    ),
    "morning": Rig(
        Tone(0.2, (330, 250, 170), 1.2), Tone(0.2, (300, 255, 190), 1.15),
        ((255, 240, 196), (255, 232, 180), (255, 244, 220)), 1.1, 1.25, 0.25, (120, 92, 44), False, (255, 242, 208),
        (150, 132, 116), 1.02,
    ),
    "sunrise": Rig(
        Tone(0.55, (420, 235, 270), 1.1), Tone(0.4, (350, 225, 240), 1.05),
        ((255, 190, 176), (255, 170, 180), (255, 214, 196)), 1.1, 1.2, 0.2, (150, 84, 84), False, (255, 206, 184),
        (150, 108, 130),
    ),
    "sunset": Rig(
        Tone(0.62, (480, 235, 80), 1.15), Tone(0.42, (390, 220, 100), 1.1),
        ((255, 176, 84), (255, 140, 70), (255, 196, 120)), 1.2, 1.15, 0.2, (190, 92, 14), False, (255, 196, 116),
        (150, 92, 84),
    ),
    "dusk": Rig(
        Tone(0.75, (300, 200, 440), 0.85), Tone(0.55, (260, 200, 340), 0.8),
        ((255, 196, 170), (190, 150, 255), (210, 170, 255)), 1.0, 0.85, 0.15, (70, 36, 92), False, (240, 196, 196),
        (104, 84, 136), 0.94,
    ),
    "neon": Rig(
        Tone(0.85, (330, 120, 470), 0.95), Tone(0.6, (200, 200, 400), 0.85),
        ((90, 236, 255), (255, 80, 210), (150, 120, 255)), 1.5, 0.9, 0.15, (20, 70, 120), False, (200, 226, 255),
        (130, 84, 160),
    ),
    "cool": Rig(
        Tone(0.55, (190, 235, 340), 0.85), Tone(0.4, (200, 235, 300), 0.85),
        ((206, 224, 255), (190, 214, 255), (214, 224, 255)), 1.1, 0.95, 0.0, None, False, (226, 234, 255),
        (100, 106, 132), 0.96,
    ),
    "wintry": Rig(
        Tone(0.4, (240, 262, 330), 1.0), Tone(0.35, (240, 255, 310), 1.0),
        ((236, 242, 255), (220, 232, 255), (236, 240, 255)), 1.2, 1.1, 0.05, None, False, (240, 244, 255),
        (124, 128, 150),
    ),
}  # fmt: skip


def rig_of(site: Site) -> Rig:
    """The hour if one is named, else what suits the weather, else the house as it is."""
    if site.hour:
        return RIGS["neon" if "cyberpunk" in site.details and site.hour == "night" else site.hour]
    if site.weather in ("rain", "storm"):
        return RIGS["cool"]
    return RIGS["wintry"] if site.weather == "snow" or site.ground == "snow" else RIGS[""]


def side_light(image: Array, colour: RGB, side: int) -> None:
    """A wash from the wings that falls off across the cloth; it keeps the folds."""
    x = np.linspace(0, 1, image.shape[1], dtype=np.float32)[None, :, None]
    fall = (x if side > 0 else 1 - x) ** 1.6
    bgr = image[..., :3].astype(np.float32)
    shade = bgr.max(axis=2, keepdims=True) / max(float(bgr.max()), 1.0)
    lit = bgr + np.array(colour[::-1], np.float32) * fall * (0.25 + 0.75 * shade)
    image[..., :3] = np.clip(lit, 0, 255)


def gobo(frame: Frame, layer: Layer, seed: int, side: int) -> None:
    """A moon and points of stars thrown on the curtain: the folds show through."""
    image, k = layer.image, layer.density
    rng = stream(seed, "gobo")
    cx = (frame.centre + side * frame.width * 0.27 - layer.x) * k
    cy = (frame.height * 0.27 - layer.y) * k
    radius = frame.unit * 0.095 * k
    y, x = np.ogrid[0 : image.shape[0], 0 : image.shape[1]]
    distance = np.sqrt((x - cx) ** 2 + (y - cy) ** 2).astype(np.float32) / radius
    seas = fbm(rng, (image.shape[0], image.shape[1]), radius * 0.7, 3)
    disc = np.clip((1.0 - distance) * radius * 0.35 + 0.5, 0, 1) * (0.86 - 0.5 * np.clip(seas - 0.5, 0, 1))
    light = disc + 0.4 * np.exp(-np.clip(distance - 1, 0, None) * 0.9) * (distance > 0)
    stars = np.zeros(image.shape[:2], np.float32)
    for a, b, size in rng.random((70, 3)):
        at = (int(a * image.shape[1] * 16), int(b * image.shape[0] * 0.74 * 16))
        cv2.circle(stars, at, int(16 * max(1.0, frame.unit * k * (0.002 + 0.0042 * size**2))), 1.0, -1, cv2.LINE_AA, 4)
    light = np.maximum(light, cv2.GaussianBlur(stars, (0, 0), 0.6) * (distance > 1.3))
    bgr = image[..., :3].astype(np.float32)
    folds = 0.62 + 0.38 * np.clip(bgr.max(axis=2) / 90.0, 0, 1)
    bgr += (light * folds)[..., None] * np.array((236, 214, 188), np.float32)
    image[..., :3] = np.clip(bgr, 0, 255)


def settled(floor: Layer, seed: int) -> None:
    """Snow on the boards: a drift along the back edge, patches further front."""
    image = floor.image
    high, wide = image.shape[:2]
    rng = stream(seed, "settled")
    y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    patches = np.clip(fbm(rng, (high, wide), wide / 7, 5) * 4.2 - 2.1 + 0.5 * y, 0, 1)
    drift = np.clip(1.4 - y * high / (9 + 26 * fbm(rng, (1, wide), wide / 12, 3)), 0, 1)
    cover = np.clip(np.maximum(patches * 0.62, drift * 0.9), 0, 1)[..., None]
    bgr = image[..., :3].astype(np.float32)
    lamp = cv2.GaussianBlur(bgr.max(axis=2), (0, 0), high / 16)[..., None] / 255
    snow = np.array((250, 244, 236), np.float32) * np.clip(0.3 + 1.1 * lamp, 0, 1)
    image[..., :3] = np.clip(bgr + (snow - bgr) * cover, 0, 255)


class Beams:
    """Three spotlights with dust in them; they sway a little."""

    def __init__(self, frame: Frame, seed: int, rig: Rig) -> None:
        rng = stream(seed, "beams")
        self.frame, self.rig = frame, rig
        self.phase = rng.random(3) * 6.28
        self.dust = rng.random((46, 4))
        self.speck = np.zeros((7, 7, 4), np.uint8)
        self.speck[1:, 1:, :3] = (soft_disc(3)[..., None] * 150).astype(np.uint8)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        high, wide = canvas.image.shape[0] // 2, canvas.image.shape[1] // 2
        buffer = np.zeros((high, wide, 4), np.uint8)
        for n in range(3):
            one = np.zeros_like(buffer)
            self._beam(one, canvas.scale / 2, view, t, n)
            cv2.add(buffer, one, buffer)
        blur = max(3, high // 28) | 1
        cv2.blur(buffer, (blur, blur), buffer)
        fade = np.linspace(1.25, 0.75, high, dtype=np.float32)
        buffer = cv2.multiply(
            buffer, np.repeat(np.repeat((fade * 100).astype(np.uint8)[:, None, None], wide, 1), 4, 2), scale=1 / 100
        )
        cv2.add(canvas.image, cv2.resize(buffer, (canvas.image.shape[1], canvas.image.shape[0])), canvas.image)
        self._dust(canvas, t)

    def _beam(self, one: Array, k: float, view: View, t: float, n: int) -> None:
        frame, rig = self.frame, self.rig
        top, foot = ((0.24, 0.44), (0.76, 0.56), (0.5, 0.5))[n]
        sway = 0.03 * float(np.sin(t * 0.5 + self.phase[n]))
        x0, y0, _ = view.at(frame.width * top, -frame.height * 0.06, 1.1)
        x1, y1, s = view.at(frame.width * (foot + sway), frame.ground, 1.0)
        spread = frame.unit * (0.27 if n < 2 else 0.36) * s * (0.5 + 0.5 * rig.reach)
        corner = (
            np.array([[x0 - 6, y0], [x0 + 6, y0], [x1 + spread, y1], [x1, y1 + spread * 0.17], [x1 - spread, y1]])
            * k
            * 16
        )
        strength = (0.15, 0.15, 0.11)[n] * rig.power
        colour = tuple(c * strength for c in rig.spots[n][::-1])
        cv2.fillPoly(one, [corner.astype(np.int32)], (*colour, 0), cv2.LINE_AA, 4)

    def _dust(self, canvas: Canvas, t: float) -> None:
        frame = self.frame
        for x, y, speed, size in self.dust:
            px = (x + 0.02 * np.sin(t * 0.4 + speed * 9)) * frame.width
            py = ((y - t * 0.01 * (0.4 + speed)) % 1.0) * frame.ground
            canvas.add(self.speck, 0.5 + size, px, py, 0.25 + 0.5 * float(np.sin(t * 0.8 + size * 20) ** 2))
