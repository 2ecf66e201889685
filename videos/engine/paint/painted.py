"""The painted world: sets are built when first needed and then only read; a hand per thread draws them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from videos.engine.paint import weather
from videos.engine.paint.colour import bgr
from videos.engine.paint.grade import Grade
from videos.engine.paint.layer import Canvas, Element, View, tint
from videos.engine.paint.noise import Array
from videos.engine.paint.parts import Set, Site, site_of
from videos.engine.paint.plate import Plate
from videos.engine.paint.sets import build_set
from videos.engine.paint.shot import Shot

CROSSFADE = 0.6
BLOOMS_FROM = np.array((178.0, 178.0, 178.0, 255.0))
PLATE_SHARE = 0.55


class Workshop:
    """What the worlds of one scene share: sets by their site, the reference, the characters' cards."""

    def __init__(self, plate: Plate | None, cards: Mapping[str, Array]) -> None:
        self.plate, self.cards = plate, cards
        self.lock = threading.RLock()
        self._sets: dict[Site, Set] = {}

    def set_of(self, site: Site) -> Set:
        with self.lock:
            if site not in self._sets:
                self._sets[site] = build_set(site)
            return self._sets[site]


class Painted:
    """The sets, casts and cameras of a plan; `before` is the world whose last shot it takes over."""

    def __init__(self, plan: dict[str, Any], workshop: Workshop, before: Painted | None = None) -> None:
        self.plan, self.workshop, self.before = plan, workshop, before
        self.width, self.height = int(plan["width"]), int(plan["height"])
        self.plate = workshop.plate
        # The reference leads for a while; then the prompt has its turn, or it would seem to have been ignored.
        leads = self.plate is not None and before is None
        self.plate_end = round(float(plan["seconds"]) * PLATE_SHARE, 2) if leads else 0.0
        self.cutting = [shot for shot in plan["shots"] if not leads or float(shot["end"]) > self.plate_end]
        self._built: dict[int, Shot] = {}
        self.vignette = vignette(self.width, self.height)
        self.grade = Grade(plan)

    def shot_at(self, t: float) -> Shot:
        numbers = range(len(self.cutting) - 1, -1, -1)
        return self.shot(next((n for n in numbers if t >= float(self.cutting[n]["start"]) - 1e-6), 0))

    def shot(self, number: int) -> Shot:
        with self.workshop.lock:
            if number not in self._built:
                shot, last = self.cutting[number], self.before
                made = self.workshop.set_of(site_of(self.plan, shot))
                origin = last.shot(len(last.cutting) - 1) if last and not self.moved else None
                self._built[number] = Shot(self.plan, shot, made, self.workshop.cards, origin)
            return self._built[number]

    @property
    def moved(self) -> bool:
        """Whether this world is at another place than the one before."""
        return bool(self.cutting[0].get("fresh"))

    def hand(self, canvases: Canvases) -> Hand:
        return Hand(self, canvases)


