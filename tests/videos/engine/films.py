"""Small films of our make and of others', and looks into them."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from videos.engine.mp4 import SAMPLE_RATE, Film, write_mp4


class Square:
    """Paints a square that moves by its number over a plain ground."""

    def __init__(self, size, ground):
        self.size, self.ground = size, ground

    def frame(self, index):
        width, height = self.size
        picture = np.full((height, width, 3), self.ground, np.uint8)
        left = index * 2 % max(1, width - 8)
        picture[8:24, left : left + 8] = (40, 200, 240)
        return picture


def tone(seconds, hertz=440):
    wave = 0.5 * np.sin(np.arange(int(seconds * SAMPLE_RATE)) * (2 * np.pi * hertz / SAMPLE_RATE))
    return np.stack([wave, wave]).astype(np.float32)


def ours(path: Path, *, size=(96, 64), fps=24, seconds=4, ground=(90, 60, 30), tags=None, hertz=440) -> Path:
    """A film as this engine writes it."""
    film = Film(size, fps, seconds * fps, lambda: Square(size, ground), lambda: tone(seconds, hertz), tags or {})
    write_mp4(film, path)
    return path


def foreign(
    path: Path, *, codec="libx264", kind="mp4", size=(96, 64), fps=24, frames=48, ground=(30, 160, 60), **options
) -> Path:
    """A film as others write it, without sound."""
    square = Square(size, ground)
    with av.open(str(path), "w", format=kind) as container:
        stream = container.add_stream(codec, rate=fps, options=options)
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], "yuv420p"
        for index in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(square.frame(index), format="bgr24")))
        container.mux(stream.encode(None))
    return path


def digests(path):
    """What each frame decodes to."""
    with av.open(str(path)) as container:
        return [hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() for frame in container.decode(video=0)]


def pictures(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def sound(path):
    """All samples of the left channel."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def times(path):
    """Presentation and decoding times of the packets, in their order, in seconds."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        base = float(stream.time_base or 1)
        return [(packet.pts or 0) * base for packet in packets], [(packet.dts or 0) * base for packet in packets]


def tags(path):
    with av.open(str(path)) as container:
        return dict(container.metadata)


def timed(path: Path, starts, last, *, size=(96, 64)) -> Path:
    """A film whose pictures begin at these milliseconds, the last held for so many; each is as bright as its number."""
    ends = [*starts[1:], starts[-1] + last]
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24, options={"bf": "0", "crf": "10"})
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        packets = []
        for number, start in enumerate(starts):
            picture = np.full((size[1], size[0], 3), 20 + number * 16 % 220, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = start, Fraction(1, 1000)
            packets += stream.encode(frame)
        packets += stream.encode(None)
        for packet, start, end in zip(packets, starts, ends, strict=True):
            packet.duration = end - start
            container.mux(packet)
    return path


def remuxed(path: Path, source: Path, *, skipped=0.0, turned=0) -> Path:
    """The same packets, trimmed as a phone does by an edit list that skips the first seconds, or with a turn to the
    left that players are told to make."""
    with av.open(str(source)) as old, av.open(str(path), "w", format="mp4") as new:
        pairs = [(stream, new.add_stream_from_template(stream)) for stream in old.streams.video]
        for before, after in pairs:
            after.time_base = before.time_base
            if turned:
                after.set_display_rotation(turned)
            for packet in old.demux(before):
                if packet.size:
                    packet.pts -= round(skipped / before.time_base)
                    packet.dts -= round(skipped / before.time_base)
                    packet.stream = after
                    new.mux(packet)
    return path
