"""Edits over HTTP: of a video by its id in every encoding, of films that are sent, ours and others'."""

from __future__ import annotations

import json

import pytest

from tests.videos.engine.answers import ended
from tests.videos.engine.films import foreign, ours
from videos.engine.lineage import ENGINE, ENGINE_TAG, tags
from videos.engine.probe import probe

NIGHT = {"prompt": "at night"}
CREATE = {"operation": "create", "prompt": "A red circle", "seed": 7, "size": [96, 64], "seconds": 4}


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return foreign(tmp_path_factory.mktemp("clip") / "clip.mp4", fps=25, frames=60)


def order_of(engine_data, video):
    return json.loads((engine_data / "jobs" / video["id"] / "order.json").read_text())


@pytest.mark.parametrize(
    "sent",
    [
        lambda source: {"json": NIGHT | {"video": {"id": source}}},
        lambda source: {"json": NIGHT | {"video": source}},
        lambda source: {"files": {"prompt": (None, "at night"), "video[id]": (None, source)}},
        lambda source: {"files": {"prompt": (None, "at night"), "video": (None, json.dumps({"id": source}))}},
        lambda source: {"data": NIGHT | {"video": source}},
        lambda source: {"data": NIGHT | {"video[id]": source}},
    ],
    ids=["json", "bare id", "bracket", "json text", "form", "form with bracket"],
)
def test_a_video_is_edited_by_its_id(created, film, film_id, sent):
    source = film[-1].json()

    answer = created("/videos/edits", **sent(film_id))

    edit = answer.json()
    assert answer.status_code == 200
    assert (edit["remixed_from_video_id"], edit["source_video_id"], edit["operation"]) == (film_id, film_id, "edit")
    assert [edit[key] for key in ("size", "seconds", "model", "seed")] == [
        source[key] for key in ("size", "seconds", "model", "seed")
    ]


def test_an_edit_by_id_is_a_remix(client, created, film_id):
    def content(path, **body):
        video = ended(client, created(path, json=NIGHT | body).json()["id"]).json()
        return client.get(f"/videos/{video['id']}/content?variant=thumbnail").content

    assert content("/videos/edits", video={"id": film_id}) == content(f"/videos/{film_id}/remix")


@pytest.mark.parametrize("kind", ["video/mp4", "application/octet-stream"])
def test_a_film_that_is_sent_is_edited(client, created, clip, tmp_path, kind):
    answer = created("/videos/edits", data=NIGHT, files={"video": ("upload", clip.read_bytes(), kind)})

    edit = ended(client, answer.json()["id"]).json()
    assert (edit["status"], edit["size"], edit["seconds"]) == ("completed", "96x64", "2")
    assert (edit["remixed_from_video_id"], edit["operation"]) == (None, "edit")
    (tmp_path / "edit.mp4").write_bytes(client.get(f"/videos/{edit['id']}/content").content)
    found = probe(tmp_path / "edit.mp4")
    assert (found.width, found.height, found.fps, found.frames) == (96, 64, 25.0, 60)


def test_an_edited_film_is_edited_again_on_the_film_itself(client, created, clip, engine_data):
    first = created("/videos/edits", data=NIGHT, files={"video": clip.read_bytes()}).json()
    ended(client, first["id"])

    second = created("/videos/edits", json={"prompt": "rain", "video": {"id": first["id"]}}).json()

    assert ended(client, second["id"]).json()["status"] == "completed"
    assert (engine_data / "jobs" / second["id"] / "film.mp4").read_bytes() == clip.read_bytes()
    assert [step["operation"] for step in order_of(engine_data, second)["lineage"]] == ["edit", "edit"]


def test_a_film_may_come_first_and_in_pieces(created, clip):
    data = clip.read_bytes()
    pieces = [
        b'--b\r\nContent-Disposition: form-data; name="video"; filename="../x.mp4"\r\n\r\n',
        *(data[start : start + 1000] for start in range(0, len(data), 1000)),
        b'\r\n--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nat night\r\n--b--\r\n',
    ]
    answer = created("/videos/edits", content=iter(pieces), headers={"Content-Type": "multipart/form-data; boundary=b"})

    assert answer.request.headers["transfer-encoding"] == "chunked"
    assert answer.status_code == 200


def test_a_film_of_ours_is_edited_as_by_its_id(client, created, film, film_id, engine_data):
    content = client.get(f"/videos/{film_id}/content").content

    edit = created("/videos/edits", data=NIGHT, files={"video": content}).json()

    order = order_of(engine_data, edit)
    source = json.loads((engine_data / "jobs" / film_id / "plan.json").read_text())
    assert (order["source_plan"], order["film"]) == (source, None)
    assert (edit["seed"], edit["size"], edit["seconds"]) == (film[-1].json()["seed"], "720x1280", "4")
    assert [step["operation"] for step in order["lineage"]] == ["create", "edit"]
    assert not (engine_data / "jobs" / edit["id"] / "film.mp4").exists()


def test_a_story_that_needs_what_was_not_sent_leaves_the_film(created, engine_data, tmp_path):
    story = {ENGINE_TAG: ENGINE} | tags([CREATE | {"needs": ["reference"]}])
    film = ours(tmp_path / "film.mp4", tags=story)

    edit = created("/videos/edits", data=NIGHT, files={"video": film.read_bytes()}).json()

    order = order_of(engine_data, edit)
    assert (order["source_plan"], order["film"]) == (None, {"fps": 24, "frames": 96})
    step = {"operation": "edit", "prompt": "at night", "seed": edit["seed"], "needs": ["film"]}
    assert order["lineage"] == [CREATE | {"needs": ["reference"]}, step]


def test_the_same_key_and_film_give_the_same_video(created, clip, tmp_path):
    def send(path):
        files = {"video": path.read_bytes()}
        return created("/videos/edits", data=NIGHT, files=files, headers={"Idempotency-Key": "edit"}).json()

    first = send(clip)

    assert send(clip)["id"] == first["id"]
    assert send(foreign(tmp_path / "other.mp4"))["error"]["code"] == "idempotency_key_reused"


def test_nothing_that_was_received_is_left_lying(client, created, clip, engine_data):
    created("/videos/edits", data=NIGHT, files={"video": clip.read_bytes()})
    client.post("/videos/edits", data=NIGHT, files={"video": b"nothing"})

    assert list((engine_data / "inbox").iterdir()) == []
