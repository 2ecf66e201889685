"""Frames and sound become one mp4: every thread paints and encodes its own segments, packets are stitched by copy."""

from __future__ import annotations

import heapq
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
Samples = NDArray[np.float32]

SEGMENT_SECONDS = 2
SAMPLE_RATE = 48_000
AUDIO_BIT_RATE = 128_000
MOVFLAGS = {"movflags": "+faststart+use_metadata_tags"}
_GLOBAL_HEADER = 1 << 22
_LIMITED = 1
# Primaries, transfer and matrix, all BT.709.
COLOURS = (1, 1, 1)

# The fastest preset with its worst losses undone: half the work of "superfast" at a better picture.
_X264 = (
    "cabac=1:8x8dct=1:deblock=0,0:bframes=3:b-adapt=0:weightb=1:"
    "keyint={keyint}:min-keyint={keyint}:scenecut=0:threads=1:force-cfr=1"
)

# OpenCV's own conversion is BT.601; these rows are BT.709 in limited range, from B, G, R.
_KR, _KB = 0.2126, 0.0722
_KG = 1 - _KR - _KB
_LUMA, _CHROMA = 219 / 255, 224 / 255 / 2
_BGR_TO_YUV = np.array(
    [
        [_KB * _LUMA, _KG * _LUMA, _KR * _LUMA, 16],
        [_CHROMA, -_KG * _CHROMA / (1 - _KB), -_KR * _CHROMA / (1 - _KB), 128],
        [-_KB * _CHROMA / (1 - _KR), -_KG * _CHROMA / (1 - _KR), _CHROMA, 128],
    ],
    dtype=np.float32,
)


class Paints(Protocol):
    """Paints any frame of the film; used by one thread only."""

    def frame(self, index: int) -> Frame: ...


@dataclass(frozen=True)
class Film:
    """All that an mp4 is made of; `painter` and `sound` are called when the work begins."""

    size: tuple[int, int]
    fps: int
    frame_count: int
    painter: Callable[[], Paints]
    sound: Callable[[], Samples]
    tags: dict[str, str]


def write_mp4(
    film: Film,
    path: Path,
    *,
    workers: int | None = None,
    on_frame: Callable[[int, Frame], None] = lambda index, frame: None,
) -> None:
    """Write a whole film to `path`; `on_frame` sees each painted frame once, from any thread, in any order."""
    segments, sound = _encode_segments(film, workers or min(2, os.cpu_count() or 1), on_frame)
    with av.open(str(path), "w", format="mp4", container_options=MOVFLAGS) as container:
        container.metadata.update(film.tags)
        video, audio = _add_video(container, film), add_audio(container)
        container.start_encoding()
        tracks = (_stitched(video, segments), encode_sound(audio, sound))
        for packet in heapq.merge(*tracks, key=decode_time):
            container.mux(packet)


def _encode_segments(
    film: Film, workers: int, on_frame: Callable[[int, Frame], None]
) -> tuple[list[list[Packet[Any]]], Samples]:
    own = threading.local()
    stop = threading.Event()

    def encode(first: int) -> list[Packet[Any]]:
        if not hasattr(own, "painter"):
            own.painter = film.painter()
        return _encode_segment(film, own.painter, first, stop, on_frame)

    cv2.setNumThreads(1)
    with ThreadPoolExecutor(workers, thread_name_prefix="segment") as pool:
        futures = [pool.submit(encode, first) for first in range(0, film.frame_count, SEGMENT_SECONDS * film.fps)]
        try:
            sound = film.sound()
            return [future.result() for future in futures], sound
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise


def _encode_segment(
    film: Film, painter: Paints, first: int, stop: threading.Event, on_frame: Callable[[int, Frame], None]
) -> list[Packet[Any]]:
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, VideoCodecContext)
    set_up(encoder, film.size, Fraction(film.fps))
    planar = Planar(film.size)
    packets: list[Packet[Any]] = []
    for index in range(first, min(first + SEGMENT_SECONDS * film.fps, film.frame_count)):
        if stop.is_set():
            return []
        picture = painter.frame(index)
        on_frame(index, picture)
        packets += encoder.encode(planar.video_frame(picture, index))
    return packets + encoder.encode(None)


def set_up(
    codec: VideoCodecContext,
    size: tuple[int, int],
    rate: Fraction,
    *,
    number: int | None = None,
    colours: tuple[int, int, int] = COLOURS,
) -> None:
    """Our one way to encode; `number` and `colours` are for films that stand beside others."""
    codec.width, codec.height = size
    codec.pix_fmt = "yuv420p"
    codec.framerate = rate
    codec.time_base = 1 / rate
    codec.profile = "High"
    codec.thread_count = 1
    codec.flags |= _GLOBAL_HEADER
    codec.color_primaries, codec.color_trc, codec.colorspace = colours
    codec.color_range = _LIMITED
    params = _X264.format(keyint=round(SEGMENT_SECONDS * rate))
    codec.options = {
        "preset": "ultrafast",
        "crf": "23",
        "x264-params": params + ("" if number is None else f":sps-id={number}"),
    }


def _add_video(container: OutputContainer, film: Film) -> VideoStream:
    stream = container.add_stream("libx264", rate=film.fps)
    assert isinstance(stream, VideoStream)
    set_up(stream.codec_context, film.size, Fraction(film.fps))
    stream.time_base = Fraction(1, film.fps)
    return stream


def add_audio(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", bit_rate=AUDIO_BIT_RATE)
    assert isinstance(stream, AudioStream)
    return stream


def _stitched(stream: VideoStream, segments: list[list[Packet[Any]]]) -> Iterator[Packet[Any]]:
    for packet in (packet for segment in segments for packet in segment):
        packet.stream = stream
        yield packet


def encode_sound(stream: AudioStream, samples: Samples) -> Iterator[Packet[Any]]:
    for start in range(0, samples.shape[1], SAMPLE_RATE):
        chunk = np.ascontiguousarray(samples[:, start : start + SAMPLE_RATE])
        frame = av.AudioFrame.from_ndarray(chunk, format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        frame.pts = start
        yield from stream.encode(frame)
    yield from stream.encode(None)


def decode_time(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * (packet.time_base or Fraction(1))


class Planar:
    """Turns painted frames into the encoder's planes, in one buffer that is used again for each frame."""

    def __init__(self, size: tuple[int, int]) -> None:
        width, height = size
        self._half = (width // 2, height // 2)
        self._buffer = np.empty((height * 3 // 2, width), np.uint8)
        flat, luma, chroma = self._buffer.reshape(-1), width * height, width * height // 4
        self._luma = self._buffer[:height]
        self._chroma = [
            flat[start : start + chroma].reshape(height // 2, width // 2) for start in (luma, luma + chroma)
        ]

    def video_frame(self, picture: Frame, index: int) -> av.VideoFrame:
        packed: Any = cv2.transform(picture, _BGR_TO_YUV)
        small = cv2.resize(packed, self._half, interpolation=cv2.INTER_AREA)
        cv2.extractChannel(packed, 0, self._luma)
        for channel, plane in enumerate(self._chroma, start=1):
            cv2.extractChannel(small, channel, plane)
        frame = av.VideoFrame.from_ndarray(self._buffer, format="yuv420p")
        frame.pts = index
        return frame
