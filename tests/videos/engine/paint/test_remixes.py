"""What a remix names shows, on every set, and the scene stays the scene."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.videos.engine.test_patch import likeness
from videos.engine.patch import remix_plan
from videos.engine.plan import Plan, make_plan
from videos.engine.scene import Scene

Array = Any
SIZE = (320, 180)
SOURCES = {
    "stage": "A calico cat playing a piano on stage",
    "room": "A cat sitting in a cozy room",
    "underwater": "A whale swimming underwater",
    "space": "An astronaut floating in space",
    "mars": "An astronaut walking on mars",
    "abstract": "Abstract swirling liquid colours",
    "sky": "An eagle flying above the clouds",
    "street": "A red car driving down a city street by day",
    "city": "A city skyline by day",
    "mountain": "A mountain range by day",
    "forest": "Two foxes running in a forest",
    "field": "A child flying a red kite in a field at sunset",
    "lake": "A swan on a lake by day",
    "sea": "A sailboat on the sea by day",
    "beach": "A dog running on a beach by day",
    "desert": "A camel walking in the desert by day",
}
AIRS = {
    "stage": ("make it night", "make it day", "at sunset", "with falling snow", "make it rain", "foggy", "fireflies",
              "thunderstorm", "falling leaves", "neon"),
    "room": ("make it night", "at sunset", "make it rain", "with falling snow", "foggy"),
    "underwater": ("make it night", "at sunset", "with falling snow", "thunderstorm"),
    "space": ("at sunset", "make it rain", "in winter", "foggy"),
    "mars": ("make it night", "dust storm", "with falling snow"),
    "abstract": ("make it night", "make it rain", "at sunrise", "falling leaves"),
    "sky": ("at sunset", "windy", "foggy"),
    "street": ("make it night", "in winter"), "city": ("at sunset", "make it rain"),
    "mountain": ("make it night", "at sunset"), "forest": ("at sunset", "make it rain"),
    "field": ("at night", "embers"), "lake": ("at dusk", "foggy"), "sea": ("make it night", "windy"),
    "beach": ("at sunset", "cherry blossom petals"), "desert": ("make it night", "dust storm"),
}  # fmt: skip
LOOKS = ("in black and white", "as a watercolor", "warmer", "in blue tones", "vintage", "pastel", "brighter")
PAIRS = [(name, prompt) for name, prompts in AIRS.items() for prompt in prompts]
STYLED = list(zip(itertools.cycle(("stage", "field", "underwater", "street")), LOOKS, strict=False))
MOVED = [("stage", p) for p in ("closer", "from above", "zoom out", "pan left", "faster", "slower", "blorp")]
MOVED += [("field", "pan left"), ("underwater", "faster"), ("space", "closer"), ("abstract", "blorp")]
FRAMES = (48, 24, 80)


@cache
def source(name: str) -> tuple[Plan, tuple[Array, ...]]:
    plan = make_plan(SOURCES[name], seed=7, size=SIZE, seconds=4)
    painter = Scene(plan).painter()
    return plan, tuple(painter.frame(index) for index in FRAMES)


def differences(name: str, prompt: str) -> tuple[float, float]:
    """How far a remix is from its source, and how alike their compositions are; at the first frame that tells."""
    plan, before = source(name)
    painter = Scene(remix_plan(plan, prompt, seed=9)).painter()
    apart, alike = 0.0, 0.0
    for index, old in zip(FRAMES, before, strict=True):
        new = painter.frame(index)
        apart, alike = float(np.abs(old.astype(int) - new).mean()), likeness(old, new)
        if apart >= 1.5:
            break
    return apart, alike


def test_every_source_plays_where_it_says() -> None:
    for name, prompt in SOURCES.items():
        assert make_plan(prompt, seed=7, size=SIZE, seconds=4)["setting"] == name


@pytest.mark.parametrize(("name", "prompt"), PAIRS + STYLED)
def test_what_is_named_shows_and_the_scene_stays(name: str, prompt: str) -> None:
    apart, alike = differences(name, prompt)

    assert apart >= 1.5
    assert alike >= 0.5


@pytest.mark.parametrize(("name", "prompt"), MOVED)
def test_the_camera_the_pace_and_a_new_take_show(name: str, prompt: str) -> None:
    assert differences(name, prompt)[0] >= 1.5


def test_a_remix_that_says_nothing_is_another_take_of_the_same_scene() -> None:
    plan, _ = source("stage")
    remixed = remix_plan(plan, "blorp", seed=9)

    assert remixed["shots"] != plan["shots"]
    assert {k: v for k, v in remixed.items() if k not in ("shots", "camera", "prompt", "take")} == {
        k: v for k, v in plan.items() if k not in ("shots", "camera", "prompt", "take")
    }


def test_a_remix_that_shows_leaves_the_camera_alone() -> None:
    plan, _ = source("stage")

    assert remix_plan(plan, "make it night", seed=9)["shots"] == plan["shots"]


@pytest.mark.parametrize("prompt", ["thunderstorm, faster", "fireworks, faster", "at night, slower"])
def test_a_remix_does_not_flash(prompt: str) -> None:
    plan, _ = source("stage")
    painter = Scene(remix_plan(plan, prompt, seed=9)).painter()
    levels = [float(painter.frame(index).mean()) for index in range(0, 96, 4)]

    assert max(abs(a - b) for a, b in itertools.pairwise(levels)) < 4
