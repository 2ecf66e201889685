"""The figure of a clip that this engine drew: the file says how, so that it can be drawn again without its scene."""

from __future__ import annotations

import cv2
import numpy as np

from videos.contract import PROMPT_MAX_LENGTH
from videos.engine.paint.layer import Canvas
from videos.engine.paint.noise import Array
from videos.engine.paint.painted import Painted
from videos.engine.paint.reel import Index
from videos.engine.plan import Plan, make_plan
from videos.engine.probe import opened
from videos.engine.scene import Scene

# Levels between a frame and its double beyond which the file was made otherwise: a remix, or another version.
NEAR = 6.0


def own_figure(index: Index, picture: Array) -> Array | None:
    """The lead of the middle frame as RGBA; None when the clip is not, or not quite, what its tags say."""
    plan = _tagged_plan(index, (picture.shape[1], picture.shape[0]))
    if plan is None or not plan["subjects"]:
        return None
    scene, number = Scene(plan), len(index) // 2
    double = scene.painter().frame(number)
    if scene.frame_count != len(index) or not are_near(double, picture):
        return None
    return _lead(scene, number / scene.fps)


def are_near(double: Array, picture: Array) -> bool:
    """Whether both show the same, seen from afar."""
    small = [cv2.resize(each, (160, 90), interpolation=cv2.INTER_AREA).astype(int) for each in (double, picture)]
    return float(np.abs(small[0] - small[1]).mean()) <= NEAR


def _tagged_plan(index: Index, size: tuple[int, int]) -> Plan | None:
    with opened(index.path) as container:
        tags = dict(container.metadata)
    prompt, seed = tags.get("studio.prompt", ""), tags.get("studio.seed", "")
    if not (prompt and len(prompt) <= PROMPT_MAX_LENGTH and seed.isascii() and seed.isdigit()):
        return None
    return make_plan(prompt, seed=int(seed), size=size, seconds=max(round(index.showing.seconds), 1))


def _lead(scene: Scene, t: float) -> Array | None:
    world = scene.worlds[0][1]
    assert isinstance(world, Painted)
    shot = world.shot_at(t)
    live = shot.clock(t)
    canvas = Canvas(scene.width, scene.height, 1.0)
    shot.troupe.draw_lead(canvas, shot.camera.at(t, live), live)
    image = canvas.image.astype(np.float32)
    cover = image[..., 3:]
    if not cover.any():
        return None
    plain = np.concatenate([image[..., 2::-1] * 255 / np.maximum(cover, 1), cover], axis=2)
    return np.asarray(np.clip(plain, 0, 255), np.uint8)
