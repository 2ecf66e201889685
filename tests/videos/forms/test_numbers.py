from __future__ import annotations

import json

import pytest

from videos.forms.numbers import no_number, number


@pytest.mark.parametrize(("text", "value"), [("8.0", 8), ("-2.0", -2), ("1e3", 1000), ("1.5", 1.5), ("8", 8)])
def test_a_whole_number_is_an_integer_however_it_is_written(text: str, value: float) -> None:
    read = json.loads(text, parse_float=number)

    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_json_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=word):
        json.loads(f'{{"seed": {word}}}', parse_constant=no_number)


def test_a_number_beyond_all_floats_stays_one() -> None:
    assert number("1e999") == float("inf")
