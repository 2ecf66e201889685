"""What is refused on the way from a video to one made of it, in the words of the contract."""

from __future__ import annotations

import json

import pytest

from tests.videos.engine.answers import ended, refused
from tests.videos.engine.films import foreign
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.running import serving
from videos.contract import CLIP_MAX_BYTES
from videos.engine.answers import Refusal
from videos.engine.child import ToolsBusy
from videos.engine.refusals import refusals

BOTH = pytest.mark.parametrize("path", ["/videos/edits", "/videos/extensions"])
ASKED = {"prompt": "at night", "seconds": "4"}


@BOTH
def test_a_missing_video_is_refused_by_name(client, path):
    refused(client.post(path, json=ASKED), 400, "missing_required_parameter", "video")
    refused(client.post(path, data=ASKED | {"video": ""}), 400, "missing_required_parameter", "video")


@BOTH
def test_an_unknown_video_is_refused_by_name(client, path):
    message = refused(client.post(path, json=ASKED | {"video": {"id": "none"}}), 404, "video_not_found", "video")

    assert message == "Video with id 'none' not found."


@BOTH
@pytest.mark.parametrize(
    ("video", "param"), [(5, "video"), (["x"], "video"), ({}, "video.id"), ({"id": 5}, "video.id"), ("{", "video")]
)
def test_a_video_of_a_wrong_type_is_refused(client, path, video, param):
    answer = client.post(path, json=ASKED | {"video": video})

    if video == "{":
        refused(answer, 404, "video_not_found", param)
    else:
        refused(answer, 400, "invalid_type", param)


@BOTH
def test_a_video_that_is_not_completed_is_refused(client, created, path):
    video = created(json=LONG_FIELDS).json()

    refused(client.post(path, json=ASKED | {"video": video["id"]}), 400, "video_not_ready", "video")


@BOTH
def test_a_missing_or_empty_prompt_is_refused(client, film_id, path):
    asked = {"video": {"id": film_id}, "seconds": "4"}

    refused(client.post(path, json=asked), 400, "missing_required_parameter", "prompt")
    refused(client.post(path, json=asked | {"prompt": " "}), 400, "invalid_value", "prompt")


@BOTH
@pytest.mark.parametrize("name", ["input_reference", "characters"])
def test_pictures_are_not_lost_silently(client, film_id, path, name):
    asked = ASKED | {"video": {"id": film_id}, name: [{"id": "x"}]}

    refused(client.post(path, json=asked), 400, "unsupported_parameter", name)


@BOTH
@pytest.mark.parametrize("data", [b"", b"nothing", b"#EXTM3U\n"], ids=["empty", "text", "playlist"])
def test_a_file_that_is_no_video_is_refused(client, path, data):
    files = {"video": ("film.mp4", data, "video/mp4")}

    message = refused(client.post(path, data=ASKED, files=files), 400, "invalid_video", "video")
    assert "/" not in message


def test_another_model_is_refused(client, film_id):
    asked = ASKED | {"video": {"id": film_id}, "model": "sora-2"}

    refused(client.post("/videos/edits", json=asked), 400, "model_not_found", "model")


def test_a_file_too_large_is_refused_and_the_server_stays_small(client, engine_data):
    def pieces():
        yield b'--b\r\nContent-Disposition: form-data; name="video"; filename="x.mp4"\r\n\r\n'
        for _ in range(CLIP_MAX_BYTES // 1024**2 + 2):
            yield b"\0" * 1024**2
        yield b"\r\n--b--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    refused(client.post("/videos/edits", content=pieces(), headers=headers), 413, "request_too_large")
    assert client.get("/models").status_code == 200
    assert list((engine_data / "inbox").iterdir()) == []


def test_what_has_expired_cannot_be_extended(kept_film, tmp_path):
    record = tmp_path / "jobs" / kept_film / "job.json"
    video = json.loads(record.read_text())
    record.write_text(json.dumps(video | {"expires_at": video["completed_at"]}))
    source = {"video": {"id": kept_film}}

    with serving(tmp_path) as client:
        refused(client.post("/videos/extensions", json=ASKED | source), 400, "video_expired", "video")
        refused(client.post("/videos/characters", json={"name": "x"} | source), 400, "video_expired", "video")
        assert client.post("/videos/edits", json=ASKED | source).status_code == 200


def test_an_edited_film_that_has_expired_cannot_be_edited(tmp_path):
    film = foreign(tmp_path / "film.mp4", frames=24)
    with serving(tmp_path / "data", "--keep-hours", "0.0003") as client:
        edit = client.post("/videos/edits", data=ASKED, files={"video": film.read_bytes()}).json()
        ended(client, edit["id"])
        answers = (client.post("/videos/edits", json=ASKED | {"video": edit["id"]}) for _ in iter(int, 1))

        answer = next(each for each in answers if each.status_code != 200)
        refused(answer, 400, "video_expired", "video")


def test_too_many_films_at_once_are_refused_for_a_while():
    with pytest.raises(Refusal) as refusal, refusals():
        raise ToolsBusy

    assert (refusal.value.status, refusal.value.body["error"]["code"]) == (429, "queue_full")
    assert refusal.value.headers == {"Retry-After": "30"}
