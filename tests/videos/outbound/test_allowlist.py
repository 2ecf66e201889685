from __future__ import annotations

from ipaddress import ip_address

import pytest
from django.core.exceptions import ImproperlyConfigured

from videos.outbound.allowlist import AllowList

PERMITTED = [
    ("nas.lan", "nas.lan", "10.0.0.5", 9000),
    (" NAS.lan. ", "nas.lan", "10.0.0.5", 9000),
    ("nas.lan:8080", "nas.lan", "10.0.0.5", 8080),
    ("10.0.0.5", "anything.lan", "10.0.0.5", 9000),
    ("10.0.0.5:8080", "anything.lan", "10.0.0.5", 8080),
    ("10.0.0.0/8", "anything.lan", "10.255.0.5", 9000),
    ("10.0.0.5/8", "anything.lan", "10.255.0.5", 9000),
    ("fd12::/16", "anything.lan", "fd12::1", 9000),
    ("fd12::1", "anything.lan", "fd12::1", 9000),
    ("[fd12::1]", "anything.lan", "fd12::1", 9000),
    ("[FD12::1]:8080", "anything.lan", "fd12::1", 8080),
]
REFUSED = [
    ("nas.lan", "other.lan", "10.0.0.5", 80),
    ("nas.lan", "evil.nas.lan", "10.0.0.5", 80),
    ("nas.lan:8080", "nas.lan", "10.0.0.5", 8081),
    ("10.0.0.5:8080", "10.0.0.5", "10.0.0.5", 22),
    ("10.0.0.5", "10.0.0.5", "10.0.0.6", 80),
    ("10.0.0.0/8", "nas.lan", "11.0.0.1", 80),
    ("127.0.0.1", "nas.lan", "::ffff:127.0.0.1", 80),
    ("[fd12::1]:8080", "nas.lan", "fd12::1", 80),
]


@pytest.mark.parametrize(("entry", "host", "address", "port"), PERMITTED)
def test_an_entry_permits_what_it_names(entry: str, host: str, address: str, port: int) -> None:
    assert AllowList.of([entry]).permits(host, ip_address(address), port)


@pytest.mark.parametrize(("entry", "host", "address", "port"), REFUSED)
def test_an_entry_permits_nothing_else(entry: str, host: str, address: str, port: int) -> None:
    assert not AllowList.of(["unrelated.lan", entry]).permits(host, ip_address(address), port)


def test_a_network_may_open_any_name_until_that_is_resolved() -> None:
    assert AllowList.of(["10.0.0.0/8"]).opens("nas.lan", 8080)
    assert not AllowList.of(["10.0.0.5:80"]).opens("nas.lan", 8080)


def test_nothing_is_listed_by_itself(settings) -> None:
    settings.OUTBOUND_ALLOWED = []

    assert AllowList.from_settings() == AllowList()


@pytest.mark.parametrize(
    "entry", ["", "http://nas.lan/", "nas.lan/", "nas.lan:http", "a b", "user@nas.lan", "10.0.0.0/8:80"]
)
def test_an_entry_that_cannot_be_understood_is_said_so(entry: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        AllowList.of([entry])
