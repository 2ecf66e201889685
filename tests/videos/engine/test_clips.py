"""Films that are sent: what is taken, and what is refused before anything is made of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.videos.engine.films import foreign, ours
from videos.contract import CLIP_MAX_BYTES
from videos.engine.clips import NotAClip, judge_clip
from videos.engine.lineage import ENGINE, ENGINE_TAG, tags

CREATE = {"operation": "create", "prompt": "A red circle", "seed": 7, "size": [96, 64], "seconds": 4}


def test_a_film_of_others_is_described(tmp_path):
    clip = judge_clip(foreign(tmp_path / "film.mp4", fps=25, frames=60))

    assert (clip.size, clip.fps, clip.frames, clip.seconds) == ((96, 64), 25, 60, 2.4)
    assert (clip.steps, clip.plan) == ([], None)


def test_a_film_of_ours_brings_its_plan(tmp_path):
    clip = judge_clip(ours(tmp_path / "film.mp4", tags={ENGINE_TAG: ENGINE} | tags([CREATE])))

    assert clip.steps == [CREATE]
    assert clip.plan is not None
    assert (clip.plan["prompt"], clip.plan["seed"]) == ("A red circle", 7)


def test_a_rate_that_is_nearly_whole_is_rounded(tmp_path):
    clip = judge_clip(foreign(tmp_path / "film.mp4", fps=Fraction(30000, 1001), frames=60))

    assert (clip.fps, clip.frames) == (30, 60)


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
