"""The visible mark of provenance: the word ANIMATIC, small, in the top right corner of every frame."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from videos.engine.paint.noise import Array

TEXT = "ANIMATIC"
SAFE = 0.05


class Label:
    """White letters on a dark plate: legible on light and on dark ground."""

    def __init__(self, width: int, height: int) -> None:
        size = max(8.0, min(width, height) * 0.023)
        font = ImageFont.load_default(size)
        left, top, right, bottom = font.getbbox(TEXT)
        gap = size * 0.16
        wide = round(right - left + gap * (len(TEXT) - 1) + size * 1.5)
        high = round(bottom - top + size * 0.9)
        plate = Image.new("L", (wide * 3, high * 3), 0)
        ImageDraw.Draw(plate).rounded_rectangle((0, 0, wide * 3 - 1, high * 3 - 1), radius=high, fill=255)
        letters = Image.new("L", (wide, high), 0)
        draw = ImageDraw.Draw(letters)
        x = size * 0.75
        for letter in TEXT:
            draw.text((x, (high - (bottom - top)) / 2 - top), letter, font=font, fill=255)
            x += font.getlength(letter) + gap
        cover = np.asarray(plate.resize((wide, high), Image.Resampling.BOX), np.float32) / 255 * 0.62
        ink = np.clip(np.asarray(letters, np.float32) / 255 * 1.35, 0, 1)
        self.keep = ((1 - cover) * (1 - ink))[..., None]
        self.paint = (cover * (1 - ink) * 18 + ink * 244)[..., None]
        self.x, self.y = round(width * (1 - SAFE)) - wide, round(height * SAFE)
        self.box = (self.x, self.y, wide, high)

    def stamp(self, frame: Array) -> None:
        x, y, wide, high = self.box
        region = frame[y : y + high, x : x + wide]
        region[...] = (region * self.keep + self.paint + 0.5).astype(np.uint8)
