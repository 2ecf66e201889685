"""Inner hosts that an administrator opens by name: `nas.lan`, `nas.lan:8080`, `10.1.2.3:8080`, `10.1.0.0/16`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from videos.outbound.addresses import IPAddress, IPNetwork

ENTRY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\s:/\[\]@]+)(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True)
class Entry:
    # Either stands for what a URL says, or for what it resolves to.
    host: str | IPNetwork
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        text = text.strip().lower()
        if network := _network(text):
            return cls(network)
        match = ENTRY.fullmatch(text)
        if match is None:
            raise ImproperlyConfigured(f"OUTBOUND_ALLOWED: {text!r} is no host, host:port or network")
        host = match["host"].strip("[]").rstrip(".")
        return cls(_network(host) or host, int(match["port"]) if match["port"] else None)

    def opens(self, host: str, port: int) -> bool:
        """Whether it may apply; for a network that shows when the host is resolved."""
        return self.port in (None, port) and (not isinstance(self.host, str) or self.host == host)

    def permits(self, host: str, address: IPAddress, port: int) -> bool:
        return self.opens(host, port) and (isinstance(self.host, str) or address in self.host)


@dataclass(frozen=True)
class AllowList:
    entries: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        return cls(tuple(Entry.parse(text) for text in texts))

    @classmethod
    def from_settings(cls) -> Self:
        return cls.of(getattr(settings, "OUTBOUND_ALLOWED", []))

    def opens(self, host: str, port: int) -> bool:
        return any(entry.opens(host, port) for entry in self.entries)

    def permits(self, host: str, address: IPAddress, port: int) -> bool:
        return any(entry.permits(host, address, port) for entry in self.entries)


def _network(text: str) -> IPNetwork | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
