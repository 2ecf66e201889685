"""A street in one-point perspective: two walls, their mirror in the wet road, signs that hang over it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from videos.engine.paint.colour import Light, bgr, mix
from videos.engine.paint.facade import REACH, Facade
from videos.engine.paint.layer import Canvas, Frame, View, premultiply, soft_disc, tint
from videos.engine.paint.noise import Array, fbm, stream
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.perspective import EYE, HALF, TRAVEL, Perspective
from videos.engine.paint.signs import Signs
from videos.engine.paint.sky import sky

SPLIT = 13.0


def build(site: Site) -> Set:
    frame = site.frame(0.5 if site.portrait else 0.47, 0.86)
    light = site.light
    dark = site.time in ("night", "dusk")
    wet = site.ground == "wet"
    back: list[Any] = [*sky(frame, light, site.seed, clouds=0.5, sun=not dark), Vista(frame, light, dark)]
    road = Road(frame, site, dark, wet)
    walls = [Wall(frame, site, side, dark, wet) for side in (-1, 1)]
    signs = Signs(frame, site, dark, wet)
    set_light = (
        light
        if not dark
        else Light(
            light.sky,
            light.sun,
            (255, 196, 206),
            (120, 110, 170),
            light.fog,
            light.cloud,
            light.cloud_shade,
            light.sun_height,
            light.side,
            0.0,
            0.9,
        )
    )
    return Set(
        frame,
        set_light,
        back,
        [*walls, road, signs],
        mirror=0.42 if wet else 0.0,
        shadow=0.45,
        bloom=1.0 if dark else 0.35,
        size=0.4,
    )


class Vista:
    """The glow and the far towers at the end of the street."""

    def __init__(self, frame: Frame, light: Light, dark: bool) -> None:
        self.frame = frame
        r = round(frame.unit * 0.2)
        colour = mix(light.fog, (255, 120, 150), 0.45) if dark else light.sky[-1][1]
        disc = soft_disc(r, 1.4)
        self.image = premultiply(
            np.ones((2 * r, 2 * r, 1), np.float32) * np.array(colour[::-1], np.float32), disc * (0.75 if dark else 0.5)
        )

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, size = self.frame, 3.0
        _, tx, ty = view.place(40.0)
        half = self.image.shape[0] / 2 * size
        canvas.warp(self.image, size, frame.centre - half - view.yaw, frame.horizon - half - view.pitch)


class Wall(Perspective):
    """One side of the street as a long picture with its own reflection below the kerb."""

    def __init__(self, frame: Frame, site: Site, side: int, dark: bool, wet: bool) -> None:
        super().__init__(frame)
        self.side = side
        self.top = 9.5 if not site.portrait else 13.5
        facade = Facade(site, side, dark, self.top)
        self.near_density, self.far_density = 88.0, 34.0
        near_end = SPLIT + TRAVEL + 1.0
        near = facade.picture(REACH[0], near_end, self.near_density)
        far = facade.picture(REACH[0], REACH[1], self.far_density)
        hazed = [(_hazed(p, d, site.light, dark), d) for p, d in ((near, self.near_density), (far, self.far_density))]
        self.near, self.far = (self._mirrored(p, wet, d) for p, d in hazed)

    def _mirrored(self, picture: Array, wet: bool, density: float) -> Array:
        if not wet:
            return picture
        # A wet road smears what it mirrors downwards.
        mirror = cv2.blur(cv2.flip(picture, 0), (3, max(3, int(density * 0.5)) | 1))
        return np.vstack([picture, tint(mirror, (0.8, 0.76, 0.78, 1.0))])

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        cx, cy, f, sx, sz = self.matrix(view, canvas)
        wide, high = canvas.image.shape[1], canvas.image.shape[0]
        x = self.side * HALF - sx
        split = cx + x * f / SPLIT
        end = cx + x * f / (REACH[1] - sz)
        spans = (
            (self.near, self.near_density, split, float(wide if self.side > 0 else 0)),
            (self.far, self.far_density, end, split),
        )
        for picture, density, inner, outer in spans:
            x0, x1 = sorted((int(np.clip(round(inner), 0, wide)), int(np.clip(round(outer), 0, wide))))
            if x1 - x0 < 2:
                continue
            # (z, y, 1) to the screen, after texture pixels to (z, y).
            to_screen = np.array([[cx - x0, 0.0, x * f], [cy, -f, EYE * f], [1.0, 0.0, 0.0]])
            to_wall = np.array([[1 / density, 0, REACH[0] - sz], [0, -1 / density, self.top], [0, 0, 1.0]])
            out = canvas.warped[:high, : x1 - x0]
            cv2.warpPerspective(picture, to_screen @ to_wall, (x1 - x0, high), out)
            canvas.over(out, x0, 0)


def _hazed(picture: Array, density: float, light: Light, dark: bool) -> Array:
    """Air between, baked by distance from the near end."""
    fog = np.array((*bgr(mix(light.fog, (120, 70, 110), 0.3) if dark else light.fog), 255), np.float32)
    z = REACH[0] + np.arange(picture.shape[1], dtype=np.float32) / density
    share = (1 - np.exp(-np.maximum(z - 6, 0) / (34 if dark else 46)))[None, :, None]
    rows = (picture.shape[0], 1, 1)
    keep = np.tile(np.repeat((255 * (1 - share)).astype(np.uint8), 4, 2), rows)
    veil = np.tile((fog * share).astype(np.uint8), rows)
    alpha = picture[..., 3]
    cover = cv2.multiply(veil, cv2.merge((alpha, alpha, alpha, alpha)), scale=1 / 255)
    return cv2.add(cv2.multiply(picture, keep, scale=1 / 255), cover)


class Road(Perspective):
    """Asphalt and pavements, drawn as a sheet over the mirrored walls; thin where puddles lie."""

    DENSITY = 42.0

    def __init__(self, frame: Frame, site: Site, dark: bool, wet: bool) -> None:
        super().__init__(frame)
        rng = stream(site.seed, "road")
        d, self.start, end = self.DENSITY, 1.6, 50.0
        shape = (round((end - self.start) * d), round(2 * HALF * d))
        x = (np.arange(shape[1], dtype=np.float32)[None, :] / d) - HALF
        z = np.arange(shape[0], dtype=np.float32)[:, None] / d + self.start
        rough = fbm(rng, shape, 46, 5)
        tone = (26 if dark else 92) + 26 * (rough - 0.5)
        colour = np.repeat(tone[..., None], 3, 2) * np.array((1.12, 1.0, 0.98), np.float32)
        kerb = np.abs(x) > 2.35
        slabs = (np.abs(np.mod(z, 0.8) - 0.4) > 0.375) | (np.abs(np.mod(np.abs(x) - 2.35, 0.4) - 0.2) > 0.18)
        colour = np.where(kerb[..., None], colour * 1.45 + 8 - 9.0 * slabs[..., None], colour)
        edge = np.exp(-(((np.abs(x) - 2.35) / 0.04) ** 2))
        colour += edge[..., None] * (34 if dark else 60)
        line = (np.abs(x) < 0.065) & (np.mod(z, 3.0) < 1.7)
        cross = (
            (np.abs(np.mod(z - 7.5, 19.0) - 1.0) < 1.0) & (np.abs(np.mod(x, 0.86) - 0.43) < 0.23) & (np.abs(x) < 2.2)
        )
        paint = np.clip((line | cross).astype(np.float32) * (0.5 + 0.8 * rough), 0, 1)[..., None]
        colour = colour * (1 - paint * 0.75) + paint * 0.75 * np.array((206, 212, 214), np.float32) * (
            0.5 if dark else 1.0
        )
        cover = np.ones(shape, np.float32)
        if wet:
            pools = np.clip((fbm(rng, shape, 130, 4) - 0.47) * 6, 0, 1)
            cover = 0.54 - 0.42 * pools + 0.2 * kerb - 0.1 * (rough - 0.5) - 0.12 * paint[..., 0]
        far = np.clip((z - 16) / 30, 0, 1)
        image = premultiply(colour, np.clip(cover * (1 - 0.75 * far), 0, 1))
        image[..., :3] = np.maximum(image[..., :3], 0)
        self.image = cv2.GaussianBlur(image, (0, 0), 0.8)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        cx, cy, f, sx, sz = self.matrix(view, canvas)
        wide, high = canvas.image.shape[1], canvas.image.shape[0]
        d = self.DENSITY
        top = int(np.clip(cy + 2, 0, high))
        if high - top < 3:
            return
        start = max(0, int((sz + 0.4) * d))
        picture = self.image[start : start + int(34 * d)]
        # Texture (column, row) to ground (x, z); ground to screen.
        to_ground = np.array([[1 / d, 0, -HALF - sx], [0, 1 / d, self.start + start / d - sz], [0, 0, 1.0]])
        to_screen = np.array([[f, cx, 0.0], [0.0, cy - top, EYE * f], [0.0, 1.0, 0.0]])
        out = canvas.warped[: high - top, :wide]
        cv2.warpPerspective(picture, to_screen @ to_ground, (wide, high - top), out)
        canvas.over(out, 0, top)
