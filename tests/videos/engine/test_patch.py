"""Remix: what a prompt names changes, everything else stays."""

from __future__ import annotations

import copy
from typing import Any

import cv2
import numpy as np
import pytest

from videos.engine.patch import remix_plan
from videos.engine.plan import Plan, make_plan
from videos.engine.scene import Scene

Array = Any
SIZE = (480, 270)


def source(prompt: str, *, seed: int = 3) -> Plan:
    return make_plan(prompt, seed=seed, size=SIZE, seconds=4)


def still(plan: Plan, index: int = 30) -> Array:
    return Scene(plan).painter().frame(index)


def edges(frame: Array) -> Array:
    luma = cv2.resize(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), (160, 90), interpolation=cv2.INTER_AREA).astype(
        np.float32
    )
    slope = np.hypot(cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1))
    return np.log1p(slope)[12:]


def likeness(a: Array, b: Array) -> float:
    """Correlation of edges: the measure of a kept composition."""
    return float(np.corrcoef(edges(a).ravel(), edges(b).ravel())[0, 1])


STAGE = "A calico cat playing a piano on stage"
STREET = "A red car driving down a city street by day"
FIELD = "A dog walking in a meadow by day"


def test_the_source_is_left_as_it_was() -> None:
    plan = source(STAGE)
    before = copy.deepcopy(plan)

    remix_plan(plan, "at night, a robot instead of the cat", seed=9)

    assert plan == before


@pytest.mark.parametrize(
    ("prompt", "key", "value"),
    [
        ("at night", "time", "night"),
        ("make it rain", "weather", "rain"),
        ("make it snow", "weather", "snow"),
        ("pan right", "camera", "pan_right"),
        ("in black-and-white", "grade", "noir"),
        ('change the sign to "CLOSED"', "sign", "CLOSED"),
    ],
)
def test_one_thing_changes(prompt: str, key: str, value: str) -> None:
    plan = source(STREET)
    remixed = remix_plan(plan, prompt, seed=9)

    assert remixed[key] == value
    assert (remixed["setting"], remixed["seed"]) == (plan["setting"], plan["seed"])
    assert [(s["species"], s["x"]) for s in remixed["subjects"]] == [(s["species"], s["x"]) for s in plan["subjects"]]


@pytest.mark.parametrize(
    ("prompt", "key", "value"),
    [
        ("in blue tones", "tint", [58.0, 108.0, 200.0]),
        ("warmer", "grade", "warm"),
        ("neon", "grade", "neon"),
        ("make it sad", "grade", "sad"),
        ("in winter", "weather", "snow"),
        ("a dust storm", "weather", "dust"),
        ("from above", "camera", "from_above"),
    ],
)
def test_a_look_or_an_air_is_read(prompt: str, key: str, value: object) -> None:
    assert remix_plan(source(STAGE), prompt, seed=9)[key] == value


def test_a_colour_that_belongs_to_something_does_not_tint_the_picture() -> None:
    assert "tint" not in remix_plan(source(STREET), "a blue car", seed=9)


def test_closer_and_further_go_step_by_step() -> None:
    plan = source(STAGE)
    near = remix_plan(plan, "closer", seed=9)

    assert (plan["shots"][0]["framing"], near["shots"][0]["framing"]) == ("wide", "medium")
    assert remix_plan(near, "further away", seed=9)["shots"][0]["framing"] == "wide"
    assert remix_plan(plan, "wider", seed=9)["camera"] == "zoom_out"


def test_a_subject_is_replaced_where_it_stood() -> None:
    plan = source(STAGE)
    robot = remix_plan(plan, "a robot instead of the cat", seed=9)["subjects"]

    assert [s["species"] for s in robot] == ["robot"]
    assert (robot[0]["x"], robot[0]["facing"], robot[0]["motion"]) == (
        plan["subjects"][0]["x"],
        plan["subjects"][0]["facing"],
        "play",
    )
    assert [s["species"] for s in remix_plan(plan, "replace the cat with a fox", seed=9)["subjects"]] == ["fox"]


def test_subjects_join_and_leave() -> None:
    plan = source(FIELD)
    joined = remix_plan(plan, "add a cat", seed=9)

    assert [s["species"] for s in joined["subjects"]] == ["dog", "cat"]
    assert abs(joined["subjects"][0]["x"] - joined["subjects"][1]["x"]) > 0.2
    assert [s["species"] for s in remix_plan(joined, "remove the dog", seed=9)["subjects"]] == ["cat"]
    assert remix_plan(plan, "without the dog", seed=9)["subjects"] == []


def test_a_colour_lands_on_the_subject_it_names() -> None:
    assert remix_plan(source(STREET), "a blue car", seed=9)["subjects"][0]["colours"] == [[58, 108, 200]]


def test_a_full_prompt_keeps_seed_place_and_camera() -> None:
    plan = source("A dog walking in a meadow, crane up")
    remixed = remix_plan(plan, "A fox walking on a beach at sunset", seed=9)

    assert (remixed["setting"], remixed["time"], remixed["camera"], remixed["seed"]) == (
        "beach",
        "sunset",
        "crane_up",
        3,
    )
    assert (remixed["subjects"][0]["species"], remixed["subjects"][0]["x"]) == ("fox", plan["subjects"][0]["x"])


@pytest.mark.parametrize(
    ("original", "prompt"),
    [
        (STAGE, "a robot instead of the cat"),
        (STREET, "make it rain"),
        (STREET, "a blue car"),
        (STREET, "at night"),
        (FIELD, "at sunset"),
    ],
)
def test_a_remix_keeps_the_composition_and_shows_the_change(original: str, prompt: str) -> None:
    plan = source(original)
    before, after = still(plan), still(remix_plan(plan, prompt, seed=9))

    assert likeness(before, after) >= 0.6
    assert np.abs(before.astype(int) - after).mean() > 0.3


def test_unrelated_scenes_do_not_pass_for_remixes() -> None:
    frames = [still(source(prompt)) for prompt in (STAGE, STREET, FIELD)]

    assert max(likeness(frames[a], frames[b]) for a, b in ((0, 1), (0, 2), (1, 2))) < 0.5


@pytest.mark.parametrize("original", [STREET, FIELD])
def test_night_is_darker(original: str) -> None:
    plan = source(original)

    assert still(remix_plan(plan, "at night", seed=9)).mean() < 0.75 * still(plan).mean()


def test_rain_falls_on_snow_and_leaves_it() -> None:
    plan = make_plan("A red fox walks through a snowy forest", seed=3, size=(1280, 720), seconds=4)

    assert remix_plan(plan, "heavy rain begins to fall", seed=3)["ground"] == plan["ground"] == "snow"
