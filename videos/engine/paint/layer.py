"""Canvases, the view through the camera, and flat layers that move in depth (premultiplied BGRA)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from videos.engine.paint.noise import Array

INFINITY = 1e6
EDGE = 2


@dataclass(frozen=True)
class Frame:
    """The picture's geometry in pixels: where the horizon and the floor under the cast lie."""

    width: int
    height: int
    horizon: float
    ground: float

    @property
    def unit(self) -> float:
        return float(min(self.width, self.height))

    @property
    def centre(self) -> float:
        return self.width / 2


@dataclass(frozen=True)
class View:
    """One instant of the camera: x, y and z travel in units, yaw and pitch turn in pixels, zoom about a focus."""

    frame: Frame
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    zoom: float = 1.0
    focus: tuple[float, float] = (0.0, 0.0)

    def place(self, depth: float) -> tuple[float, float, float]:
        """Scale and shift that bring a point painted at this depth to the screen."""
        near = max(depth - self.z, 0.12)
        scale = depth / near if depth < INFINITY else 1.0
        travel = self.frame.unit / near if depth < INFINITY else 0.0
        cx, cy = self.frame.centre, self.frame.horizon
        tx = cx - cx * scale - self.x * travel - self.yaw
        ty = cy - cy * scale - self.y * travel - self.pitch
        fx, fy = self.focus
        return scale * self.zoom, self.zoom * (tx - fx) + fx, self.zoom * (ty - fy) + fy

    def at(self, x: float, y: float, depth: float = 1.0) -> tuple[float, float, float]:
        """Screen position and scale of a painted point."""
        scale, tx, ty = self.place(depth)
        return scale * x + tx, scale * y + ty, scale


def tint(image: Array, factors: tuple[float, float, float, float], into: Array | None = None) -> Array:
    """Multiply the four channels, each by its own factor."""
    return cv2.multiply(image, np.array(factors, np.float64), into)


class Canvas:
    """A BGRA picture at `scale` pixels per frame pixel, with a scratch for one thread."""

    def __init__(self, width: int, height: int, scale: float) -> None:
        self.scale = scale
        self.image: Array = np.zeros((round(height * scale), round(width * scale), 4), np.uint8)
        self.warped = np.zeros_like(self.image)
        self._cover = np.zeros_like(self.image)
        self._alpha = np.zeros(self.image.shape[:2], np.uint8)
        self._sheet = np.zeros_like(self.image)

    def over(self, source: Array, x: int, y: int) -> None:
        """Lay a premultiplied picture over this one, top left corner at (x, y); it must lie inside."""
        high, wide = source.shape[:2]
        region = self.image[y : y + high, x : x + wide]
        alpha, cover = self._alpha[:high, :wide], self._cover[:high, :wide]
        cv2.extractChannel(source, 3, alpha)
        cv2.bitwise_not(alpha, alpha)
        cv2.merge((alpha, alpha, alpha, alpha), cover)
        cv2.multiply(region, cover, region, scale=1 / 255)
        cv2.add(region, source, region)

    def warp(
        self, image: Array, scale: float, tx: float, ty: float, *, opaque: bool = False, fade: float = 1.0
    ) -> None:
        """Draw a picture scaled and shifted (frame pixels); opaque ones are copied, not blended."""
        k = self.scale
        s, tx, ty = scale * k, tx * k, ty * k
        high, wide = self.image.shape[:2]
        x0, y0 = max(0, int(np.floor(tx))), max(0, int(np.floor(ty)))
        x1 = min(wide, int(np.ceil(tx + image.shape[1] * s)))
        y1 = min(high, int(np.ceil(ty + image.shape[0] * s)))
        if x1 <= x0 or y1 <= y0:
            return
        matrix = np.array([[s, 0.0, tx - x0 + (s - 1) / 2], [0.0, s, ty - y0 + (s - 1) / 2]])
        if opaque:
            cv2.warpAffine(image, matrix, (x1 - x0, y1 - y0), self.image[y0:y1, x0:x1], borderMode=cv2.BORDER_REPLICATE)
            return
        out = self.warped[: y1 - y0, : x1 - x0]
        cv2.warpAffine(image, matrix, (x1 - x0, y1 - y0), out)
        if fade < 0.995:
            tint(out, (fade, fade, fade, fade), out)
        self.over(out, x0, y0)

    def roll(self, image: Array, scale: float, tx: float, ty: float) -> None:
        """Draw a picture that repeats sideways (and has EDGE columns of its neighbours) over the whole width."""
        k = self.scale
        s, tx, ty = scale * k, tx * k, ty * k
        high, wide = self.image.shape[:2]
        y0, y1 = max(0, int(np.floor(ty))), min(high, int(np.ceil(ty + image.shape[0] * s)))
        if y1 <= y0:
            return
        period = (image.shape[1] - 2 * EDGE) * s
        left = tx % period - period
        out = self.warped[: y1 - y0]
        while left < wide:
            # Each copy owns whole columns of the screen, so that no seam is blended twice.
            x0, x1 = max(0, round(left)), min(wide, round(left + period))
            if x1 > x0:
                shift = left - EDGE * s - x0 + (s - 1) / 2
                matrix = np.array([[s, 0.0, shift], [0.0, s, ty - y0 + (s - 1) / 2]])
                cv2.warpAffine(image, matrix, (x1 - x0, y1 - y0), out[:, x0:x1])
            left += period
        self.over(out, 0, y0)

    def add(self, image: Array, scale: float, tx: float, ty: float, strength: float = 1.0) -> None:
        """Add light."""
        k = self.scale
        s, tx, ty = scale * k, tx * k, ty * k
        high, wide = self.image.shape[:2]
        x0, y0 = max(0, int(np.floor(tx))), max(0, int(np.floor(ty)))
        x1 = min(wide, int(np.ceil(tx + image.shape[1] * s)))
        y1 = min(high, int(np.ceil(ty + image.shape[0] * s)))
        if x1 <= x0 or y1 <= y0 or strength <= 0.0:
            return
        out = self.warped[: y1 - y0, : x1 - x0]
        cv2.warpAffine(image, np.array([[s, 0.0, tx - x0], [0.0, s, ty - y0]]), (x1 - x0, y1 - y0), out)
        region = self.image[y0:y1, x0:x1]
        cv2.scaleAdd(out, strength, region, region) if strength != 1.0 else cv2.add(out, region, region)

    def sheet(self, high: int, wide: int) -> Array:
        """An empty sheet for a puppet; valid until the next one is asked for."""
        sheet = self._sheet[:high, :wide]
        sheet[...] = 0
        return sheet


