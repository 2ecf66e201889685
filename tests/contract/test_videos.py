"""What both servers promise; the numbers are those of the contract's checklist."""

from __future__ import annotations

import base64
import io
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests import factories
from tests.contract.conftest import is_final
from tests.live.server import wait_until
from videos import contract
from videos.engine.probe import probe

KEYS = {
    "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at",
    "prompt", "size", "seconds", "remixed_from_video_id", "error",
}  # fmt: skip
BOUNDARY = "----------contract"


def refused(answer: httpx.Response, status: int, *, param: str | None = None, code: str | None = None) -> str:
    """Assert the envelope; give its message."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-request-id"]
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    message: str = error["message"]
    return message


def form(*parts: tuple[str, str, bytes], kind: str = "form-data") -> bytes:
    """A multipart body; each part is (name, extra header text, content)."""
    lines = [
        f'--{BOUNDARY}\r\nContent-Disposition: {kind}; name="{name}"{extra}\r\n\r\n'.encode() + content + b"\r\n"
        for name, extra, content in parts
    ]
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


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


@pytest.mark.parametrize("body", [b"{", b"[1]", b"", b'"text"'])
def test_c9_malformed_json(server: httpx.Client, body: bytes) -> None:
    refused(server.post("/videos", content=body, headers={"Content-Type": "application/json"}), 400)


def test_c9_malformed_multipart(server: httpx.Client) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    refused(server.post("/videos", content=b"no parts at all", headers=headers), 400)


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


BAD_FIELDS = {
    "no prompt": ({}, "prompt", "missing_required_parameter"),
    "empty prompt": ({"prompt": ""}, "prompt", "invalid_value"),
    "long prompt": ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length"),
    "unknown model": ({"prompt": "p", "model": "nobody-9"}, "model", "model_not_found"),
    "unknown size": ({"prompt": "p", "size": "1024x1808"}, "size", "invalid_value"),
    "upper-case size": ({"prompt": "p", "size": "720X1280"}, "size", "invalid_value"),
    "unknown seconds": ({"prompt": "p", "seconds": "15"}, "seconds", "invalid_value"),
    "a number as prompt": ({"prompt": 7}, "prompt", "invalid_type"),
    "a string as reference": ({"prompt": "p", "input_reference": "x"}, "input_reference", "invalid_type"),
}


@pytest.mark.parametrize(("fields", "param", "code"), BAD_FIELDS.values(), ids=BAD_FIELDS.keys())
def test_c19_to_c24_bad_fields(server: httpx.Client, fields: dict[str, object], param: str, code: str) -> None:
    refused(server.post("/videos", json=fields), 400, param=param, code=code)


def test_c19_names_the_supported_seconds(server: httpx.Client) -> None:
    message = refused(
        server.post("/videos", json={"prompt": "p", "seconds": 15}), 400, param="seconds", code="invalid_value"
    )

    assert message == "Invalid value: '15'. Supported values are: '4', '8', '12', '16', and '20'."


def test_c22_32_000_characters_are_accepted(server: httpx.Client) -> None:
    made = server.post("/videos", json={"prompt": "ä" * 32_000})

    assert made.status_code == 200
    server.delete(f"/videos/{made.json()['id']}")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_c25_c26_references_are_known_by_their_bytes(server: httpx.Client, kind: str) -> None:
    file = ("upload", factories.image(kind, (720, 1280)), "application/octet-stream")
    made = server.post("/videos", data={"prompt": "p"}, files={"input_reference": file})

    assert made.status_code == 200, made.text
    server.delete(f"/videos/{made.json()['id']}")


def test_c27_c28_bad_references(server: httpx.Client) -> None:
    def post(data: bytes) -> httpx.Response:
        return server.post("/videos", data={"prompt": "p"}, files={"input_reference": ("x.png", data)})

    message = refused(post(factories.image(size=(640, 480))), 400)
    assert message == "Inpaint image must match the requested width and height"
    refused(post(b"GIF89a not welcome"), 400, param="input_reference", code="invalid_image_format")


def test_c29_c31_reference_as_data_url(server: httpx.Client) -> None:
    url = "data:image/png;base64," + base64.b64encode(factories.image(size=(720, 1280))).decode()
    made = server.post("/videos", json={"prompt": "p", "input_reference": {"image_url": url}})

    assert made.status_code == 200, made.text
    server.delete(f"/videos/{made.json()['id']}")
    refused(
        server.post("/videos", json={"prompt": "p", "input_reference": {}}),
        400,
        param="input_reference",
        code="invalid_value",
    )


def test_c34_chunked_multipart_without_a_length(server: httpx.Client) -> None:
    image = factories.image(size=(640, 480))
    body = form(("prompt", "", b"p"), ("input_reference", '; filename="a.png"', image))
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}

    answer = server.post("/videos", content=iter([body[:1000], body[1000:]]), headers=headers)

    # The refusal of its size proves that the file has arrived.
    assert "Inpaint image" in refused(answer, 400)


def test_c35_file_first_and_typed_text_parts(server: httpx.Client) -> None:
    image = factories.image(size=(640, 480))
    text = '\r\nContent-Type: text/plain; charset="utf-8"'
    body = form(("input_reference", '; filename="a.png"', image), ("prompt", text, b"p"), ("seconds", text, b"15"))
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}

    refused(server.post("/videos", content=body, headers=headers), 400, param="seconds", code="invalid_value")


def test_c36_a_json_header_over_a_multipart_body(server: httpx.Client, studio_url: str) -> None:
    if str(server.base_url).rstrip("/") != studio_url:
        return  # an oddity of people's curl lines; the engine's only client is Studio
    body = form(("prompt", "", b"A lamp"), ("seconds", "", b"8"), kind="attachment")
    headers = {"Content-Type": f"application/json; boundary={BOUNDARY}"}

    made = server.post("/videos", content=body, headers=headers)

    assert made.status_code == 200, made.text
    assert (made.json()["prompt"], made.json()["seconds"]) == ("A lamp", "8")
    server.delete(f"/videos/{made.json()['id']}")


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


def test_c69_c77_the_video_is_what_was_promised(server: httpx.Client, finished: str, tmp_path: Path) -> None:
    default = server.get(f"/videos/{finished}/content")
    named = server.get(f"/videos/{finished}/content", params={"variant": "video"})

    assert default.headers["content-type"] == "video/mp4"
    assert int(default.headers["content-length"]) == len(default.content)
    assert default.content == named.content
    (tmp_path / "video.mp4").write_bytes(default.content)
    facts = probe(tmp_path / "video.mp4")
    assert (facts.width, facts.height) == (1280, 720)
    assert abs(facts.duration - 4) <= 1 / facts.fps
    assert default.content.index(b"moov") < default.content.index(b"mdat")


def test_c70_stills(server: httpx.Client, finished: str) -> None:
    thumbnail = server.get(f"/videos/{finished}/content", params={"variant": "thumbnail"})
    sheet = server.get(f"/videos/{finished}/content", params={"variant": "spritesheet"})

    assert (thumbnail.headers["content-type"], sheet.headers["content-type"]) == ("image/webp", "image/jpeg")
    with Image.open(io.BytesIO(thumbnail.content)) as image:
        assert (image.format, image.size) == ("WEBP", (1280, 720))
    with Image.open(io.BytesIO(sheet.content)) as image:
        assert image.format == "JPEG"


def test_c71_c72_c74_c76_content_rules(server: httpx.Client, finished: str) -> None:
    refused(server.get(f"/videos/{finished}/content?variant=poster"), 400, param="variant", code="invalid_value")
    running = server.post("/videos", json={"prompt": "A long walk", "seconds": "12"}).json()
    refused(server.get(f"/videos/{running['id']}/content"), 404, code="video_not_ready")
    server.delete(f"/videos/{running['id']}")
    for accept in ("application/binary", "application/json", "image/png"):
        assert server.get(f"/videos/{finished}/content", headers={"Accept": accept}).status_code == 200

    whole = server.get(f"/videos/{finished}/content").content
    part = server.get(f"/videos/{finished}/content", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert server.get(f"/videos/{finished}/content", headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    head = server.head(f"/videos/{finished}/content")
    assert (head.status_code, int(head.headers["Content-Length"]), head.content) == (200, len(whole), b"")


def test_c78_c79_c80_remix(server: httpx.Client, finished: str) -> None:
    remix = server.post(f"/videos/{finished}/remix", json={"prompt": "at night"}).json()
    assert remix["remixed_from_video_id"] == finished
    assert (remix["size"], remix["seconds"]) == ("1280x720", "4")
    early = server.post(f"/videos/{remix['id']}/remix", json={"prompt": "in rain"})
    if early.status_code != 200:
        assert early.json()["error"]["code"] == "video_not_ready"
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
