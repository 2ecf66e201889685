"""Takes a frame out of a film as a PNG, or the middle frames of two side by side; run as a child on foreign files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videos.contract import parse_size
from videos.engine.limits import limit_this_process
from videos.engine.paint.reel import Index, Reel
from videos.engine.probe import MAX_SIDE, NotAWholeVideo
from videos.engine.showing import upright

Frame = NDArray[np.uint8]
Size = tuple[int, int]

PLACES = ("first", "middle", "last")
_USAGE = """usage: python -m videos.engine.frames CLIP OUT.png (first|middle|last) [WxH]
       python -m videos.engine.frames --beside CLIP1 CLIP2 OUT.png WxH
"""


def frame_of(path: Path, place: str) -> Frame:
    """The film's first, middle or last frame, BGR."""
    index = Index(path)
    number = {"first": 0, "middle": index.at(index.showing.seconds / 2), "last": len(index) - 1}[place]
    found = Reel(index).frame(number)
    if found.width > MAX_SIDE or found.height > MAX_SIDE:
        raise NotAWholeVideo("a frame cannot be decoded")
    return upright(np.asarray(found.to_ndarray(format="bgr24"), np.uint8), found)


def covering(frame: Frame, size: Size) -> Frame:
    """The frame scaled until it covers this size, and cut to it evenly on both sides."""
    (height, width), (wide, high) = frame.shape[:2], size
    scale = max(wide / width, high / height)
    scaled = (max(wide, round(width * scale)), max(high, round(height * scale)))
    if scaled != (width, height):
        shrunk = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        frame = np.asarray(cv2.resize(frame, scaled, interpolation=shrunk), np.uint8)
    left, top = (scaled[0] - wide) // 2, (scaled[1] - high) // 2
    return np.ascontiguousarray(frame[top : top + high, left : left + wide])


def beside(left: Frame, right: Frame, size: Size) -> Frame:
    """Two frames in one picture, each covering its half."""
    half = size[0] // 2
    return np.hstack([covering(left, (half, size[1])), covering(right, (size[0] - half, size[1]))])


def write_png(frame: Frame, path: Path) -> None:
    # Little is gained by packing harder, and a picture of a film is large.
    Image.fromarray(np.ascontiguousarray(frame[:, :, ::-1])).save(path, "PNG", compress_level=3)


def main(argv: list[str]) -> int:
    match argv:
        case ["--beside", first, second, out, size] if _size(size):
            clips, place = [first, second], "middle"
        case [clip, out, place, *rest] if place in PLACES and len(rest) < 2 and all(map(_size, rest)):
            clips, size = [clip], rest[0] if rest else ""
        case _:
            sys.stderr.write(_USAGE)
            return 2
    limit_this_process(memory=1536 * 1024**2, cpu_seconds=30)
    try:
        picture = _picture([frame_of(Path(each), place) for each in clips], _size(size))
        write_png(picture, Path(out))
    except Exception as error:
        sys.stderr.write(f"no frame: {error if isinstance(error, NotAWholeVideo) else type(error).__name__}\n")
        return 1
    sys.stdout.write(json.dumps({"width": picture.shape[1], "height": picture.shape[0]}) + "\n")
    return 0


def _picture(frames: list[Frame], size: Size | None) -> Frame:
    if len(frames) == 2 and size:
        return beside(frames[0], frames[1], size)
    return covering(frames[0], size) if size else frames[0]


def _size(text: str) -> Size | None:
    try:
        width, height = parse_size(text)
    except ValueError:
        return None
    return (width, height) if 2 <= width <= MAX_SIDE and 2 <= height <= MAX_SIDE else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
