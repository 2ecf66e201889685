"""Frames: like their prompt, alike for equal plans, in any order and any thread."""

from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
import pytest

from videos.engine.paint.sets import BUILDERS
from videos.engine.plan import Plan, make_plan
from videos.engine.scene import Scene

Array = Any
STAGE = "A calico cat playing a piano on stage"
STREET = "A rainy neon-lit street in Tokyo at night, slow dolly forward, reflections on wet asphalt"
MOUNTAIN = "Drone shot flying over a snowy mountain range at sunrise"


def planned(prompt: str, *, seed: int = 1, size: tuple[int, int] = (320, 180), seconds: int = 4) -> Plan:
    return make_plan(prompt, seed=seed, size=size, seconds=seconds)


def frame(prompt: str, index: int = 24, **how: Any) -> Array:
    return Scene(planned(prompt, **how)).painter().frame(index)


def apart(a: Array, b: Array) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def histogram(picture: Array) -> Array:
    bins = cv2.calcHist([picture], [0, 1, 2], None, [6, 6, 6], [0, 256] * 3).ravel()
    return bins / bins.sum()


def label_region(picture: Array) -> Array:
    high, wide = picture.shape[:2]
    return picture[round(high * 0.03) : round(high * 0.12), round(wide * 0.7) : round(wide * 0.97)]


@pytest.mark.parametrize("size", [(320, 180), (180, 320)])
def test_the_three_first_prompts_look_unlike_each_other(size: tuple[int, int]) -> None:
    frames = [frame(prompt, size=size) for prompt in (STAGE, STREET, MOUNTAIN)]

    for a, b in itertools.combinations(frames, 2):
        assert apart(cv2.resize(a, (16, 9)), cv2.resize(b, (16, 9))) > 25
        assert np.minimum(histogram(a), histogram(b)).sum() < 0.6


def test_the_stage_is_red_the_mountain_bright_and_the_street_dark() -> None:
    stage, street, mountain = (frame(prompt).reshape(-1, 3).mean(axis=0) for prompt in (STAGE, STREET, MOUNTAIN))

    assert stage[2] > 1.6 * stage[0]
    assert mountain.mean() > 110
    assert street.mean() < 0.75 * mountain.mean()


@pytest.mark.parametrize("prompt", [STAGE, STREET, "Two foxes running in a misty forest", "blorp", "🐳🌊"])
def test_frames_depend_on_the_plan_and_the_index_only(prompt: str) -> None:
    plan = planned(prompt)
    forward = Scene(plan).painter()
    one = [forward.frame(i) for i in (0, 30, 60)]
    backward = Scene(json.loads(json.dumps(plan))).painter()
    two = [backward.frame(i) for i in (60, 30, 0)][::-1]

    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


AIRS = ("rain", "storm", "snow", "mist", "leaves", "embers", "fireflies", "fireworks", "dust", "wind")


@pytest.mark.parametrize(("setting", "weather"), [*zip(sorted(BUILDERS), itertools.cycle(AIRS), strict=False)])
def test_every_set_paints_alike_forwards_and_backwards(setting: str, weather: str) -> None:
    plan = planned("a fox and a child") | {"setting": setting, "weather": weather, "pace": 1.4, "grade": "watercolour"}
    forward, backward = Scene(plan).painter(), Scene(plan).painter()
    one = [forward.frame(i) for i in (0, 30, 60)]
    two = [backward.frame(i) for i in (60, 30, 0)][::-1]

    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_the_pace_agrees_with_the_clip_at_its_middle() -> None:
    plan = planned("a fox running in a forest")
    still, slow = (Scene(plan | {"pace": pace}).painter() for pace in (1.0, 0.6))

    assert apart(still.frame(48), slow.frame(48)) < 5 < apart(still.frame(90), slow.frame(90))


def test_the_house_keeps_its_own_light_until_an_hour_is_named() -> None:
    plan = planned(STAGE)
    unnamed, night = (Scene(plan | {"time_named": said}).painter().frame(24) for said in (False, True))

    assert plan["time"] == "night"
    assert unnamed.reshape(-1, 3).mean(axis=0).argmax() == 2
    assert night.reshape(-1, 3).mean(axis=0).argmax() == 0


