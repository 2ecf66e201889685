"""A plan becomes pictures: sets are built once, a painter per thread draws frames in any order."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from videos.engine.paint import cast, weather
from videos.engine.paint.camera import Camera
from videos.engine.paint.colour import bgr
from videos.engine.paint.grade import Grade
from videos.engine.paint.label import Label
from videos.engine.paint.layer import Canvas, Element, View, tint
from videos.engine.paint.noise import Array
from videos.engine.paint.parts import Set, site_of
from videos.engine.paint.plate import Plate
from videos.engine.paint.sets import build_set

CROSSFADE = 0.6
BLOOMS_FROM = np.array((178.0, 178.0, 178.0, 255.0))
PLATE_SHARE = 0.55


class Shot:
    """A stretch of the clip with its set, cast and camera."""

    def __init__(self, plan: dict[str, Any], shot: dict[str, Any], made: Set) -> None:
        self.start, self.end, self.set = float(shot["start"]), float(shot["end"]), made
        self.pace = pace = float(plan["pace"])
        self.middle = float(plan["seconds"]) / 2
        self.troupe = cast.Troupe(plan, shot | {"start": self.clock(self.start), "end": self.clock(self.end)}, made)
        troupe = self.troupe
        self.camera = Camera(shot, made.frame, int(plan["seed"]), troupe.target, pace, troupe.speed, made.open_air)
        site = site_of(plan, shot)
        self.weather = weather.particles(site, made)

    def clock(self, t: float) -> float:
        """The hour of everything that lives: it runs at the plan's pace and agrees with the clip's at its middle."""
        return t if self.pace == 1.0 else self.middle + (t - self.middle) * self.pace


class Scene:
    """Everything that does not move, built once and then only read."""

    def __init__(self, plan: dict[str, Any], reference: Array | None = None) -> None:
        cv2.setNumThreads(1)
        self.plan = plan
        self.fps = int(plan["fps"])
        self.width, self.height = int(plan["width"]), int(plan["height"])
        self.frame_count = int(plan["seconds"]) * self.fps
        self.plate = Plate(plan, reference) if reference is not None else None
        self.plate_end = self._plate_end()
        self.shots = self._shots()
        self.label = Label(self.width, self.height)
        self.vignette = vignette(self.width, self.height)
        self.grade = Grade(plan)

    def painter(self) -> Painter:
        return Painter(self)

    def _plate_end(self) -> float:
        """How long the reference leads; then the prompt has its turn, or it would seem to have been ignored."""
        return round(float(self.plan["seconds"]) * PLATE_SHARE, 2) if self.plate is not None else 0.0

    def _shots(self) -> list[Shot]:
        made: dict[Any, Set] = {}
        shots = []
        for shot in self.plan["shots"]:
            if self.plate is not None and float(shot["end"]) <= self.plate_end:
                continue
            site = site_of(self.plan, shot)
            if site not in made:
                made[site] = build_set(site)
            shots.append(Shot(self.plan, shot, made[site]))
        return shots

    def shot_at(self, t: float) -> Shot:
        return next((shot for shot in reversed(self.shots) if t >= shot.start - 1e-6), self.shots[0])


class Painter:
    """One thread's canvases."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        width, height = scene.width, scene.height
        self.full, self.half = Canvas(width, height, 1.0), Canvas(width, height, 0.5)
        self.light, self.soft = Canvas(width, height, 0.5), Canvas(width, height, 0.25)
        self.air = Canvas(width, height, 0.5)
        self._upscaled = np.zeros_like(self.full.image)
        self._out = np.zeros((height, width, 3), np.uint8)

    def frame(self, index: int) -> Array:
        """The picture of one frame, BGR; depends on the plan, the reference and the index only."""
        scene = self.scene
        t = index / scene.fps
        if scene.plate is None or t >= scene.plate_end + CROSSFADE:
            self._painted(t)
        elif t < scene.plate_end or not scene.shots:
            scene.plate.draw(self.full, self.light, t)
        else:
            scene.plate.draw(self.full, self.light, t)
            lead = self.full.image.copy()
            self._painted(t)
            share = (t - scene.plate_end) / CROSSFADE
            cv2.addWeighted(lead, 1 - share, self.full.image, share, 0, self.full.image)
        return self._finished(leading=t < scene.plate_end)

    def _painted(self, t: float) -> None:
        shot = self.scene.shot_at(t)
        live = shot.clock(t)
        view, t = shot.camera.at(t, live), live
        self._scenery(shot, view, t)
        shot.troupe.draw(self.full, view, t)
        for element in (*shot.set.front, *filter(weather.solid, shot.weather)):
            element.draw(self.full, view, t)
        self._lights(shot, view, t)
        if self.scene.plate is not None:
            self.scene.plate.grade(self.full.image)
        cv2.multiply(self.full.image, self.scene.vignette, self.full.image, scale=1 / 255)

    def _scenery(self, shot: Shot, view: View, t: float) -> None:
        # What no element covers must not show the frame before.
        half = self.half.image
        cv2.rectangle(half, (0, 0), (half.shape[1], half.shape[0]), (*bgr(shot.set.light.fog), 255), -1)
        for element in shot.set.back:
            element.draw(self.half, view, t)
        shot.troupe.draw_far(self.half, view, t)
        cv2.resize(
            self.half.image, (self.scene.width, self.scene.height), self.full.image, interpolation=cv2.INTER_LINEAR
        )
        for element in shot.set.mid:
            element.draw(self.full, view, t)

    def _lights(self, shot: Shot, view: View, t: float) -> None:
        """Bloom, beams and weather go into one small additive buffer."""
        bright = shot.set.light.stars < 0.1 and shot.set.light.sun_height > 0.2 and not shot.set.indoors
        self._bloom(shot.set.bloom * (0.45 if bright else 1.0))
        for element in shot.set.glow:
            element.draw(self.light, view, t)
        self._weather([element for element in shot.weather if not weather.solid(element)], view, t)
        cv2.resize(
            self.light.image, (self.scene.width, self.scene.height), self._upscaled, interpolation=cv2.INTER_LINEAR
        )
        cv2.add(self.full.image, self._upscaled, self.full.image)

    def _weather(self, elements: list[Element], view: View, t: float) -> None:
        """On a sheet of its own: a drop in a beam must not be darker than the beam."""
        if not elements:
            return
        self.air.image[...] = 0
        for element in elements:
            element.draw(self.air, view, t)
        cv2.add(self.light.image, self.air.image, self.light.image)

    def _bloom(self, strength: float) -> None:
        soft = self.soft.image
        cv2.resize(self.full.image, (soft.shape[1], soft.shape[0]), soft, interpolation=cv2.INTER_LINEAR)
        cv2.subtract(soft, BLOOMS_FROM, soft)
        k = max(3, int(soft.shape[0] * 0.06)) | 1
        cv2.blur(soft, (k, k), soft)
        cv2.blur(soft, (k // 2 | 1, k // 2 | 1), soft)
        level = strength * 1.3
        tint(soft, (level, level, level, level), soft)
        cv2.resize(soft, (self.light.image.shape[1], self.light.image.shape[0]), self.light.image)

    def _finished(self, *, leading: bool) -> Array:
        out = np.empty_like(self._out)
        cv2.cvtColor(self.full.image, cv2.COLOR_BGRA2BGR, out)
        if not leading:
            out = self.scene.grade.apply(out)
        self.scene.label.stamp(out)
        return out


def vignette(width: int, height: int) -> Array:
    """A BGRA mask that darkens the corners a little."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    fall = 1.0 - 0.3 * np.clip((x * x * 0.85 + y * y * 0.8) - 0.42, 0, 2) ** 1.15
    mask = np.repeat(np.clip(fall * 255, 0, 255).astype(np.uint8)[..., None], 4, axis=2)
    mask[..., 3] = 255
    return np.ascontiguousarray(mask)
