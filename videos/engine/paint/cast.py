"""The troupe: subjects and props, where they stand and how they move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from videos.engine.paint.actor import Actor
from videos.engine.paint.blocking import block
from videos.engine.paint.colour import mix
from videos.engine.paint.instruments import Notes
from videos.engine.paint.layer import Canvas, View, soft_disc, tint
from videos.engine.paint.noise import Array
from videos.engine.paint.parts import Set
from videos.engine.paint.pen import Pen, volume
from videos.engine.paint.vehicles import Vehicle
from videos.engine.paint.winged import Flyer


class Troupe:
    """Everybody in a shot."""

    def __init__(
        self, plan: dict[str, Any], shot: dict[str, Any], made: Set, cards: Mapping[str, Array] | None = None
    ) -> None:
        self.made, self.seed = made, int(plan["seed"])
        self.actors: list[Actor] = []
        self.length = float(shot["end"]) - float(shot["start"])
        self.middle = (float(shot["end"]) + float(shot["start"])) / 2
        subjects = [dict(s) | {"card": (cards or {}).get(s["species"])} for s in plan["subjects"]]
        if "motion" in shot and subjects:
            subjects[0]["motion"] = shot["motion"]
        self.subjects = subjects
        self.tracking = shot["camera"] == "track" and made.endless
        self.actors = block(self, subjects, [dict(p) for p in plan["props"]])
        self.actors.sort(key=lambda actor: -actor.depth)
        self.speed = self._track_speed()
        for actor in self.actors if self.tracking else ():
            if actor.speed:
                actor.speed, actor.facing = abs(self.speed), 1 if self.speed > 0 else -1
        self.lead, self.aside = self._lead(), (0.0, 0.0)
        self.target = self._target()

    def _track_speed(self) -> float:
        movers = [a for a in self.actors if a.speed]
        return movers[-1].facing * movers[-1].speed if movers and self.tracking else 0.0

    def _lead(self) -> Actor | None:
        found = (actor for actor in reversed(self.actors) if not isinstance(actor.puppet, Notes))
        return next(found, self.actors[-1] if self.actors else None)

    def _target(self) -> tuple[float, float] | None:
        """What a medium shot looks at."""
        if self.lead is None:
            return None
        lead = self.lead
        x, y = lead.place(self.middle, self.made.frame.unit) if not self.tracking else (lead.x, lead.y)
        return x, y - lead.scale * lead.puppet.box[2] * 0.5

    def aim(self, live: float) -> tuple[float, float]:
        """Where the lead is now."""
        if self.lead is None:
            return self.aside
        x, y = self.lead.place(live, self.made.frame.unit)
        height = self.lead.scale * self.lead.puppet.box[2]
        return x + self.aside[0], y - height * 0.5 + self.aside[1]

    def carry_on(self, before: Troupe, live: float) -> None:
        """Take over from the troupe of the clip that is extended: nobody jumps at the seam."""
        unit, old = self.made.frame.unit, {actor.name: actor for actor in before.actors if actor.name}
        self.target = before.target
        for actor in self.actors:
            was = old.get(actor.name)
            if was is not None and was.grounded == actor.grounded:
                actor.facing, actor.start, actor.phase = was.heading(live, unit), live, was.phase
                actor.x += was.place(live, unit)[0] - actor.place(live, unit)[0]
            if not self.tracking and actor.speed:
                self._bound(actor, live)
        self._follow(before, live)

    def _follow(self, before: Troupe, live: float) -> None:
        """The camera keeps its eye on whom it followed, or where they were, whoever comes, changes or goes."""
        aim, lead = before.aim(live), before.lead
        self.lead = next((actor for actor in self.actors if lead and actor.name and actor.name == lead.name), lead)
        now = self.aim(live)
        self.aside = (self.aside[0] + aim[0] - now[0], self.aside[1] + aim[1] - now[1])

    def _bound(self, actor: Actor, live: float) -> None:
        """Who walks on turns before the edge; what drives leaves the picture and comes in again."""
        frame = self.made.frame
        actor.turns = not isinstance(actor.puppet, Vehicle | Flyer)
        left, right, _ = actor.puppet.box
        margin = 0.16 * frame.width if actor.turns else -max(right, -left) * actor.scale
        x = actor.place(live, frame.unit)[0]
        actor.lane = (min(margin, x - 1), max(frame.width - margin, x + 1))

    def draw_far(self, canvas: Canvas, view: View, t: float) -> None:
        for actor in self.actors:
            if actor.depth > 2.5:
                self._draw(actor, canvas, view, t)

    def draw(self, canvas: Canvas, view: View, t: float) -> None:
        for actor in self.actors:
            if actor.depth <= 2.5:
                self._draw(actor, canvas, view, t)

    def draw_lead(self, canvas: Canvas, view: View, t: float) -> None:
        """The lead alone, without shadow or reflection."""
        if self.lead is not None:
            self._draw(self.lead, canvas, view, t, bare=True)

    def _draw(self, actor: Actor, canvas: Canvas, view: View, t: float, *, bare: bool = False) -> None:
        x, y, k = view.at(*actor.place(t, self.made.frame.unit), actor.depth)
        x, y, scale = x * canvas.scale, y * canvas.scale, actor.scale * k * canvas.scale
        left, right, top = actor.puppet.box
        facing = actor.heading(t, self.made.frame.unit)
        if facing < 0:
            left, right = -right, -left
        high, wide = canvas.image.shape[:2]
        x0, x1 = max(0, int(x + left * scale)), min(wide, int(x + right * scale) + 1)
        y0, y1 = max(0, int(y - top * scale)), min(high, int(y + actor.below * scale) + 2)
        if x1 - x0 < 4 or y1 - y0 < 4:
            return
        if actor.grounded and not bare:
            self._shadow(canvas, x, y, (right - left) * scale)
        buffer = canvas.sheet(y1 - y0, x1 - x0)
        pen = Pen(buffer, x - x0, y - y0, scale, facing)
        pen.turn = actor.turn
        actor.puppet.draw(pen, t)
        if not actor.flat:
            self._light(buffer, actor, scale)
        if self.made.mirror and actor.grounded and not bare:
            self._mirror(canvas, buffer, x0, y0, y)
        canvas.over(buffer, x0, y0)

    def _light(self, buffer: Array, actor: Actor, scale: float) -> None:
        light = self.made.light
        key = mix(light.key, (255, 255, 255), 0.25)
        ambient = mix(light.ambient, (190, 190, 196), 0.25)
        lift = 0.55 + 0.45 * light.level
        key = (key[0] * lift, key[1] * lift, key[2] * lift)
        volume(buffer, key, ambient, light.side, max(3.0, scale * 0.07), 0.5)
        haze = min(0.75, max(0.0, (actor.depth - 1.0) * 0.16))
        if haze > 0.01:
            alpha = buffer[..., 3].copy()
            b, g, r = light.fog[::-1]
            veil = tint(cv2.merge((alpha, alpha, alpha, alpha)), (b * haze / 255, g * haze / 255, r * haze / 255, 0.0))
            cv2.add(tint(buffer, (1 - haze, 1 - haze, 1 - haze, 1.0)), veil, buffer)

    def _shadow(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        size = wide * 0.86 / SHADOW.shape[1] / canvas.scale
        left = (x - wide * 0.43 - self.made.light.side * wide * 0.04) / canvas.scale
        canvas.warp(SHADOW, size, left, y / canvas.scale - SHADOW.shape[0] * size * 0.5, fade=self.made.shadow)

    def _mirror(self, canvas: Canvas, buffer: Array, x0: int, y0: int, foot: float) -> None:
        """The puppet upside down on a polished floor, fading away from its feet."""
        rows = min(round(foot) - y0, buffer.shape[0])
        top = round(foot)
        room = min(rows, canvas.image.shape[0] - top)
        if room < 4 or top < 0:
            return
        flipped = cv2.flip(buffer[rows - room : rows], 0)
        flipped = cv2.blur(flipped, (3, 5))
        fade = (np.linspace(1.0, 0.0, room, dtype=np.float32) ** 1.3 * self.made.mirror * 255).astype(np.uint8)
        ramp = np.repeat(np.repeat(fade[:, None, None], flipped.shape[1], 1), 4, 2)
        canvas.over(cv2.multiply(flipped, ramp, scale=1 / 255), x0, top)


def _shadow_picture() -> Array:
    image = np.zeros((64, 64, 4), np.uint8)
    image[..., 3] = (np.minimum(soft_disc(32, 1.2) * 1.3, 1) * 255).astype(np.uint8)
    return cv2.resize(image, (128, 20), interpolation=cv2.INTER_AREA)


SHADOW = _shadow_picture()
