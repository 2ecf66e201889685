from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.videos.outbound.servers import Canary, Exchange, serving
from tests.videos.outbound.test_transport import Names
from tests.videos.outbound.vectors import urls
from videos.contract import REFERENCE_MAX_BYTES
from videos.outbound import Forbidden, OutboundError, Unreachable, fetch_image, post_webhook

PORT_HERE = 59_999
VECTORS = urls(PORT_HERE)
PICTURE = b"\x89PNG picture"
PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]


def here(vector: str, canary: Canary) -> str:
    return vector.replace(str(PORT_HERE), str(canary.port)).replace(f"{PORT_HERE:x}", f"{canary.port:x}")


def post(url: str, *, https_only: bool = False, **options: Any) -> Any:
    return post_webhook(url, b'{"type":"video.completed"}', {}, https_only=https_only, **options)


def picture(exchange: Exchange) -> None:
    exchange.answer(200, PICTURE)


def redirect(to: str, status: int = 302) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.answer(status, b"", Location=to)


def test_there_are_enough_vectors() -> None:
    assert len(set(VECTORS)) >= 300


@pytest.mark.parametrize("vector", VECTORS, ids=ascii)
def test_nothing_forbidden_is_dialled(vector: str, canary: Canary, dialled: list[Any]) -> None:
    for call in (fetch_image, post):
        with pytest.raises(Forbidden):
            call(here(vector, canary))

    assert dialled == []
    assert canary.connects() == 0


def test_a_redirect_leads_to_nothing_forbidden(canary: Canary, dialled: list[Any], settings) -> None:
    vectors = [here(it, canary) for it in VECTORS if not {"\r", "\n"} & {*it}]
    location = ""

    with serving(lambda it: redirect(location)(it)) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        for vector in vectors:
            location = vector.encode(errors="surrogatepass").decode("latin-1")
            # What names no host leads back to where it came from, again and again.
            absolute = vector.isprintable() and re.match(r"[a-z]+://[^/?#:]", vector)
            with pytest.raises(Forbidden if absolute else OutboundError):
                fetch_image(server.url)

    assert len(vectors) >= 300
    assert {*dialled} == {("127.0.0.1", server.server_port)}
    assert canary.connects() == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_kind_of_redirect_reaches_the_canary(status: int, canary: Canary, settings) -> None:
    with serving(redirect(f"http://127.0.0.1:{canary.port}/", status)) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        with pytest.raises(Forbidden):
            fetch_image(server.url)
        answer = post(server.url)

    assert answer.status == status
    assert canary.connects() == 0


def test_a_name_that_is_bound_anew_between_two_hops_is_judged_anew(
    canary: Canary, dialled: list[Any], settings
) -> None:
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    with serving(redirect("/next")) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        with pytest.raises(Forbidden):
            fetch_image(f"http://rebinding.example:{server.server_port}/", resolve=names)

    assert len(names.asked) == 2
    assert dialled == [("127.0.0.1", server.server_port)]


@pytest.mark.parametrize(
    "location", ["/a b", "/\\evil.example/", "\\\\evil.example/", "/\xe2\x80\x8b", "/\xff"], ids=ascii
)
def test_a_badly_spelt_redirect_is_not_followed_even_at_home(location: str, settings) -> None:
    with serving(redirect(location)) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        with pytest.raises(Forbidden):
            fetch_image(server.url)

    assert len(server.requests) == 1


def test_proxies_of_the_environment_are_not_asked(canary: Canary, settings, monkeypatch) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    monkeypatch.setenv("NO_PROXY", "")
    with serving(picture) as server:
        settings.OUTBOUND_ALLOWED = [server.address]

        assert fetch_image(server.url) == PICTURE
        assert post(server.url).status == 200

    assert canary.connects() == 0


def test_an_image_is_fetched_from_a_listed_host(settings) -> None:
    with serving(picture) as server:
        settings.OUTBOUND_ALLOWED = [server.address]

        assert fetch_image(f"{server.url}/a%20b.png?x=ü#part") == PICTURE

    (request,) = server.requests
    assert (request.command, request.path) == ("GET", "/a%20b.png?x=%C3%BC")
    assert sorted(map(str.lower, request.headers)) == ["accept", "accept-encoding", "connection", "host", "user-agent"]


def test_three_redirects_are_followed_and_no_cookie_is_kept(settings) -> None:
    def hop(exchange: Exchange) -> None:
        n = len(exchange.server.requests)
        exchange.answer(302 if n < 4 else 200, PICTURE, Location=f"hop{n}", Set_Cookie="a=b")

    with serving(hop) as server:
        settings.OUTBOUND_ALLOWED = [server.address]

        assert fetch_image(f"{server.url}/dir/") == PICTURE

    assert [it.path for it in server.requests] == ["/dir/", "/dir/hop1", "/dir/hop2", "/dir/hop3"]
    assert [it.headers["Cookie"] for it in server.requests] == [None] * 4


def test_a_fourth_is_not(settings) -> None:
    with serving(redirect("/again")) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        with pytest.raises(Unreachable):
            fetch_image(server.url)

    assert len(server.requests) == 4


