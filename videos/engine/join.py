"""Two films become one: the packets of the first are copied untouched, those of the second follow; run as a child."""

from __future__ import annotations

import heapq
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from videos.engine import avcc
from videos.engine.limits import limit_this_process
from videos.engine.mp4 import COLOURS, MOVFLAGS, SAMPLE_RATE, Samples, add_audio, decode_time, encode_sound, set_up
from videos.engine.probe import NotAWholeVideo, opened, picture_of
from videos.engine.showing import matrix_of, quarters, showing_of, upright

# Half of the cross-fade lies on each side of the seam, where neither film has sound of the other side.
FADE_SECONDS = 0.125
MAX_RATE = 120


class Look(NamedTuple):
    """How pictures are encoded anew: the colours as primaries, transfer and matrix."""

    size: tuple[int, int]
    rate: Fraction
    colours: tuple[int, int, int]


@dataclass(frozen=True)
class Facts:
    """What the packets of a film's picture are like; `size` is that of its upright pictures."""

    codec: str
    size: tuple[int, int]
    pix_fmt: str | None
    rate: Fraction
    frames: int
    seconds: Fraction
    extradata: bytes
    colours: tuple[int, int, int]
    turned: bool
    trimmed: bool

    @property
    def copyable(self) -> bool:
        """What a trim hides would be seen again in a copy, and a turned picture lie."""
        plain = not self.turned and not self.trimmed
        return plain and self.codec == "h264" and self.pix_fmt == "yuv420p" and avcc.readable(self.extradata)

    @property
    def look(self) -> Look:
        return Look(self.size, self.rate, self.colours)


def join(
    first: Path, second: Path, out: Path, *, tags: dict[str, str] | None = None, sound: Samples | None = None
) -> None:
    """Write both films one after the other; `sound` is the sound of the whole, if not that of the parts."""
    facts, more = facts_of(first), facts_of(second)
    if facts.copyable and more.copyable and more.extradata == facts.extradata:
        _stitch(first, second, out, facts.extradata, tags=tags, sound=sound)
        return
    with_tags = tags_of(second) if tags is None else tags
    rendered = out.with_name(f".{out.name}.second")
    try:
        if facts.copyable:
            _encode([second], rendered, facts.look, number=avcc.free_number(facts.extradata))
            extradata = avcc.merged(facts.extradata, facts_of(rendered).extradata)
            whole = _sound_of_both(first, second) if sound is None else sound
            _stitch(first, rendered, out, extradata, tags=with_tags, sound=whole)
        else:
            _encode([first, second], rendered, Look(_even(facts.size), facts.rate, COLOURS))
            whole = _sound_of_both(first, second) if sound is None else sound
            _stitch(rendered, None, out, facts_of(rendered).extradata, tags=with_tags, sound=whole)
    finally:
        rendered.unlink(missing_ok=True)


def facts_of(path: Path) -> Facts:
    with opened(path) as container:
        stream = picture_of(container)
        codec = stream.codec_context
        showing = showing_of(stream, container.demux(stream))
        container.seek(showing.times[0], stream=stream)
        turns = quarters(next(container.decode(stream)))
        return Facts(
            codec=codec.codec.canonical_name,
            size=(codec.height, codec.width) if turns % 2 else (codec.width, codec.height),
            pix_fmt=codec.pix_fmt,
            rate=min(showing.rate, Fraction(MAX_RATE)).limit_denominator(1001),
            frames=len(showing),
            seconds=showing.seconds,
            extradata=codec.extradata or b"",
            colours=(codec.color_primaries, codec.color_trc, codec.colorspace),
            turned=bool(turns),
            trimmed=showing.trimmed,
        )


def tags_of(path: Path) -> dict[str, str]:
    """What the film says about itself, without what its container says about itself."""
    with opened(path) as container:
        own = {"major_brand", "minor_version", "compatible_brands", "encoder"}
        return {name: value for name, value in container.metadata.items() if name not in own}


