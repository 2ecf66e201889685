from __future__ import annotations

import socket

import pytest

from tests.videos.outbound.servers import Canary, serving
from videos.outbound import Forbidden, OutboundError, Unreachable, fetch_image


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def error_of(url: str) -> OutboundError:
    with pytest.raises(OutboundError) as caught:
        fetch_image(url, seconds=0.3)
    return caught.value


def test_blocked_refused_silent_and_missing_say_the_same(settings, canary: Canary) -> None:
    refused = closed_port()
    with (
        serving(lambda it: it.answer(404, b"the secret")) as missing,
        serving(lambda it: it.drip(b"HTT", b"P")) as silent,
    ):
        settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{port}" for port in (refused, missing.server_port, silent.server_port)]
        blocked = error_of(f"http://127.0.0.1:{canary.port}/")
        others = [error_of(url) for url in (f"http://127.0.0.1:{refused}/", missing.url, silent.url)]

    assert isinstance(blocked, Forbidden)
    assert [type(it) for it in others] == [Unreachable] * 3
    assert len({str(it) for it in (blocked, *others)}) == 1
    assert len({it.reason for it in (blocked, *others)}) == 4


def test_a_reason_tells_no_path_and_no_query(canary: Canary) -> None:
    error = error_of(f"http://127.0.0.1:{canary.port}/hooks/T0KEN?key=s3cret")

    assert "T0KEN" not in error.reason
    assert "s3cret" not in error.reason
