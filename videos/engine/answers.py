"""What the server sends: JSON, error envelopes, and files in constant memory with ranges."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from videos.contract import error_body
from videos.ranges import Unsatisfiable, read_range

_CHUNK = 256 * 1024

Headers = dict[str, str]


@dataclass
class Answer:
    status: int
    body: Iterable[bytes]
    headers: Headers = field(default_factory=dict)

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"


class Refusal(Exception):
    """An answer other than 200, raised from wherever the reason is found."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: Headers | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(message, kind=kind, param=param, code=code)
        self.headers = headers or {}

    def answer(self) -> Answer:
        return json_answer(self.body, status=self.status, headers=self.headers)


def json_answer(value: Any, *, status: int = 200, headers: Headers | None = None) -> Answer:
    body = json.dumps(value).encode()
    length = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return Answer(status, [body], length | (headers or {}))


def file_answer(path: Path, headers: Headers, *, wanted: str | None, condition: str | None, head: bool) -> Answer:
    """A whole file, or the range `wanted` of it if the `If-Range` condition still holds."""
    file = path.open("rb")
    size = file.seek(0, 2)
    etag = f'"{path.parent.name[-32:]}-{path.suffix[1:]}-{size:x}"'
    headers = headers | {"Accept-Ranges": "bytes", "ETag": etag, "Cache-Control": "private"}
    try:
        span = read_range(wanted, size) if wanted and condition in {None, etag} else None
    except Unsatisfiable:
        file.close()
        message = "The requested range is outside of the file."
        raise Refusal(message, status=416, headers={"Content-Range": f"bytes */{size}"}) from None
    start, end = span or (0, size)
    headers["Content-Length"] = str(end - start)
    if span:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if head:
        file.close()
        return Answer(206 if span else 200, [], headers)
    return Answer(206 if span else 200, _read(file, start, end), headers)


def _read(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < end and (chunk := file.read(min(_CHUNK, end - start))):
            start += len(chunk)
            yield chunk
