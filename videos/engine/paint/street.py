"""A street in one-point perspective: two walls, their mirror in the wet road, signs that hang over it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from videos.engine.paint.colour import RGB, Light, bgr, mix, scaled
from videos.engine.paint.layer import Canvas, Frame, View, premultiply, soft_disc
from videos.engine.paint.noise import Array, fbm, stream
from videos.engine.paint.parts import Set, Site
from videos.engine.paint.sky import sky

HALF = 3.1
EYE = 1.55
REACH = (3.0, 62.0)
SPLIT = 13.0
TRAVEL = 15.0
WORDS = ("RAMEN", "HOTEL", "BAR", "OPEN", "24H", "CAFE", "KARAOKE", "NOODLE", "MUSIC", "SUSHI", "ARCADE", "TEA")
NEON = ((255, 64, 120), (64, 220, 255), (255, 176, 56), (180, 90, 255), (90, 255, 170), (255, 84, 66))


def build(site: Site) -> Set:
    frame = site.frame(0.5 if site.portrait else 0.47, 0.86)
    light = site.light
    dark = site.time in ("night", "dusk")
    wet = site.ground == "wet"
    back: list[Any] = [*sky(frame, light, site.seed, clouds=0.5, sun=not dark), Vista(frame, light, dark)]
    road = Road(frame, site, dark, wet)
    walls = [Wall(frame, site, side, dark, wet) for side in (-1, 1)]
    signs = Signs(frame, site, dark, wet)
    set_light = light if not dark else Light(light.sky, light.sun, (255, 196, 206), (120, 110, 170), light.fog, light.cloud,
                                             light.cloud_shade, light.sun_height, light.side, 0.0, 0.9)  # fmt: skip
    return Set(frame, set_light, back, [*walls, road, signs], mirror=0.42 if wet else 0.0, shadow=0.45, bloom=1.0 if dark else 0.35, size=0.4)


def focal(frame: Frame) -> float:
    return frame.unit * 1.12


class Vista:
    """The glow and the far towers at the end of the street."""

    def __init__(self, frame: Frame, light: Light, dark: bool) -> None:
        self.frame = frame
        r = round(frame.unit * 0.2)
        colour = mix(light.fog, (255, 120, 150), 0.45) if dark else light.sky[-1][1]
        disc = soft_disc(r, 1.4)
        self.image = premultiply(np.ones((2 * r, 2 * r, 1), np.float32) * np.array(colour[::-1], np.float32), disc * (0.75 if dark else 0.5))

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        frame, size = self.frame, 3.0
        _, tx, ty = view.place(40.0)
        half = self.image.shape[0] / 2 * size
        canvas.warp(self.image, size, frame.centre - half - view.yaw, frame.horizon - half - view.pitch)


class Street3d:
    """Where a street point falls on the screen: shared by walls, road and signs."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def matrix(self, view: View, canvas: Canvas) -> tuple[float, float, float, float, float]:
        """Vanishing point, focal length in canvas pixels, sideways and forward travel in metres."""
        frame = self.frame
        f = focal(frame) * view.zoom
        cx = (frame.centre - view.yaw - view.focus[0]) * view.zoom + view.focus[0]
        cy = (frame.horizon - view.pitch - view.focus[1]) * view.zoom + view.focus[1]
        k = canvas.scale
        return cx * k, cy * k, f * k, view.x * 2.2, view.z * TRAVEL