class Canvases:
    """One thread's canvases."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.full, self.half = Canvas(width, height, 1.0), Canvas(width, height, 0.5)
        self.light, self.soft = Canvas(width, height, 0.5), Canvas(width, height, 0.25)
        self.air = Canvas(width, height, 0.5)
        self.upscaled = np.zeros_like(self.full.image)

    def shine(self) -> None:
        """Add the light to the picture."""
        cv2.resize(self.light.image, self.size, self.upscaled, interpolation=cv2.INTER_LINEAR)
        cv2.add(self.full.image, self.upscaled, self.full.image)

    def bloom(self, strength: float) -> None:
        """Begin the light with what the brightest parts of the picture shed."""
        soft = self.soft.image
        cv2.resize(self.full.image, (soft.shape[1], soft.shape[0]), soft, interpolation=cv2.INTER_LINEAR)
        cv2.subtract(soft, BLOOMS_FROM, soft)
        k = max(3, int(soft.shape[0] * 0.06)) | 1
        cv2.blur(soft, (k, k), soft)
        cv2.blur(soft, (k // 2 | 1, k // 2 | 1), soft)
        level = strength * 1.3
        tint(soft, (level, level, level, level), soft)
        cv2.resize(soft, (self.light.image.shape[1], self.light.image.shape[0]), self.light.image)

    def aired(self, elements: list[Element], view: View, t: float) -> None:
        """Weather goes on a sheet of its own: a drop in a beam must not be darker than the beam."""
        if not elements:
            return
        self.air.image[...] = 0
        for element in elements:
            element.draw(self.air, view, t)
        cv2.add(self.light.image, self.air.image, self.light.image)


class Hand:
    """Draws the frames of a painted world."""

    def __init__(self, world: Painted, canvases: Canvases) -> None:
        self.world, self.on = world, canvases

    def draw(self, t: float, ahead: object = None) -> Array:
        """The graded picture at global time t, BGR; `ahead` is the world that takes over, and has the camera then."""
        world, full = self.world, self.on.full
        plate = world.plate if t < world.plate_end + CROSSFADE and world.before is None else None
        if plate is None or t >= world.plate_end + CROSSFADE:
            self._painted(t, ahead if isinstance(ahead, Painted) else None)
        elif t < world.plate_end or not world.cutting:
            plate.draw(full, self.on.light, t)
        else:
            plate.draw(full, self.on.light, t)
            lead = full.image.copy()
            self._painted(t)
            share = (t - world.plate_end) / CROSSFADE
            cv2.addWeighted(lead, 1 - share, full.image, share, 0, full.image)
        out = cv2.cvtColor(full.image, cv2.COLOR_BGRA2BGR)
        return out if t < world.plate_end else world.grade.apply(out)

    def _painted(self, t: float, ahead: Painted | None = None) -> None:
        shot, full = self.world.shot_at(t), self.on.full
        guide = ahead.shot_at(t) if ahead and not ahead.moved else shot
        live = guide.clock(t)
        view, t = guide.camera.at(t, live), live
        self._scenery(shot, view, t)
        shot.troupe.draw(full, view, t)
        for element in (*shot.set.front, *filter(weather.solid, shot.weather)):
            element.draw(full, view, t)
        self._lights(shot, view, t)
        if self.world.plate is not None:
            self.world.plate.grade(full.image)
        cv2.multiply(full.image, self.world.vignette, full.image, scale=1 / 255)

    def _scenery(self, shot: Shot, view: View, t: float) -> None:
        # What no element covers must not show the frame before.
        half, full = self.on.half, self.on.full
        high, wide = half.image.shape[:2]
        cv2.rectangle(half.image, (0, 0), (wide, high), (*bgr(shot.set.light.fog), 255), -1)
        for element in shot.set.back:
            element.draw(half, view, t)
        shot.troupe.draw_far(half, view, t)
        cv2.resize(half.image, self.on.size, full.image, interpolation=cv2.INTER_LINEAR)
        for element in shot.set.mid:
            element.draw(full, view, t)

    def _lights(self, shot: Shot, view: View, t: float) -> None:
        """Bloom, beams and weather go into one small additive buffer."""
        bright = shot.set.light.stars < 0.1 and shot.set.light.sun_height > 0.2 and not shot.set.indoors
        self.on.bloom(shot.set.bloom * (0.45 if bright else 1.0))
        for element in shot.set.glow:
            element.draw(self.on.light, view, t)
        self.on.aired([element for element in shot.weather if not weather.solid(element)], view, t)
        self.on.shine()


def vignette(width: int, height: int) -> Array:
    """A BGRA mask that darkens the corners a little."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    fall = 1.0 - 0.3 * np.clip((x * x * 0.85 + y * y * 0.8) - 0.42, 0, 2) ** 1.15
    mask = np.repeat(np.clip(fall * 255, 0, 255).astype(np.uint8)[..., None], 4, axis=2)
    mask[..., 3] = 255
    return np.ascontiguousarray(mask)
