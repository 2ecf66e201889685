"""Characters over HTTP: made of a film that is sent or of a video, read back, and seen in new videos."""

from __future__ import annotations

import json

import pytest

from tests.videos.engine.answers import ended, refused
from tests.videos.engine.films import foreign
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.running import serving


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return foreign(tmp_path_factory.mktemp("clip") / "clip.mp4", size=(128, 72)).read_bytes()


@pytest.fixture(scope="module")
def luna(client, clip):
    return client.post("/videos/characters", data={"name": "Luna"}, files={"video": ("luna.mp4", clip)}).json()


def test_a_character_is_made_and_read_back(client, luna):
    assert set(luna) == {"id", "object", "name", "created_at"}
    assert (luna["object"], luna["name"], type(luna["created_at"])) == ("character", "Luna", int)
    assert client.get(f"/videos/characters/{luna['id']}").json() == luna


def test_a_video_may_be_the_film_of_a_character(client, film_id):
    body = {"name": "Ein Kreis", "video": {"id": film_id}}

    made = client.post("/videos/characters", json=body).json()

    assert client.get(f"/videos/characters/{made['id']}").json()["name"] == "Ein Kreis"


def test_an_unknown_character_is_not_found(client):
    for name in ("none", "char_" + "0" * 32):
        message = refused(client.get(f"/videos/characters/{name}"), 404, "character_not_found")
        assert message == f"Character with id '{name}' not found."


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (None, "missing_required_parameter"),
        ("", "invalid_value"),
        (" ", "invalid_value"),
        ("Lu\nna", "invalid_value"),
        ("x" * 81, "string_above_max_length"),
    ],
)
def test_a_bad_name_is_refused(client, clip, name, code):
    data = {} if name is None else {"name": name}

    refused(client.post("/videos/characters", data=data, files={"video": clip}), 400, code, "name")


def test_a_character_without_a_film_is_refused(client, clip):
    refused(client.post("/videos/characters", json={"name": "x"}), 400, "missing_required_parameter", "video")
    refused(client.post("/videos/characters", json={"name": "x", "video": "none"}), 404, "video_not_found", "video")
    answer = client.post("/videos/characters", data={"name": "x" * 80}, files={"video": clip[:-100]})
    refused(answer, 400, "invalid_video", "video")


@pytest.mark.parametrize(
    "sent",
    [
        lambda ids: {"json": LONG_FIELDS | {"characters": [{"id": each} for each in ids]}},
        lambda ids: {"json": LONG_FIELDS | {"characters": ids}},
        lambda ids: {"data": LONG_FIELDS | {"characters": json.dumps([{"id": each} for each in ids])}},
        lambda ids: {"files": form([("characters[][id]", each) for each in ids])},
        lambda ids: {"files": form([(f"characters[{place}][id]", each) for place, each in enumerate(ids)])},
        lambda ids: {"files": form([("characters[]", each) for each in ids])},
    ],
    ids=["json", "bare ids", "json text", "brackets", "numbers", "list"],
)
def test_characters_are_named_in_every_encoding(created, luna, engine_data, sent):
    video = created(**sent([luna["id"], luna["id"]])).json()

    order = json.loads((engine_data / "jobs" / video["id"] / "order.json").read_text())
    assert order["characters"] == ["Luna"]
    assert created(**sent([luna["id"], "char_none"])).json()["error"]["param"] == "characters[1].id"
    assert created(**sent([luna["id"]] * 3)).json()["error"]["code"] == "array_above_max_length"


def test_characters_of_one_name_are_refused_together(client, luna, clip):
    other = client.post("/videos/characters", data={"name": "LUNA"}, files={"video": clip}).json()
    body = LONG_FIELDS | {"characters": [luna["id"], other["id"]]}

    message = refused(client.post("/videos", json=body), 400, "invalid_value", "characters")

    assert "two characters have the same name" in message


def test_the_same_key_makes_a_character_once(client, clip):
    def make(name):
        headers = {"Idempotency-Key": "character"}
        return client.post("/videos/characters", data={"name": name}, files={"video": clip}, headers=headers)

    assert make("Sol").json() == make("Sol").json()
    assert make("Sola").json()["error"]["code"] == "idempotency_key_reused"


def form(fields):
    return [(name, (None, value)) for name, value in (*LONG_FIELDS.items(), *fields)]


@pytest.mark.parametrize("wrong", [5, [5], [None], [{"id": 5}], [{}], "{"])
def test_characters_of_a_wrong_type_are_refused(client, wrong):
    answer = client.post("/videos", json={"prompt": "x", "characters": wrong})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_type")


def test_a_character_plays_in_a_video_and_in_its_remix(client, created, luna, engine_data):
    def sheet(prompt, path="/videos", **body):
        video = ended(client, created(path, json={"prompt": prompt, "seed": 3} | body).json()["id"]).json()
        assert video["status"] == "completed"
        return video["id"], client.get(f"/videos/{video['id']}/content?variant=spritesheet").content

    video_id, with_luna = sheet("Luna on the beach", characters=[{"id": luna["id"]}])

    assert with_luna != sheet("Luna on the beach")[1]
    remix_id, _ = sheet("at night", f"/videos/{video_id}/remix")
    folders = [engine_data / "jobs" / each for each in (video_id, remix_id)]
    assert len({(folder / "card-0.png").read_bytes() for folder in folders}) == 1
    stories = [json.loads((folder / "order.json").read_text())["lineage"] for folder in folders]
    assert [step.get("needs") for step in stories[1]] == [["characters"], None]


def test_characters_survive_a_restart(tmp_path, clip):
    with serving(tmp_path) as client:
        made = client.post("/videos/characters", data={"name": "Luna"}, files={"video": clip}).json()

    with serving(tmp_path) as client:
        assert client.get(f"/videos/characters/{made['id']}").json() == made
