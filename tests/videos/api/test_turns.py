"""Bodies that come slowly, over real HTTP: who sends them waits, and nobody else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.http import HttpRequest
from django.test import Client

from tests.live.server import API_KEY, Studio, wait_until
from tests.videos.api.wire import error_of, post_json
from videos.api import turns
from videos.api.errors import ApiError
from videos.models import ApiKey


class _Request(HttpRequest):
    api_key: ApiKey


def of_key(number: int) -> _Request:
    request = _Request()
    request.api_key = ApiKey(pk=number)
    return request


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.05)
    yield
    assert turns._under_way.total() == 0


@pytest.mark.usefixtures("hasty")
def test_one_key_never_holds_all_threads() -> None:
    with ExitStack() as slow:
        for _ in range(turns.AT_ONCE_OF_A_KEY):
            slow.enter_context(turns.reading(of_key(1)))

        with pytest.raises(ApiError) as refusal, turns.reading(of_key(1)):
            pass
        with turns.reading(of_key(2)):
            pass

    assert (refusal.value.status, refusal.value.headers) == (429, {"Retry-After": "1"})
    with turns.reading(of_key(1)):
        pass


@pytest.mark.usefixtures("hasty")
def test_all_keys_together_leave_threads_to_readers() -> None:
    with ExitStack() as slow:
        for number in range(turns.AT_ONCE):
            slow.enter_context(turns.reading(of_key(number)))

        with pytest.raises(ApiError), turns.reading(of_key(99)):
            pass


@pytest.mark.usefixtures("hasty")
def test_a_body_that_breaks_off_gives_its_turn_back(api: Client) -> None:
    for _ in range(turns.AT_ONCE + 1):
        error_of(post_json(api, "{", "/v1/videos"))


def test_stalled_uploads_do_not_stop_the_rest(studio: Studio) -> None:
    head = f"POST /v1/videos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {API_KEY}\r\n"
    stall = f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode()
    with studio.client() as client:

        def status_of_a_create() -> int:
            return client.post("/videos", json={}).status_code

        with ExitStack() as stack:
            for _ in range(turns.AT_ONCE_OF_A_KEY):
                stack.enter_context(socket.create_connection(("127.0.0.1", studio.port))).sendall(stall)
            wait_until(lambda: status_of_a_create() == 429, seconds=20, what="the key has no turn left")
            assert client.get("/videos").status_code == 200

        wait_until(lambda: status_of_a_create() == 400, seconds=20, what="those that hung up gave their turns back")
