"""What both servers promise of a video; the numbers are those of the contract's checklist."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from tests.contract.conftest import is_final
from tests.contract.envelope import refused
from tests.live.server import wait_until
from videos import contract

KEYS = {
    "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at",
    "prompt", "size", "seconds", "remixed_from_video_id", "error",
}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/videos"), ("POST", "/videos"), ("GET", "/videos/x"), ("DELETE", "/videos/x"),
     ("GET", "/videos/x/content"), ("POST", "/videos/x/remix"), ("GET", "/models")],
)  # fmt: skip
def test_c2_no_route_opens_without_the_key(server: httpx.Client, method: str, path: str) -> None:
    refused(httpx.request(method, str(server.base_url).rstrip("/") + path), 401)
    wrong = server.request(method, path, headers={"Authorization": "Bearer wrong"})
    refused(wrong, 401, code="invalid_api_key")


def test_c3_c4_unknown_routes_and_methods(server: httpx.Client) -> None:
    refused(server.get("/nothing/here"), 404, code="unknown_url")
    answer = server.put("/videos")
    refused(answer, 405, code="method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_c13_create_by_json_answers_the_whole_object(server: httpx.Client) -> None:
    answer = server.post("/videos", json={"prompt": "A lamp"})

    video = answer.json()
    assert answer.status_code == 200
    assert set(video) >= KEYS
    assert (video["object"], video["progress"], video["seconds"], video["size"]) == ("video", 0, "4", "720x1280")
    assert video["status"] in ("queued", "in_progress")
    assert [video[key] for key in ("completed_at", "error", "remixed_from_video_id")] == [None, None, None]
    assert server.delete(f"/videos/{video['id']}").status_code == 200


def test_c14_c17_c23_c38_c39_create_by_multipart(server: httpx.Client) -> None:
    fields = {"prompt": "猫がピアノを弾く 🎹 שלום", "seconds": "8", "fps": "24", "quality": "high"}
    made = server.post("/videos", files={name: (None, value) for name, value in fields.items()}).json()

    assert (made["prompt"], made["seconds"]) == (fields["prompt"], "8")
    assert server.get(f"/videos/{made['id']}").status_code == 200
    assert server.get("/videos", params={"limit": 1}).json()["data"][0]["id"] == made["id"]
    server.delete(f"/videos/{made['id']}")


def test_c43_to_c51_lists(server: httpx.Client, finished: str) -> None:
    ids = [server.post("/videos", json={"prompt": f"p{n}"}).json()["id"] for n in range(3)]

    first = server.get("/videos", params={"limit": 2}).json()
    assert set(first) == {"object", "data", "first_id", "last_id", "has_more"}
    assert [video["id"] for video in first["data"]] == [ids[2], ids[1]]
    assert (first["first_id"], first["last_id"], first["has_more"]) == (ids[2], ids[1], True)
    server.delete(f"/videos/{ids[1]}")
    after = server.get("/videos", params={"limit": 1, "after": ids[1]}).json()
    assert [video["id"] for video in after["data"]] == [ids[0]]
    oldest = server.get("/videos", params={"order": "asc", "limit": 100}).json()["data"]
    newest = server.get("/videos", params={"limit": 100}).json()["data"]
    assert [video["id"] for video in oldest] == [video["id"] for video in reversed(newest)]

    empty: dict[str, Any] = {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}
    assert server.get("/videos", params={"limit": 0}).json() == empty
    assert server.get("/videos", params={"after": "after"}).json() == empty
    for bad in ("101", "-1", "x"):
        refused(server.get("/videos", params={"limit": bad}), 400, param="limit", code="invalid_value")
    refused(server.get("/videos", params={"order": "sideways"}), 400, param="order", code="invalid_value")
    for video_id in ids:
        server.delete(f"/videos/{video_id}")


def test_c53_unknown_ids(server: httpx.Client) -> None:
    for answer in (
        server.get("/videos/video_x"),
        server.delete("/videos/video_x"),
        server.get("/videos/video_x/content"),
        server.post("/videos/video_x/remix", json={"prompt": "p"}),
    ):
        assert refused(answer, 404, code="video_not_found") == "Video with id 'video_x' not found."


def test_c54_c55_c57_states_and_progress_only_go_forward(server: httpx.Client) -> None:
    made = server.post("/videos", json={"prompt": "A fox in a misty forest", "size": "1280x720", "seconds": "8"}).json()
    seen = [made]
    deadline = time.monotonic() + 120
    while seen[-1]["status"] not in ("completed", "failed"):
        assert time.monotonic() < deadline
        answer = server.get(f"/videos/{made['id']}")
        seen.append(answer.json())
        if seen[-1]["status"] in ("queued", "in_progress"):
            assert answer.headers[contract.POLL_AFTER_HEADER].isdigit()
        time.sleep(0.1)

    order = [contract.STATUSES.index(video["status"]) for video in seen]
    progress = [video["progress"] for video in seen]
    assert seen[-1]["status"] == "completed"
    assert order == sorted(order)
    assert progress == sorted(progress)
    assert all(isinstance(value, int) for value in progress)
    assert any(0 < value < 100 for value in progress)
    assert [value == 100 for value in progress] == [video["status"] == "completed" for video in seen]
    assert seen[-1]["completed_at"] >= seen[-1]["created_at"]


def test_c63_c66_c68_delete(server: httpx.Client) -> None:
    made = server.post("/videos", json={"prompt": "A long walk", "seconds": "12"}).json()

    answer = server.request("DELETE", f"/videos/{made['id']}", headers={"Content-Type": "application/json"})

    assert answer.json() == {"id": made["id"], "object": "video.deleted", "deleted": True}
    refused(server.get(f"/videos/{made['id']}"), 404, code="video_not_found")
    refused(server.delete(f"/videos/{made['id']}"), 404, code="video_not_found")


def test_c79_what_is_not_ready_has_no_remix(server: httpx.Client) -> None:
    made = server.post("/videos", json={"prompt": "A long walk", "seconds": "20"}).json()

    early = server.post(f"/videos/{made['id']}/remix", json={"prompt": "in rain"})

    refused(early, 400, param="video", code="video_not_ready")
    server.delete(f"/videos/{made['id']}")


def test_c78_c79_c80_remix(server: httpx.Client, finished: str) -> None:
    remix = server.post(f"/videos/{finished}/remix", json={"prompt": "at night"}).json()
    assert remix["remixed_from_video_id"] == finished
    assert (remix["size"], remix["seconds"]) == ("1280x720", "4")
    wait_until(lambda: is_final(server, remix["id"]), seconds=120, what="the remix ends")
    assert server.get(f"/videos/{remix['id']}").json()["status"] == "completed"

    again = server.post(f"/videos/{remix['id']}/remix", files={"prompt": (None, "in rain")}).json()
    assert again["remixed_from_video_id"] == remix["id"]
    refused(server.post(f"/videos/{finished}/remix", json={}), 400, param="prompt", code="missing_required_parameter")
    server.delete(f"/videos/{again['id']}")


def test_c102_models(server: httpx.Client) -> None:
    listed = server.get("/models").json()

    assert "animatic-1" in {model["id"] for model in listed["data"]}
    assert server.get("/models/animatic-1").json()["object"] == "model"
    refused(server.get("/models/nobody/9"), 404, param="model", code="model_not_found")
    assert json.loads(server.get("/models").text) == listed