def sound_of(path: Path, seconds: Fraction | float) -> Samples | None:
    """The film's sound in stereo, cut or filled to this length; None if it has none."""
    whole, filled = np.zeros((2, round(seconds * SAMPLE_RATE)), np.float32), 0
    with opened(path) as container:
        if not container.streams.audio:
            return None
        for chunk in _resampled_sound(container):
            part = chunk[:, : whole.shape[1] - filled]
            whole[:, filled : filled + part.shape[1]] = part
            filled += part.shape[1]
            if filled == whole.shape[1]:
                break  # a small file may go on for hours
    return whole


def _resampled_sound(container: InputContainer) -> Iterator[Samples]:
    resampler = AudioResampler("fltp", "stereo", SAMPLE_RATE)
    for frame in container.decode(container.streams.audio[0]):
        yield from (np.asarray(each.to_ndarray(), np.float32) for each in resampler.resample(frame))
    yield from (np.asarray(each.to_ndarray(), np.float32) for each in resampler.resample(None))


def fitted(samples: Samples, seconds: Fraction | float) -> Samples:
    """Exactly this long: what is too much is cut, what is missing is silence."""
    length = round(seconds * SAMPLE_RATE)
    missing = max(0, length - samples.shape[1])
    return np.ascontiguousarray(np.pad(samples[:, :length], ((0, 0), (0, missing))))


def _sound_of_both(first: Path, second: Path) -> Samples:
    """One after the other, each as long as its picture; both are quiet at the seam, which would click otherwise."""
    parts = []
    for path in (first, second):
        seconds = facts_of(path).seconds
        found = sound_of(path, seconds)
        parts.append(fitted(np.zeros((2, 0), np.float32), seconds) if found is None else found)
    length = min(int(FADE_SECONDS * SAMPLE_RATE), *(part.shape[1] for part in parts))
    ramp = np.linspace(1, 0, length, dtype=np.float32)
    parts[0][:, parts[0].shape[1] - length :] *= ramp
    parts[1][:, :length] *= ramp[::-1]
    return np.concatenate(parts, axis=1)


def _stitch(
    first: Path, second: Path | None, out: Path, extradata: bytes, *, tags: dict[str, str] | None, sound: Samples | None
) -> None:
    """Copy the pictures of one film or two, with one track of sound and these tags."""
    if second and sound is None:
        sound = _sound_of_both(first, second)
    assert sound is not None
    with av.open(str(out), "w", format="mp4", container_options=MOVFLAGS) as container, opened(first) as head:
        container.metadata.update(tags_of(second or first) if tags is None else tags)
        video = _add_copied(container, head, extradata)
        audio = add_audio(container)
        container.start_encoding()
        pictures = list(_packets(head))
        if second:
            with opened(second) as tail:
                pictures = _following(pictures, list(_packets(tail)))
        # A sound that ends after its picture would make the film longer than its frames.
        whole = fitted(sound, _seconds(pictures))
        for packet in heapq.merge(_given(video, pictures), encode_sound(audio, whole), key=decode_time):
            container.mux(packet)


def _add_copied(container: OutputContainer, head: InputContainer, extradata: bytes) -> VideoStream:
    template = picture_of(head)
    stream = container.add_stream_from_template(template)
    stream.codec_context.extradata = extradata
    stream.time_base = _base(template)
    return stream


def _packets(container: InputContainer) -> Iterator[Packet[Any]]:
    yield from (packet for packet in container.demux(picture_of(container)) if packet.size)


def _following(head: list[Packet[Any]], tail: list[Packet[Any]]) -> list[Packet[Any]]:
    """All packets on the clock of the first film; the second begins where the first ends."""
    base = Fraction(head[0].time_base or 1)
    ratio = Fraction(tail[0].time_base or 1) / base
    shift = max(_end(packet) for packet in head) - round(min(_shown(packet) for packet in tail) * ratio)
    for packet in tail:
        packet.pts, packet.dts = (round(Fraction(it or 0) * ratio) + shift for it in (packet.pts, packet.dts))
        packet.duration = round((packet.duration or 0) * ratio)
        packet.time_base = base
    # One may reorder its frames more than the other. It is decoded that much earlier, so that the steps stay even:
    # from them players tell the rate and the length.
    late = (head[-1].dts or 0) + (head[-1].duration or 1) - (tail[0].dts or 0)
    for packet in head if late > 0 else tail:
        packet.dts = (packet.dts or 0) - abs(late)
    return head + tail


