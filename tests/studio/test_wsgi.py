from __future__ import annotations

import io
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.factories import image
from tests.videos.api.wire import FORM, Part, multipart
from videos.models import ApiKey, Asset, User, Video, Workspace

KEY = "sk-studio-a-key-for-the-tests-of-wsgi"


@pytest.fixture(autouse=True, scope="session")
def _static_root() -> None:
    """Whitenoise warns where collectstatic has never run, and a warning is an error: hence the late import."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _same_connection() -> Iterator[None]:
    """As Django's own test client does: the end of a request must not close the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _key(alice: User, workspace: Workspace) -> None:
    ApiKey.issue(workspace=workspace, user=alice, name="tests", secret=KEY)


class Endless:
    """A client that never stops sending; it counts what was taken."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int) -> bytes:
        self.taken += size
        return bytes(size)


def call(stream: Any, path: str = "/v1/videos", **environ: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """POST over WSGI, as a server calls it: chunked, so without a length."""
    request = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_AUTHORIZATION": f"Bearer {KEY}",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_TYPE": FORM,
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.input": stream,
        **environ,
    }
    seen: list[Any] = []
    answer = import_module("studio.wsgi").application(
        request, lambda status, headers, *_: seen.extend([status, headers])
    )
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    status, headers = seen
    return int(status[:3]), dict(headers), json.loads(body)


def test_a_chunked_body_arrives_with_its_file() -> None:
    picture = image("PNG", (720, 1280)) + bytes(4 * 1024 * 1024)  # more than is kept in memory
    body = multipart(Part("input_reference", picture, "cat.png"), Part("prompt", "A cat"))

    status, _, video = call(io.BytesIO(body))

    assert status == 200, video
    assert Video.objects.get().prompt == "A cat"
    assert Asset.objects.get().video_id == video["id"]


@pytest.mark.parametrize("encoding", ["chunked", "Chunked", "gzip, chunked"])
def test_a_chunked_json_body_arrives(encoding: str) -> None:
    body = io.BytesIO(b'{"prompt": "A cat"}')

    status, headers, _ = call(body, CONTENT_TYPE="application/json", HTTP_TRANSFER_ENCODING=encoding)

    assert status == 200
    assert headers["x-request-id"].startswith("req_")


def test_a_chunked_body_needs_no_true_length() -> None:
    body = io.BytesIO(b'{"prompt": "A cat"}')

    assert call(body, CONTENT_TYPE="application/json", CONTENT_LENGTH="5")[0] == 200


def test_an_empty_chunked_body_is_refused_as_empty() -> None:
    status, _, answer = call(io.BytesIO())

    assert status == 400
    assert answer["error"]["type"] == "invalid_request_error"


def test_an_endless_body_is_read_up_to_the_limit_and_refused(settings) -> None:
    settings.BODY_MAX_BYTES = 300_000
    stream = Endless()

    status, headers, answer = call(stream)

    assert status == 413
    assert answer["error"]["code"] == "request_too_large"
    assert headers["Content-Type"] == "application/json"
    assert stream.taken == 300_001
    assert not Video.objects.exists()


def test_a_body_with_a_length_is_not_spooled() -> None:
    body = b'{"prompt": "A cat"}'
    given = {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "HTTP_TRANSFER_ENCODING": ""}

    assert call(io.BytesIO(body + b"the next request"), **given)[0] == 200


@pytest.mark.parametrize(("limit", "length"), [(200, 100), (100, 100), (99, 100), (10, 11)])
def test_one_byte_more_than_the_limit_is_kept_to_tell(limit: int, length: int) -> None:
    wsgi = import_module("studio.wsgi")

    body, measured = wsgi.spool(io.BytesIO(bytes(100)), limit)

    with body:
        assert (measured, len(body.read())) == (length, length)


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_shorter_than_declared_makes_no_video(kind: str) -> None:
    body = b'{"prompt": "cut off"}' if kind == "application/json" else b"prompt=cut+off"

    status, _, answer = call(
        io.BytesIO(body), CONTENT_TYPE=kind, CONTENT_LENGTH=str(len(body) + 1000), HTTP_TRANSFER_ENCODING=""
    )

    assert (status, answer["error"]["message"]) == (400, "The body ended too early.")
    assert not Video.objects.exists()
