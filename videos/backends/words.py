"""A backend's own words, on their way to people: without the paths, addresses and keys of its machine."""

from __future__ import annotations

import re

HIDDEN = "…"
INTERNAL = re.compile(
    r"""
    \b[a-z][a-z0-9+.-]*://\S+                           # addresses
    | \b(?:sk|pk|key|whsec|hf|Bearer)[-_ ][\w.+/=-]{6,}  # keys and tokens
    | (?<![\w/])(?:/[\w.@%+-]+){2,}/?                    # paths
    | \b[A-Za-z]:\\\S+                                    # paths of another system
    | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b              # IPv4
    | \[?(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}\]?(?::\d+)?  # IPv6
    | \b[a-z][\w-]*(?:\.[\w-]+)*:\d{2,5}\b              # host:port
    """,
    re.VERBOSE | re.IGNORECASE,
)
TRACEBACK = re.compile(r"Traceback \(most recent call last\):.*", re.DOTALL)


def public(text: str) -> str:
    return INTERNAL.sub(HIDDEN, TRACEBACK.sub(HIDDEN, text)).strip()
