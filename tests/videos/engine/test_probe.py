"""The probe: tells what a whole mp4 holds and refuses everything else."""

from __future__ import annotations

import itertools
import json
import random
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest

from tests.videos.engine.films import foreign
from tests.videos.engine.running import run
from videos.engine.mp4 import SAMPLE_RATE, Film, write_mp4
from videos.engine.probe import NotAWholeVideo, Probe, probe


class Noise:
    def frame(self, index):
        return np.random.default_rng(index).integers(0, 255, (64, 96, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("probe") / "film.mp4"
    silence = np.zeros((2, 4 * SAMPLE_RATE), np.float32)
    write_mp4(Film((96, 64), 24, 96, Noise, lambda: silence, {"title": "Animatic"}), path)
    return path.read_bytes()


@pytest.fixture
def check(tmp_path: Path):
    def check(data: bytes) -> Probe:
        (tmp_path / "film.mp4").write_bytes(data)
        return probe(tmp_path / "film.mp4")

    return check


def written(
    path: Path, *, codec="libx264", kind="mp4", options=None, size=(96, 64), movflags="use_metadata_tags"
) -> bytes:
    with av.open(str(path), "w", format=kind, container_options={"movflags": movflags}) as container:
        stream = container.add_stream(codec, rate=24, options=options or {})
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], "yuv420p"
        for index in range(24):
            picture = np.full((size[1], size[0], 3), index * 8, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


def top_level(data: bytes) -> dict[bytes, tuple[int, int]]:
    found, position = {}, 0
    while position < len(data):
        size, kind = struct.unpack(">I4s", data[position : position + 8])
        found[kind] = (position, size)
        position += size
    return found


def test_a_whole_film_is_described(check, whole):
    assert check(whole) == Probe(
        width=96, height=64, duration=4.0, fps=24.0, frames=96, video_codec="h264", audio_codec="aac"
    )


def test_a_film_without_sound_or_faststart_is_described(check, tmp_path):
    found = check(written(tmp_path / "other.mp4"))

    assert (found.frames, found.audio_codec) == (24, None)


def two_tracks(path, second, **options):
    with av.open(str(path), "w", format="mp4") as container:
        video, other = container.add_stream("libx264", rate=24), container.add_stream(second, **options)
        pictures = [each for each in (video, other) if each.type == "video"]
        for stream in pictures:
            stream.width, stream.height = 96, 64
            stream.pix_fmt = "yuv420p" if stream is video else "yuvj420p"
        for _, stream in itertools.product(range(24), pictures):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((64, 96, 3), 90, np.uint8), format="bgr24")))
        for stream in pictures:
            container.mux(stream.encode(None))
        if other.type == "audio":
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.int32), format="s32", layout="mono")
            frame.sample_rate = 48_000
            container.mux(other.encode(frame))
            container.mux(other.encode(None))
    return path


@pytest.mark.parametrize(
    ("second", "options"), [("pcm_s24le", {"rate": 48_000, "layout": "mono"}), ("mjpeg", {"rate": 24})]
)
def test_every_track_has_to_be_of_a_known_codec(tmp_path, second, options):
    with pytest.raises(NotAWholeVideo, match=f"unsupported codec {second}"):
        probe(two_tracks(tmp_path / "film.mp4", second, **options))


def test_pixels_that_are_not_square_are_refused(tmp_path):
    options = {"x264-params": "sar=4/3"}
    written(tmp_path / "film.mp4", options=options)

    with pytest.raises(NotAWholeVideo, match="not square but 4:3"):
        probe(tmp_path / "film.mp4")


def test_a_picture_of_one_frame_is_a_film(check, tmp_path):
    found = check(foreign(tmp_path / "one.mp4", frames=1).read_bytes())

    assert (found.frames, found.fps) == (1, 24.0)


@pytest.mark.parametrize("codec", ["mpeg4", "libx265", "libvpx-vp9"])
def test_other_codecs_of_mp4_are_known(check, tmp_path, codec):
    expected = {"libx265": "hevc", "libvpx-vp9": "vp9"}.get(codec, codec)

    assert check(written(tmp_path / "other.mp4", codec=codec)).video_codec == expected


