"""Which IP addresses are the public Internet: a table of our own, since `is_global` differs from Python to Python."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# IANA's special-purpose registry, whole, also what it calls globally reachable: nobody keeps an image there.
DENIED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's NAT; Alibaba's metadata
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "168.63.129.16/32",  # Azure's platform, which looks public
    )
)

# What IANA gives to the public. Outside lie loopback, ULA fc00::/7, link-local, site-local fec0::/10, multicast,
# discard-only 100::/64, SRv6 5f00::/16, and the embeddings ::a.b.c.d, ::ffff:a.b.c.d, 64:ff9b::/96, 64:ff9b:1::/48.
PUBLIC_V6 = IPv6Network("2000::/3")
DENIED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo (embeds IPv4), benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 (embeds IPv4)
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # 6bone, given back
        "3fff::/20",  # documentation
    )
)
# The upper half of an ISATAP interface id; the lower half is an IPv4 address.
ISATAP = (0x0000_5EFE, 0x0200_5EFE)

# Clouds hand out credentials here: closed even to an administrator's list, since no receiver lives there.
METADATA = tuple(
    ip_network(text)
    for address in (
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
    )
    for text in (address, f"::ffff:{address}", f"64:ff9b::{address}")
) + (ip_network("fd00:ec2::254"), ip_network("fd00:ec2::23"), ip_network("fd20:ce::254"))
METADATA_NAMES = frozenset(
    {"metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"}
)


def is_public(address: IPAddress) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in DENIED_V4)
    return (
        address in PUBLIC_V6
        and not any(address in network for network in DENIED_V6)
        and (int(address) >> 32) & 0xFFFF_FFFF not in ISATAP
        and address.scope_id is None
    )


def is_metadata(address: IPAddress) -> bool:
    return any(address in network for network in METADATA)
