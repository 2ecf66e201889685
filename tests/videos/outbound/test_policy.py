from __future__ import annotations

import pytest

from tests.videos.outbound.vectors import crooked
from videos.outbound import Forbidden, judge_url

GOOD = [
    "http://good.example",
    "HTTPS://Good.Example/a/b.png?x=1&y=%20#top",
    "https://good.example.:443/",
    "https://bücher.example/größe.png",
    "https://xn--bcher-kva.example/",
    "https://a_b.example/",
    "https://good.example:80/@user",
    "http://8.8.8.8/",
    "http://[2606:4700:4700::1111]/",
    "http://1e100.example/",
    "http://0x7f.example/",
]


@pytest.mark.parametrize("url", GOOD)
def test_an_ordinary_url_passes(url: str) -> None:
    judge_url(url)


@pytest.mark.parametrize("url", crooked(80))
def test_a_crooked_url_does_not(url: str) -> None:
    with pytest.raises(Forbidden):
        judge_url(url)


@pytest.mark.parametrize("port", [1, 22, 25, 81, 5432, 6379, 8000, 8443, 65535])
def test_only_the_ports_of_the_web_are_open(port: int) -> None:
    with pytest.raises(Forbidden):
        judge_url(f"http://good.example:{port}/")


def test_a_listed_host_has_any_port_or_the_one_that_is_listed(settings) -> None:
    settings.OUTBOUND_ALLOWED = ["nas.lan", "hooks.lan:9000"]

    judge_url("http://nas.lan:8080/")
    judge_url("http://HOOKS.lan.:9000/")
    with pytest.raises(Forbidden):
        judge_url("http://hooks.lan:9001/")


def test_a_literal_address_is_judged_at_once(settings) -> None:
    with pytest.raises(Forbidden):
        judge_url("http://192.168.1.10/")
    settings.OUTBOUND_ALLOWED = ["192.168.0.0/16"]

    judge_url("http://192.168.1.10:8080/")


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "metadata.google.internal", "[fd00:ec2::254]", "[::ffff:a9fe:a9fe]"]
)
def test_no_list_opens_metadata(host: str, settings) -> None:
    settings.OUTBOUND_ALLOWED = ["0.0.0.0/0", "::/0", host]

    with pytest.raises(Forbidden):
        judge_url(f"http://{host}/")


def test_https_may_be_demanded() -> None:
    judge_url("https://good.example/", https_only=True)
    with pytest.raises(Forbidden):
        judge_url("http://good.example/", https_only=True)


BAD_SPELLINGS = ["/a b", "\\a", "/\\a", "/a\x00", "/a\tb", "/a\r\nX: 1", "/a\u200b", "/a\u00adb", "/\ud800", "/a "]


@pytest.mark.parametrize("rest", BAD_SPELLINGS, ids=ascii)
def test_no_host_is_good_enough_for_bad_spelling(rest: str) -> None:
    with pytest.raises(Forbidden):
        judge_url(f"https://good.example{rest}")


@pytest.mark.parametrize("host", ["8。8。8。8", "8.8.8.８", "٨.8.8.8", "good。example"])
def test_foreign_digits_and_full_stops_make_no_host(host: str) -> None:
    with pytest.raises(Forbidden):
        judge_url(f"https://{host}/")


@pytest.mark.parametrize("port", [0, 65536, 99999])
def test_what_is_no_port_is_no_port_of_a_listed_host_either(port: int, settings) -> None:
    settings.OUTBOUND_ALLOWED = ["nas.lan", "10.0.0.0/8"]

    for host in ("nas.lan", "10.0.0.5"):
        with pytest.raises(Forbidden):
            judge_url(f"http://{host}:{port}/")


def test_a_listed_network_opens_no_port_elsewhere(settings) -> None:
    settings.OUTBOUND_ALLOWED = ["10.0.0.0/8"]

    with pytest.raises(Forbidden):
        judge_url("http://8.8.8.8:22/")
