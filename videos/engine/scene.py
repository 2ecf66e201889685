"""A plan becomes pictures: what does not move is built once, a painter per thread draws frames in any order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2

from videos.engine.paint.camera import smooth
from videos.engine.paint.film import Projected
from videos.engine.paint.label import Label
from videos.engine.paint.noise import Array
from videos.engine.paint.painted import Canvases, Painted, Workshop
from videos.engine.paint.plate import Plate
from videos.engine.paint.puppet import read_card
from videos.engine.plan import frames_of

# How long the scene of an extended clip runs on beside the changed one.
TAKEOVER = 1.0
World = Painted | Projected


class Scene:
    """Everything that does not move; built when a frame first needs it and then only read.

    `reference` is the image that leads (BGR); `film` the foreign mp4 of a plan with the key "film"; `characters` the
    cards (PNG) by the names in plan["characters"]. The scene of an extended plan needs what its source needed.
    """

    def __init__(
        self,
        plan: dict[str, Any],
        reference: Array | None = None,
        *,
        film: Path | None = None,
        characters: Mapping[str, Path] | None = None,
    ) -> None:
        cv2.setNumThreads(1)
        self.plan = plan
        self.fps: float = plan["fps"]
        self.width, self.height = int(plan["width"]), int(plan["height"])
        self.frame_count = frames_of(plan)
        cards = {name: read_card(path) for name, path in (characters or {}).items()}
        plate = Plate(innermost(plan), reference) if reference is not None else None
        self.workshop = Workshop(plate, cards)
        self.worlds = _worlds(plan, self.workshop, film)
        self.label = Label(self.width, self.height)

    def painter(self) -> Painter:
        return Painter(self)


def innermost(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan of the clip that all extensions began with."""
    while "before" in plan:
        plan = plan["before"]
    return plan


def _worlds(plan: dict[str, Any], workshop: Workshop, film: Path | None) -> list[tuple[int, World]]:
    """The worlds of a clip with the frames they take over at; each extension adds one."""
    before = _worlds(plan["before"], workshop, film) if "before" in plan else []
    last = before[-1][1] if before else None
    world: World
    if plan.get("film"):
        world = Projected(plan, workshop, film, last if isinstance(last, Projected) else None)
    else:
        world = Painted(plan, workshop, last if isinstance(last, Painted) else None)
    return [*before, (int(plan.get("seam", 0)), world)]


class Painter:
    """One thread's hands and canvases."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        canvases = Canvases(scene.width, scene.height)
        self.hands = [(seam, world.hand(canvases)) for seam, world in scene.worlds]

    def frame(self, index: int) -> Array:
        """The picture of one frame, BGR; depends on the plan, the files and the index only."""
        fps = self.scene.fps
        number = max(n for n, (seam, _) in enumerate(self.hands) if seam <= index)
        seam, hand = self.hands[number]
        since = (index - seam + 1) / fps
        out = hand.draw(index / fps)
        if number and since < TAKEOVER:
            old = self.hands[number - 1][1].draw(index / fps, hand.world)
            share = smooth(since / TAKEOVER)
            out = cv2.addWeighted(old, 1 - share, out, share, 0)
        self.scene.label.stamp(out)
        return out
