"""Small clips for tests: one that no engine of ours made, and those of plans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from videos.engine.mp4 import Film, write_mp4
from videos.engine.plan import Plan
from videos.engine.scene import Scene

SIZE = (320, 180)
FPS, FRAMES = 25, 60


def foreign_picture(index: int) -> Any:
    """A red box that drives past a green hill under a pale sky."""
    wide, high = SIZE
    picture = np.full((high, wide, 3), (230, 200, 150), np.uint8)
    picture[high * 6 // 10 :] = (70, 140, 90)
    cv2.circle(picture, (250, 40), 16, (220, 250, 255), -1)
    cv2.rectangle(picture, (60, 70), (110, 108), (90, 110, 170), -1)
    cv2.rectangle(picture, (20 + index * 3, 110), (80 + index * 3, 140), (40, 40, 200), -1)
    return picture


def foreign_film(path: Path, *, frames: int = FRAMES, fps: int = FPS) -> Path:
    with av.open(str(path), "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=fps)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "14", "g": "20", "bf": "2"}
        for index in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(foreign_picture(index), format="bgr24")))
        container.mux(stream.encode(None))
    return path


def film_of(plan: Plan, path: Path, tags: dict[str, str], **sources: Any) -> Path:
    """The clip of a plan, without sound."""
    scene = Scene(plan, **sources)
    silence = np.zeros((2, 48_000), np.float32)
    size = (plan["width"], plan["height"])
    write_mp4(Film(size, int(plan["fps"]), scene.frame_count, scene.painter, lambda: silence, tags), path)
    return path


def apart(a: Any, b: Any) -> float:
    return float(np.abs(a.astype(int) - b).mean())