def _given(stream: VideoStream, packets: list[Packet[Any]]) -> Iterator[Packet[Any]]:
    for packet in packets:
        packet.stream = stream
        yield packet


def _seconds(packets: list[Packet[Any]]) -> Fraction:
    length = max(_end(packet) for packet in packets) - min(_shown(packet) for packet in packets)
    return length * Fraction(packets[0].time_base or 1)


def _shown(packet: Packet[Any]) -> int:
    return packet.pts if packet.pts is not None else packet.dts or 0


def _end(packet: Packet[Any]) -> int:
    return _shown(packet) + (packet.duration or 0)


def _encode(sources: list[Path], out: Path, look: Look, *, number: int | None = None) -> None:
    """Encode the pictures of these films anew, one after the other, scaled and at this rate."""
    size, rate, colours = look
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, VideoCodecContext)
    set_up(encoder, size, rate, number=number, colours=colours)
    with av.open(str(out), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        set_up(stream.codec_context, size, rate, number=number, colours=colours)
        stream.time_base = 1 / rate
        container.start_encoding()
        index = 0
        for source in sources:
            for frame in _resampled(source, rate):
                picture = _converted(frame, look)
                picture.pts, picture.time_base, picture.pict_type = index, 1 / rate, PictureType.NONE
                container.mux(list(_given(stream, encoder.encode(picture))))
                index += 1
        container.mux(list(_given(stream, encoder.encode(None))))


def _resampled(path: Path, rate: Fraction) -> Iterator[av.VideoFrame]:
    """The film's frames at this rate: as many as its length needs, each the last that is shown by then."""
    seconds = facts_of(path).seconds
    total, told, shown, start = max(1, round(seconds * rate)), 0, None, None
    with opened(path) as container:
        stream = picture_of(container)
        for frame in container.decode(stream):
            start = frame.pts or 0 if start is None else start
            at = ((frame.pts or 0) - start) * _base(stream) * rate
            while shown is not None and told < min(total, round(at)):
                told += 1
                yield shown
            shown = frame
    while shown is not None and told < total:
        told += 1
        yield shown


def _converted(frame: av.VideoFrame, look: Look) -> av.VideoFrame:
    """Upright, scaled, and in the colours that the film has."""
    width, height = look.size
    matrix: Colorspace | None = matrix_of(int(frame.colorspace), frame.height)
    if quarters(frame):
        pixels = frame.to_ndarray(format="rgb24", src_colorspace=matrix)
        frame, matrix = av.VideoFrame.from_ndarray(upright(np.asarray(pixels, np.uint8), frame), format="rgb24"), None
    return frame.reformat(
        width=width,
        height=height,
        format="yuv420p",
        src_colorspace=matrix,
        dst_colorspace=matrix_of(look.colours[2], height),
        dst_color_range=ColorRange.MPEG,
    )


def _base(stream: VideoStream) -> Fraction:
    return Fraction(stream.time_base or 1)


def _even(size: tuple[int, int]) -> tuple[int, int]:
    return max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2)


def main(argv: list[str]) -> int:
    if len(argv) != 3:
        sys.stderr.write("usage: python -m videos.engine.join FIRST SECOND OUT\n")
        return 2
    limit_this_process(memory=4 * 1024**3, cpu_seconds=600)
    first, second, out = map(Path, argv)
    try:
        join(first, second, out)
        found = facts_of(out)
    except Exception as error:
        out.unlink(missing_ok=True)
        sys.stderr.write(f"not joined: {error if isinstance(error, NotAWholeVideo) else type(error).__name__}\n")
        return 1
    size = {"width": found.size[0], "height": found.size[1]}
    sys.stdout.write(json.dumps(size | {"frames": found.frames, "duration": float(found.seconds)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
