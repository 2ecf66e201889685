"""Foreign films: edited as far as pixels allow, and gone on with from their last frame."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.videos.engine.paint.clips import FPS, FRAMES, SIZE, apart, foreign_film
from videos.engine.extend import extend_plan
from videos.engine.film_plan import film_extension, film_plan
from videos.engine.paint.reel import Index, Reel
from videos.engine.plan import Plan, frames_of
from videos.engine.scene import Scene
from videos.engine.sound import SAMPLE_RATE, soundtrack


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return foreign_film(tmp_path_factory.mktemp("film") / "foreign.mp4")


@pytest.fixture(scope="module")
def reel(film: Path) -> Reel:
    return Reel(Index(film), SIZE)


def edit(prompt: str) -> Plan:
    return film_plan(prompt, seed=4, size=SIZE, fps=FPS, frames=FRAMES)


def longer(prompt: str, added: int = 4) -> Plan:
    return film_extension(prompt, seed=4, size=SIZE, fps=FPS, frames=FRAMES, added_seconds=added)


def unlabelled(picture: Any) -> Any:
    return picture[24:]


@pytest.mark.parametrize(
    "prompt",
    ["at night", "in heavy rain", "black and white", "make it snow", "in winter", "foggy", "at sunset", "warmer",
     "closer", "pan left", "add a dog", "thunderstorm", "in blue tones", "a crocodile thinks hard"],
)  # fmt: skip
def test_an_edit_shows_and_keeps_the_film(film: Path, reel: Reel, prompt: str) -> None:
    painter = Scene(edit(prompt), film=film).painter()
    pictures = [painter.frame(index) for index in (0, 30, FRAMES - 1)]

    assert all(apart(new, reel.picture(index)) > 2.5 for new, index in zip(pictures, (0, 30, FRAMES - 1), strict=True))
    assert all(12 < new.mean() < 240 for new in pictures)
    assert apart(pictures[0], pictures[2]) > 1


def test_what_is_not_named_stays(film: Path, reel: Reel) -> None:
    painter = Scene(edit("add a dog"), film=film).painter()

    assert apart(painter.frame(20)[30:80], reel.picture(20)[30:80]) < 0.5


def test_night_is_dark_and_blue_and_black_and_white_has_no_colour(film: Path, reel: Reel) -> None:
    night, grey = (Scene(edit(prompt), film=film).painter().frame(20) for prompt in ("at night", "black and white"))

    assert night.mean() < 0.55 * reel.picture(20).mean()
    assert night.reshape(-1, 3).mean(axis=0).argmax() == 0
    assert np.ptp(unlabelled(grey).astype(int), axis=2).max() <= 2


def test_closer_enlarges(film: Path, reel: Reel) -> None:
    def box_area(picture: Any) -> int:
        return int(((picture[..., 2] > 150) & (picture[..., 0] < 90)).sum())

    assert box_area(Scene(edit("closer"), film=film).painter().frame(25)) > 1.6 * box_area(reel.picture(25))


def test_slower_and_faster_keep_the_number_of_frames(film: Path, reel: Reel) -> None:
    slow, fast = edit("slower"), edit("faster")

    assert frames_of(slow) == frames_of(fast) == Scene(slow, film=film).frame_count == FRAMES
    assert apart(unlabelled(Scene(slow, film=film).painter().frame(50)), unlabelled(reel.picture(30))) < 1.5
    assert apart(unlabelled(Scene(fast, film=film).painter().frame(20)), unlabelled(reel.picture(32))) < 1.5
    pictures = [Scene(fast, film=film).painter().frame(index) for index in range(0, FRAMES, 4)]
    assert min(apart(a, b) for a, b in itertools.pairwise(pictures)) > 0.2


@pytest.mark.parametrize("prompt", ["at night, closer", "slower", "in heavy rain"])
def test_frames_come_alike_in_any_order_from_any_thread(film: Path, prompt: str) -> None:
    scene = Scene(edit(prompt), film=film)
    alone = scene.painter()
    expected = [alone.frame(index) for index in range(0, FRAMES, 7)]
    with ThreadPoolExecutor(2) as pool:
        order = list(range(0, FRAMES, 7))[::-1]
        drawn = list(pool.map(lambda index: scene.painter().frame(index), order))[::-1]

    assert all(np.array_equal(a, b) for a, b in zip(expected, drawn, strict=True))


def test_a_picture_s_number_is_its_place_in_the_film(reel: Reel) -> None:
    fronts = [
        int(np.flatnonzero((picture[125, :, 2] > 150) & (picture[125, :, 0] < 90))[0])
        for picture in (reel.picture(index) for index in (59, 0, 31, 30, 32, 7))
    ]

    assert fronts == pytest.approx([20 + 3 * index for index in (59, 0, 31, 30, 32, 7)], abs=1)


@pytest.mark.parametrize("prompt", ["night falls", "it starts to rain, closer", "pan right", "a dog comes", "blorp"])
def test_an_extension_begins_with_the_last_frame_and_then_changes(film: Path, reel: Reel, prompt: str) -> None:
    plan = longer(prompt)
    scene = Scene(plan, film=film)
    painter, last = scene.painter(), reel.picture(FRAMES - 1)

    assert (scene.frame_count, plan["seam"], plan["film"]) == (FRAMES + 4 * FPS, FRAMES, "extend")
    assert apart(unlabelled(painter.frame(FRAMES)), unlabelled(last)) < 0.8
    assert apart(unlabelled(painter.frame(scene.frame_count - 1)), unlabelled(last)) > 2.5
    steps = [apart(painter.frame(index), painter.frame(index + 1)) for index in range(FRAMES, FRAMES + 12)]
    assert max(steps) < 8


def test_an_extension_of_a_film_can_be_extended(film: Path) -> None:
    plan = extend_plan(longer("it starts to snow"), "night falls", seed=6, added_seconds=4)
    painter = Scene(plan, film=film).painter()
    frames = [painter.frame(index) for index in range(plan["seam"] - 3, plan["seam"] + 3)]
    steps = [apart(a, b) for a, b in itertools.pairwise(frames)]

    assert frames_of(plan) == FRAMES + 8 * FPS
    assert steps[2] < 1.5 * max(steps[:2] + steps[3:]) + 0.2
    assert painter.frame(frames_of(plan) - 1).mean() < 0.6 * frames[0].mean()


def test_a_rate_need_not_be_whole(film: Path) -> None:
    plan = film_plan("at night", seed=4, size=SIZE, fps=29.97, frames=FRAMES)

    assert (plan["fps"], edit("at night")["fps"]) == (29.97, 25)
    assert Scene(plan, film=film).painter().frame(FRAMES - 1).shape == (SIZE[1], SIZE[0], 3)
    assert soundtrack(plan).shape[1] == round(FRAMES / 29.97 * SAMPLE_RATE)
