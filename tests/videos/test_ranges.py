from __future__ import annotations

import pytest

from videos.ranges import Unsatisfiable, read_range

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-99", (0, 100)),
        ("bytes=999-", (999, 1000)),
        ("bytes=990-5000", (990, 1000)),
        ("bytes=-10", (990, 1000)),
        ("bytes=-5000", (0, 1000)),
        (" Bytes=5-5 ", (5, 6)),
    ],
)
def test_one_range(header: str, span: tuple[int, int]) -> None:
    assert read_range(header, SIZE) == span


@pytest.mark.parametrize(
    "header",
    ["", "bytes", "bytes=-", "bytes=5-3", "bytes=5000-3", "bytes=0-1,5-6", "items=0-5", "bytes=٣-٤"]
    + ["bytes=0-" + "9" * 5000],
)
def test_what_makes_no_sense_means_the_whole_file(header: str) -> None:
    assert read_range(header, SIZE) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_what_lies_outside_cannot_be_had(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        read_range(header, SIZE)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
def test_an_empty_file_has_no_part(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        read_range(header, 0)
