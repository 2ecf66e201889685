"""A video's life on the server: rendered, crashed, deleted, remixed."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.videos.engine.answers import ended, refused
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.running import renders
from tests.videos.engine.waiting import until, watched


def test_a_video_is_rendered_with_real_progress(film):
    videos = [answer.json() for answer in film]

    assert list(dict.fromkeys(video["status"] for video in videos)) == ["queued", "in_progress", "completed"]
    assert [video["progress"] for video in videos] == sorted(video["progress"] for video in videos)
    assert len({video["progress"] for video in videos}) > 5
    assert all(video["progress"] < 100 for video in videos[:-1])
    assert videos[-1]["progress"] == 100
    assert videos[-1]["completed_at"] >= videos[-1]["created_at"]
    assert videos[-1]["expires_at"] > time.time()
    assert all(answer.headers["openai-poll-after-ms"].isdigit() for answer in film[:-1])
    assert "openai-poll-after-ms" not in film[-1].headers


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/videos/none"), ("DELETE", "/videos/none"), ("GET", "/videos/none/content")]
)
def test_an_unknown_video_is_not_found(client, method, path):
    message = refused(client.request(method, path), 404, "video_not_found")

    assert message == "Video with id 'none' not found."


@pytest.fixture
def rendering(created):
    """A video that is being rendered: its id, and the process id of its render."""
    video_id = created(json=LONG_FIELDS).json()["id"]
    [render] = until(lambda: renders(video_id))
    return video_id, render


def test_a_crashed_render_is_a_failed_video(client, rendering):
    video_id, render = rendering
    os.kill(render, signal.SIGKILL)

    answer = ended(client, video_id)

    assert (answer.status_code, answer.json()["status"]) == (200, "failed")
    assert answer.json()["error"]["code"] == "generation_failed"
    assert "/" not in answer.json()["error"]["message"]
    refused(client.get(f"/videos/{video_id}/content"), 404, "video_failed")
    refused(client.post(f"/videos/{video_id}/remix", json={"prompt": "x"}), 400, "video_failed", "video")


def test_deleting_a_running_video_stops_its_render(client, rendering):
    video_id, render = rendering

    with watched(render) as render_ends:
        answer = client.request("DELETE", f"/videos/{video_id}", headers={"Content-Type": "application/json"})
        assert render_ends()

    assert answer.json() == {"id": video_id, "object": "video.deleted", "deleted": True}
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/content")):
        refused(client.request(method, f"/videos/{video_id}{path}"), 404, "video_not_found")


def test_a_remix_keeps_everything_but_the_prompt(client, created, film, film_id):
    source = film[-1].json()

    remix = created(f"/videos/{film_id}/remix", json={"prompt": "make it rain"}).json()

    assert (remix["remixed_from_video_id"], remix["operation"]) == (film_id, "remix")
    assert {key: remix[key] for key in ("model", "size", "seconds", "seed")} == {
        key: source[key] for key in ("model", "size", "seconds", "seed")
    }
    assert ended(client, remix["id"]).json()["status"] == "completed"
    assert client.get(f"/videos/{remix['id']}/content").content != client.get(f"/videos/{film_id}/content").content


def test_a_remix_may_be_a_form_with_a_seed_of_its_own(created, film_id):
    remix = created(f"/videos/{film_id}/remix", files={"prompt": (None, "at night"), "seed": (None, "9")}).json()

    assert (remix["prompt"], remix["seed"]) == ("at night", 9)


def test_only_a_completed_video_is_remixed(client, created):
    video = created(json=LONG_FIELDS).json()

    refused(client.post("/videos/none/remix", json={"prompt": "x"}), 404, "video_not_found")
    refused(client.post(f"/videos/{video['id']}/remix", json={"prompt": "x"}), 400, "video_not_ready", "video")
    refused(client.post(f"/videos/{video['id']}/remix", json={}), 400, "missing_required_parameter", "prompt")