class Element(Protocol):
    """Anything a set is made of."""

    def draw(self, canvas: Canvas, view: View, t: float) -> None: ...


@dataclass
class Layer:
    """A flat picture at a depth; `density` is its pixels per frame pixel, (x, y) its corner in the frame."""

    image: Array
    depth: float
    x: float
    y: float
    density: float = 1.0
    opaque: bool = False
    period: float = 0.0
    speed: float = 0.0
    sway: float = 0.0
    heave: float = 0.0

    def __post_init__(self) -> None:
        if self.period:
            self.period = self.image.shape[1] / self.density
            self.image = cv2.hconcat([self.image[:, -EDGE:], self.image, self.image[:, :EDGE]])

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        scale, tx, ty = view.place(self.depth)
        x = self.x + self.speed * t + (self.sway * float(np.sin(t * 0.9 + self.depth)) if self.sway else 0.0)
        y = self.y + (self.heave * float(np.sin(t * 1.1 + self.depth * 14)) if self.heave else 0.0)
        if self.period:
            canvas.roll(self.image, scale / self.density, scale * x + tx, scale * y + ty)
        else:
            canvas.warp(self.image, scale / self.density, scale * x + tx, scale * y + ty, opaque=self.opaque)


def premultiply(colour: Array, alpha: Array) -> Array:
    """BGR (float or uint8) and alpha in 0..1 to a premultiplied BGRA picture."""
    image = np.empty((*alpha.shape, 4), np.uint8)
    image[..., :3] = np.clip(colour * alpha[..., None], 0, 255)
    image[..., 3] = np.clip(alpha * 255.0, 0, 255)
    return image


def cropped(layer: Layer) -> Layer:
    """The layer without its transparent rows."""
    rows = np.flatnonzero(layer.image[..., 3].max(axis=1))
    if rows.size == 0 or layer.opaque:
        return layer
    top = int(rows[0])
    layer.image = np.ascontiguousarray(layer.image[top : int(rows[-1]) + 1])
    layer.y += top / layer.density
    return layer


def soft_disc(radius: int, power: float = 2.0) -> Array:
    """A round falloff in 0..1 on a (2r, 2r) grid."""
    axis = (np.arange(2 * radius) - radius + 0.5) / radius
    distance = np.sqrt(axis[None, :] ** 2 + axis[:, None] ** 2)
    return (np.clip(1.0 - distance, 0.0, 1.0) ** power).astype(np.float32)


def glow(radius: int, colour: tuple[float, float, float], power: float = 2.0) -> Array:
    """An additive BGRA disc of light, colour in RGB."""
    disc = soft_disc(radius, power)[..., None]
    image = np.zeros((2 * radius, 2 * radius, 4), np.uint8)
    image[..., :3] = disc * np.array(colour[::-1], np.float32)
    return image
