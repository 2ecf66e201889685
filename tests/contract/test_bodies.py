"""C9 and C10: bodies that nobody can read."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.contract.envelope import refused
from tests.contract.wire import FORM, chunked

BODY_MAX_SECONDS = 60
# No create has a use for as much text: the longest data URL is half of it.
TOO_LARGE = 40 * 1024 * 1024
BAD_JSON = {
    "half an object": b"{",
    "an array": b"[1]",
    "nothing": b"",
    "a text": b'"text"',
    "no UTF-8": b'{"prompt": "\xff"}',
}


@pytest.mark.c(9)
@pytest.mark.engine
@pytest.mark.parametrize("body", BAD_JSON.values(), ids=BAD_JSON)
def test_malformed_json(server: httpx.Client, body: bytes) -> None:
    refused(server.post("/videos", content=body, headers={"Content-Type": "application/json"}), 400)


BAD_FORMS = {
    "no parts at all": (FORM, b"no parts at all"),
    "nothing": (FORM, b""),
    "no boundary": (
        "multipart/form-data",
        b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\np\r\n--x--\r\n',
    ),
    "no end": (FORM, b'--cut-here\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nA lamp'),
}


@pytest.mark.c(9)
@pytest.mark.engine
@pytest.mark.parametrize(("kind", "body"), BAD_FORMS.values(), ids=BAD_FORMS)
def test_malformed_multipart(server: httpx.Client, kind: str, body: bytes) -> None:
    refused(server.post("/videos", content=body, headers={"Content-Type": kind}), 400)


@pytest.mark.c(9)
@pytest.mark.parametrize("path", ["/videos/edits", "/videos/extensions", "/videos/video_x/remix"])
def test_malformed_bodies_of_the_other_operations(server: httpx.Client, finished: str, path: str) -> None:
    path = path.replace("video_x", finished)
    for body in (b"{", b"[1]", b""):
        refused(server.post(path, content=body, headers={"Content-Type": "application/json"}), 400)


@pytest.mark.c(9)
@pytest.mark.engine
def test_a_content_type_that_nobody_sends(server: httpx.Client) -> None:
    refused(server.post("/videos", content=b"prompt: A lamp", headers={"Content-Type": "text/yaml"}), 415)


@pytest.mark.c(10)
@pytest.mark.parametrize("length", ["declared", "chunked"])
def test_a_body_over_the_limit(server: httpx.Client, length: str) -> None:
    body = json.dumps({"prompt": "A lamp", "padding": "x" * TOO_LARGE}).encode()
    content = body if length == "declared" else chunked(body, 1024 * 1024)

    answer = server.post(
        "/videos", content=content, headers={"Content-Type": "application/json"}, timeout=BODY_MAX_SECONDS
    )

    refused(answer, 413, code="request_too_large")
