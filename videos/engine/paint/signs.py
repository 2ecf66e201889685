"""Signs that hang over the pavement: lettering, made-up strokes, the text a prompt quotes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from videos.engine.paint.colour import RGB, mix, scaled
from videos.engine.paint.facade import NEON
from videos.engine.paint.layer import Canvas, Frame, View, tint
from videos.engine.paint.noise import Array, stream
from videos.engine.paint.parts import Site
from videos.engine.paint.perspective import EYE, HALF, Perspective

WORDS = ("RAMEN", "HOTEL", "BAR", "OPEN", "24H", "CAFE", "KARAOKE", "NOODLE", "MUSIC", "SUSHI", "ARCADE", "TEA")


class Signs(Perspective):
    """Boards that hang over the pavement, facing the camera, with their reflection."""

    def __init__(self, frame: Frame, site: Site, dark: bool, wet: bool) -> None:
        super().__init__(frame)
        self.wet, self.dark = wet, dark
        rng = stream(site.seed, "signs")
        words = list(rng.permutation(np.array(WORDS)))
        japan = "japan" in site.details or "cyberpunk" in site.details or dark
        self.boards = []
        for n in range(12):
            word = site.sign if n == 1 and site.sign else str(words[n % len(words)])
            side = 1 if n % 2 else -1
            z = 6.2 + n * 2.35 + float(rng.uniform(-0.4, 0.4))
            y = float(rng.uniform(2.9, 4.4)) if not (n == 1 and site.sign) else 2.9
            colour = NEON[int(rng.integers(len(NEON)))]
            flat = n == 1 and bool(site.sign)
            image = board(
                word, colour, rng, dark, upright=not flat and n % 3 != 2, strokes=japan and n % 2 == 0 and not flat
            )
            mirror = tint(cv2.blur(cv2.flip(image, 0), (3, 23)), (0.4, 0.4, 0.4, 0.4))
            self.boards.append(
                (image, mirror, side * (HALF - float(rng.uniform(0.35, 0.8)) - 0.1), y, z, float(rng.uniform(0, 6.28)))
            )

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        cx, cy, f, sx, sz = self.matrix(view, canvas)
        for image, mirror, x, y, z, phase in reversed(self.boards):
            near = z - sz
            if near < 1.4:
                continue
            k = f / near
            high, wide = image.shape[0] / 100 * k, image.shape[1] / 100 * k
            px, py = cx + (x - sx) * k, cy - (y - EYE) * k
            flicker = 1.0 if not self.dark else 0.93 + 0.07 * float(np.sin(t * 2.1 + phase))
            fade = float(np.clip((near - 1.4) / 1.6, 0, 1))
            s = k / 100 / canvas.scale
            canvas.warp(image, s, (px - wide / 2) / canvas.scale, (py - high) / canvas.scale, fade=fade * flicker)
            if self.wet:
                foot = cy + (y + EYE) * k
                canvas.warp(mirror, s, (px - wide / 2) / canvas.scale, foot / canvas.scale, fade=fade * 0.9)


def board(word: str, colour: RGB, rng: np.random.Generator, dark: bool, *, upright: bool, strokes: bool) -> Array:
    """A sign of 100 pixels to the metre, premultiplied."""
    size = 46 if upright else 40
    font = ImageFont.load_default(size)
    letters = list(word[:7]) if upright else [word]
    count = min(len(letters), 5) if strokes else len(letters)
    wide = 66 if upright else round(font.getlength(word)) + 44
    high = count * 52 + 24 if upright else 68
    ground = scaled(mix(colour, (16, 14, 26), 0.86), 1.0) if dark else mix(colour, (250, 246, 240), 0.15)
    ink = mix(colour, (255, 255, 255), 0.45) if dark else (252, 248, 240)
    picture = Image.new("RGB", (wide, high), tuple(round(c) for c in ground))
    draw = ImageDraw.Draw(picture)
    rim = tuple(round(c) for c in (colour if dark else scaled(colour, 0.7)))
    draw.rounded_rectangle((3, 3, wide - 4, high - 4), radius=8, outline=rim, width=4)
    for n in range(count):
        at = (wide / 2, 38 + n * 52) if upright else (wide / 2, high / 2)
        if strokes:
            _glyph(draw, at, rng, tuple(round(c) for c in ink))
        else:
            draw.text(at, letters[n], font=font, fill=tuple(round(c) for c in ink), anchor="mm")
    image = np.full((high, wide, 4), 255, np.uint8)
    image[..., :3] = np.asarray(picture)[..., ::-1]
    return image


def _glyph(draw: ImageDraw.ImageDraw, at: tuple[float, float], rng: np.random.Generator, ink: Any) -> None:
    """A made-up sign of a few strokes: writing to the eye, no word in any language."""
    x, y = at
    rows = sorted(rng.choice(5, 2 + int(rng.integers(2)), replace=False))
    for row in rows:
        w = float(rng.uniform(9, 18))
        draw.line((x - w, y - 16 + row * 8, x + w, y - 16 + row * 8), fill=ink, width=4)
    for dx in rng.choice(3, 1 + int(rng.integers(2)), replace=False):
        px = x - 12 + 12 * int(dx)
        draw.line((px, y - 18, px + float(rng.uniform(-6, 6)), y + 18), fill=ink, width=4)