class Wall(Street3d):
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
        self.near, self.far = (self._mirrored(p, wet, d) for p, d in ((near, self.near_density), (far, self.far_density)))
        self._haze(site.light, dark)

    def _mirrored(self, picture: Array, wet: bool, density: float) -> Array:
        if not wet:
            return picture
        # A wet road smears what it mirrors downwards.
        mirror = cv2.blur(cv2.flip(picture, 0), (3, max(3, int(density * 0.5)) | 1))
        return np.vstack([picture, cv2.multiply(mirror, (0.8, 0.76, 0.78, 1.0))])

    def _haze(self, light: Light, dark: bool) -> None:
        """Air between, baked by distance from the near end."""
        fog = np.array((*bgr(mix(light.fog, (120, 70, 110), 0.3) if dark else light.fog), 255), np.float32)
        for picture, density in ((self.near, self.near_density), (self.far, self.far_density)):
            z = REACH[0] + np.arange(picture.shape[1], dtype=np.float32) / density
            share = (1 - np.exp(-np.maximum(z - 6, 0) / (34 if dark else 46)))[None, :, None]
            alpha = picture[..., 3:4].astype(np.float32) / 255
            picture[...] = (picture * (1 - share) + fog * alpha * share).astype(np.uint8)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        cx, cy, f, sx, sz = self.matrix(view, canvas)
        wide, high = canvas.image.shape[1], canvas.image.shape[0]
        x = self.side * HALF - sx
        split = cx + x * f / SPLIT
        end = cx + x * f / (REACH[1] - sz)
        spans = ((self.near, self.near_density, split, float(wide if self.side > 0 else 0)), (self.far, self.far_density, end, split))
        for picture, density, inner, outer in spans:
            x0, x1 = sorted((int(np.clip(round(inner), 0, wide)), int(np.clip(round(outer), 0, wide))))
            if x1 - x0 < 2:
                continue
            # (z, y, 1) to the screen, after texture pixels to (z, y).
            to_screen = np.array([[cx - x0, 0.0, x * f], [cy, -f, EYE * f], [1.0, 0.0, 0.0]])
            to_wall = np.array([[1 / density, 0, REACH[0] - sz], [0, -1 / density, self.top], [0, 0, 1.0]])
            out = canvas._warped[:high, : x1 - x0]
            cv2.warpPerspective(picture, to_screen @ to_wall, (x1 - x0, high), out)
            canvas.over(out, x0, 0)


