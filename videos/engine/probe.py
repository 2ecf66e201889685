"""Looks into an mp4 and refuses whatever is not a whole, decodable video; run it as a child on foreign files."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from videos.engine.limits import limit_this_process
from videos.engine.showing import Showing, quarters, showing_of

VIDEO_CODECS = {"h264", "hevc", "av1", "libdav1d", "vp9", "mpeg4"}
AUDIO_CODECS = {"aac", "mp3", "mp3float", "opus", "libopus", "ac3", "flac", "alac", "pcm_s16le"}
MAX_SIDE, MAX_AREA, MAX_FPS, MAX_SECONDS, MAX_STREAMS = 4096, 4096 * 2304, 120, 300, 8
OPTIONS = {
    "protocol_whitelist": "file",
    "codec_whitelist": ",".join(sorted(VIDEO_CODECS | AUDIO_CODECS)),
    "max_streams": str(MAX_STREAMS),
    "probesize": "5000000",
    "analyzeduration": "5000000",
}
_OPEN_TIMEOUT = 20
# Of a second a pixel's sides may differ; players do not show that either.
_NEARLY_SQUARE = 0.01


class NotAWholeVideo(ValueError):
    """The file is no mp4, is cut off, or does not hold the frames it declares."""


@dataclass(frozen=True)
class Probe:
    """Upright, and without what was trimmed away; the duration is that of the picture."""

    width: int
    height: int
    duration: float
    fps: float
    frames: int
    video_codec: str
    audio_codec: str | None


def probe(path: Path) -> Probe:
    """What the file holds, after its boxes, packets, and three of its frames were checked."""
    _check_boxes(path)
    try:
        with opened(path) as container:
            return _examine(container)
    except NotAWholeVideo:
        raise
    except Exception as error:
        # A damaged index surfaces as whatever the demuxer stumbled over, an IndexError included.
        raise NotAWholeVideo(f"cannot be read ({type(error).__name__})") from error


def opened(path: Path) -> InputContainer:
    """The container of an mp4 of foreign make, which may open no other file and use no rare codec."""
    container = av.open(str(path), format="mov", options=OPTIONS, timeout=_OPEN_TIMEOUT, metadata_errors="replace")
    try:
        _check_codecs(container)
    except BaseException:
        container.close()
        raise
    return container


def picture_of(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise NotAWholeVideo("no video track")
    return container.streams.video[0]


def _check_codecs(container: InputContainer) -> None:
    """Of every track: the library takes its whitelist for the looks that it has itself, not for ours."""
    for streams, known in ((container.streams.video, VIDEO_CODECS), (container.streams.audio, AUDIO_CODECS)):
        for stream in streams:
            name = stream.codec_context.codec.canonical_name if stream.codec_context else "of an unknown name"
            if name not in known:
                raise NotAWholeVideo(f"unsupported codec {name}")


def _check_boxes(path: Path) -> None:
    kinds = list(_boxes(path))
    if not kinds or kinds[0] != b"ftyp":
        raise NotAWholeVideo("no mp4: it does not begin with a file type box")
    for needed in (b"moov", b"mdat"):
        if needed not in kinds:
            raise NotAWholeVideo(f"the {needed.decode()} box is missing")
    if b"moof" in kinds:
        raise NotAWholeVideo("a fragmented mp4 does not say how long it is")


def _boxes(path: Path) -> Iterator[bytes]:
    """Walk the top level; the boxes have to cover the file to its last byte."""
    total = path.stat().st_size
    position = 0
    with path.open("rb") as file:
        while position < total:
            file.seek(position)
            size, kind = _box_header(file.read(16))
            if position == 0 and kind != b"ftyp":
                raise NotAWholeVideo("no mp4: it does not begin with a file type box")
            position += size
            if position > total:
                raise NotAWholeVideo(f"cut off inside its {_printable(kind)} box")
            yield kind


def _box_header(head: bytes) -> tuple[int, bytes]:
    if len(head) < 8:
        raise NotAWholeVideo("cut off inside a box header")
    size, kind = struct.unpack(">I4s", head[:8])
    least = 8
    if size == 1 and len(head) == 16:
        size, least = struct.unpack(">Q", head[8:])[0], 16
    if size < least:
        raise NotAWholeVideo(f"the {_printable(kind)} box does not say where it ends")
    return size, kind


def _printable(kind: bytes) -> str:
    return repr(kind.decode("latin-1"))


def _examine(container: InputContainer) -> Probe:
    video = picture_of(container)
    audio = next(iter(container.streams.audio), None)
    _check_picture(video)
    showing = _whole_showing(container, video)
    width, height = video.codec_context.width, video.codec_context.height
    found = Probe(
        width=width,
        height=height,
        duration=round(float(showing.seconds), 6),
        fps=round(float(showing.rate), 3),
        frames=len(showing),
        video_codec=video.codec_context.codec.canonical_name,
        audio_codec=audio.codec_context.codec.canonical_name if audio else None,
    )
    _check_timing(found, (container.duration or 0) / av.time_base)
    video.codec_context.thread_count = 1
    turned = [quarters(_decode_at(container, video, showing, share)) for share in (0.0, 0.5, 1.0)][0]
    return replace(found, width=height, height=width) if turned % 2 else found


def _check_picture(video: VideoStream) -> None:
    """Before anything is decoded: a tiny file may declare an enormous picture."""
    width, height = video.codec_context.width, video.codec_context.height
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_AREA):
        raise NotAWholeVideo(f"unsupported picture size {width}x{height}")
    shape = Fraction(video.sample_aspect_ratio or 1)
    if abs(shape - 1) > _NEARLY_SQUARE:
        raise NotAWholeVideo(f"its pixels are not square but {shape.numerator}:{shape.denominator}")


def _check_timing(found: Probe, declared: float) -> None:
    if not (0 < found.fps <= MAX_FPS and 0 < found.duration <= MAX_SECONDS and declared <= MAX_SECONDS):
        raise NotAWholeVideo(f"unsupported timing: {found.frames} frames, {found.fps} fps, {found.duration} s")


def _whole_showing(container: InputContainer, video: VideoStream) -> Showing:
    """When the pictures are shown, all of which have to be there; a trim may keep some from being listed at all."""
    packets = [packet for packet in container.demux(video) if packet.size]
    if len(packets) != len(video.index_entries):
        raise NotAWholeVideo(f"{len(packets)} of the declared {len(video.index_entries)} frames are there")
    return showing_of(video, packets)


def _decode_at(container: InputContainer, video: VideoStream, showing: Showing, share: float) -> VideoFrame:
    """The frame at this share of the film, decoded from the key frame before it; to the very end for 1."""
    target = showing.times[int((len(showing) - 1) * share)]
    container.seek(target, stream=video)
    found = None
    for frame in container.decode(video):
        found = frame
        if share < 1 and (frame.pts or 0) >= target:
            return found
    if found is None or share < 1:
        raise NotAWholeVideo("a frame cannot be decoded")
    return found


def main(argv: list[str]) -> int:
    if len(argv) != 1:
        sys.stderr.write("usage: python -m videos.engine.probe FILE\n")
        return 2
    limit_this_process(memory=1536 * 1024**2, cpu_seconds=30)
    try:
        found = probe(Path(argv[0]))
    except (NotAWholeVideo, OSError, MemoryError) as error:
        sys.stderr.write(f"{error if isinstance(error, NotAWholeVideo) else type(error).__name__}\n")
        return 1
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
