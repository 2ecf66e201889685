"""Frames and sound as an mp4: exact, the same for any number of threads, and labelled."""

from __future__ import annotations

import hashlib
import struct
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from videos.engine.mp4 import SAMPLE_RATE, Film, Planar, write_mp4

TAGS = {
    "title": "Animatic",
    "comment": "by hand",
    "studio.seed": "7",
    "studio.prompt": "ein Fuchs, 狐狸, 🦊 " + "x" * 5000,
}


class Ball:
    """Paints a square that moves by its number over a ramp of colour."""

    def __init__(self, size):
        width, height = size
        self.ground = np.zeros((height, width, 3), np.uint8)
        self.ground[..., 0] = np.linspace(30, 220, width, dtype=np.uint8)
        self.ground[..., 2] = np.linspace(220, 30, height, dtype=np.uint8)[:, None]

    def frame(self, index):
        picture = self.ground.copy()
        left = index * 2 % (picture.shape[1] - 8)
        picture[8:24, left : left + 8] = (40, 200, 240)
        return picture


def tone(seconds):
    wave = 0.5 * np.sin(np.arange(seconds * SAMPLE_RATE) * (2 * np.pi * 440 / SAMPLE_RATE))
    return np.stack([wave, wave]).astype(np.float32)


def film(size=(96, 64), fps=24, seconds=4, tags=TAGS):
    return Film(size, fps, seconds * fps, lambda: Ball(size), lambda: tone(seconds), tags)


def boxes(path):
    data, position, kinds = path.read_bytes(), 0, []
    while position < len(data):
        size, kind = struct.unpack(">I4s", data[position : position + 8])
        kinds.append(kind.decode())
        position += size
    return kinds


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film as most are."""
    path = tmp_path_factory.mktemp("mp4") / "film.mp4"
    write_mp4(film(), path)
    return path


@pytest.mark.parametrize("fps", [24, 30])
@pytest.mark.parametrize("size", [(96, 64), (64, 96), (90, 158)])
def test_the_file_has_the_exact_size_rate_and_number_of_frames(tmp_path: Path, size, fps):
    write_mp4(film(size, fps, seconds=3), tmp_path / "film.mp4")

    with av.open(str(tmp_path / "film.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        frames = list(container.decode(video))
        assert [(frame.width, frame.height) for frame in frames] == [size] * 3 * fps
        assert [frame.time for frame in frames] == pytest.approx([index / fps for index in range(3 * fps)])
        assert (video.average_rate, video.frames) == (fps, 3 * fps)
        assert seconds_of(video) == 3
        assert abs(seconds_of(audio) - 3) <= 1 / fps
        assert container.duration is not None
        assert abs(container.duration / av.time_base - 3) <= 1 / fps


def seconds_of(stream):
    return float(stream.duration * stream.time_base)


def test_the_codecs_are_those_that_browsers_play(usual: Path):
    with av.open(str(usual)) as container:
        video, audio = container.streams.video[0].codec_context, container.streams.audio[0].codec_context
        assert (video.name, video.profile, video.pix_fmt) == ("h264", "High", "yuv420p")
        assert (video.colorspace, video.color_primaries, video.color_trc, video.color_range) == (1, 1, 1, 1)
        assert (audio.name, audio.profile, audio.rate, audio.layout.name) == ("aac", "LC", 48_000, "stereo")


def test_the_index_stands_before_the_data(usual: Path):
    kinds = boxes(usual)
    assert kinds[0] == "ftyp"
    assert kinds.index("moov") < kinds.index("mdat")


def test_one_thread_and_three_write_the_same_bytes(tmp_path: Path):
    hashes = set()
    for workers in (1, 2, 3):
        write_mp4(film(seconds=7), tmp_path / "film.mp4", workers=workers)
        hashes.add(hashlib.sha256((tmp_path / "film.mp4").read_bytes()).hexdigest())

    assert len(hashes) == 1


def test_every_segment_begins_with_a_key_frame(tmp_path: Path):
    write_mp4(film(fps=30, seconds=5), tmp_path / "film.mp4")

    with av.open(str(tmp_path / "film.mp4")) as container:
        keys = [index for index, frame in enumerate(container.decode(video=0)) if frame.key_frame]
    assert keys == [0, 60, 120]


def test_the_tags_are_read_back(usual: Path):
    with av.open(str(usual)) as container:
        assert {name: container.metadata[name] for name in TAGS} == TAGS


def test_pictures_come_back_nearly_as_painted(tmp_path: Path):
    write_mp4(film(size=(320, 180)), tmp_path / "film.mp4")

    with av.open(str(tmp_path / "film.mp4")) as container:
        shown = next(frame for index, frame in enumerate(container.decode(video=0)) if index == 50)
    difference = shown.to_ndarray(format="bgr24").astype(int) - Ball((320, 180)).frame(50)
    assert np.abs(difference).mean() < 4
    assert np.abs(difference.mean((0, 1))).max() < 2


@pytest.mark.parametrize(
    ("bgr", "yuv"),
    [((255, 255, 255), (235, 128, 128)), ((0, 0, 0), (16, 128, 128)), ((0, 0, 255), (63, 102, 240))],
)
def test_colours_are_converted_by_the_matrix_that_the_file_declares(bgr, yuv):
    picture = np.full((16, 16, 3), bgr, np.uint8)

    planes = Planar((16, 16)).video_frame(picture, 0).to_ndarray().reshape(-1)

    assert [int(planes[0]), int(planes[256]), int(planes[256 + 64])] == pytest.approx(yuv, abs=1)


def test_the_sound_comes_back(usual: Path):
    with av.open(str(usual)) as container:
        sound = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    middle = sound[0, 20_000:-20_000]
    assert 0.45 < np.abs(middle).max() < 0.55
    assert np.abs(np.fft.rfft(middle)).argmax() * SAMPLE_RATE / middle.size == pytest.approx(440, abs=1)


def test_each_frame_is_shown_once(tmp_path: Path):
    seen: list[int] = []
    write_mp4(film(seconds=5), tmp_path / "film.mp4", on_frame=lambda index, frame: seen.append(index))

    assert sorted(seen) == list(range(5 * 24))


def test_a_painter_that_fails_ends_the_film_and_its_threads(tmp_path: Path):
    class Broken(Ball):
        def frame(self, index):
            if index == 30:
                raise RuntimeError("out of paint")
            return super().frame(index)

    broken = Film((96, 64), 24, 480, lambda: Broken((96, 64)), lambda: tone(20), TAGS)
    with pytest.raises(RuntimeError, match="out of paint"):
        write_mp4(broken, tmp_path / "film.mp4", workers=2)

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("segment")]
    assert not (tmp_path / "film.mp4").exists()
