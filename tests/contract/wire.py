"""Bodies as clients write them, byte for byte."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.videos.api.wire import BOUNDARY, FORM, KEYS, Part, multipart

__all__ = ["BOUNDARY", "CURL_TYPE", "FORM", "KEYS", "LIST_KEYS", "Part", "chunked", "data_url", "fields", "multipart"]

LIST_KEYS = {"object", "data", "first_id", "last_id", "has_more"}
# What curl makes of `-H "Content-Type: application/json"` together with `-F`.
CURL_TYPE = f"application/json; boundary={BOUNDARY}"


def fields(**values: str) -> dict[str, tuple[None, str]]:
    """For httpx's `files`: text parts of a multipart form."""
    return {name: (None, value) for name, value in values.items()}


def chunked(body: bytes, size: int = 1000) -> Iterator[bytes]:
    """For httpx's `content`: sent without a Content-Length."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


def data_url(image: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64," + base64.b64encode(image).decode()
