"""When each picture of a film is shown, by the film's own times, and which way up; read without decoding."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray

_HIGH_DEFINITION = 720
# A time that is meant to be a picture's very first may come out a little before it.
_ROUNDING = 0.001
_MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
}


@dataclass(frozen=True)
class Showing:
    """The pictures in the order of showing, in units of `base` seconds; what was trimmed away is not among them."""

    times: list[int]
    keys: list[int]
    end: int
    base: Fraction
    trimmed: bool

    def __len__(self) -> int:
        return len(self.times)

    @property
    def seconds(self) -> Fraction:
        """From the first picture until the last one is over."""
        return (self.end - self.times[0]) * self.base if self.times else Fraction(0)

    @property
    def rate(self) -> Fraction:
        """Pictures a second, on average."""
        return Fraction(len(self.times)) / self.seconds if self.seconds else Fraction(0)

    def at(self, seconds: Fraction | float) -> int:
        """The number of the picture that is shown so many seconds after the first; the last one beyond the end."""
        wanted = self.times[0] + float(seconds) / float(self.base) + _ROUNDING
        return min(max(bisect_right(self.times, wanted) - 1, 0), len(self.times) - 1)


def showing_of(stream: VideoStream, packets: Iterable[Packet[Any]]) -> Showing:
    found = [packet for packet in packets if packet.size and packet.pts is not None]
    shown = [packet for packet in found if not packet.is_discard]
    return Showing(
        times=sorted(packet.pts or 0 for packet in shown),
        # A picture that is not shown may still be the one to begin decoding with.
        keys=sorted(packet.pts or 0 for packet in found if packet.is_keyframe),
        end=max(((packet.pts or 0) + (packet.duration or 0) for packet in shown), default=0),
        base=Fraction(stream.time_base or 1),
        trimmed=len(shown) < len(found),
    )


def quarters(frame: VideoFrame) -> int:
    """How many quarter turns to the left bring the picture upright."""
    return round(frame.rotation / 90) % 4


def upright(pixels: NDArray[np.uint8], frame: VideoFrame) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(pixels, quarters(frame)))


def matrix_of(declared: int, height: int) -> Colorspace:
    """What is not declared is guessed as players do, by the size of the picture."""
    if declared in _MATRICES:
        return _MATRICES[declared]
    return Colorspace.ITU709 if height >= _HIGH_DEFINITION else Colorspace.ITU601
