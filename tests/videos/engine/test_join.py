"""Two films joined: the first one's packets untouched, exact frames and times, one sound, whatever they are made of."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest

from tests.videos.engine.films import digests, foreign, ours, pictures, remuxed, sound, tags, times
from tests.videos.engine.running import run
from tests.videos.engine.test_mp4 import boxes
from videos.engine.join import fitted, join, sound_of
from videos.engine.mp4 import SAMPLE_RATE
from videos.engine.probe import probe


@pytest.fixture(scope="module")
def eight(tmp_path_factory) -> Path:
    return ours(tmp_path_factory.mktemp("first") / "eight.mp4", seconds=8)


@pytest.fixture(scope="module")
def four(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("second")
    return ours(folder / "four.mp4", ground=(20, 40, 200), tags={"title": "Second"}, hertz=880)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.mp4"


def shade(picture):
    return tuple(int(it) for it in np.median(picture.reshape(-1, 3), axis=0))


def whole(out, frames):
    """Check that the file is sound in itself; its frames' times have no gap."""
    shown, decoded = times(out)
    steps = np.diff(sorted(shown))
    assert probe(out).frames == frames == len(shown)
    assert boxes(out).index("moov") < boxes(out).index("mdat")
    assert (np.diff(decoded) > 0).all()
    assert min(shown) == 0
    assert steps.max() - steps.min() < 0.002


def test_films_of_one_make_are_joined_without_encoding_anything(eight, four, out):
    join(eight, four, out)

    whole(out, 192 + 96)
    assert digests(out) == digests(eight) + digests(four)
    assert probe(out).duration == 12.0


def test_the_tags_are_those_of_the_second_or_those_given(eight, four, out):
    join(eight, four, out)
    assert tags(out)["title"] == "Second"

    join(eight, four, out, tags={"title": "Whole", "studio.seed": "7"})
    assert (tags(out)["title"], tags(out)["studio.seed"]) == ("Whole", "7")


@pytest.mark.parametrize(
    "make",
    [
        {"bf": "0", "profile": "baseline"}, {"bf": "5", "preset": "slow"}, {"size": (192, 128)},
        {"fps": 30, "frames": 60},
        {"codec": "mpeg4"}, {"codec": "libx265"}, {"codec": "libvpx-vp9"},
    ],
    ids=["baseline", "deep", "larger", "faster", "mpeg4", "hevc", "vp9"],
)  # fmt: skip
def test_a_second_film_of_another_make_is_encoded_to_fit(eight, out, make):
    second = foreign(out.with_name("second.mp4"), **make)

    join(eight, second, out)

    whole(out, 192 + 48)
    assert digests(out)[:192] == digests(eight)
    found = pictures(out)
    assert found[-1].shape == (64, 96, 3)
    assert np.abs(np.subtract(shade(found[192]), shade(pictures(second)[0]))).max() <= 6
    assert np.abs(np.subtract(shade(found[-1]), shade(pictures(second)[-1]))).max() <= 6


@pytest.mark.parametrize("make", [{"bf": "0", "profile": "baseline"}, {"bf": "5", "preset": "slow"}, {"fps": 25}])
def test_a_first_film_of_others_is_copied_too(four, out, make):
    first = foreign(out.with_name("first.mp4"), frames=50, **make)

    join(first, four, out)

    rate = make.get("fps", 24)
    whole(out, 50 + 4 * rate)
    assert digests(out)[:50] == digests(first)
    assert np.abs(np.subtract(shade(pictures(out)[-1]), (20, 40, 200))).max() <= 6


def test_a_third_film_is_joined_to_two_of_different_makes(eight, four, out):
    first, both = foreign(out.with_name("first.mp4")), out.with_name("both.mp4")
    join(first, four, both)

    join(both, eight, out)

    whole(out, 48 + 96 + 192)
    assert digests(out)[:144] == digests(both)


@pytest.mark.parametrize("make", [{"bf": "0", "profile": "baseline"}, {"bf": "5", "preset": "slow"}])
def test_the_joined_track_tells_its_own_rate_and_length(four, out, make):
    join(foreign(out.with_name("first.mp4"), frames=96, **make), four, out)

    with av.open(str(out)) as container:
        track = container.streams.video[0]
        assert float(track.average_rate or 0) == 24
        assert float((track.duration or 0) * (track.time_base or 0)) == 8


