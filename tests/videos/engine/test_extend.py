"""Extension: the clip runs on over the seam as if there were none, then the prompt's beat comes in."""

from __future__ import annotations

import copy
import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from tests.videos.engine.paint.clips import apart
from videos.engine.extend import extend_plan
from videos.engine.paint.painted import Painted
from videos.engine.patch import remix_plan
from videos.engine.plan import Plan, frames_of, make_plan
from videos.engine.scene import Painter, Scene

SIZE = (320, 180)
STAGE = "A calico cat playing a piano on stage"
FOREST = "Two foxes running in a misty forest"
STREET = "A red car driving down a city street by day, fast"
CUTS = "0-2s: a fox in a forest. 2-4s: a whale underwater at night"
CASES = [
    (STAGE, 8, "it starts to snow"),
    (STAGE, 4, "closer, the cat dances"),
    (FOREST, 4, "night falls"),
    (STREET, 4, "it starts to rain, slower"),
    (CUTS, 4, "zoom out"),
    ("Drone shot flying over a snowy mountain range at sunrise", 4, "pan left, fog"),
    ("A dog walking in a meadow by day, slow", 4, "a cat comes"),
    ("A child flying a red kite in a field at sunset, crane up", 4, "blorp"),
    ("Abstract swirling liquid, 30 fps", 4, "cut to a beach at sunset"),
]


def planned(prompt: str, seconds: int = 4) -> Plan:
    return make_plan(prompt, seed=3, size=SIZE, seconds=seconds)


def extended(plan: Plan, prompt: str, added: int = 4) -> Plan:
    return extend_plan(plan, prompt, seed=5, added_seconds=added)


def steps(painter: Painter, seam: int) -> tuple[float, list[float]]:
    """How far the two frames at the seam are apart, and their neighbours."""
    frames = [painter.frame(index) for index in range(seam - 4, seam + 4)]
    apart_by = [apart(a, b) for a, b in itertools.pairwise(frames)]
    return apart_by.pop(3), apart_by


def assert_seamless(plan: Plan, **sources: Any) -> None:
    seam, around = steps(Scene(plan, **sources).painter(), plan["seam"])
    assert seam <= 1.25 * max(around) + 0.1


@pytest.mark.parametrize(("prompt", "seconds", "beat"), CASES)
def test_nothing_jumps_at_the_seam_nor_at_that_of_a_second_extension(prompt: str, seconds: int, beat: str) -> None:
    once = extended(planned(prompt, seconds), beat)
    twice = extended(once, "a bird appears, pan right")

    assert_seamless(once)
    assert_seamless(twice)
    assert frames_of(twice) == (seconds + 8) * twice["fps"]


@pytest.mark.parametrize(("prompt", "seconds", "beat"), CASES)
def test_the_new_beat_shows_after_the_seam(prompt: str, seconds: int, beat: str) -> None:
    plan = planned(prompt, seconds)
    new = extended(plan, beat)
    nothing = copy.deepcopy(new) | {key: value for key, value in plan.items() if key not in ("seconds", "shots")}
    nothing |= {key: value for key, value in plan["shots"][-1].items() if key in ("setting", "time", "weather")}
    nothing["time_named"] = plan["time_named"] or "time" in plan["shots"][-1]
    nothing["shots"] = [plan["shots"][-1] | {"onward": []}]
    last = frames_of(new) - 1

    assert apart(Scene(new).painter().frame(last), Scene(nothing).painter().frame(last)) > 1.5


def test_frames_before_the_seam_are_the_source_s_own() -> None:
    plan = planned(STAGE)
    source, longer = Scene(plan).painter(), Scene(extended(plan, "at night, closer")).painter()

    assert all(np.array_equal(source.frame(index), longer.frame(index)) for index in (0, 50, 95))


def test_the_change_comes_in_over_about_a_second() -> None:
    plan = planned("A dog walking in a meadow by day, static shot")
    painter = Scene(extended(plan, "night falls")).painter()
    light = [float(painter.frame(index).mean()) for index in (95, 96, 108, 120, 144)]

    assert abs(light[1] - light[0]) < 1.5
    assert light[0] > 1.2 * light[2] > 1.2 * light[3]
    assert light[3] == pytest.approx(light[4], rel=0.1)


def test_the_source_s_plan_is_kept_and_left_as_it_was() -> None:
    plan = planned(FOREST)
    before = copy.deepcopy(plan)
    new = extended(plan, "it rains")

    assert plan == before == new["before"]
    assert (new["seconds"], new["seam"], new["prompt"], new["seed"]) == (8, 96, "it rains", plan["seed"])
    assert json.loads(json.dumps(new)) == new


def test_who_is_named_joins_and_nobody_leaves() -> None:
    new = extended(planned("A dog walking in a meadow by day"), "a cat comes")

    assert [subject["species"] for subject in new["subjects"]] == ["dog", "cat"]
    assert [s["species"] for s in extended(new, "the dog disappears")["subjects"]] == ["cat"]


def test_who_walks_on_stays_in_the_picture() -> None:
    plan = planned("A dog walking in a room, static shot")
    new = extended(plan, "the dog walks on", added=20)
    world = Scene(new).worlds[-1][1]
    assert isinstance(world, Painted)
    shot = world.shot_at(5.0)
    places = [shot.troupe.actors[-1].place(t / 4, 180)[0] for t in range(16, 96)]

    assert max(places) - min(places) > 20
    assert 0 < min(places) < max(places) < SIZE[0]
    assert max(abs(a - b) for a, b in itertools.pairwise(places)) < 12


def test_a_reference_that_led_the_source_is_no_obstacle() -> None:
    image = Scene(planned("a lighthouse on the sea at sunset")).painter().frame(24)
    plan = planned("a sailboat on the sea")

    assert_seamless(extended(plan, "it starts to rain"), reference=image)


def test_an_extended_clip_can_be_remixed_whole() -> None:
    new = extended(planned("A dog walking in a meadow by day"), "a cat comes")
    remixed = remix_plan(new, "at night", seed=9)
    day, night = Scene(new).painter(), Scene(remixed).painter()

    assert frames_of(remixed) == frames_of(new)
    assert all(night.frame(index).mean() < 0.75 * day.frame(index).mean() for index in (10, 150))
    assert_seamless(remixed)


def test_threads_and_order_make_no_difference() -> None:
    plan = extended(extended(planned(FOREST), "night falls"), "it rains, closer")
    order = [97, 195, 100, 193, 280, 5]
    alone = Scene(plan).painter()
    expected = {index: alone.frame(index) for index in sorted(order)}
    scene = Scene(plan)
    with ThreadPoolExecutor(2) as pool:
        drawn = list(pool.map(lambda index: scene.painter().frame(index), order))

    assert all(np.array_equal(frame, expected[index]) for index, frame in zip(order, drawn, strict=True))
