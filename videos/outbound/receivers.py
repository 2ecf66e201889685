"""Which receivers of webhooks may be called in the clear: only those that the administrator has named."""

from __future__ import annotations

from ipaddress import ip_address

from videos.outbound import policy
from videos.outbound.addresses import IPAddress
from videos.outbound.allowlist import AllowList, Entry


def needs_https(url: str) -> bool:
    """Forbidden if the URL can never be called. A name that only resolves into an allowed network is not named."""
    allowed = AllowList.from_settings()
    parsed = policy.parse_url(url, allowed=allowed)
    host, port = policy.canonical(parsed.raw_host.decode("ascii")), policy.port_of(parsed)
    return not any(_names(entry, host, port) for entry in allowed.entries)


def _names(entry: Entry, host: str, port: int) -> bool:
    if isinstance(entry.host, str):
        return entry.opens(host, port)
    address = _address(host)
    return address is not None and entry.permits(host, address, port)


def _address(host: str) -> IPAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
