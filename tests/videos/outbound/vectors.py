"""Ways to say an address that must not be reached."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from videos.outbound.addresses import DENIED_V4, DENIED_V6, METADATA

INNER_V4 = [
    "127.0.0.1",
    "127.8.9.10",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
]
# fmt: off
INNER_V6 = [
    "::", "::1", "::2", "64:ff9b::8.8.8.8", "64:ff9b:1::8.8.8.8", "100::1", "100:0:0:1::1", "400::1", "1000::1",
    "1fff:ffff::1", "4000::1", "5f00::1", "5fff::1", "6000::1", "8000::1", "a000::1", "c000::1", "e000::1",
    "f000::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fd12:3456:789a::1", "fe00::1", "fe80::1", "febf::1",
    "fec0::1", "fed0::1", "feff::1", "ff00::1", "ff01::1", "ff02::1", "ff02::fb", "ff05::2", "ff0e::1", "ffff::1",
]
# fmt: on


def embedded(v4: str) -> list[str]:
    """As each of the prefixes that carry an IPv4 address in an IPv6 address."""
    number = int(IPv4Address(v4))
    numbers = [
        number,  # IPv4-compatible
        0xFFFF << 32 | number,  # IPv4-mapped
        0xFFFF << 48 | number,  # IPv4-translated
        0x0064_FF9B << 96 | number,  # NAT64
        0x0064_FF9B_0001 << 80 | number,  # NAT64 of one's own
        0x2002 << 112 | number << 80 | 1,  # 6to4
        0x2001_0000 << 96 | 0x4136_E378 << 64 | number ^ 0xFFFF_FFFF,  # Teredo, client
        0x2001_0000 << 96 | number << 64 | 0x1234,  # Teredo, server
        0x2606_4700 << 96 | 0x0000_5EFE << 32 | number,  # ISATAP below a public prefix
        0x2606_4700 << 96 | 0x0200_5EFE << 32 | number,
    ]
    return [str(IPv6Address(number)) for number in numbers]


def spellings(v4: str) -> list[str]:
    """What inet_aton and lenient parsers take for this address."""
    a, b, c, d = (int(part) for part in v4.split("."))
    number = int(IPv4Address(v4))
    return [
        str(number),
        hex(number),
        hex(number).upper(),
        f"0{number:o}",
        f"{a}.{number & 0xFF_FFFF}",
        f"{a}.{b}.{number & 0xFFFF}",
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"0x{a:02x}.{b}.{c}.{d}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:04o}.{b}.{c}.{d}",
        f"{a:03}.{b:03}.{c:03}.{d:03}",
        f"{a}.{b}.{c}.0x{d:x}",
        f"{v4}.",
        v4.replace(".", "。"),
        v4.replace(".", "%2e"),
        v4.translate({ord("0") + it: ord("０") + it for it in range(10)}),
        v4.translate({ord("0") + it: ord("٠") + it for it in range(10)}),
        v4.replace("1", "①").replace("0", "⓪"),
    ]


def _edges() -> list[str]:
    networks = [*DENIED_V4, *DENIED_V6, *METADATA]
    return [str(network[at]) for network in networks for at in (0, network.num_addresses // 2, -1)]


# Literal addresses: to be refused in a URL and as the answer of a resolver.
ADDRESSES = list(dict.fromkeys([*INNER_V4, *INNER_V6, *_edges(), *(it for v4 in INNER_V4 for it in embedded(v4))]))


def urls(port: int) -> list[str]:
    """At this port, to be refused whatever a resolver says."""
    hosts = [f"[{it}]" if ":" in it else it for it in ADDRESSES]
    hosts += [it for v4 in INNER_V4 for it in spellings(v4)]
    hosts += [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "metadata.google.internal",
        "METADATA.google.internal.",
    ]
    hosts += ["metadata", "metadata.goog", "instance-data", "instance-data.ec2.internal"]
    return [f"http://{host}:{port}/" for host in hosts] + crooked(port)


def crooked(port: int) -> list[str]:
    """Parsers disagree about where these go."""
    at = f"127.0.0.1:{port}"
    return [
        "",
        " ",
        "/",
        "//",
        "http:",
        "http://",
        "http:///",
        "http://:80/",
        "http://?",
        "http://#",
        "http://./",
        "http://../",
        f"//{at}/",
        at,
        f"http:{at}",
        f"http:/{at}/",
        f"http:///{at}/",
        f"http:\\\\{at}\\",
        f"http:/\\{at}/",
        f"\\\\{at}\\",
        f"http://{at}\\@good.example/",
        f"http://good.example\\@{at}/",
        f"http://good.example@{at}/",
        f"http://user:secret@{at}/",
        f"http://@{at}/",
        f"http://:@{at}/",
        f"http://good.example:80@{at}/",
        f"http://{at}@good.example/",
        f"http://{at}#@good.example/",
        f"http://{at}?@good.example/",
        f"http://{at}/@good.example/",
        f"http://good.example%40{at}/",
        f"http://good.example%00.{at}/",
        f"http://127.0.0.1%00.good.example:{port}/",
        f"http://127.0.0.1%2f.good.example:{port}/",
        f"http://127.0.0.1%09:{port}/",
        f"http://127.0.0.1:{port}:80/",
        f"http://127.0.0.1:80:{port}/",
        "http://127.0.0.1:/",
        "http://127.0.0.1:０/",
        "http://127.0.0.1:٨٠/",
        "http://127.0.0.1:-1/",
        "http://127.0.0.1:+80/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:4294967376/",
        f"http://127.0.0.1:0x{port:x}/",
        f"http://[127.0.0.1]:{port}/",
        f"http://[::1:{port}/",
        f"http://::1:{port}/",
        f"http://::1]:{port}/",
        f"http://[[::1]]:{port}/",
        f"http://[::1%25lo]:{port}/",
        f"http://[::1%lo]:{port}/",
        f"http://[fe80::1%25eth0]:{port}/",
        f"http://[v1.1]:{port}/",
        f"http://[]:{port}/",
        f"http://a[::1]:{port}/",
        f"http://[::1]a:{port}/",
        f"http://[::ffff:0x7f.1]:{port}/",
        f" http://{at}/",
        f"\thttp://{at}/",
        f"\nhttp://{at}/",
        f"h\nttp://{at}/",
        f"http://127.0.\n0.1:{port}/",
        f"http://127.0.0.1\t:{port}/",
        f"http://127.0.0.1 :{port}/",
        f"http://{at}\r\nHost: good.example/",
        f"http://{at}/\r\nX-Injected: 1",
        f"http://{at}/\x00",
        f"http://127.0.0.1\u200b:{port}/",
        f"http://127.0.0\u00ad.1:{port}/",
        f"http://127.0.0.1\u2024:{port}/",
        f"http://127.0.0.1\ud800:{port}/",
        f"http://127\uff0e0\uff0e0\uff0e1:{port}/",
        f"http://\uff4cocalhost:{port}/",
        f"http://loc\u212allhost.\u24d4:{port}/",
        f"http://-a.example:{port}/",
        f"http://a..example:{port}/",
        f"http://.a.example:{port}/",
        f"http://a.example..:{port}/",
        f"http://{'a' * 64}.example:{port}/",
        f"http://{'a.' * 127}example:{port}/",
        f"http://a!b.example:{port}/",
        f"http://$(id).example:{port}/",
        f"http://*.example:{port}/",
        f"http://a,b.example:{port}/",
        f"http://1.2.3:{port}/",
        f"http://1.2.3.4.5:{port}/",
        f"http://256.1.1.1:{port}/",
        f"http://a.example.0x7f000001:{port}/",
        f"http://a.example.1:{port}/",
        f"ftp://{at}/",
        f"gopher://{at}/_GET",
        f"dict://{at}/",
        f"ldap://{at}/",
        f"ws://{at}/",
        f"unix://{at}/",
        f"http+unix://{at}/",
        f"jar:http://{at}/!/",
        f"url:http://{at}/",
        "file:///etc/passwd",
        "file://127.0.0.1/etc/passwd",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "about:blank",
    ]
