"""Decoder configurations: numbers that are free, sets that are merged, and nonsense that is told apart."""

from __future__ import annotations

import pytest

from tests.videos.engine.films import foreign, ours
from videos.engine.avcc import free_number, merged, readable
from videos.engine.join import facts_of


@pytest.fixture(scope="module")
def ours_data(tmp_path_factory):
    return facts_of(ours(tmp_path_factory.mktemp("avcc") / "film.mp4", seconds=1)).extradata


def numbered(path, number):
    return facts_of(foreign(path, **{"x264-params": f"sps-id={number}"})).extradata


@pytest.mark.parametrize("number", [0, 1, 2, 7, 30])
def test_the_free_number_is_above_those_in_use(tmp_path, number):
    assert free_number(numbered(tmp_path / "film.mp4", number)) == number + 1


def test_merged_sets_keep_both_films_numbers_in_use(ours_data, tmp_path):
    both = merged(ours_data, numbered(tmp_path / "film.mp4", 4))

    assert readable(both)
    assert free_number(both) == 5
    assert both[1:4] == ours_data[1:4]


def test_a_configuration_without_a_free_number_cannot_be_joined(tmp_path):
    assert readable(numbered(tmp_path / "thirty.mp4", 30))
    assert not readable(numbered(tmp_path / "last.mp4", 31))


def test_sets_that_are_said_over_and_over_are_kept_once(ours_data, tmp_path):
    other = numbered(tmp_path / "film.mp4", 4)
    length = 2 + int.from_bytes(other[6:8], "big")
    often = other[:5] + bytes((0xE0 | 31,)) + other[6 : 6 + length] * 31 + other[6 + length :]

    assert readable(often)
    assert merged(often, ours_data) == merged(other, ours_data)


def test_what_is_no_configuration_is_told_apart(ours_data):
    assert readable(ours_data)
    damaged = [b"", b"\0" * 40, b"\x01", ours_data[:20], ours_data[:5] + b"\xe0\0", b"\0\0\0\x01" + ours_data]
    short_lengths = ours_data[:4] + b"\xfd" + ours_data[5:]

    assert [data for data in (*damaged, short_lengths) if readable(data)] == []