def test_every_truncation_is_refused(check, whole):
    starts = {start + offset for start, _ in top_level(whole).values() for offset in (0, 1, 4, 7, 8, 9)}
    cuts = starts | {len(whole) * percent // 100 for percent in range(100)} | {len(whole) - 1}

    for length in sorted(cuts):
        with pytest.raises(NotAWholeVideo):
            check(whole[:length])


def test_every_truncation_of_a_file_with_its_index_behind_is_refused(check, tmp_path):
    data = written(tmp_path / "other.mp4")
    assert list(top_level(data))[-1] == b"moov"

    for length in {len(data) * percent // 100 for percent in range(100)} | {top_level(data)[b"moov"][0]}:
        with pytest.raises(NotAWholeVideo):
            check(data[:length])


def test_bytes_after_the_end_are_refused(check, whole):
    with pytest.raises(NotAWholeVideo):
        check(whole + b"more")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 4096,
        b"<!doctype html><title>502</title>" * 50,
        b'{"error": {"message": "not found"}}',
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/secret\n",
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        b"\x89PNG\r\n\x1a\n" + zlib.compress(b"x" * 10_000),
        b"\0\0\0\x10ftypisom\0\0\0\0",
        b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\x08moov" + b"\0\0\0\x08mdat",
        b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\0mdat" + b"x" * 100,
        b"\0\0\0\x01ftyp\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
    ids=["empty", "zeros", "html", "json", "playlist", "concat", "png", "type only", "hollow", "open end", "endless"],
)
def test_what_is_no_mp4_is_refused(check, data):
    with pytest.raises(NotAWholeVideo):
        check(data)


@pytest.mark.parametrize("kind", ["matroska", "mpegts", "webm"])
def test_other_containers_are_refused(check, tmp_path, kind):
    codec = "libvpx-vp9" if kind == "webm" else "libx264"
    with pytest.raises(NotAWholeVideo):
        check(written(tmp_path / "other", kind=kind, codec=codec))


def test_a_fragmented_file_is_refused_with_its_reason(check, tmp_path):
    data = written(tmp_path / "other.mp4", movflags="frag_keyframe+empty_moov")
    with pytest.raises(NotAWholeVideo, match="fragmented"):
        check(data)


def test_a_file_whose_end_was_never_downloaded_is_refused(check, whole):
    start, size = top_level(whole)[b"mdat"]
    hollow = whole[: start + size // 3] + b"\0" * (len(whole) - start - size // 3)
    with pytest.raises(NotAWholeVideo):
        check(hollow)


def test_a_file_whose_boxes_were_mended_after_a_cut_is_refused(check, whole):
    start, size = top_level(whole)[b"mdat"]
    for kept in (size // 10, size // 2, size - 2000):
        mended = whole[:start] + struct.pack(">I", kept) + whole[start + 4 : start + kept]
        with pytest.raises(NotAWholeVideo):
            check(mended)


def test_a_damaged_index_raises_nothing_else(check, whole):
    start, size = top_level(whole)[b"moov"]
    chance = random.Random(1)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(start + 8, start + size)] = chance.randrange(256)
        with suppress(NotAWholeVideo):
            check(bytes(data))


def test_an_enormous_picture_is_refused_before_it_is_decoded(check, tmp_path):
    with pytest.raises(NotAWholeVideo, match="picture size 4224x64"):
        check(written(tmp_path / "other.mp4", size=(4224, 64)))


def test_a_picture_of_too_many_pixels_is_refused(tmp_path):
    with pytest.raises(NotAWholeVideo, match="picture size 4096x2320"):
        probe(foreign(tmp_path / "other.mp4", size=(4096, 2320), frames=1, preset="ultrafast"))


def test_the_command_prints_json(tmp_path, whole):
    (tmp_path / "film.mp4").write_bytes(whole)

    done = run("videos.engine.probe", tmp_path / "film.mp4")

    assert done.returncode == 0
    assert json.loads(done.stdout)["frames"] == 96


@pytest.mark.parametrize("cut", [0.5, None])
def test_the_command_gives_its_reason_and_no_path(tmp_path, whole, cut):
    if cut:
        (tmp_path / "film.mp4").write_bytes(whole[: int(len(whole) * cut)])

    done = run("videos.engine.probe", tmp_path / "film.mp4")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert str(tmp_path) not in done.stderr
