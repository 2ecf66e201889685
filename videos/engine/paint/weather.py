"""Weather in the air: rain, snow and everything else that falls, drifts or glows; mostly added as light."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB
from videos.engine.paint.layer import Canvas, Element, Frame, View, glow
from videos.engine.paint.noise import stream
from videos.engine.paint.parts import Set, Site


def solid(element: Element) -> bool:
    """Drawn over the picture rather than added to it."""
    return bool(getattr(element, "solid", False))


SHIFT = 4
FINE = 1 << SHIFT


def particles(site: Site, made: Set) -> list[Element]:
    if site.setting in ("underwater", "space", "abstract", "stage", "room") and site.weather in (
        "rain",
        "storm",
        "snow",
        "mist",
        "clear",
        "wind",
    ):
        return []
    frame, seed = made.frame, site.seed
    match site.weather:
        case "rain":
            return [Rain(frame, seed, 1.0), Ripples(frame, seed)]
        case "storm":
            return [Rain(frame, seed, 1.7), Ripples(frame, seed), Lightning(frame, seed)]
        case "snow":
            return [Flakes(frame, seed, (236, 240, 250), 260, fall=0.16, sway=0.03, size=(0.0024, 0.0085))]
        case "petals":
            return [Petals(frame, seed, ((255, 190, 208), (250, 214, 224), (240, 160, 186)), made.light.level)]
        case "leaves":
            return [Petals(frame, seed, ((226, 112, 40), (206, 72, 40), (240, 176, 60)), made.light.level)]
        case "embers":
            return [Flakes(frame, seed, (255, 150, 60), 90, fall=-0.14, sway=0.05, size=(0.0016, 0.0045))]
        case "fireflies":
            return [Fireflies(frame, seed)]
        case "fireworks":
            return [Fireworks(frame, seed)]
        case "dust" | "wind":
            return [Flakes(frame, seed, (150, 120, 90), 70, fall=0.02, sway=0.02, size=(0.0012, 0.0035), wind=0.5)]
        case "mist":
            return [Mist(frame, seed, made)]
    return []


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

    def __init__(self, frame: Frame, seed: int) -> None:
        self.frame = frame
        self.drops = stream(seed, "ripples").random((54, 3))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        for x, y, phase in self.drops:
            age = (t * 1.7 + phase) % 1.0
            turn = int(t * 1.7 + phase)
            depth = (y + turn * 0.37) % 1.0
            py = frame.horizon + (frame.height - frame.horizon) * (0.12 + 0.86 * depth)
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


class Lightning:
    """A slow sheet of light behind the clouds: no flash, it swells and fades over a second."""

    def __init__(self, frame: Frame, seed: int) -> None:
        rng = stream(seed, "lightning")
        self.frame, self.phase, self.x = frame, float(rng.uniform(0, 5)), float(rng.uniform(0.2, 0.8))
        self.image = glow(round(frame.unit * 0.12), (150, 160, 210), 1.6)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        level = max(0.0, float(np.sin((t + self.phase) * 1.25))) ** 6
        r = self.image.shape[0] / 2 * 6
        canvas.add(self.image, 6.0, self.frame.width * self.x - r, self.frame.horizon * 0.3 - r, 0.8 * level)


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

    def __init__(self, frame: Frame, seed: int, colours: tuple[RGB, ...], level: float) -> None:
        self.frame, self.colours, self.level = frame, colours, level
        self.dots = stream(seed, "petals").random((64, 5))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        for n, (x0, y0, d, a, s) in enumerate(self.dots):
            near = 0.35 + 0.65 * d
            y = (y0 + t * 0.09 * (0.5 + d)) % 1.1 - 0.05
            x = (x0 + t * 0.05 * (0.4 + s) + 0.04 * np.sin(t * (0.8 + a) + a * 9) - view.x * 0.3 * near) % 1.06 - 0.03
            size, turn = frame.unit * 0.0125 * near * k, t * (0.8 + 1.4 * s) + a * 6
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


class Fireflies:
    """Warm points that wander and breathe."""

    def __init__(self, frame: Frame, seed: int) -> None:
        self.frame = frame
        self.dots = stream(seed, "fireflies").random((38, 4))
        self.image = glow(24, (214, 230, 110), 2.6)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame = self.frame
        for x0, y0, d, a in self.dots:
            x = (x0 + 0.05 * np.sin(t * (0.3 + 0.4 * d) + a * 20) - view.x * 0.2) % 1.0
            y = 0.35 + 0.6 * y0 + 0.03 * np.sin(t * 0.7 + d * 20)
            level = 0.2 + 0.8 * max(0.0, float(np.sin(t * (0.9 + a) + a * 30)))
            scale = frame.unit / 720 * (0.5 + 1.1 * d)
            canvas.add(self.image, scale, x * frame.width - 24 * scale, y * frame.height - 24 * scale, level)


class Fireworks:
    """Bursts that open, hang and fall, one every second or so."""

    def __init__(self, frame: Frame, seed: int) -> None:
        self.frame, self.seed = frame, seed
        rng = stream(seed, "fireworks")
        a, r = rng.random(90) * 2 * np.pi, 0.45 + 0.55 * np.sqrt(rng.random(90))
        self.rays = np.stack([np.cos(a) * r, np.sin(a) * r], 1)
        self.places = rng.random((24, 3))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, k = self.frame, canvas.scale
        for n in range(24):
            age = (t - n * 0.85 + 1.6) / 2.2
            if not 0 < age < 1:
                continue
            px, py, tint = self.places[n]
            cx, cy = (0.15 + 0.7 * px) * frame.width, (0.12 + 0.5 * py) * frame.horizon
            spread = frame.unit * (0.16 + 0.12 * tint) * (1 - (1 - age) ** 3)
            rgb = ((255, 120, 90), (120, 200, 255), (255, 214, 110), (200, 130, 255), (130, 255, 180))[n % 5]
            fade = (1 - age) ** 1.3
            tip = (
                np.stack([cx + self.rays[:, 0] * spread, cy + self.rays[:, 1] * spread + frame.unit * 0.1 * age**2], 1)
                * k
            )
            root = (
                np.stack(
                    [
                        cx + self.rays[:, 0] * spread * 0.8,
                        cy + self.rays[:, 1] * spread * 0.8 + frame.unit * 0.08 * age**2,
                    ],
                    1,
                )
                * k
            )
            lines = (np.stack([root, tip], 1) * FINE).astype(np.int32)
            cv2.polylines(
                canvas.image,
                list(lines),
                False,
                (rgb[2] * fade, rgb[1] * fade, rgb[0] * fade, 0),
                1,
                cv2.LINE_AA,
                SHIFT,
            )


class Mist:
    """Slow banks of fog along the ground."""

    def __init__(self, frame: Frame, seed: int, made: Set) -> None:
        from videos.engine.paint.sky import tiled

        self.frame = frame
        shape = (round(frame.height * 0.1), round(frame.width * 0.4))
        body = tiled(stream(seed, "mist"), shape, (shape[1] / 3, shape[0] / 1.4), 4)
        band = np.sin(np.linspace(0, np.pi, shape[0], dtype=np.float32))[:, None]
        tone = np.clip(body - 0.3, 0, 1) * band
        self.image = np.zeros((*shape, 4), np.uint8)
        self.image[..., :3] = np.clip(tone[..., None] * np.array(made.light.fog[::-1], np.float32) * 0.85, 0, 255)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame = self.frame
        for n, (y, speed) in enumerate(((-0.06, 0.014), (0.12, -0.022))):
            wide = self.image.shape[1] * 4.0
            left = -((t * speed * frame.width + view.x * frame.unit * (0.5 + 0.4 * n)) % wide)
            for copy in range(3):
                if left + copy * wide < frame.width:
                    canvas.add(
                        self.image,
                        4.0,
                        left + copy * wide,
                        frame.horizon + y * frame.height - self.image.shape[0] * 2 - view.pitch,
                    )
