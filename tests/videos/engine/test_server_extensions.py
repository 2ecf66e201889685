"""Extensions over HTTP: by id and of films that are sent, within the bounds of the contract."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from tests.videos.engine.answers import ended, refused
from tests.videos.engine.films import digests, foreign, ours
from tests.videos.engine.films import tags as written_tags
from videos.contract import SECONDS
from videos.engine.lineage import ENGINE, ENGINE_TAG, extensions_of, steps_of, tags
from videos.engine.probe import probe

MORE = {"prompt": "it begins to rain", "seconds": "4"}
CREATE = {"operation": "create", "prompt": "A red circle", "seed": 7, "size": [96, 64], "seconds": 4}
STEP = {"operation": "extend", "prompt": "more", "seed": 7, "seconds": 4}


@pytest.fixture
def fetched(client, tmp_path):
    """The file of a video, once it is completed."""

    def fetch(video, name="film.mp4"):
        assert ended(client, video["id"]).json()["status"] == "completed"
        (tmp_path / name).write_bytes(client.get(f"/videos/{video['id']}/content").content)
        return tmp_path / name

    return fetch


def test_an_extension_is_one_film_that_begins_with_its_source(client, created, film, film_id, fetched, engine_data):
    answer = created("/videos/extensions", json=MORE | {"video": {"id": film_id}})

    longer = answer.json()
    assert (longer["seconds"], longer["size"], longer["operation"]) == ("8", "720x1280", "extend")
    assert (longer["remixed_from_video_id"], longer["source_video_id"]) == (None, film_id)
    path = fetched(longer)
    found = probe(path)
    assert (found.frames, found.duration) == (192, 8.0)
    assert digests(path)[:96] == digests(fetched(film[-1].json(), "source.mp4"))
    assert not (engine_data / "jobs" / longer["id"] / "source.mp4").exists()
    sheet = client.get(f"/videos/{longer['id']}/content", params={"variant": "spritesheet"})
    assert sheet.headers["x-spritesheet-frames"] == "16"


@pytest.mark.parametrize("seconds", SECONDS)
def test_each_length_of_the_contract_may_be_added(created, film_id, seconds):
    for value in (seconds, str(seconds)):
        longer = created("/videos/extensions", json=MORE | {"seconds": value, "video": film_id}).json()
        assert longer["seconds"] == str(4 + seconds)


@pytest.mark.parametrize(
    ("seconds", "code"), [(None, "missing_required_parameter"), ("6", "invalid_value"), (6, "invalid_value")]
)
def test_other_lengths_are_refused(client, film_id, seconds, code):
    body = {"prompt": "x", "video": {"id": film_id}} | ({"seconds": seconds} if seconds else {})

    refused(client.post("/videos/extensions", json=body), 400, code, "seconds")


def test_a_film_that_is_sent_is_extended(created, fetched, tmp_path):
    film = foreign(tmp_path / "sent.mp4", fps=25, frames=60)

    longer = created("/videos/extensions", data=MORE, files={"video": film.read_bytes()}).json()

    assert longer["seconds"] == "6"
    path = fetched(longer)
    assert digests(path)[:60] == digests(film)
    assert probe(path).frames == 160
    again = created("/videos/extensions", json=MORE | {"video": {"id": longer["id"]}}).json()
    assert again["seconds"] == "10"
    assert digests(fetched(again, "again.mp4"))[:160] == digests(path)


def test_a_film_under_a_second_is_counted_as_long_as_it_is(created, fetched, tmp_path):
    film = foreign(tmp_path / "sent.mp4", frames=7)

    longer = created("/videos/extensions", data=MORE, files={"video": film.read_bytes()}).json()

    assert longer["seconds"] == "4"
    assert abs(probe(fetched(longer)).duration - (7 / 24 + 4)) < 1 / 24


def test_a_film_of_ntsc_keeps_its_length(created, fetched, tmp_path):
    film = foreign(tmp_path / "sent.mp4", fps=Fraction(30000, 1001), frames=300)

    longer = created("/videos/extensions", data=MORE, files={"video": film.read_bytes()}).json()
    edit = created("/videos/edits", data=MORE, files={"video": film.read_bytes()}).json()

    assert abs(probe(fetched(longer)).duration - 14.01) < 1 / 30
    assert abs(probe(fetched(edit)).duration - 10.01) < 1 / 30


def test_the_number_of_extensions_goes_on_when_the_plan_is_lost(created, fetched, tmp_path):
    film = ours(tmp_path / "sent.mp4", seconds=8, tags={ENGINE_TAG: ENGINE} | tags([CREATE, STEP]))

    longer = created("/videos/extensions", data=MORE, files={"video": film.read_bytes()}).json()

    assert extensions_of(steps_of(written_tags(fetched(longer)))) == 2


def test_a_film_of_ours_is_extended_with_its_own_scene(client, created, film_id, engine_data):
    content = client.get(f"/videos/{film_id}/content").content

    longer = created("/videos/extensions", data=MORE, files={"video": content}).json()

    order = json.loads((engine_data / "jobs" / longer["id"] / "order.json").read_text())
    assert order["source_plan"] == json.loads((engine_data / "jobs" / film_id / "plan.json").read_text())
    assert [step["operation"] for step in order["lineage"]] == ["create", "extend"]


def test_a_seventh_extension_is_refused_of_a_film_that_tells_of_six(client, created, tmp_path):
    def send(steps):
        film = ours(
            tmp_path / "film.mp4", seconds=4 + 4 * steps, tags={ENGINE_TAG: ENGINE} | tags([CREATE, *[STEP] * steps])
        )
        return created("/videos/extensions", data=MORE, files={"video": film.read_bytes()})

    assert send(5).json()["seconds"] == "28"
    refused(send(6), 400, "invalid_value", "seconds")
