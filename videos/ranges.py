"""Which bytes of a file a `Range` header asks for; the same for both servers."""

from __future__ import annotations

import re
from typing import NamedTuple

RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


class Span(NamedTuple):
    start: int
    end: int  # exclusive


class Unsatisfiable(Exception):
    """The range lies outside of the file."""


def read_range(header: str, size: int) -> Span | None:
    """The one range asked for; None for the whole file, which also answers what makes no sense."""
    match = RANGE.fullmatch(header.strip())
    first, last = match.groups() if match else ("", "")
    if first and last and int(last) < int(first):
        return None
    if first:
        span = Span(int(first), min(int(last) + 1, size) if last else size)
    elif last:
        span = Span(max(size - int(last), 0), size)
    else:
        return None
    if span.start >= span.end:
        raise Unsatisfiable
    return span
