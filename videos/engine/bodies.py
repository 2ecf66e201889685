"""Request bodies as plain fields: JSON, multipart with or without a length, or URL-encoded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, parse_options_header  # type: ignore[import-untyped]  # has none

from videos.engine.answers import Refusal

BODY_MAX_BYTES = 32 * 1024 * 1024
_CHUNK = 64 * 1024
_MAX_PARTS = 64

Fields = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file part; its declared type is not kept because clients send any."""

    filename: str
    data: bytes = field(repr=False)


def read_fields(environ: Mapping[str, Any]) -> Fields:
    """The fields of a request; uploads are `Upload`, everything else is as JSON has it or text."""
    kind, options = parse_options_header(environ.get("CONTENT_TYPE") or "application/json")
    body = _read_body(environ)
    if not body.strip():
        raise Refusal("The request has no body.")
    if kind == "multipart/form-data":
        return _from_multipart(body, options.get("boundary", ""))
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(_text(body), keep_blank_values=True))
    if kind == "application/json":
        return _from_json(body)
    raise Refusal(f"Unsupported content type '{kind[:100]}'.", status=415)


def _read_body(environ: Mapping[str, Any]) -> bytes:
    stream: BinaryIO = environ["wsgi.input"]
    length = str(environ.get("CONTENT_LENGTH") or "")
    declared = int(length) if length.isdigit() else None
    chunks: list[bytes] = []
    total = 0
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        if total <= BODY_MAX_BYTES and (declared or 0) <= BODY_MAX_BYTES:
            chunks.append(chunk)
        elif total > 2 * BODY_MAX_BYTES:
            break
    # A body somewhat too large is read to its end, since many clients only then look for the answer.
    if max(total, declared or 0) > BODY_MAX_BYTES:
        raise Refusal("The request body is larger than 32 MiB.", status=413, code="request_too_large")
    return b"".join(chunks)


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


def _from_multipart(body: bytes, boundary: str) -> Fields:
    fields: Fields = {}
    try:
        parser = MultipartParser(
            BytesIO(body),
            boundary,
            part_limit=_MAX_PARTS,
            spool_limit=BODY_MAX_BYTES,
            memory_limit=BODY_MAX_BYTES,
        )
        for part in parser:
            value = part.raw.decode() if part.filename is None else Upload(part.filename, part.raw)
            _put(fields, part.name, value)
    except (MultipartError, UnicodeDecodeError, LookupError, AssertionError):
        raise Refusal("The request body is not valid multipart/form-data.") from None
    return fields


def _put(fields: Fields, name: str, value: str | Upload) -> None:
    """Set a field; `a[b]` becomes a key of the object `a`."""
    outer, bracket, rest = name.partition("[")
    if bracket and rest.endswith("]") and isinstance(fields.setdefault(outer, {}), dict):
        fields[outer][rest[:-1]] = value
    elif isinstance(value, Upload) and name in fields:
        raise Refusal(f"More than one file was sent as '{name[:100]}'.", param=name[:100])
    else:
        fields[name] = value
