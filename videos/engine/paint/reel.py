"""A foreign film as pictures by their number: quick one after another, right in any order."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame

from videos.engine.paint.noise import Array

OPTIONS = {"protocol_whitelist": "file"}
# So far ahead it is quicker to decode on than to seek.
PATIENCE = 24
_BT601, _BT709, _UNSPECIFIED = 5, 1, 2
_HIGH_DEFINITION = 720
# Bilinear, exactly rounded, chroma at full width: the quick conversion is up to two levels too dark.
_EXACT = 0x2 | 0x2000 | 0x40000


class Index:
    """When each picture of a film is shown, and which can be begun with; read once, without decoding."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with av.open(str(path), format="mov", options=OPTIONS) as container:
            packets = [(p.pts, p.is_keyframe) for p in container.demux(container.streams.video[0]) if p.size]
        self.times = sorted(pts for pts, _ in packets if pts is not None)
        self.keys = sorted(pts for pts, key in packets if key and pts is not None)

    def __len__(self) -> int:
        return len(self.times)


class Reel:
    """One thread's decoder."""

    def __init__(self, index: Index, size: tuple[int, int] | None = None) -> None:
        self.index, self.size = index, size
        self._container = av.open(str(index.path), format="mov", options=OPTIONS)
        self._stream = self._container.streams.video[0]
        self._stream.codec_context.thread_count = 1
        self._decoded = self._container.decode(self._stream)
        self._next = 0
        self._kept: dict[int, Array] = {}

    def picture(self, number: int) -> Array:
        """The picture with this number in the order of showing, BGR; the last one beyond the end."""
        number = min(max(number, 0), len(self.index) - 1)
        if number not in self._kept:
            frame = self._frame(number)
            if len(self._kept) > 1:
                self._kept.pop(next(iter(self._kept)))
            self._kept[number] = self._pixels(frame)
        return self._kept[number]

    def _frame(self, number: int) -> VideoFrame:
        wanted = self.index.times[number]
        if not self._next <= number <= self._next + PATIENCE:
            self._rewind(wanted)
        frame = self._read_to(wanted)
        if frame is None:
            self._rewind(self.index.times[0])
            frame = self._read_to(wanted)
        if frame is None:
            raise ValueError("the film cannot be decoded")
        self._next = number + 1
        return frame

    def _rewind(self, wanted: int) -> None:
        at = bisect_right(self.index.keys, wanted)
        self._container.seek(self.index.keys[at - 1] if at else self.index.times[0], stream=self._stream)
        self._decoded = self._container.decode(self._stream)

    def _read_to(self, wanted: int) -> VideoFrame | None:
        """The frame of this time, or the last one when the film ends before it."""
        last = None
        for frame in self._decoded:
            if frame.pts is None or frame.pts < wanted:
                last = frame
                continue
            return frame
        return last

    def _pixels(self, frame: VideoFrame) -> Array:
        space = int(frame.colorspace)
        if space == _UNSPECIFIED:
            space = _BT709 if frame.height >= _HIGH_DEFINITION else _BT601
        picture: Array = np.asarray(
            frame.to_ndarray(format="bgr24", src_colorspace=space, interpolation=_EXACT), np.uint8
        )
        if self.size and (frame.width, frame.height) != self.size:
            picture = cv2.resize(picture, self.size, interpolation=cv2.INTER_AREA)
        return picture