@pytest.mark.parametrize("status", [201, 204, 206, 300, 304, 302, 400, 401, 404, 500])
def test_any_other_status_than_200_brings_no_image(status: int, settings) -> None:
    with serving(lambda it: it.answer(status)) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        with pytest.raises(Unreachable):
            fetch_image(server.url)


@pytest.mark.parametrize("says_length", [True, False])
def test_an_image_that_is_too_large_is_cut_off(says_length: bool, settings) -> None:
    sent = 0

    def endless(exchange: Exchange) -> None:
        nonlocal sent
        length = b"Content-Length: 9000000000\r\n" if says_length else b""
        exchange.wfile.write(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n")
        while sent < 10 * REFERENCE_MAX_BYTES:
            sent += exchange.wfile.write(bytes(65_536))

    with serving(endless) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        with pytest.raises(Unreachable):
            fetch_image(server.url)

    assert REFERENCE_MAX_BYTES < sent < 2 * REFERENCE_MAX_BYTES


def test_an_image_of_just_the_largest_size_comes_whole(settings) -> None:
    with serving(lambda it: it.answer(200, bytes(REFERENCE_MAX_BYTES))) as server:
        settings.OUTBOUND_ALLOWED = [server.address]

        assert len(fetch_image(server.url)) == REFERENCE_MAX_BYTES


def test_a_file_that_breaks_off_is_no_image(settings) -> None:
    with serving(lambda it: it.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        with pytest.raises(Unreachable):
            fetch_image(server.url)


NOISES = [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 50_000, b"\x00" * 200_000]


@pytest.mark.parametrize("noise", NOISES, ids=["nothing", "nonsense", "headers", "zeros"])
def test_what_is_not_http_is_unreachable(noise: bytes, settings) -> None:
    with serving(lambda it: it.say(noise)) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        for call in (fetch_image, post):
            with pytest.raises(Unreachable):
                call(server.url, seconds=2)


DRIPS = {
    "head": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "interim": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "length": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"."),
    "chunked": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n.\r\n"),
    "until close": (b"HTTP/1.1 200 OK\r\n\r\n", b"."),
}


@pytest.mark.parametrize("call", [fetch_image, post])
@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
def test_a_server_that_drips_is_left_in_time(drip: tuple[bytes, bytes], call: Callable[..., Any], settings) -> None:
    with serving(lambda it: it.drip(*drip)) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        started = time.monotonic()
        with pytest.raises(Unreachable):
            call(server.url, seconds=0.4)

    assert 0.3 < time.monotonic() - started < 2


def test_the_deadline_is_for_all_hops_together(settings) -> None:
    def slow(exchange: Exchange) -> None:
        time.sleep(0.25)
        redirect("/again")(exchange)

    with serving(slow) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        with pytest.raises(OutboundError) as caught:
            fetch_image(server.url, seconds=0.4)

    assert len(server.requests) == 2
    assert "redirects" not in caught.value.reason


def test_a_webhook_carries_these_very_bytes_and_headers(settings) -> None:
    body = b'{ "type" : "video.completed",\n"data":{"id":"video_\xc3\xbc"}}'
    headers = {"webhook-id": "evt_1", "webhook-signature": "v1,abc=", "content-type": "application/json; charset=utf-8"}
    with serving(lambda it: it.answer(202, b"thanks")) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        answer = post_webhook(f"{server.url}/hook", body, headers, https_only=False)

    (request,) = server.requests
    assert (request.command, request.path, request.body) == ("POST", "/hook", body)
    assert {name: request.headers.get_all(name) for name in headers} == {name: [it] for name, it in headers.items()}
    assert (answer.status, answer.body) == (202, b"thanks")


def test_a_webhook_is_json_unless_said_otherwise(settings) -> None:
    with serving(picture) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        post(server.url)

    assert server.requests[0].headers.get_all("Content-Type") == ["application/json"]


@pytest.mark.parametrize("status", [200, 204, 301, 307, 400, 404, 410, 429, 500, 503])
def test_every_status_is_a_receivers_answer(status: int, settings) -> None:
    with serving(lambda it: it.answer(status, Location="/elsewhere")) as server:
        settings.OUTBOUND_ALLOWED = [server.address]

        assert post(server.url).status == status

    assert len(server.requests) == 1


def test_of_a_receivers_answer_four_kilobytes_are_read(settings) -> None:
    with serving(lambda it: it.answer(200, b"x" * 50_000_000)) as server:
        settings.OUTBOUND_ALLOWED = [server.address]

        assert post(server.url).body == b"x" * 4096


def test_a_webhook_goes_over_tls_where_that_is_demanded(canary: Canary, settings) -> None:
    settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{canary.port}"]

    with pytest.raises(Forbidden):
        post(f"http://127.0.0.1:{canary.port}/", https_only=True)
    assert canary.connects() == 0
    with pytest.raises(Unreachable):
        post(f"https://127.0.0.1:{canary.port}/", https_only=True, seconds=2)

    assert canary.connects() == 1
    assert canary.heard.startswith(b"\x16\x03")
