"""The pictures that stand for a film: thumbnail and spritesheet, taken while rendering or from an mp4."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videos.engine.limits import limit_this_process
from videos.engine.probe import opened, picture_of
from videos.engine.showing import quarters, showing_of, upright

Frame = NDArray[np.uint8]

COLUMNS = 10
TILES_PER_SECOND, TILES_UP_TO, TILES_OF_LONG_FILM = 2, 12, 100
LANDSCAPE_TILE_WIDTH, PORTRAIT_TILE_WIDTH = 160, 90
CANDIDATES = 5


@dataclass(frozen=True)
class Stills:
    """A WebP of full size, and a JPEG grid of `frames` tiles, row by row."""

    thumbnail: bytes
    spritesheet: bytes
    columns: int
    rows: int
    frames: int

    @property
    def layout(self) -> dict[str, int]:
        return {"columns": self.columns, "rows": self.rows, "frames": self.frames}


class StillsTaker:
    """Keeps what it needs of the frames shown to it, which may come from several threads in any order."""

    def __init__(self, size: tuple[int, int], frame_count: int, fps: float) -> None:
        self._tile = _tile_size(size)
        count = min(_tile_count(frame_count / fps), frame_count)
        self._tile_frames = [int((tile + 0.5) * frame_count / count) for tile in range(count)]
        self._candidate_frames = {int((n + 0.5) * frame_count / CANDIDATES) for n in range(CANDIDATES)}
        self._wanted = self._candidate_frames.union(self._tile_frames)
        self._tiles: dict[int, Frame] = {}
        self._sharpest: tuple[float, int, Frame] | None = None
        self._lock = threading.Lock()

    def wants(self, index: int) -> bool:
        return index in self._wanted

    def see(self, index: int, frame: Frame) -> None:
        if index not in self._wanted:
            return
        self._tiles[index] = _resized(frame, self._tile)
        if index in self._candidate_frames:
            self._consider(index, frame)

    def stills(self) -> Stills:
        if not (self._sharpest and self._tiles):
            raise ValueError("no frame was seen")
        tiles = [self._nearest_tile(index) for index in self._tile_frames]
        columns = min(COLUMNS, len(tiles))
        sheet = _grid(tiles, columns)
        return Stills(
            thumbnail=_encoded(self._sharpest[2], "WEBP", quality=80),
            spritesheet=_encoded(sheet, "JPEG", quality=75, progressive=True, optimize=True),
            columns=columns,
            rows=-(-len(tiles) // columns),
            frames=len(tiles),
        )

    def _consider(self, index: int, frame: Frame) -> None:
        """Keep the sharpest, of equals the earliest, whatever order the threads come in."""
        sharpness = _sharpness(frame)
        with self._lock:
            if not self._sharpest or (sharpness, -index) > self._sharpest[:2]:
                self._sharpest = (sharpness, -index, frame.copy())

    def _nearest_tile(self, index: int) -> Frame:
        """A foreign file may hold fewer frames than it says; the nearest one stands in."""
        nearest = min(self._tiles, key=lambda seen: abs(seen - index))
        return self._tiles[nearest]


def _tile_count(seconds: float) -> int:
    return TILES_OF_LONG_FILM if seconds > TILES_UP_TO else max(1, round(seconds * TILES_PER_SECOND))


def _tile_size(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    tile_width = LANDSCAPE_TILE_WIDTH if width >= height else PORTRAIT_TILE_WIDTH
    return tile_width, max(1, round(tile_width * height / width))


def _resized(frame: Frame, size: tuple[int, int]) -> Frame:
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def _sharpness(frame: Frame) -> float:
    small = cv2.cvtColor(_resized(frame, (320, 320)), cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(small, cv2.CV_32F).var())


def _grid(tiles: list[Frame], columns: int) -> Frame:
    height, width = tiles[0].shape[:2]
    sheet = np.zeros((-(-len(tiles) // columns) * height, columns * width, 3), np.uint8)
    for place, tile in enumerate(tiles):
        top, left = place // columns * height, place % columns * width
        sheet[top : top + height, left : left + width] = tile
    return sheet


def _encoded(frame: Frame, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(frame[:, :, ::-1])).save(stream, kind, **options)
    return stream.getvalue()


def stills_from_file(path: Path) -> Stills:
    """Thumbnail and spritesheet of an mp4 that somebody else made, by decoding it once."""
    with opened(path) as container:
        video = picture_of(container)
        showing = showing_of(video, container.demux(video))
        container.seek(0)
        video.thread_type = "AUTO"
        taker = None
        for index, frame in enumerate(container.decode(video)):
            if taker is None:
                size = (frame.height, frame.width) if quarters(frame) % 2 else (frame.width, frame.height)
                taker = StillsTaker(size, len(showing), float(showing.rate))
            if taker.wants(index):
                taker.see(index, upright(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8), frame))
    if taker is None:
        raise ValueError("no frame was seen")
    return taker.stills()


def write_stills(stills: Stills, folder: Path, write: Callable[[Path, bytes], object] = Path.write_bytes) -> None:
    write(folder / "thumbnail.webp", stills.thumbnail)
    write(folder / "spritesheet.jpg", stills.spritesheet)


def main(argv: list[str]) -> int:
    if len(argv) != 2:
        sys.stderr.write("usage: python -m videos.engine.stills FILE OUTDIR\n")
        return 2
    limit_this_process(memory=3 * 1024**3, cpu_seconds=120)
    try:
        stills = stills_from_file(Path(argv[0]))
        write_stills(stills, Path(argv[1]))
    except Exception as error:
        sys.stderr.write(f"no stills: {error or type(error).__name__}\n")
        return 1
    sys.stdout.write(json.dumps(stills.layout) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
