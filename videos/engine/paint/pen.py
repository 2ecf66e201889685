"""The puppeteer's pen: smooth shapes in a puppet's own coordinates (y up), then volume by light."""

from __future__ import annotations

import cv2
import numpy as np

from videos.engine.paint.colour import RGB, bgr, mix, scaled
from videos.engine.paint.noise import Array

Point = tuple[float, float]
SHIFT = 4
FINE = 1 << SHIFT


def curve(points: list[Point], closed: bool, steps: int = 7) -> Array:
    """Catmull-Rom through the points."""
    p = np.asarray(points, np.float64)
    ends = (p[-1:], p[:2]) if closed else (2 * p[:1] - p[1:2], 2 * p[-1:] - p[-2:-1])
    p = np.vstack([ends[0], p, ends[1]])
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    line = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat = line.reshape(-1, 2)
    return flat if closed else np.vstack([flat, p[-2]])


class Pen:
    """Draws on one premultiplied buffer; (x, y) is the foot of the puppet on it, `scale` pixels per unit."""

    def __init__(self, buffer: Array, x: float, y: float, scale: float, facing: int = 1) -> None:
        self.buffer, self.x, self.y, self.scale, self.facing = buffer, x, y, scale, facing
        self.turn, self.pivot = 0.0, (0.0, 0.0)

    def pixels(self, points: Array | list[Point]) -> Array:
        p = np.asarray(points, np.float64)
        if self.turn:
            c, s = np.cos(self.turn), np.sin(self.turn)
            q = p - self.pivot
            p = np.stack([q[:, 0] * c - q[:, 1] * s, q[:, 0] * s + q[:, 1] * c], axis=1) + self.pivot
        x = self.x + p[:, 0] * self.scale * self.facing
        y = self.y - p[:, 1] * self.scale
        return np.round(np.clip(np.stack([x, y], axis=1), -8000, 8000) * FINE).astype(np.int32)

    def polygon(self, points: Array | list[Point], colour: RGB) -> None:
        cv2.fillPoly(self.buffer, [self.pixels(points)], (*bgr(colour), 255), cv2.LINE_AA, SHIFT)

    def blob(self, points: list[Point], colour: RGB) -> None:
        """A closed smooth shape through the points."""
        self.polygon(curve(points, closed=True), colour)

    def limb(self, points: list[Point], radii: list[float], colour: RGB) -> None:
        """A tapering tube along the points, round at both ends."""
        line = curve(points, closed=False, steps=6)
        radius = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(radii)), radii)
        way = np.gradient(line, axis=0)
        normal = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
        offset = normal * radius[:, None]
        self.polygon(np.vstack([line + offset, (line - offset)[::-1]]), colour)
        self.disc(points[0], radii[0], colour)
        self.disc(points[-1], radii[-1], colour)

    def disc(self, at: Point, radius: float, colour: RGB) -> None:
        x, y = self.pixels([at])[0]
        size = max(1, round(radius * self.scale * FINE))
        cv2.circle(self.buffer, (int(x), int(y)), size, (*bgr(colour), 255), -1, cv2.LINE_AA, SHIFT)

    def oval(self, at: Point, radii: Point, colour: RGB, tilt: float = 0.0) -> None:
        a = np.linspace(0, 2 * np.pi, 28, endpoint=False)
        x, y = np.cos(a) * radii[0], np.sin(a) * radii[1]
        c, s = np.cos(tilt), np.sin(tilt)
        self.polygon(np.stack([at[0] + x * c - y * s, at[1] + x * s + y * c], axis=1), colour)

    def line(self, points: list[Point], width: float, colour: RGB, smooth: bool = True) -> None:
        path = curve(points, closed=False) if smooth and len(points) > 2 else np.asarray(points)
        thick = max(1, round(width * self.scale))
        cv2.polylines(self.buffer, [self.pixels(path)], False, (*bgr(colour), 255), thick, cv2.LINE_AA, SHIFT)

    def inside(self, points: list[Point], colour: RGB, mask: Array) -> None:
        """A smooth patch that shows only where the mask is set: markings of a coat."""
        patch = np.zeros(self.buffer.shape[:2], np.uint8)
        cv2.fillPoly(patch, [self.pixels(curve(points, closed=True))], 255, cv2.LINE_AA, SHIFT)
        share = cv2.multiply(patch, mask, scale=1 / 255)
        rows, columns = np.flatnonzero(share.any(axis=1)), np.flatnonzero(share.any(axis=0))
        if rows.size == 0:
            return
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        k = share[box].astype(np.float32)[..., None] / 255
        region = self.buffer[box]
        region[..., :3] = region[..., :3] + (np.array(bgr(colour), np.float32) - region[..., :3]) * k

    def mask(self) -> Array:
        return self.buffer[..., 3].copy()


def volume(buffer: Array, key: RGB, ambient: RGB, side: int, depth: float, rim: float = 0.55) -> None:
    """Round a flat puppet: shade away from the light, a rim towards it. Works on the premultiplied buffer in place."""
    high, wide = buffer.shape[:2]
    small = cv2.resize(buffer[..., 3], (max(wide // 4, 2), max(high // 4, 2)), interpolation=cv2.INTER_AREA)
    reach = max(1, round(depth / 4))
    soft = cv2.blur(cv2.blur(small, (reach * 2 + 1,) * 2), (reach * 2 + 1,) * 2)
    move = np.array([[1, 0, -side * reach * 1.0], [0, 1, reach * 1.1]], np.float32)
    size = (small.shape[1], small.shape[0])
    away = cv2.warpAffine(soft, move, size)
    toward = cv2.warpAffine(soft, np.array([[1, 0, side * reach * 0.9], [0, 1, -reach]], np.float32), size)
    shade = np.clip(1.0 - (255 - toward.astype(np.float32)) / 255 * 0.62, 0, 1)
    edge = np.clip((255 - away.astype(np.float32)) / 255 - 0.35, 0, 1) * (small > 40) * rim
    lamp = shade[..., None] * np.array(mix(ambient, key, 0.62)[::-1], np.float32) * 1.12 + 10
    lamp += (1 - shade[..., None]) * np.array(ambient[::-1], np.float32) * 0.55
    table = np.zeros((*small.shape, 4), np.uint8)
    table[..., :3] = np.clip(lamp * 0.5, 0, 255)
    table[..., 3] = 128
    light = np.zeros_like(table)
    light[..., :3] = np.clip(edge[..., None] * np.array(scaled(key, 0.75)[::-1], np.float32), 0, 255)
    alpha = buffer[..., 3].copy()
    cv2.multiply(buffer, cv2.resize(table, (wide, high)), buffer, scale=2 / 255)
    glow = cv2.resize(light, (wide, high))
    cover = cv2.merge((alpha, alpha, alpha, alpha))
    cv2.add(buffer, cv2.multiply(glow, cover, scale=1 / 255), buffer)
    buffer[..., 3] = alpha
