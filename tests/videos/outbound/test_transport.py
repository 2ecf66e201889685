from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import pytest

from tests.videos.outbound.servers import Canary, serving
from tests.videos.outbound.vectors import ADDRESSES
from videos.outbound import Forbidden, Unreachable, fetch_image
from videos.outbound.allowlist import AllowList
from videos.outbound.transport import CONNECT_SECONDS, Deadline, Guard, TimedStream, system_resolver, tls

PUBLIC = ["93.184.215.14", "2606:4700:4700::1111"]


class Names:
    """A resolver whose answers are ours: one list for each question, the last for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Iterable[str]:
        self.asked.append((host, port))
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def guard(
    resolve: Any = system_resolver, *, allowed: Iterable[str] = (), seconds: float = 5, dialler: Any = None
) -> Guard:
    return Guard(allowed=AllowList.of(allowed), deadline=Deadline(seconds), resolve=resolve, dialler=dialler)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_that_leads_inside_is_not_dialled(address: str, canary: Canary, dialled: list[Any]) -> None:
    with pytest.raises(Forbidden):
        guard(Names([address])).connect_tcp("innocent.example", canary.port)

    assert dialled == []


@pytest.mark.parametrize(
    "answer", [[*PUBLIC, "127.0.0.1"], ["127.0.0.1", *PUBLIC], [PUBLIC[0], "::1"], ["10.0.0.1", PUBLIC[1]]]
)
def test_one_inner_address_among_public_ones_spoils_the_name(
    answer: list[str], canary: Canary, dialled: list[Any]
) -> None:
    with pytest.raises(Forbidden):
        guard(Names(answer)).connect_tcp("innocent.example", canary.port)

    assert dialled == []


def test_a_listed_address_does_not_excuse_the_one_beside_it(canary: Canary, dialled: list[Any]) -> None:
    names = Names(["127.0.0.1", "127.0.0.2"])

    with pytest.raises(Forbidden):
        guard(names, allowed=["127.0.0.1"]).connect_tcp("nas.lan", canary.port)

    assert dialled == []


def test_the_guard_alone_refuses_a_host_that_its_caller_forgot_to_judge(canary: Canary, dialled: list[Any]) -> None:
    for host in ("2130706433", "metadata.google.internal", "localhost", "a b"):
        with pytest.raises(Forbidden):
            guard(Names(PUBLIC)).connect_tcp(host, canary.port)

    assert dialled == []


def test_without_the_guard_these_spellings_do_reach_the_canary(canary: Canary) -> None:
    """Else the tests above would prove nothing."""
    hosts = ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "017700000001", "0.0.0.0", "::ffff:127.0.0.1"]
    for host in hosts:
        with socket.create_connection((host, canary.port), timeout=2):
            pass

    assert canary.connects() == len(hosts)


def test_a_name_is_resolved_once_and_only_its_answer_is_dialled(canary: Canary, dialled: list[Any]) -> None:
    names = Names(["127.0.0.1"], ["127.0.0.2"])

    guard(names, allowed=[f"127.0.0.1:{canary.port}"]).connect_tcp("rebinding.example", canary.port).close()

    assert names.asked == [("rebinding.example", canary.port)]
    assert dialled == [("127.0.0.1", canary.port)]


def test_a_listed_name_may_lead_anywhere_but_to_metadata(canary: Canary, dialled: list[Any]) -> None:
    guard(Names(["127.0.0.1"]), allowed=["nas.lan"]).connect_tcp("NAS.lan.", canary.port).close()
    with pytest.raises(Forbidden):
        guard(Names(["169.254.169.254"]), allowed=["nas.lan"]).connect_tcp("nas.lan", canary.port)

    assert dialled == [("127.0.0.1", canary.port)]


def test_a_listed_network_opens_no_port_of_a_public_address(dialled: list[Any]) -> None:
    with pytest.raises(Forbidden):
        guard(Names(PUBLIC), allowed=["10.0.0.0/8"]).connect_tcp("innocent.example", 22)

    assert dialled == []


def test_the_next_address_is_tried_when_one_does_not_answer(canary: Canary, dialled: list[Any]) -> None:
    names = Names(["127.0.0.3", "127.0.0.1"])  # the canary listens on the second alone

    guard(names, allowed=["127.0.0.0/8"]).connect_tcp("nas.lan", canary.port).close()

    assert [host for host, _ in dialled] == ["127.0.0.3", "127.0.0.1"]


def test_another_peer_than_the_one_that_was_dialled_gets_no_byte(canary: Canary) -> None:
    class Astray(httpcore.SyncBackend):
        def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
            return super().connect_tcp("127.0.0.1", port, *args, **kwargs)

    with pytest.raises(Unreachable):
        guard(Names(["93.184.215.14"]), dialler=Astray()).connect_tcp("good.example", canary.port)

    assert canary.connects() == 1
    assert canary.heard == b""


@pytest.mark.parametrize(
    "error", [socket.gaierror("no such name"), UnicodeError("label too long"), RuntimeError("bad")]
)
def test_a_name_that_does_not_resolve_is_unreachable(error: Exception) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise error

    with pytest.raises(Unreachable):
        guard(fail).connect_tcp("good.example", 80)
    with pytest.raises(Unreachable):
        guard(Names([])).connect_tcp("good.example", 80)


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    over = threading.Event()
    started = time.monotonic()

    with pytest.raises(Unreachable):
        guard(lambda host, port: [str(over.wait(10))], seconds=0.2).connect_tcp("good.example", 80)

    assert time.monotonic() - started < 2
    over.set()


def test_the_system_resolver_gives_literal_addresses() -> None:
    assert system_resolver("127.0.0.1", 80) == ["127.0.0.1"]
    assert system_resolver("::ffff:127.0.0.1", 80) == ["::ffff:127.0.0.1"]


def test_host_and_sni_keep_the_name(canary: Canary, settings) -> None:
    settings.OUTBOUND_ALLOWED = ["pictures.example"]
    names = Names(["127.0.0.1"])

    with serving(lambda it: it.answer(200, b"picture")) as server:
        fetch_image(f"http://pictures.example:{server.server_port}/", resolve=names)
    with pytest.raises(Unreachable):
        fetch_image(f"https://pictures.example:{canary.port}/", resolve=names, seconds=2)

    assert server.requests[0].headers["Host"] == f"pictures.example:{server.server_port}"
    assert canary.connects() == 1
    # A ClientHello carries the name in the clear, and what it is willing to speak.
    assert canary.heard.startswith(b"\x16\x03")
    assert b"pictures.example" in canary.heard
    assert b"http/1.1" in canary.heard
    assert b"\x02h2" not in canary.heard


def test_certificates_are_verified() -> None:
    assert tls().verify_mode == ssl.CERT_REQUIRED
    assert tls().check_hostname


def test_a_server_that_never_shakes_hands_is_left_in_time(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{silent.getsockname()[1]}"]
        started = time.monotonic()

        with pytest.raises(Unreachable):
            fetch_image(f"https://{settings.OUTBOUND_ALLOWED[0]}/", seconds=0.3)

    assert time.monotonic() - started < 2


def test_the_deadline_goes_on_below_tls() -> None:
    class InTheClear(httpcore.NetworkStream):
        def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
            return self

        def read(self, *args: Any) -> bytes:
            return b"."

    stream = TimedStream(InTheClear(), Deadline(0.1)).start_tls(tls(), "good.example")
    time.sleep(0.15)

    with pytest.raises(Unreachable):
        stream.read(1)


def test_a_peer_that_never_reads_does_not_hold_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        stream = TimedStream(httpcore.SyncBackend().connect_tcp("127.0.0.1", deaf.getsockname()[1]), Deadline(0.3))
        started = time.monotonic()

        with pytest.raises((Unreachable, httpcore.WriteTimeout)):
            stream.write(bytes(64_000_000))
        stream.close()

    assert time.monotonic() - started < 3


def test_packed_bytes_stay_packed(settings) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with serving(lambda it: it.answer(200, bomb, Content_Encoding="gzip")) as server:
        settings.OUTBOUND_ALLOWED = [server.address]
        data = fetch_image(server.url)

    assert data == bomb
    assert server.requests[0].headers["Accept-Encoding"] == "identity"


def test_no_connect_takes_longer_than_five_seconds() -> None:
    waits: list[float | None] = []

    class Slow(httpcore.SyncBackend):
        def connect_tcp(self, host: str, port: int, timeout: float | None = None, *a: Any, **k: Any) -> Any:
            waits.append(timeout)
            raise httpcore.ConnectTimeout

    with pytest.raises(Unreachable):
        guard(Names(PUBLIC), seconds=60, dialler=Slow()).connect_tcp("good.example", 443, timeout=CONNECT_SECONDS)

    assert waits == [5.0, 5.0]
