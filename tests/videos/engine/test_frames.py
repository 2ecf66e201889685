"""Frames taken out of films: the right moment, the right size, and nothing from what is no film."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.videos.engine.films import foreign, ours, pictures, remuxed, timed
from tests.videos.engine.running import run
from videos.engine.frames import beside, covering, frame_of


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    return ours(tmp_path_factory.mktemp("frames") / "film.mp4", seconds=3)


@pytest.mark.parametrize(("place", "index"), [("first", 0), ("middle", 36), ("last", 71)])
def test_each_place_is_one_frame(film, place, index):
    assert (frame_of(film, place) == pictures(film)[index]).all()


@pytest.mark.parametrize("make", [{"bf": "5"}, {"codec": "mpeg4"}, {"codec": "libx265"}, {"frames": 1}])
def test_the_last_frame_of_others_films_is_the_last_shown(tmp_path, make):
    film = foreign(tmp_path / "film.mp4", **make)

    assert (frame_of(film, "last") == pictures(film)[-1]).all()


def test_a_last_picture_that_is_held_is_the_last(tmp_path):
    film = timed(tmp_path / "film.mp4", [0, 40, 80, 120], 2000)

    assert [int(frame_of(film, place).mean()) for place in ("first", "middle", "last")] == pytest.approx(
        [20, 68, 68], abs=3
    )


def test_a_frame_of_a_turned_film_is_upright(tmp_path):
    film = remuxed(tmp_path / "turned.mp4", foreign(tmp_path / "film.mp4"), turned=90)

    assert (frame_of(film, "first") == np.rot90(pictures(film)[0])).all()


def test_the_first_frame_of_a_trimmed_film_is_the_first_shown(film, tmp_path):
    trimmed = remuxed(tmp_path / "trimmed.mp4", film, skipped=1)

    assert (frame_of(trimmed, "first") == pictures(film)[24]).all()


@pytest.mark.parametrize("size", [(64, 64), (96, 64), (200, 60), (30, 90)])
def test_a_frame_covers_a_size_and_is_cut_evenly(size):
    frame = np.zeros((64, 96, 3), np.uint8)
    frame[30:34, 46:50] = 255

    covered = covering(frame, size)

    assert covered.shape == (size[1], size[0], 3)
    rows, columns = np.nonzero(covered[..., 0] > 128)
    assert rows.mean() == pytest.approx(size[1] / 2 - 0.5, abs=1)
    assert columns.mean() == pytest.approx(size[0] / 2 - 0.5, abs=1)


def test_two_frames_share_a_picture():
    dark, light = np.full((64, 96, 3), 10, np.uint8), np.full((90, 50, 3), 200, np.uint8)

    both = beside(dark, light, (101, 40))

    assert both.shape == (40, 101, 3)
    assert (both[:, :50] == 10).all()
    assert (both[:, 50:] == 200).all()


def test_the_command_writes_a_png(film, tmp_path):
    done = run("videos.engine.frames", film, tmp_path / "last.png", "last", "128x72")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"width": 128, "height": 72}
    with Image.open(tmp_path / "last.png") as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (128, 72))


def test_the_command_keeps_the_size_of_the_film_unless_told(film, tmp_path):
    run("videos.engine.frames", film, tmp_path / "first.png", "first")

    with Image.open(tmp_path / "first.png") as picture:
        assert (np.asarray(picture)[:, :, ::-1] == pictures(film)[0]).all()


def test_the_command_sets_two_films_beside_each_other(film, tmp_path):
    other = foreign(tmp_path / "other.mp4", ground=(200, 200, 200))

    done = run("videos.engine.frames", "--beside", film, other, tmp_path / "both.png", "120x80")

    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "both.png") as picture:
        left, right = np.asarray(picture.convert("L"))[60:, :60], np.asarray(picture.convert("L"))[60:, 60:]
    assert np.median(left) < 100 < 180 < np.median(right)


@pytest.mark.parametrize("arguments", [("middle", "0x5"), ("middle", "9000x5"), ("end",), ("middle", "5"), ()])
def test_the_command_takes_nothing_else(film, tmp_path, arguments):
    done = run("videos.engine.frames", film, tmp_path / "x.png", *arguments)

    assert done.returncode == 2
    assert "usage" in done.stderr


def test_what_is_no_film_has_no_frames(tmp_path):
    (tmp_path / "film.mp4").write_text("ffconcat version 1.0\nfile '/etc/passwd'\n")

    done = run("videos.engine.frames", tmp_path / "film.mp4", tmp_path / "x.png", "first")

    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.png").exists()
