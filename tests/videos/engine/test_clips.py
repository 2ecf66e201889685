"""Films that are sent: what is taken, and what is refused before anything is made of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.videos.engine.films import foreign, ours, remuxed, timed
from tests.videos.engine.paint.clips import film_of
from videos.contract import CLIP_MAX_BYTES
from videos.engine.clips import NotAClip, judge_clip
from videos.engine.lineage import ENGINE, ENGINE_TAG, tags
from videos.engine.plan import make_plan

CREATE = {"operation": "create", "prompt": "A red circle", "seed": 7, "size": [96, 64], "seconds": 4}


def test_a_film_of_others_is_described(tmp_path):
    clip = judge_clip(foreign(tmp_path / "film.mp4", fps=25, frames=60))

    assert (clip.size, clip.fps, clip.frames, clip.seconds) == ((96, 64), 25, 60, 2.4)
    assert (clip.steps, clip.plan) == ([], None)


def test_a_film_of_ours_brings_its_plan(tmp_path):
    plan = make_plan("A red circle", seed=7, size=(96, 64), seconds=4)
    clip = judge_clip(film_of(plan, tmp_path / "film.mp4", {ENGINE_TAG: ENGINE} | tags([CREATE])))

    assert clip.steps == [CREATE]
    assert clip.plan == plan
    assert (clip.plan["prompt"], clip.plan["seed"]) == ("A red circle", 7)


def test_a_film_with_our_tags_and_other_pictures_brings_no_plan(tmp_path):
    clip = judge_clip(ours(tmp_path / "film.mp4", tags={ENGINE_TAG: ENGINE} | tags([CREATE])))

    assert (clip.steps, clip.plan) == ([CREATE], None)


@pytest.mark.parametrize(
    ("rate", "count", "painted"),
    [
        (Fraction(30000, 1001), 1200, (30, 1201)),
        (Fraction(3, 2), 12, (2, 16)),
        (100, 100, (60, 60)),
        (24, 1, (24, 1)),
        (24, 7, (24, 7)),
    ],
)
def test_whatever_its_rate_a_film_keeps_its_length(tmp_path, rate, count, painted):
    clip = judge_clip(foreign(tmp_path / "film.mp4", fps=rate, frames=count))

    assert (clip.fps, clip.frames) == painted
    assert clip.seconds == pytest.approx(count / rate, abs=0.001)
    assert abs(clip.frames / clip.fps - clip.seconds) < 1 / clip.fps


@pytest.mark.parametrize("starts", [[0, 40, 80, 500, 520, 540, 3000], [0], [0, 40]], ids=["uneven", "one", "two"])
def test_a_last_picture_that_is_held_counts(tmp_path, starts):
    clip = judge_clip(timed(tmp_path / "film.mp4", starts, 3040))

    assert clip.seconds == (starts[-1] + 3040) / 1000
    assert abs(clip.frames / clip.fps - clip.seconds) < 1 / clip.fps


def test_what_was_trimmed_away_is_not_counted(tmp_path):
    clip = judge_clip(remuxed(tmp_path / "film.mp4", foreign(tmp_path / "whole.mp4", frames=72), skipped=1))

    assert (clip.seconds, clip.frames) == (2.0, 48)


def test_a_film_that_is_turned_has_its_upright_size(tmp_path):
    clip = judge_clip(remuxed(tmp_path / "film.mp4", foreign(tmp_path / "lying.mp4"), turned=-90))

    assert clip.size == (64, 96)


def test_tags_in_another_encoding_make_no_film_unusable(tmp_path):
    data = ours(tmp_path / "film.mp4", tags={"title": "Café"}).read_bytes()
    (tmp_path / "film.mp4").write_bytes(data.replace("Café".encode(), b"Caf\xe9 "))

    assert judge_clip(tmp_path / "film.mp4").frames == 96


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        ({"fps": 1, "frames": 62}, "longer than 60 seconds"),
        ({"size": (8, 64), "codec": "libvpx-vp9"}, "size of 8x64"),
        ({"kind": "matroska"}, "no mp4"),
    ],
)
def test_a_film_beyond_the_bounds_is_refused(tmp_path, make, reason):
    with pytest.raises(NotAClip, match=reason):
        judge_clip(foreign(tmp_path / "film.mp4", **make))


def test_an_odd_size_is_refused(tmp_path):
    film = foreign(tmp_path / "film.mp4", size=(97, 63), codec="libvpx-vp9")

    with pytest.raises(NotAClip, match="97x63 is not even"):
        judge_clip(film)


def test_a_file_too_large_is_refused_without_a_look(tmp_path):
    with (tmp_path / "film.mp4").open("wb") as file:
        file.truncate(CLIP_MAX_BYTES + 1)

    with pytest.raises(NotAClip, match="100 MiB"):
        judge_clip(tmp_path / "film.mp4")


@pytest.mark.parametrize("data", [b"", b"nothing", b"\x89PNG\r\n\x1a\n" + b"\0" * 100], ids=["empty", "text", "png"])
def test_what_is_no_film_is_refused(tmp_path, data):
    (tmp_path / "film.mp4").write_bytes(data)

    with pytest.raises(NotAClip) as refused:
        judge_clip(tmp_path / "film.mp4")
    assert str(tmp_path) not in str(refused.value)


def test_a_film_that_takes_too_long_to_understand_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("videos.engine.clips._LOOK_SECONDS", 0.01)

    with pytest.raises(NotAClip, match="not understood within"):
        judge_clip(foreign(tmp_path / "film.mp4"))