def test_what_a_trim_hides_is_not_in_the_joined_film(four, out):
    first = remuxed(out.with_name("trimmed.mp4"), foreign(out.with_name("film.mp4"), frames=72), skipped=1)

    join(first, four, out)

    whole(out, 48 + 96)
    with av.open(str(out)) as container:
        assert sum(1 for packet in container.demux(video=0) if packet.size) == 48 + 96


def test_a_turned_film_is_joined_upright(four, out):
    first = remuxed(out.with_name("turned.mp4"), foreign(out.with_name("film.mp4")), turned=90)

    join(first, four, out)

    assert pictures(out)[0].shape == (96, 64, 3)
    assert np.abs(pictures(out)[0].astype(int) - np.rot90(pictures(first)[0])).mean() < 6


def test_sound_is_decoded_no_further_than_it_is_wanted(tmp_path):
    film = ours(tmp_path / "film.mp4", seconds=60)
    tracemalloc.start()
    try:
        heard = sound_of(film, 1)
        assert tracemalloc.get_traced_memory()[1] < 4 * 1024**2
    finally:
        tracemalloc.stop()

    assert heard is not None
    assert heard.shape == (2, SAMPLE_RATE)


@pytest.mark.parametrize("codec", ["mpeg4", "libx265", "libvpx-vp9"])
def test_a_first_film_that_no_other_can_follow_is_encoded_with_it(four, out, codec):
    first = foreign(out.with_name("first.mp4"), codec=codec)

    join(first, four, out)

    whole(out, 48 + 96)
    assert (probe(out).video_codec, probe(out).width, probe(out).height) == ("h264", 96, 64)
    assert np.abs(np.subtract(shade(pictures(out)[0]), shade(pictures(first)[0]))).max() <= 6
    assert not list(out.parent.glob(".*"))


def test_the_sounds_follow_each_other_and_are_quiet_at_the_seam(eight, four, out):
    join(eight, four, out)

    heard = sound(out)
    assert abs(len(heard) / SAMPLE_RATE - 12) < 0.05
    for second, hertz in ((4, 440), (10, 880)):
        part = heard[second * SAMPLE_RATE :][:SAMPLE_RATE]
        assert np.abs(np.fft.rfft(part)).argmax() == hertz
    assert np.abs(heard[8 * SAMPLE_RATE - 200 : 8 * SAMPLE_RATE + 200]).max() < 0.1
    assert np.abs(heard[int(7.8 * SAMPLE_RATE) : int(7.86 * SAMPLE_RATE)]).max() > 0.4


def test_a_silent_film_keeps_its_silence(four, out):
    join(foreign(out.with_name("first.mp4")), four, out)

    heard = sound(out)
    assert np.abs(heard[: int(1.9 * SAMPLE_RATE)]).max() < 0.01
    assert np.abs(heard[3 * SAMPLE_RATE :]).max() > 0.4


def test_sound_is_cut_and_filled_to_a_length():
    ones = np.ones((2, 100), np.float32)

    assert fitted(ones, 50 / SAMPLE_RATE).shape == (2, 50)
    assert fitted(ones, 150 / SAMPLE_RATE)[:, 100:].sum() == 0


def test_the_command_tells_what_it_made(eight, four, out):
    done = run("videos.engine.join", eight, four, out)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"width": 96, "height": 64, "frames": 288, "duration": 12.0}


@pytest.mark.parametrize("place", [0, 1])
def test_the_command_refuses_what_is_no_film_and_leaves_nothing(eight, out, place):
    nothing = out.with_name("nothing.mp4")
    nothing.write_text("#EXTM3U\nhttp://127.0.0.1:1/secret\n")
    films = [eight, nothing] if place else [nothing, eight]

    done = run("videos.engine.join", *films, out)

    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert str(out.parent) not in done.stderr
    assert [path.name for path in out.parent.iterdir()] == ["nothing.mp4"]
