from __future__ import annotations

from ipaddress import ip_address

import pytest

from tests.videos.outbound.vectors import ADDRESSES, INNER_V4
from videos.outbound.addresses import is_metadata, is_public

# fmt: off
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
    "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0",
    "203.0.112.255", "203.0.114.0", "223.255.255.255", "168.63.129.15", "168.63.129.17", "2001:200::1",
    "2001:4860:4860::8888", "2003::1", "2400:cb00::1", "2606:4700:4700::1111", "2620:fe::fe", "2a00:1450::1",
    "2c0f::1",
]
# fmt: on


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_special_address_is_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet_is_public_up_to_the_edges_of_the_table(address: str) -> None:
    assert is_public(ip_address(address))


def test_a_public_address_with_a_zone_is_not_public() -> None:
    assert not is_public(ip_address("2606:4700:4700::1111%eth0"))


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00:ec2::254"]
)
def test_metadata_is_known_in_every_form(address: str) -> None:
    assert is_metadata(ip_address(address))


def test_not_all_that_is_inside_is_metadata() -> None:
    assert [it for it in INNER_V4 if is_metadata(ip_address(it))] == ["169.254.169.254"]
