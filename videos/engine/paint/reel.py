"""A foreign film as pictures by their number: quick one after another, right in any order."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame

from videos.engine.paint.noise import Array
from videos.engine.probe import opened, picture_of
from videos.engine.showing import matrix_of, showing_of, upright

# So far ahead it is quicker to decode on than to seek.
PATIENCE = 24
# Bilinear, exactly rounded, chroma at full width: the quick conversion is up to two levels too dark.
_EXACT = 0x2 | 0x2000 | 0x40000


class Index:
    """When each picture of a film is shown, and which can be begun with; read once, without decoding."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with opened(path) as container:
            stream = picture_of(container)
            self.showing = showing_of(stream, container.demux(stream))
        if not self.showing.times:
            raise ValueError("the film shows no picture")
        self.times, self.keys = self.showing.times, self.showing.keys

    def __len__(self) -> int:
        return len(self.times)

    def at(self, seconds: Fraction | float) -> int:
        """The number of the picture that is shown then."""
        return self.showing.at(seconds)


class Reel:
    """One thread's decoder."""

    def __init__(self, index: Index, size: tuple[int, int] | None = None) -> None:
        self.index, self.size = index, size
        self._container = opened(index.path)
        self._stream = picture_of(self._container)
        self._stream.codec_context.thread_count = 1
        self._decoded = self._container.decode(self._stream)
        self._next = 0
        self._kept: dict[int, Array] = {}

    def picture(self, number: int) -> Array:
        """The picture with this number in the order of showing, BGR; the last one beyond the end."""
        number = min(max(number, 0), len(self.index) - 1)
        if number not in self._kept:
            frame = self.frame(number)
            if len(self._kept) > 1:
                self._kept.pop(next(iter(self._kept)))
            self._kept[number] = self._pixels(frame)
        return self._kept[number]

    def at(self, seconds: Fraction | float) -> Array:
        """The picture that is shown then."""
        return self.picture(self.index.at(seconds))

    def frame(self, number: int) -> VideoFrame:
        """The picture with this number as it was decoded, neither turned nor scaled."""
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
        space = matrix_of(int(frame.colorspace), frame.height)
        pixels = frame.to_ndarray(format="bgr24", src_colorspace=space, interpolation=_EXACT)
        picture: Array = upright(np.asarray(pixels, np.uint8), frame)
        if self.size and (picture.shape[1], picture.shape[0]) != self.size:
            picture = cv2.resize(picture, self.size, interpolation=cv2.INTER_AREA)
        return picture
