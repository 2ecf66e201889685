"""What the engine understands of a prompt."""

from __future__ import annotations

import json
import time

import pytest

from videos.engine.plan import Plan, make_plan

LANDSCAPE = (320, 180)


def planned(prompt: str, *, seed: int = 1, seconds: int = 4) -> Plan:
    return make_plan(prompt, seed=seed, size=LANDSCAPE, seconds=seconds)


@pytest.mark.parametrize(
    ("prompt", "setting", "time_of_day", "weather", "camera", "species"),
    [
        ("A calico cat playing a piano on stage", "stage", "night", "clear", None, ["cat"]),
        ("A rainy neon-lit street in Tokyo at night, slow dolly forward", "street", "night", "rain", "dolly_in", []),
        ("Drone shot flying over a snowy mountain range at sunrise", "mountain", "sunrise", "clear", "drone", []),
        ("Two foxes running through a misty forest at dawn", "forest", "sunrise", "mist", None, ["fox"]),
        ("A child flying a red kite in a field at sunset", "field", "sunset", "clear", None, ["child"]),
        ("A sailboat on the ocean, camera pans left", "sea", "sunset", "clear", "pan_left", ["sailboat"]),
        ("A blue whale swimming in the ocean", "underwater", "day", "clear", None, ["whale"]),
        ("An astronaut walking on Mars", "mars", "day", "clear", None, ["astronaut"]),
        ("City skyline at dusk, static shot", "city", "dusk", "clear", "static", []),
        ("A camel crossing the sand dunes", "desert", "sunset", "clear", None, ["camel"]),
        ("A golden retriever puppy running on the beach", "beach", "day", "clear", None, ["retriever"]),
        ("A cat sleeping in a cozy room", "room", "morning", "clear", None, ["cat"]),
        ("Hot air balloons above the clouds at sunrise", "sky", "sunrise", "clear", None, ["balloon"]),
        ("Abstract swirling liquid", "abstract", "day", "clear", None, []),
        ("It starts to snow in the park", "field", "morning", "snow", None, []),
    ],
)
def test_prompts_are_read(
    prompt: str, setting: str, time_of_day: str, weather: str, camera: str | None, species: list[str]
) -> None:
    plan = planned(prompt)

    assert (plan["setting"], plan["time"], plan["weather"]) == (setting, time_of_day, weather)
    assert [subject["species"] for subject in plan["subjects"]] == species
    assert camera is None or plan["camera"] == camera


def test_a_plan_holds_what_the_rest_of_the_engine_reads() -> None:
    plan = make_plan("A dog", seed=7, size=(720, 1280), seconds=8)

    assert {"prompt", "seed", "width", "height", "seconds", "fps", "mood", "camera", "subjects"} <= plan.keys()
    assert (plan["width"], plan["height"], plan["seconds"], plan["fps"], plan["seed"]) == (720, 1280, 8, 24, 7)
    assert json.loads(json.dumps(plan)) == plan


@pytest.mark.parametrize("prompt", ["A dog, 30 fps", "A dog at 30fps"])
def test_thirty_frames_are_made_when_the_prompt_asks(prompt: str) -> None:
    assert planned(prompt)["fps"] == 30


def test_colours_counts_patterns_and_motions_belong_to_their_subject() -> None:
    cat, dog = planned("A black cat sleeping beside three brown dogs running")["subjects"]

    assert (cat["colours"], cat["motion"], cat["count"]) == ([[40, 38, 44]], "sleep", 1)
    assert (dog["colours"], dog["motion"], dog["count"]) == ([[124, 82, 54]], "run", 3)
    assert planned("a calico cat")["subjects"][0]["pattern"] == "calico"


def test_what_is_denied_is_not_drawn() -> None:
    assert planned("an empty street without cars, no people")["subjects"] == []


def test_quoted_words_become_the_sign() -> None:
    assert planned('A shop with a sign that says "OPEN LATE"')["sign"] == "OPEN LATE"


def test_named_times_make_shots() -> None:
    plan = planned("[0-2s] wide shot of a robot in a forest [2-4s] close-up of the robot, it starts to rain")

    assert [(s["start"], s["end"], s["framing"]) for s in plan["shots"]] == [(0.0, 2.0, "wide"), (2.0, 4.0, "close")]
    assert plan["shots"][1]["weather"] == "rain"


def test_cuts_make_shots_with_their_own_place() -> None:
    shots = planned("A fox in a forest at night, cut to a beach at sunrise", seconds=8)["shots"]

    assert len(shots) == 2
    assert shots[0].get("setting", "forest") == "forest"
    assert (shots[1]["setting"], shots[1]["time"]) == ("beach", "sunrise")


def test_a_long_clip_without_a_camera_cuts_from_wide_to_medium() -> None:
    assert [shot["framing"] for shot in planned("A dog in a field", seconds=8)["shots"]] == ["wide", "medium"]
    assert len(planned("A dog in a field, dolly in", seconds=8)["shots"]) == 1


def test_shots_cover_the_clip_without_gaps() -> None:
    for seconds in (4, 8, 12, 16, 20):
        shots = planned("A dog. Then a cat. Cut to a horse.", seconds=seconds)["shots"]
        assert shots[0]["start"] == 0.0
        assert shots[-1]["end"] == seconds
        assert [a["end"] for a in shots[:-1]] == [b["start"] for b in shots[1:]]


@pytest.mark.parametrize(
    ("prompt", "species", "setting"),
    [
        ("猫がピアノを弾いている", "cat", "stage"),
        ("Un perro corriendo en la playa", "dog", "beach"),
        ("Ein Fuchs im Wald bei Nacht", "fox", "forest"),
        ("🐳🌊", "whale", "underwater"),
    ],
)
def test_other_languages_and_emoji_are_understood(prompt: str, species: str, setting: str) -> None:
    plan = planned(prompt)

    assert (plan["subjects"][0]["species"], plan["setting"]) == (species, setting)


def test_unknown_words_make_no_absurd_subject() -> None:
    plan = planned("Qwrtz blorp zzyx")

    assert (plan["subjects"], plan["setting"]) == ([], "abstract")
    assert plan["hue"] != planned("Another blorp")["hue"]


def test_another_seed_moves_the_cast_but_keeps_the_content() -> None:
    first, second = planned("A dog in a field", seed=1), planned("A dog in a field", seed=2)

    assert first["subjects"][0]["x"] != second["subjects"][0]["x"]
    assert first["subjects"][0]["species"] == second["subjects"][0]["species"]
    assert first["setting"] == second["setting"]


@pytest.mark.parametrize("piece", ["a cat then [0-2s] ", "ab-", '"', "猫", "1", " ", "a" * 50 + " "])
def test_the_longest_prompt_is_read_in_linear_time(piece: str) -> None:
    prompt = (piece * 32_000)[:32_000]
    planned(prompt[:1000])

    started = time.process_time()
    planned(prompt)

    assert time.process_time() - started < 0.25
