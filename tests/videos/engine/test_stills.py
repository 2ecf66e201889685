"""Thumbnail and spritesheet: sizes, layout, the right moments, from a render and from a file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.videos.engine.films import foreign, remuxed
from tests.videos.engine.running import run
from videos.engine.mp4 import SAMPLE_RATE, Film, write_mp4
from videos.engine.stills import StillsTaker, stills_from_file, write_stills


class Clock:
    """Paints a grey that says how far the film is."""

    def __init__(self, size, frame_count):
        self.size, self.frame_count = size, frame_count

    def frame(self, index):
        width, height = self.size
        return np.full((height, width, 3), 40 + 180 * index // self.frame_count, np.uint8)


def film(size, fps, seconds):
    silence = np.zeros((2, seconds * SAMPLE_RATE), np.float32)
    return Film(size, fps, seconds * fps, lambda: Clock(size, seconds * fps), lambda: silence, {})


def taken(size, fps, seconds):
    taker = StillsTaker(size, seconds * fps, fps)
    clock = Clock(size, seconds * fps)
    for index in reversed(range(seconds * fps)):
        taker.see(index, clock.frame(index))
    return taker.stills()


def picture(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("seconds", "layout"),
    [(4, (8, 1, 8)), (8, (10, 2, 16)), (12, (10, 3, 24)), (16, (10, 10, 100)), (20, (10, 10, 100))],
)
def test_two_tiles_a_second_up_to_twelve_and_then_a_hundred(seconds, layout):
    stills = taken((64, 36), 24, seconds)

    assert (stills.columns, stills.rows, stills.frames) == layout


@pytest.mark.parametrize(
    ("size", "tile"), [((1280, 720), (160, 90)), ((720, 1280), (90, 160)), ((1024, 1792), (90, 158))]
)
def test_tiles_have_the_shape_of_the_film(size, tile):
    stills = taken(size, 24, 1)

    sheet = picture(stills.spritesheet)
    assert sheet.size == (tile[0] * stills.columns, tile[1] * stills.rows)
    assert (sheet.format, sheet.info.get("progressive")) == ("JPEG", 1)


def test_the_thumbnail_is_a_webp_of_full_size():
    thumbnail = picture(taken((1280, 720), 24, 1).thumbnail)

    assert (thumbnail.format, thumbnail.size) == ("WEBP", (1280, 720))


def test_the_sharpest_candidate_is_the_thumbnail():
    taker = StillsTaker((320, 180), 100, 25)
    noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), dtype=np.uint8)
    for index in range(100):
        soft = cv2.GaussianBlur(noise, (0, 0), 1 + abs(index - 70) / 10)
        taker.see(index, noise if index == 70 else np.asarray(soft, np.uint8))

    contrast = np.asarray(picture(taker.stills().thumbnail).convert("L")).std()
    assert contrast > 0.7 * noise.mean(axis=2).std()


def test_tiles_follow_the_film_row_by_row():
    stills = taken((160, 90), 24, 8)

    sheet = np.asarray(picture(stills.spritesheet).convert("L"))
    centres = [int(sheet[45 + tile // 10 * 90, 80 + tile % 10 * 160]) for tile in range(stills.frames)]
    assert centres == pytest.approx([40 + 180 * (tile + 0.5) / 16 for tile in range(16)], abs=4)


def test_a_file_gives_the_same_stills_as_its_render(tmp_path: Path):
    write_mp4(film((160, 90), 30, 4), tmp_path / "film.mp4")

    ours, theirs = taken((160, 90), 30, 4), stills_from_file(tmp_path / "film.mp4")

    assert theirs.layout == ours.layout
    difference = np.asarray(picture(ours.spritesheet), int) - np.asarray(picture(theirs.spritesheet), int)
    assert np.abs(difference).mean() < 3


def test_a_film_of_a_few_frames_has_as_many_tiles():
    taker = StillsTaker((64, 36), 3, 1)
    for index in range(3):
        taker.see(index, Clock((64, 36), 3).frame(index))

    assert taker.stills().frames == 3


def test_the_command_writes_both_files_and_prints_the_layout(tmp_path: Path):
    write_mp4(film((64, 96), 24, 4), tmp_path / "film.mp4")

    done = run("videos.engine.stills", tmp_path / "film.mp4", tmp_path)

    assert (done.returncode, json.loads(done.stdout)) == (0, {"columns": 8, "rows": 1, "frames": 8})
    assert picture((tmp_path / "thumbnail.webp").read_bytes()).size == (64, 96)
    assert picture((tmp_path / "spritesheet.jpg").read_bytes()).size == (8 * 90, 135)


def test_the_command_says_why_there_are_no_stills(tmp_path: Path):
    (tmp_path / "film.mp4").write_bytes(b"no film at all")

    done = run("videos.engine.stills", tmp_path / "film.mp4", tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("no stills: ")
    assert "Traceback" not in done.stderr


def test_stills_can_be_written_into_a_folder(tmp_path: Path):
    write_stills(taken((64, 36), 24, 1), tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"thumbnail.webp", "spritesheet.jpg"}


def test_the_stills_of_a_turned_film_are_upright_and_of_what_is_shown(tmp_path):
    film = remuxed(tmp_path / "film.mp4", foreign(tmp_path / "lying.mp4", frames=72), turned=90, skipped=1)

    stills = stills_from_file(film)

    with Image.open(io.BytesIO(stills.thumbnail)) as thumbnail:
        assert thumbnail.size == (64, 96)
    assert stills.frames == 4