class Facade:
    """Houses side by side: storeys, lit windows, shop fronts, awnings, neon."""

    def __init__(self, site: Site, side: int, dark: bool, top: float) -> None:
        self.site, self.dark, self.top = site, dark, top
        rng = stream(site.seed, "facade", side)
        self.houses: list[dict[str, Any]] = []
        z = REACH[0] - 1.0
        while z < REACH[1]:
            width = float(rng.uniform(3.2, 5.4))
            tone = float(rng.uniform(0.75, 1.15))
            base: RGB = ((116, 88, 82), (92, 96, 112), (138, 116, 96), (84, 78, 92), (120, 72, 66), (102, 110, 104))[int(rng.integers(6))]
            self.houses.append({"z": z, "width": width, "height": float(rng.uniform(0.5, 0.98)) * top, "base": scaled(base, tone),
                                "seed": int(rng.integers(1 << 30)), "neon": NEON[int(rng.integers(len(NEON)))],
                                "floor": float(rng.uniform(1.45, 1.75))})  # fmt: skip
            z += width

    def picture(self, start: float, end: float, density: float) -> Array:
        image = np.zeros((round(self.top * density), round((end - start) * density), 4), np.uint8)
        for house in self.houses:
            if house["z"] < end and house["z"] + house["width"] > start:
                self._house(image, house, start, density)
        return image

    def _house(self, image: Array, house: dict[str, Any], start: float, d: float) -> None:
        rng = stream(house["seed"], "house")
        x0, wide = (house["z"] - start) * d, house["width"] * d
        wall = scaled(house["base"], 0.3 if self.dark else 0.95)
        foot = self.top * d

        def box(x: float, y: float, w: float, h: float, colour: RGB) -> None:
            """A rectangle in metres from the house's left foot."""
            p = (round(x0 + x * d), round(foot - (y + h) * d)), (round(x0 + (x + w) * d) - 1, round(foot - y * d) - 1)
            cv2.rectangle(image, *p, (*bgr(colour), 255), -1)

        box(0, 0, house["width"], house["height"], wall)
        box(house["width"] - 0.12, 0, 0.12, house["height"], scaled(wall, 0.55))
        box(0, house["height"] - 0.22, house["width"], 0.22, scaled(wall, 1.35))
        y = 2.6
        while y < house["height"] - 1.0:
            self._storey(box, house, rng, y, wall)
            y += house["floor"]
        self._shop(box, house, rng, wall)
        if self.dark:
            self._spill(image, house, start, d, wide)

    def _storey(self, box: Any, house: dict[str, Any], rng: np.random.Generator, y: float, wall: RGB) -> None:
        count = max(2, round(house["width"] / 1.25))
        gap = house["width"] / count
        box(0, y - 0.18, house["width"], 0.06, scaled(wall, 0.7))
        for n in range(count):
            pick, warm, kind = rng.random(), rng.random(), rng.random()
            lit = pick < (0.52 if self.dark else 0.12)
            glass: RGB = mix((255, 190, 104), (255, 236, 190), warm) if warm < 0.75 else (150, 206, 240)
            glass = scaled(glass, 0.62 + 0.34 * kind) if lit else ((22, 26, 42) if self.dark else (104, 132, 156))
            x, w, h = n * gap + gap * 0.18, gap * 0.64, house["floor"] * 0.56
            box(x - 0.05, y - 0.05, w + 0.1, h + 0.1, scaled(wall, 0.6))
            box(x, y, w, h, glass)
            box(x, y + h * 0.55, w, 0.05, scaled(wall, 0.6))
            box(x + w * 0.48, y, 0.05, h, scaled(wall, 0.6))
            if lit and kind > 0.55:
                box(x, y, w * 0.3, h, scaled(glass, 0.6))
            if kind < 0.2:
                box(x + w * 0.5, y - 0.32, 0.5, 0.3, scaled(wall, 1.5))

    def _shop(self, box: Any, house: dict[str, Any], rng: np.random.Generator, wall: RGB) -> None:
        w = house["width"]
        glow: RGB = (255, 214, 150) if rng.random() < 0.6 else mix(house["neon"], (255, 255, 255), 0.5)
        pane = scaled(glow, 0.92) if self.dark else mix((126, 152, 170), glow, 0.4)
        box(0.15, 0.0, w - 0.3, 2.1, scaled(wall, 0.5))
        box(0.3, 0.45, w - 1.6, 1.5, pane)
        box(w - 1.15, 0.0, 0.75, 1.95, scaled(pane, 0.8))
        for n in range(int((w - 1.8) / 0.45)):
            box(0.42 + n * 0.45, 0.5, 0.26, float(rng.uniform(0.25, 0.7)), scaled(pane, float(rng.uniform(0.35, 0.8))))
        stripe: RGB = house["neon"]
        box(0.1, 1.98, w - 0.2, 0.34, scaled(mix(stripe, wall, 0.25), 0.95 if self.dark else 0.8))
        for n in range(int(w / 0.5)):
            box(0.2 + n * 0.5, 2.05, 0.3 * float(rng.uniform(0.5, 1.0)), 0.2, (255, 248, 235) if self.dark else (250, 244, 230))
        if self.dark and rng.random() < 0.75:
            box(w * 0.2, 2.42, w * 0.6, 0.07, mix(stripe, (255, 255, 255), 0.4))

    def _spill(self, image: Array, house: dict[str, Any], start: float, d: float, wide: float) -> None:
        """Neon light on the wall around the shop."""
        x0, x1 = int(max(0, (house["z"] - start) * d)), int(min(image.shape[1], (house["z"] + house["width"] - start) * d))
        if x1 - x0 < 3:
            return
        rows = image.shape[0]
        y = (rows - np.arange(rows, dtype=np.float32)) / d
        fall = np.exp(-np.abs(y - 2.2) / 1.1)[:, None, None] * 0.42
        x = np.sin(np.linspace(0, np.pi, x1 - x0, dtype=np.float32))[None, :, None]
        region = image[:, x0:x1]
        light = fall * x * np.array(bgr(house["neon"]), np.float32) * (region[..., 3:4] > 0)
        region[..., :3] = np.clip(region[..., :3] + light * 0.55, 0, 255).astype(np.uint8)


class Road(Street3d):
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
        cross = (np.abs(np.mod(z - 7.5, 19.0) - 1.0) < 1.0) & (np.abs(np.mod(x, 0.86) - 0.43) < 0.23) & (np.abs(x) < 2.2)
        paint = np.clip((line | cross).astype(np.float32) * (0.5 + 0.8 * rough), 0, 1)[..., None]
        colour = colour * (1 - paint * 0.75) + paint * 0.75 * np.array((206, 212, 214), np.float32) * (0.5 if dark else 1.0)
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
        out = canvas._warped[: high - top, :wide]
        cv2.warpPerspective(picture, to_screen @ to_ground, (wide, high - top), out)
        canvas.over(out, 0, top)


class Signs(Street3d):
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
            image = board(word, colour, rng, dark, upright=not flat and n % 3 != 2, strokes=japan and n % 2 == 0 and not flat)
            mirror = cv2.multiply(cv2.blur(cv2.flip(image, 0), (3, 23)), (0.4, 0.4, 0.4, 0.4))
            self.boards.append((image, mirror, side * (HALF - float(rng.uniform(0.35, 0.8)) - 0.1), y, z, float(rng.uniform(0, 6.28))))

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
