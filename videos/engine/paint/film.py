"""A foreign film as a moving plate: its frames under another light, air and framing; then its last one lives on."""

from __future__ import annotations

import math
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from videos.engine.paint import weather
from videos.engine.paint.airs import Mist
from videos.engine.paint.cast import Troupe
from videos.engine.paint.crop import Crop
from videos.engine.paint.falling import Ripples
from videos.engine.paint.grade import Grade
from videos.engine.paint.layer import Frame, View
from videos.engine.paint.noise import Array, drift, stream
from videos.engine.paint.painted import Canvases, Workshop
from videos.engine.paint.parts import Set, site_of
from videos.engine.paint.plate import guessed_depth, stretched
from videos.engine.paint.reel import Index, Reel
from videos.engine.paint.retouch import Retouch

# How long the end of a hastened film takes to become its beginning again.
LOOP_SECONDS = 0.5
# Fog before pixels that are bright already: thin banks over the lower half.
PALE = (92, 94, 98)
BANKS = ((-0.1, 0.016), (0.06, -0.022), (0.24, 0.03))


class Projected:
    """What is added to the film and how it is lit and framed; `before` is the world that this one takes over from."""

    def __init__(
        self, plan: dict[str, Any], workshop: Workshop, film: Path | None, before: Projected | None = None
    ) -> None:
        self.plan, self.film, self.before = plan, film, before
        self.size = (int(plan["width"]), int(plan["height"]))
        self.fps, self.pace = float(plan["fps"]), float(plan["pace"])
        self.frames: int = before.frames if before else int(plan["frames"])
        seed, shot = int(plan["seed"]), plan["shots"][-1]
        site = site_of(plan, shot)
        self.hour = plan["time"] if plan.get("time_named") or plan["time"] != "day" else ""
        self.retouch = Retouch(self.hour, plan["weather"], self.size, site.side)
        self.frame = Frame(*self.size, self.size[1] * 0.5, self.size[1] * 0.9)
        made = Set(self.frame, site.light, [], shadow=0.4)
        self.troupe = Troupe(plan, shot, made, workshop.cards) if plan["subjects"] or plan["props"] else None
        self.air = [each for each in weather.particles(site, made) if not isinstance(each, Ripples | Mist)]
        if plan["weather"] == "mist":
            self.air.append(Mist(self.frame, seed, PALE, BANKS))
        self.grade = Grade(plan)
        self.lock = workshop.lock

    @cached_property
    def index(self) -> Index | None:
        if self.before:
            return self.before.index
        return Index(self.film) if self.film else None

    @cached_property
    def still(self) -> Still:
        """The last frame, which goes on when the film has ended."""
        if self.before:
            return self.before.still
        return Still(self.playback().picture(self.frames - 1), int(self.plan["seed"]))

    @cached_property
    def crop(self) -> Crop:
        middle = self.playback().shown(self.frames // 2)
        return Crop(self.plan["shots"][-1], int(self.plan["seed"]), interest(middle))

    def reel(self) -> Reel | Blank:
        index = self.index
        return Reel(index, self.size) if index else Blank(self.size)

    def playback(self) -> Playback:
        return Playback(self.reel(), self.frames, self.fps, self.pace)

    def hand(self, canvases: Canvases) -> Projectionist:
        return Projectionist(self, canvases)


class Blank:
    """Stands in for a film that is not at hand, where only a plan is judged."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.grey: Array = np.full((size[1], size[0], 3), 128, np.uint8)

    def at(self, seconds: float) -> Array:
        return self.grey


class Still:
    """A picture with a guess at its depth, which begins to move from rest."""

    def __init__(self, picture: Array, seed: int) -> None:
        self.picture = picture
        self.height, self.width = picture.shape[:2]
        self.depth = guessed_depth(picture)
        rows, columns = self.depth.shape
        self.columns = np.linspace(-0.5, 0.5, columns, dtype=np.float32)[None, :] * (self.width - 1)
        self.rows = np.linspace(-0.5, 0.5, rows, dtype=np.float32)[:, None] * (self.height - 1)
        rng = stream(seed, "still")
        self.wander = [drift(rng) for _ in range(2)]
        self.side = 1 if rng.random() < 0.5 else -1

    def at(self, since: float) -> Array:
        """The picture so many seconds after the film has ended."""
        gone = max(since, 0.0) ** 2 / (max(since, 0.0) + 1.5)
        share = 1.4 * (1 - float(np.exp(-gone / 14)))
        live = min(gone / 3, 1.0)
        zoom, push = 1 / (1 + 0.09 * share), self.depth * share * 0.06
        apart = self.depth - 0.35
        across = self.side * 0.02 * share + live * 0.004 * (self.wander[0](since) - self.wander[0](0))
        down = live * 0.0025 * (self.wander[1](since) - self.wander[1](0))
        x = self.columns * (zoom - push) + across * self.width * apart + (self.width - 1) / 2
        y = self.rows * (zoom - push) + down * self.height * apart + (self.height - 1) / 2
        size = (self.width, self.height)
        across_map, down_map = stretched(x, size), stretched(y, size)
        moved: Array = cv2.remap(
            self.picture, across_map, down_map, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
        return moved


class Projectionist:
    """One thread's decoder and canvases; both are opened when the first frame is asked for."""

    def __init__(self, world: Projected, canvases: Canvases) -> None:
        self.world, self.on = world, canvases
        self._playback: Playback | None = None

    def draw(self, t: float, ahead: object = None) -> Array:
        """The picture at global time t, BGR; `ahead` is the world that takes over, and has the camera then."""
        world, full = self.world, self.on.full
        with world.lock:
            crop = (ahead if isinstance(ahead, Projected) else world).crop
        picture = self._source(round(t * world.fps))
        matrix = crop.matrix(t, *world.size)
        if matrix is None:
            cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA, full.image)
        else:
            cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA, self.on.upscaled)
            cv2.warpAffine(
                self.on.upscaled, matrix, world.size, full.image, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
        world.retouch.apply(full.image)
        self._company(t)
        return world.grade.apply(cv2.cvtColor(full.image, cv2.COLOR_BGRA2BGR))

    def _company(self, t: float) -> None:
        """Cast and weather before the film."""
        world, full, view = self.world, self.on.full, View(self.world.frame)
        if world.troupe:
            world.troupe.draw(full, view, t)
        for element in filter(weather.solid, world.air):
            element.draw(full, view, t)
        lights = [each for each in world.air if not weather.solid(each)]
        if lights:
            self.on.light.image[...] = 0
            self.on.aired(lights, view, t)
            self.on.shine()

    def _source(self, index: int) -> Array:
        """The film's own picture: at its pace while it lasts, then its last one."""
        world = self.world
        if index >= world.frames:
            with world.lock:
                still = world.still
            return still.at((index - world.frames + 1) / world.fps)
        if self._playback is None:
            self._playback = world.playback()
        return self._playback.picture(index)


class Playback:
    """The film at a pace; hastened, its end passes over into its beginning."""

    def __init__(self, reel: Reel | Blank, frames: int, fps: float, pace: float) -> None:
        self.reel, self.frames, self.fps, self.pace = reel, frames, fps, pace
        self.blend = max(1, min(round(LOOP_SECONDS * fps), frames // 4))
        self.turn = max(frames - 1 - self.blend, 1)

    def picture(self, index: int) -> Array:
        if self.pace == 1.0:
            return self.shown(index)
        place = index * self.pace
        place -= max(0, int((place - self.blend) // self.turn)) * self.turn
        picture, share = self._between(place), (place - self.turn) / self.blend
        if share <= 0:
            return picture
        return cv2.addWeighted(picture, 1 - share, self._between(place - self.turn), share, 0)

    def shown(self, number: int) -> Array:
        """What the film shows in the midst of this frame of ours, whatever its own rate is; at the end its last."""
        return self.reel.at(math.inf if number >= self.frames - 1 else (number + 0.5) / self.fps)

    def _between(self, place: float) -> Array:
        number, share = int(place), place - int(place)
        picture = self.shown(number)
        if share < 0.04:
            return picture
        return cv2.addWeighted(picture, 1 - share, self.shown(number + 1), share, 0)


def interest(picture: Array) -> tuple[float, float]:
    """Where to look closer: the middle of what stands out, not too near an edge."""
    near = guessed_depth(picture)
    near = near - np.linspace(0, 0.55, near.shape[0], dtype=np.float32)[:, None]
    weight = np.clip(near - np.percentile(near, 80), 0, None) ** 2 + 1e-9
    y, x = np.mgrid[0 : near.shape[0], 0 : near.shape[1]]
    total = float(weight.sum())
    centre = float((weight * x).sum()) / total / near.shape[1], float((weight * y).sum()) / total / near.shape[0]
    return min(max(centre[0], 0.25), 0.75), min(max(centre[1], 0.3), 0.7)
