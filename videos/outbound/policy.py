"""What may be called: how a URL is spelt, which hosts and ports, which addresses."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv4Address, ip_address

import httpx

from videos.outbound.addresses import METADATA_NAMES, IPAddress, is_metadata, is_public
from videos.outbound.allowlist import AllowList
from videos.outbound.errors import Forbidden

DEFAULT_PORTS = {"http": 80, "https": 443}
# Any other is open for hosts of the allow-list only.
PORTS = frozenset(DEFAULT_PORTS.values())

AUTHORITY = re.compile(r"[A-Za-z]+://([^/?#]*)")
# No userinfo, no zone id, no percent sign, no digits but ours in a port.
HOST_AND_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\[\]@:%]+)(?::[0-9]{1,5})?")
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(?=.{{1,253}}\Z){LABEL}(?:\.{LABEL})*")
# Such as 127.1, 0x7f000001 or 2130706433, which the resolver would take for an IPv4 address.
NUMBER_AT_THE_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


def parse_url(text: str, *, allowed: AllowList, https_only: bool = False) -> httpx.URL:
    """The URL, if it may be called as far as one can say without asking the resolver; else Forbidden."""
    judge_spelling(text)
    _judge_authority(text)
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise Forbidden("not a URL") from error
    if url.scheme != "https" and (https_only or url.scheme != "http"):
        raise Forbidden("not an allowed scheme")
    judge_host(url.raw_host.decode("ascii"), port_of(url), allowed)
    return url


def port_of(url: httpx.URL) -> int:
    return DEFAULT_PORTS[url.scheme] if url.port is None else url.port


def judge_spelling(text: str) -> None:
    """Parsers disagree about these, and what they disagree about is where the host ends."""
    if not text.isprintable() or " " in text or "\\" in text:
        raise Forbidden("control characters, spaces or backslashes in the URL")


def _judge_authority(text: str) -> None:
    match = AUTHORITY.match(text)
    if match is None or not HOST_AND_PORT.fullmatch(match[1]):
        raise Forbidden("no plain host in the URL")
    # Letters of any script make a name; foreign digits and full stops would make an address.
    if not all(it.isascii() or unicodedata.category(it)[0] in "LM" for it in match[1]):
        raise Forbidden("foreign digits or signs in the host")


def judge_host(host: str, port: int, allowed: AllowList) -> None:
    """By what it says alone; `judge_address` follows with what it resolves to."""
    name = canonical(host)
    if name in METADATA_NAMES:
        raise Forbidden(f"{name} is a cloud's metadata")
    if not 0 < port < 65_536:
        raise Forbidden(f"{port} is no port")
    if address := _literal(name):
        judge_address(name, address, port, allowed)
    elif not NAME.fullmatch(name) or NUMBER_AT_THE_END.fullmatch(name):
        raise Forbidden("not a host name")
    elif port not in PORTS and not allowed.opens(name, port):
        raise Forbidden(f"port {port} is closed")


def judge_address(host: str, address: IPAddress, port: int, allowed: AllowList) -> None:
    if is_metadata(address):
        raise Forbidden(f"{address} is a cloud's metadata")
    if allowed.permits(canonical(host), address, port):
        return
    if port not in PORTS:
        raise Forbidden(f"port {port} is closed")
    if not is_public(address):
        raise Forbidden(f"{address} is not a public address")


def canonical(host: str) -> str:
    return host.lower().removesuffix(".")


def _literal(name: str) -> IPAddress | None:
    if name == "localhost" or name.endswith(".localhost"):
        return IPv4Address("127.0.0.1")
    try:
        return ip_address(name)
    except ValueError:
        return None
