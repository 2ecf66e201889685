"""When pictures are shown: by the film's own times, without what is trimmed away, and the right way up."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace

from tests.videos.engine.films import foreign, remuxed, timed
from videos.engine.paint.reel import Index
from videos.engine.showing import matrix_of, quarters, upright


def showing(path):
    return Index(path).showing


def test_a_picture_is_found_by_its_time(tmp_path):
    film = showing(timed(tmp_path / "film.mp4", [0, 40, 500, 520], 2000))

    assert [film.at(seconds) for seconds in (-1, 0, 0.039, 0.041, 0.49, 0.51, 0.53, 2.4, 99, float("inf"))] == [
        0, 0, 0, 1, 1, 2, 3, 3, 3, 3
    ]  # fmt: skip
    assert (film.seconds, film.rate) == (Fraction(252, 100), Fraction(400, 252))


def test_what_is_trimmed_away_is_not_shown(tmp_path):
    whole = foreign(tmp_path / "whole.mp4", frames=72)

    assert (len(showing(whole)), showing(whole).trimmed) == (72, False)
    trimmed = showing(remuxed(tmp_path / "trimmed.mp4", whole, skipped=1))
    assert (len(trimmed), trimmed.seconds, trimmed.times[0], trimmed.trimmed) == (48, 2, 0, True)


@pytest.mark.parametrize("degrees", [0, 90, 180, -90])
def test_a_picture_is_turned_as_its_film_says(tmp_path, degrees):
    film = remuxed(tmp_path / "turned.mp4", foreign(tmp_path / "film.mp4"), turned=degrees)

    with av.open(str(film)) as container:
        frame = next(container.decode(video=0))
        pixels = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)

    assert quarters(frame) == degrees // 90 % 4
    assert (upright(pixels, frame) == np.rot90(pixels, degrees // 90)).all()


def test_colours_that_are_not_declared_are_guessed_by_the_size():
    assert [matrix_of(*each) for each in ((2, 719), (2, 720), (6, 2000), (9, 100))] == [
        Colorspace.ITU601, Colorspace.ITU709, Colorspace.ITU601, Colorspace.BT2020
    ]  # fmt: skip
