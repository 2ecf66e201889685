from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.factories import FPS, image, mp4
from videos.media import NotAWholeVideo, image_size, make_stills, probe


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(mp4())
    return path


def test_a_whole_mp4_is_measured(film: Path) -> None:
    found = probe(film)

    assert (found.width, found.height, found.duration, found.fps) == (1280, 720, 1.0, FPS)


@pytest.mark.parametrize("data", [b"", b"not quite an mp4" * 100, mp4()[:-2000]], ids=["empty", "words", "cut"])
def test_what_is_no_whole_mp4_is_refused_in_a_line(film: Path, data: bytes) -> None:
    film.write_bytes(data)

    with pytest.raises(NotAWholeVideo) as refusal:
        probe(film)

    assert str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_there_are_no_stills_of_what_is_no_video(film: Path) -> None:
    film.write_bytes(b"not quite an mp4" * 100)

    with pytest.raises(NotAWholeVideo):
        make_stills(film, film.parent)


def test_stills_are_a_thumbnail_and_a_grid_that_is_described(film: Path, tmp_path: Path) -> None:
    stills = make_stills(film, tmp_path)

    assert image_size(stills.thumbnail) == (1280, 720)
    with Image.open(stills.spritesheet) as sheet:
        assert sheet.width % stills.columns == 0
        assert sheet.height % -(-stills.frames // stills.columns) == 0
    assert stills.frames >= stills.columns >= 1


@pytest.mark.parametrize("kind", ["WEBP", "JPEG"])
def test_a_still_is_measured(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "still"
    path.write_bytes(image(kind, (64, 36)))

    assert image_size(path) == (64, 36)


@pytest.mark.parametrize("data", [b"", b"words", image("PNG", (64, 36))], ids=["empty", "words", "png"])
def test_what_is_no_still_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "still"
    path.write_bytes(data)

    with pytest.raises(ValueError, match="still is no image"):
        image_size(path)
