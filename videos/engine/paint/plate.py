"""The reference image as the plate of the first shot: frame 0 is the image, then it moves in two and a half dimensions."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from videos.engine.paint.layer import Canvas
from videos.engine.paint.noise import Array


class Plate:
    """The image and how it moves."""

    def __init__(self, plan: dict[str, Any], image: Array) -> None:
        self.image = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGR2BGRA)

    def draw(self, canvas: Canvas, light: Canvas, t: float) -> None:
        canvas.image[...] = self.image

    def grade(self, image: Array) -> None: ...