def test_threads_share_a_scene() -> None:
    scene = Scene(planned(STAGE))
    alone = scene.painter()
    expected = [alone.frame(i) for i in range(0, 40, 5)]
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(lambda part: [scene_frame(scene, i) for i in part], (range(0, 20, 5), range(20, 40, 5))))

    assert all(np.array_equal(a, b) for a, b in zip(expected, [*halves[0], *halves[1]], strict=True))


def scene_frame(scene: Scene, index: int) -> Array:
    return scene.painter().frame(index)


@pytest.mark.parametrize(
    ("seconds", "prompt", "count"), [(4, "a dog", 96), (8, "a dog, 30 fps", 240), (20, "a dog", 480)]
)
def test_the_frame_count_is_exact(seconds: int, prompt: str, count: int) -> None:
    scene = Scene(planned(prompt, seconds=seconds))

    assert scene.frame_count == count
    assert scene.painter().frame(count - 1).shape == (180, 320, 3)


@pytest.mark.parametrize("setting", sorted(BUILDERS))
@pytest.mark.parametrize("size", [(320, 180), (180, 320)])
def test_every_set_is_lit_moves_and_fills_its_frame(setting: str, size: tuple[int, int]) -> None:
    plan = planned("a fox and a child", size=size) | {"setting": setting, "time": "day"}
    painter = Scene(plan).painter()
    first, later = painter.frame(0), painter.frame(48)

    assert first.shape == (size[1], size[0], 3)
    assert first.dtype == np.uint8
    assert 12 < first.mean() < 240
    assert apart(first, later) > 0.5
    assert min(float(row.max()) for row in (first[0], first[-1], first[:, 0], first[:, -1])) > 6


@pytest.mark.parametrize("prompt", [STAGE, STREET, MOUNTAIN, "a penguin on snow at noon"])
def test_the_label_is_legible_on_every_ground(prompt: str) -> None:
    region = label_region(frame(prompt, size=(640, 360))).max(axis=2)

    assert np.percentile(region, 99.5) > 200
    assert (region > 200).sum() > 30
    text = region > 180
    around = cv2.dilate(text.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~text
    assert float(region[around].mean()) < 175


def test_another_seed_is_another_take_of_the_same_content() -> None:
    for prompt in (STAGE, STREET, MOUNTAIN):
        first, second = frame(prompt, seed=1), frame(prompt, seed=2)
        assert apart(first, second) > 2
        assert np.minimum(histogram(first), histogram(second)).sum() > 0.4


def test_nothing_flashes_and_nothing_grains() -> None:
    painter = Scene(planned("A thunderstorm over the sea at night with lightning")).painter()
    frames = [painter.frame(i) for i in range(0, 96, 3)]

    assert max(abs(float(a.mean()) - float(b.mean())) for a, b in itertools.pairwise(frames)) < 12


class TestReference:
    @pytest.fixture
    def image(self) -> Array:
        return frame("a lighthouse on the sea at sunset", size=(320, 180))

    def test_the_first_frame_is_the_image(self, image: Array) -> None:
        first = Scene(planned("a gentle breeze, it starts to snow, at night"), image).painter().frame(0)

        assert apart(first, image) < 2

    def test_then_it_moves(self, image: Array) -> None:
        painter = Scene(planned("dolly in"), image).painter()

        assert apart(painter.frame(45), painter.frame(0)) > 1
        assert apart(cv2.resize(painter.frame(45), (32, 18)), cv2.resize(image, (32, 18))) < 25

    def test_the_weather_of_the_prompt_falls_over_it(self, image: Array) -> None:
        calm, rain = (Scene(planned(p), image).painter().frame(40) for p in ("static shot", "static shot, heavy rain"))

        assert apart(calm, rain) > 0.5

    @pytest.mark.parametrize(("seconds", "last"), [(4, 95), (8, 190)])
    def test_then_the_prompt_has_its_turn(self, image: Array, seconds: int, last: int) -> None:
        scene = Scene(planned("a forest", seconds=seconds), image)

        assert apart(cv2.resize(scene.painter().frame(last), (32, 18)), cv2.resize(image, (32, 18))) > 15

    def test_the_label_is_on_it_too(self, image: Array) -> None:
        white = np.full((360, 640, 3), 255, np.uint8)
        shown = Scene(planned("a dog", size=(640, 360)), white).painter().frame(0)

        assert label_region(shown).min() < 120
