"""A look into files that came over the wire."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from videos.engine.probe import Probe, probe

Picture = npt.NDArray[np.uint8]
# Pictures are compared at this size: what counts is what they show, not each pixel of it.
LOOK = (64, 36)


def facts_of(mp4: bytes) -> Probe:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.mp4"
        path.write_bytes(mp4)
        return probe(path)


def frames(mp4: bytes) -> Iterator[Picture]:
    with av.open(io.BytesIO(mp4), "r") as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)


def first_frame(mp4: bytes) -> Picture:
    return next(frames(mp4))


def picture(image: bytes) -> Picture:
    with Image.open(io.BytesIO(image)) as opened:
        return np.asarray(opened.convert("RGB"))


def difference(one: Picture, other: Picture) -> float:
    """Mean distance of two pictures, 0 to 255."""
    return float(np.abs(_look(one) - _look(other)).mean())


def _look(whole: Picture) -> npt.NDArray[np.float64]:
    return np.asarray(Image.fromarray(whole).resize(LOOK, Image.Resampling.BOX), dtype=np.float64)


def scene(colours: tuple[str, str, str], size: tuple[int, int] = (1280, 720), kind: str = "PNG") -> bytes:
    """A picture that is recognised again: three broad stripes."""
    image = Image.new("RGB", size)
    for index, colour in enumerate(colours):
        left, right = size[0] * index // 3, size[0] * (index + 1) // 3
        image.paste(colour, (left, 0, right, size[1]))
    out = io.BytesIO()
    options: dict[str, Any] = {} if kind == "PNG" else {"quality": 95}
    image.save(out, kind, **options)
    return out.getvalue()
