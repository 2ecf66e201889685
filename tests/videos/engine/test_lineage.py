"""The story in a file's tags: replayed to the same plan, and believed only when all of it is as we write it."""

from __future__ import annotations

import json

import pytest

from tests.videos.engine.films import ours
from tests.videos.engine.paint.clips import film_of
from tests.videos.engine.running import run
from videos.engine.extend import extend_plan
from videos.engine.lineage import MAX_BYTES, MAX_STEPS, extensions_of, looked_up, replayed, steps_of, tags, written
from videos.engine.patch import remix_plan
from videos.engine.plan import make_plan

CREATE = {"operation": "create", "prompt": "A red circle", "seed": 7, "size": [96, 64], "seconds": 4}
NIGHT = {"operation": "edit", "prompt": "at night", "seed": 8}
MORE = {"operation": "extend", "prompt": "it rains", "seed": 9, "seconds": 8}
UPLOAD = {"operation": "edit", "prompt": "at night", "seed": 8, "needs": ["film"]}
OURS = {"studio.engine": "animatic-1"}


def read(steps, **more):
    text = steps if isinstance(steps, str) else json.dumps(steps)
    return steps_of(OURS | {"studio.lineage": text} | more)


@pytest.mark.parametrize("steps", [[CREATE], [CREATE, NIGHT], [CREATE, MORE, NIGHT, MORE], [UPLOAD, MORE]])
def test_what_is_written_is_read_back(steps):
    assert steps_of(OURS | tags(steps)) == steps
    assert extensions_of(steps) == steps.count(MORE)


def test_a_story_leads_to_the_plan_that_was_made_step_by_step():
    plan = make_plan("A red circle", seed=7, size=(96, 64), seconds=4)
    plan = extend_plan(remix_plan(plan, "at night", seed=8), "it rains", seed=9, added_seconds=8)

    assert replayed([CREATE, NIGHT, MORE]) == plan


@pytest.mark.parametrize("need", ["reference", "characters", "film"])
def test_words_alone_do_not_lead_to_what_needed_more(need):
    assert replayed([CREATE | {"needs": [need]}, NIGHT]) is None
    assert replayed([]) is None


def test_a_story_too_long_to_carry_is_left_out():
    assert written([CREATE | {"prompt": "x" * MAX_BYTES}]) is None
    assert tags([CREATE, *[NIGHT] * MAX_STEPS]) == {}
    assert tags([]) == {}


@pytest.mark.parametrize(
    "steps",
    [
        "", "null", "[]", "{", "[" * 10_000, "[1]", [CREATE] * 2, [NIGHT], [MORE], [CREATE, CREATE], {"0": CREATE},
        [CREATE | {"seed": -1}], [CREATE | {"seed": True}], [CREATE | {"seed": 2**31}], [CREATE | {"seed": "7"}],
        [CREATE | {"prompt": ""}], [CREATE | {"prompt": 5}], [CREATE | {"prompt": "x" * 32_001}],
        [CREATE | {"size": [96]}], [CREATE | {"size": [97, 64]}], [CREATE | {"size": [10**6, 64]}],
        [CREATE | {"size": "96x64"}], [CREATE | {"seconds": 5}], [CREATE | {"seconds": 10**9}],
        [CREATE | {"seconds": 4.0}], [CREATE | {"operation": "delete"}], [CREATE | {"operation": ["create"]}],
        [CREATE | {"path": "/etc/passwd"}], [CREATE | {"needs": "film"}], [CREATE | {"needs": ["gold"]}],
        [CREATE | {"needs": [[]]}], [CREATE, *[NIGHT] * MAX_STEPS], [CREATE, *[MORE | {"seconds": 20}] * 6],
        [{k: v for k, v in CREATE.items() if k != "seed"}], [CREATE, NIGHT | {"seconds": 4}],
    ],
    ids=repr,
)  # fmt: skip
def test_a_story_that_we_would_not_write_is_no_story(steps):
    assert read(steps) == []


def test_only_our_engine_tells_stories():
    assert read([CREATE]) == [CREATE]
    assert read([CREATE], **{"studio.engine": "another-1"}) == []
    assert steps_of({"studio.lineage": json.dumps([CREATE])}) == []


def made(path, steps):
    """The film of a story."""
    return film_of(replayed(steps) or {}, path, OURS | tags(steps))


@pytest.mark.parametrize("steps", [[CREATE, NIGHT], [CREATE, MORE]])
def test_a_film_is_looked_up_with_its_plan(tmp_path, steps):
    assert looked_up(made(tmp_path / "film.mp4", steps))["plan"] == replayed(steps)


def test_tags_on_other_pictures_lead_to_no_plan(tmp_path):
    film = ours(tmp_path / "film.mp4", tags=OURS | tags([CREATE, NIGHT]))

    found = looked_up(film)

    assert found["plan"] is None
    assert (found["steps"], found["probe"]["frames"]) == ([CREATE, NIGHT], 96)


@pytest.mark.parametrize("change", [{"size": [64, 96]}, {"seconds": 8}, {"prompt": "A red circle, 30 fps"}])
def test_a_story_of_another_film_leads_to_no_plan(tmp_path, change):
    film = film_of(replayed([CREATE]) or {}, tmp_path / "film.mp4", OURS | tags([CREATE | change]))

    assert looked_up(film)["plan"] is None


def test_the_command_prints_json_and_refuses_what_is_no_film(tmp_path):
    film = ours(tmp_path / "film.mp4", tags=OURS | tags([CREATE]))

    assert json.loads(run("videos.engine.lineage", film).stdout)["steps"] == [CREATE]
    film.write_bytes(film.read_bytes()[:5000])
    done = run("videos.engine.lineage", film)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
