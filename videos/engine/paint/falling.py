"""What falls or drifts through the air: rain and its rings, flakes, petals and leaves."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB
from videos.engine.paint.layer import Canvas, Frame, View
from videos.engine.paint.noise import stream

SHIFT = 4
FINE = 1 << SHIFT


class Rain:
    """Three depths of streaks, a little aslant."""

    def __init__(self, frame: Frame, seed: int, strength: float) -> None:
        rng = stream(seed, "rain")
        self.frame = frame
        self.slant = float(rng.uniform(0.05, 0.12)) * (1 if rng.random() < 0.5 else -1)
        area = frame.width * frame.height / frame.unit**2
        self.depths = [
            (rng.random((int(n * strength * area), 2)), speed, length, tone)
            for n, speed, length, tone in ((150, 1.5, 0.035, 34), (80, 2.2, 0.06, 52), (26, 3.0, 0.1, 78))
        ]

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        k, frame = canvas.scale, self.frame
        for dots, speed, length, tone in self.depths:
            y = np.mod(dots[:, 1] + t * speed * (0.9 + 0.2 * dots[:, 0]), 1.15) - 0.1
            x = np.mod(dots[:, 0] + self.slant * y - view.yaw / frame.width, 1.0)
            px, py = x * frame.width * k, y * frame.height * k
            step = length * frame.unit * k
            lines = np.stack([np.stack([px, py], 1), np.stack([px + self.slant * step, py + step], 1)], 1)
            colour = (tone, tone * 0.94, tone * 0.88, 0)
            cv2.polylines(canvas.image, list((lines * FINE).astype(np.int32)), False, colour, 1, cv2.LINE_AA, SHIFT)


class Ripples:
    """Rings where drops meet the ground."""

    def __init__(self, frame: Frame, seed: int, zone: tuple[float, float] = (0.12, 0.98)) -> None:
        self.frame, self.zone = frame, zone
        self.drops = stream(seed, "ripples").random((54, 3))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        for x, y, phase in self.drops:
            age = (t * 1.7 + phase) % 1.0
            turn = int(np.floor(t * 1.7 + phase))
            depth = (y + turn * 0.37) % 1.0
            py = frame.horizon + (frame.height - frame.horizon) * (self.zone[0] + (self.zone[1] - self.zone[0]) * depth)
            px = (x + turn * 0.61) % 1.0 * frame.width
            size = frame.unit * (0.006 + 0.026 * depth) * age
            tone = 70 * (1 - age) * (0.4 + 0.6 * depth)
            centre = (int(px * k * FINE), int(py * k * FINE))
            cv2.ellipse(
                canvas.image,
                centre,
                (max(1, int(size * k * FINE)), max(1, int(size * 0.3 * k * FINE))),
                0,
                0,
                360,
                (tone, tone * 0.95, tone * 0.9, 0),
                1,
                cv2.LINE_AA,
                SHIFT,
            )


class Flakes:
    """Snow, embers, dust: soft points at many depths."""

    def __init__(
        self,
        frame: Frame,
        seed: int,
        colour: RGB,
        count: int,
        *,
        fall: float,
        sway: float,
        size: tuple[float, float],
        wind: float = 0.03,
    ) -> None:
        rng = stream(seed, "flakes")
        self.frame, self.colour, self.fall, self.sway, self.size, self.wind = frame, colour, fall, sway, size, wind
        self.dots = rng.random((round(count * frame.width * frame.height / frame.unit**2 / 1.5), 4))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        near = self.dots[:, 2] ** 2.2
        y = np.mod(self.dots[:, 1] + t * self.fall * (0.45 + 1.1 * near), 1.1) - 0.05
        x = (
            self.dots[:, 0]
            + self.sway * np.sin(t * (0.6 + self.dots[:, 3]) + self.dots[:, 3] * 40)
            + t * self.wind * (0.4 + near)
        )
        x = np.mod(x - view.x * 0.25 * near - view.yaw / frame.width, 1.08) - 0.04
        radius = frame.unit * (self.size[0] + (self.size[1] - self.size[0]) * near)
        for px, py, r, n in zip(
            x * frame.width * k * FINE, y * frame.height * k * FINE, radius * k * FINE, near, strict=True
        ):
            tone = 0.5 + 0.45 * (1 - n)
            colour = (self.colour[2] * tone, self.colour[1] * tone, self.colour[0] * tone, 0)
            cv2.circle(canvas.image, (int(px), int(py)), int(r), colour, -1, cv2.LINE_AA, SHIFT)
        # Circles of one or two pixels come out as diamonds: a small blur makes them flakes.
        cv2.blur(canvas.image, (3, 3), canvas.image)


class Petals:
    """Leaves or petals that tumble; they are things, not light, and cover what is behind them."""

    solid = True

    def __init__(
        self,
        frame: Frame,
        seed: int,
        colours: tuple[RGB, ...],
        level: float,
        *,
        count: int = 90,
        size: float = 0.0145,
        wind: float = 0.05,
    ) -> None:
        self.wind = wind
        self.frame, self.colours, self.level, self.size = frame, colours, level, size
        self.dots = stream(seed, "petals").random((count, 5))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        for n, (x0, y0, d, a, s) in enumerate(self.dots):
            near = 0.35 + 0.65 * d
            y = (y0 + t * 0.09 * (0.5 + d)) % 1.1 - 0.05
            x = (
                x0 + t * self.wind * (0.4 + s) + 0.04 * np.sin(t * (0.8 + a) + a * 9) - view.x * 0.3 * near
            ) % 1.06 - 0.03
            size, turn = frame.unit * self.size * near * k, t * (0.8 + 1.4 * s) + a * 6
            flat = 0.25 + 0.75 * abs(float(np.sin(turn * 1.3)))
            colour = self.colours[n % len(self.colours)]
            cv2.ellipse(
                canvas.image,
                (int(x * frame.width * k * FINE), int(y * frame.height * k * FINE)),
                (max(1, int(size * FINE)), max(1, int(size * 0.55 * flat * FINE))),
                float(np.degrees(turn)),
                0,
                360,
                (colour[2] * self.level, colour[1] * self.level, colour[0] * self.level, 255),
                -1,
                cv2.LINE_AA,
                SHIFT,
            )
