"""Request bodies as plain fields: JSON, multipart with or without a length, or URL-encoded."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

from multipart import (  # type: ignore[import-untyped]  # has none
    MultipartError,
    MultipartParser,
    MultipartPart,
    parse_options_header,
)

from videos.contract import CLIP_MAX_BYTES
from videos.engine.answers import Refusal

BODY_MAX_BYTES = 32 * 1024 * 1024
# The film itself is judged by what comes after; here it may be a little too large, and come with other fields.
CLIP_BODY_MAX_BYTES = CLIP_MAX_BYTES + 1024 * 1024
_CHUNK = 64 * 1024
_MAX_PARTS = 64
# What is larger waits in a file.
_SPOOL_BYTES = 1024 * 1024
# All text of a form together; the longest field of the contract is a reference as a data URL.
_TEXT_MAX_BYTES = 21 * 1024 * 1024
_STEP = re.compile(r"\[([^\[\]]*)\]")

Fields = dict[str, Any]


class Upload:
    """A file part; its declared type is not kept because clients send any."""

    def __init__(self, part: MultipartPart) -> None:
        self.filename = str(part.filename)
        self._part = part

    @property
    def data(self) -> bytes:
        return bytes(self._part.raw)

    def save(self, path: Path) -> None:
        self._part.save_as(path)

    def close(self) -> None:
        self._part.close()


class _Body:
    """The stream of a request, counted; a body too large is refused wherever that shows."""

    def __init__(self, environ: Mapping[str, Any], most: int) -> None:
        length = str(environ.get("CONTENT_LENGTH") or "")
        self._stream: BinaryIO = environ["wsgi.input"]
        self._total, self._most = 0, most
        if length.isdigit() and int(length[:20]) > most:
            self._refuse()

    def read(self, size: int = _CHUNK) -> bytes:
        chunk = self._stream.read(size)
        self._total += len(chunk)
        if self._total > self._most:
            self._refuse()
        return chunk

    def whole(self) -> bytes:
        return b"".join(iter(self.read, b""))

    def drain(self) -> None:
        """Read a body on, to its end or to twice what is allowed: many clients only then look for the answer."""
        while self._total <= 2 * self._most and (chunk := self._stream.read(_CHUNK)):
            self._total += len(chunk)

    def _refuse(self) -> None:
        self.drain()
        message = f"The request body is larger than {self._most // 1024**2} MiB."
        raise Refusal(message, status=413, code="request_too_large")


def read_fields(environ: Mapping[str, Any], *, with_clip: bool = False) -> Fields:
    """The fields of a request; uploads are `Upload`, everything else is as JSON has it or text."""
    kind, options = parse_options_header(environ.get("CONTENT_TYPE") or "application/json")
    if kind == "multipart/form-data":
        most = CLIP_BODY_MAX_BYTES if with_clip else BODY_MAX_BYTES
        return _from_multipart(_Body(environ, most), options.get("boundary", ""))
    body = _Body(environ, BODY_MAX_BYTES).whole()
    if not body.strip():
        raise Refusal("The request has no body.")
    if kind == "application/x-www-form-urlencoded":
        return _from_pairs(parse_qsl(_text(body), keep_blank_values=True))
    if kind == "application/json":
        return _from_json(body)
    raise Refusal(f"Unsupported content type '{kind[:100]}'.", status=415)


def close_uploads(fields: Fields) -> None:
    _close(list(fields.values()))


def _close(values: list[Any]) -> None:
    for value in values:
        if isinstance(value, Upload):
            value.close()
        elif isinstance(value, dict | list):
            _close(list(value.values() if isinstance(value, dict) else value))


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refusal("The request body is not valid UTF-8.") from None


def _from_json(body: bytes) -> Fields:
    try:
        value = json.loads(_text(body))
    except (ValueError, RecursionError):
        raise Refusal("The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise Refusal("The request body has to be a JSON object.")
    return value


def _from_pairs(pairs: list[tuple[str, str]]) -> Fields:
    fields: Fields = {}
    for name, value in pairs:
        _put(fields, name, value)
    return fields


def _from_multipart(body: _Body, boundary: str) -> Fields:
    fields: Fields = {}
    room = _TEXT_MAX_BYTES
    try:
        parser = MultipartParser(
            body,
            boundary,
            part_limit=_MAX_PARTS,
            spool_limit=_SPOOL_BYTES,
            memory_limit=_MAX_PARTS * _SPOOL_BYTES,
        )
        for part in parser:
            room = _put_part(fields, part, room)
    except (MultipartError, UnicodeDecodeError, LookupError, AssertionError):
        close_uploads(fields)
        body.drain()
        raise Refusal("The request body is not valid multipart/form-data.") from None
    except Refusal:
        close_uploads(fields)
        body.drain()
        raise
    return fields


def _put_part(fields: Fields, part: MultipartPart, room: int) -> int:
    """Set one field; how many bytes of text may still come."""
    try:
        if part.filename is not None:
            _put(fields, part.name, Upload(part))
            return room
        if part.size > room:
            message = f"The text fields are larger than {_TEXT_MAX_BYTES // 1024**2} MiB."
            raise Refusal(message, status=413, code="request_too_large")
        _put(fields, part.name, part.raw.decode())
    except BaseException:
        part.close()
        raise
    part.close()
    return room - int(part.size)


def _put(fields: Fields, name: str, value: str | Upload) -> None:
    """Set a field; `a[b]` becomes a key of the object `a`, `a[]`, `a[][b]` and `a[0][b]` become items of a list."""
    outer, bracket, _ = name.partition("[")
    steps = _STEP.findall(name[len(outer) :])
    listed = bool(steps) and (steps[0] == "" or steps[0].isdigit())
    if not bracket or "".join(f"[{step}]" for step in steps) != name[len(outer) :]:
        _set(fields, name, value)
    elif listed and len(steps) <= 2 and isinstance(found := fields.setdefault(outer, []), list):
        _append(found, steps, value)
    elif not listed and isinstance(found := fields.setdefault(outer, {}), dict):
        found["][".join(steps)] = value
    else:
        _set(fields, name, value)


def _set(fields: Fields, name: str, value: str | Upload) -> None:
    if isinstance(value, Upload) and name in fields:
        raise Refusal(f"More than one file was sent as '{name[:100]}'.", param=name[:100])
    fields[name] = value


def _append(found: list[Any], steps: list[str], value: str | Upload) -> None:
    """Items come in the order of the parts; a numbered one may come in several."""
    if len(steps) == 1:
        found.append(value)
    elif steps[0] and int(steps[0][:3]) < len(found) and isinstance(found[int(steps[0][:3])], dict):
        found[int(steps[0][:3])][steps[1]] = value
    else:
        found.append({steps[1]: value})
