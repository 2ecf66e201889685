"""Looks into an mp4 and refuses whatever is not a whole, decodable video; run it as a child on foreign files."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from videos.engine.limits import limit_this_process

VIDEO_CODECS = {"h264", "hevc", "av1", "libdav1d", "vp9", "mpeg4"}
AUDIO_CODECS = {"aac", "mp3", "mp3float", "opus", "libopus", "ac3", "flac", "alac", "pcm_s16le"}
MAX_SIDE, MAX_FPS, MAX_SECONDS, MAX_STREAMS = 4096, 120, 300, 8
OPTIONS = {
    "protocol_whitelist": "file",
    "codec_whitelist": ",".join(sorted(VIDEO_CODECS | AUDIO_CODECS)),
    "max_streams": str(MAX_STREAMS),
    "probesize": "5000000",
    "analyzeduration": "5000000",
}
_OPEN_TIMEOUT = 20


class NotAWholeVideo(ValueError):
    """The file is no mp4, is cut off, or does not hold the frames it declares."""


@dataclass(frozen=True)
class Probe:
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
    return av.open(str(path), format="mov", options=OPTIONS, timeout=_OPEN_TIMEOUT)


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
    if not container.streams.video:
        raise NotAWholeVideo("no video track")
    video = container.streams.video[0]
    audio = next(iter(container.streams.audio), None)
    found = Probe(
        width=video.codec_context.width,
        height=video.codec_context.height,
        duration=round((container.duration or 0) / av.time_base, 6),
        fps=round(float(video.average_rate or 0), 3),
        frames=video.frames,
        video_codec=video.codec_context.codec.canonical_name,
        audio_codec=audio.codec_context.codec.canonical_name if audio else None,
    )
    _check_bounds(found)
    _check_packets(container, video)
    video.codec_context.thread_count = 1
    for share in (0.0, 0.5, 1.0):
        _decode_at(container, video, share)
    return found


def _check_bounds(found: Probe) -> None:
    """Before anything is decoded: a tiny file may declare an enormous picture."""
    if found.video_codec not in VIDEO_CODECS:
        raise NotAWholeVideo(f"unsupported codec {found.video_codec}")
    if not (0 < found.width <= MAX_SIDE and 0 < found.height <= MAX_SIDE):
        raise NotAWholeVideo(f"unsupported picture size {found.width}x{found.height}")
    if not (0 < found.fps <= MAX_FPS and 0 < found.duration <= MAX_SECONDS and found.frames > 0):
        raise NotAWholeVideo(f"unsupported timing: {found.frames} frames, {found.fps} fps, {found.duration} s")


def _check_packets(container: InputContainer, video: VideoStream) -> None:
    packets = sum(1 for packet in container.demux(video) if packet.size)
    if packets != video.frames:
        raise NotAWholeVideo(f"{packets} of the declared {video.frames} frames are there")


def _decode_at(container: InputContainer, video: VideoStream, share: float) -> None:
    """Decode the frame at this share of the film: from the key frame before it up to it, to the end for 1."""
    start, length = video.start_time or 0, video.duration or 0
    target = start + int(length * share)
    container.seek(min(target, start + max(length - 1, 0)), stream=video)
    seen = 0
    for frame in container.decode(video):
        seen += 1
        if share < 1 and (frame.pts or 0) >= target:
            return
    if not seen or share < 1:
        raise NotAWholeVideo("a frame cannot be decoded")


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
