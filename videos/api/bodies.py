"""What clients send, in every encoding they use, as one flat dict of values and files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple, cast

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

from videos.api.errors import ApiError, refused
from videos.api.turns import reading
from videos.forms.numbers import no_number, number
from videos.forms.shapes import Shape, json_type, wrong_type

BRACKETS = re.compile(r"\[([^\[\]]*)\]")
# Where the closing boundary of a multipart body must be.
TAIL_BYTES = 1024
# No operation knows more than four; what it does not know may be a little deeper.
DEPTH_MAX = 32
STRICT_HEADER = "X-Studio-Strict"


class Body(NamedTuple):
    """`ignored` are the names of given fields that this operation does not know, `required` of those that it needs."""

    data: dict[str, Any]
    files: MultiValueDict[str, UploadedFile[bytes]]
    ignored: list[str]
    required: frozenset[str] = frozenset()

    @property
    def fingerprint(self) -> str:
        """Tells requests apart by what they ask for, not by how the body was written."""
        digest = hashlib.sha256(json.dumps(self.data, sort_keys=True, default=str).encode())
        for name, files in sorted(self.files.lists()):
            digest.update(f"\0{name}\0".encode())
            for chunk in files[0].chunks():
                digest.update(chunk)
            files[0].seek(0)
        return digest.hexdigest()


def read_body(request: HttpRequest, shape: Shape) -> Body:
    """Parsed, and of the types that the shape names. 400, 413 or 415 as the contract says."""
    try:
        with reading(request):
            data, files = _parse(request, shape)
    except (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent) as error:
        raise ApiError(400, f"The multipart body cannot be read: {error}") from error
    except RequestDataTooBig as error:
        raise ApiError(413, "The request body is too large.", code="request_too_large") from error
    except UnreadablePostError as error:
        raise ApiError(400, "The body ended too early.") from error
    if _is_deeper(data, DEPTH_MAX):
        raise ApiError(400, f"The body is nested more than {DEPTH_MAX} levels deep.", code="invalid_value")
    if refusal := shape.mistyped(data):
        raise refused(refusal)
    _check_text(shape, data)
    _check_files(shape, data, files)
    ignored = shape.unknown({*data, *files})
    if ignored and request.headers.get(STRICT_HEADER, "").lower() in ("1", "true"):
        raise ApiError(400, f"Unknown parameter: '{ignored[0]}'.", param=ignored[0], code="unknown_parameter")
    return Body(data, files, ignored, shape.required)


def _is_deeper(value: object, levels: int) -> bool:
    """Looked at level by level: what is nested too deeply to be written again is so for recursion, too."""
    level = [value]
    for _ in range(levels):
        level = [inner for outer in level for inner in _inner(outer)]
    return any(isinstance(value, dict | list) for value in level)


def _inner(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


Parsed = tuple[dict[str, Any], MultiValueDict[str, UploadedFile[bytes]]]


def _parse(request: HttpRequest, shape: Shape) -> Parsed:
    kind = request.content_type
    # Documented curl lines send multipart under a JSON header: the boundary tells.
    boundary = (request.content_params or {}).get("boundary") or _boundary_of(request, kind)
    is_form = kind == "multipart/form-data" or (kind == "application/json" and boundary)
    if is_form and not shape.json_only:
        return _parse_multipart(request, boundary, shape)
    if kind in ("application/json", "") and not is_form:
        return _parse_json(_whole_body(request)), MultiValueDict()
    if kind == "application/x-www-form-urlencoded" and not shape.json_only:
        fields = QueryDict(_whole_body(request), encoding="utf-8")
        return _nested(
            {name: [str(value) for value in values] for name, values in fields.lists()}, shape
        ), MultiValueDict()
    accepted = "application/json" if shape.json_only else "multipart/form-data or application/json"
    raise ApiError(415, f"Content type '{kind}' is not supported. Send {accepted}.")


def _whole_body(request: HttpRequest) -> bytes:
    """A client that hung up may have sent what looks like a request; it made none."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if len(request.body) < int(declared):
        raise UnreadablePostError("shorter than declared")
    return request.body


def _boundary_of(request: HttpRequest, kind: str | None) -> str | None:
    if kind != "application/json" or not request.body.startswith(b"--"):
        return None
    return request.body.split(b"\r\n", 1)[0][2:].decode("latin-1")


def _parse_multipart(request: HttpRequest, boundary: str | None, shape: Shape) -> Parsed:
    if not boundary:
        raise ApiError(400, "The multipart body has no boundary.")
    meta = {**request.META, "CONTENT_TYPE": f'multipart/form-data; boundary="{boundary}"'}
    # `request.body` may have been read for the look at its first line; then it is replayed.
    stream = _Stream(ContentFile(request._body) if hasattr(request, "_body") else request)
    # Latin-1 keeps every byte: Django would replace what is no UTF-8 without a word.
    post, files = _Parser(meta, cast(Any, stream), request.upload_handlers, "latin-1").parse()
    request._files = files  # type: ignore[attr-defined]  # untyped; the request closes them in the end
    if not post and not files:
        raise ApiError(400, "The multipart body holds no fields.")
    if f"--{boundary}--".encode() not in stream.tail:
        raise ApiError(400, "The multipart body ends without its closing boundary.")
    fields = {name: [_utf8(name, str(value)) for value in values] for name, values in post.lists()}
    return _nested(fields, shape), files


class _Parser(MultiPartParser):
    def sanitize_file_name(self, file_name: str) -> str | None:
        """A name is only shown, so what is wrong in it may be replaced."""
        with suppress(UnicodeEncodeError):
            file_name = file_name.encode("latin-1").decode(errors="replace")
        cleaned: str | None = super().sanitize_file_name(file_name)
        return cleaned


class _Stream:
    """Remembers the end of what was read."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.tail = b""

    def read(self, size: int | None = None, /) -> bytes:
        chunk: bytes = self.source.read(size)
        self.tail = (self.tail + chunk[-TAIL_BYTES:])[-TAIL_BYTES:]
        return chunk


def _utf8(name: str, value: str) -> str:
    try:
        return value.encode("latin-1").decode()
    except UnicodeDecodeError as error:
        message = f"'{name}' is not valid UTF-8 text. A file needs a filename."
        raise ApiError(400, message, param=name, code="invalid_type") from error


def _parse_json(raw: bytes) -> dict[str, Any]:
    if not raw.strip():
        raise ApiError(400, "The body is empty. Send a JSON object or a form.")
    try:
        data = json.loads(raw, parse_float=number, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "The body is not valid JSON.") from error
    if not isinstance(data, dict):
        raise ApiError(400, f"The body must be a JSON object, not {json_type(data)}.")
    # `null` means "not given", as for the SDKs.
    return {name: value for name, value in data.items() if value is not None}


def _nested(fields: dict[str, list[str]], shape: Shape) -> dict[str, Any]:
    """`a[b]=1` is {"a": {"b": "1"}}, `a[][b]=1` and `a[0][b]=1` are {"a": [{"b": "1"}]}."""
    data: dict[str, Any] = {}
    for name, values in fields.items():
        base, keys = name.split("[", 1)[0], BRACKETS.findall(name)
        if not keys:
            data[name] = _maybe_json(name, values[-1], shape)
        elif keys[0] == "" or _is_index(keys[0]):
            _put_items(data.setdefault(base, []), keys, values)
        elif isinstance(data.setdefault(base, {}), dict):
            _put(data[base], keys, values[-1])
    # A form sends "" where no file was chosen.
    return {name: value for name, value in data.items() if not (value == "" and _takes_file(shape, name))}


def _is_index(key: str) -> bool:
    """`²` is a digit, too, but no number."""
    return key.isascii() and key.isdigit()


def _takes_file(shape: Shape, name: str) -> bool:
    field = shape.by_name.get(name)
    return field is not None and field.kind.is_file


def _put(target: dict[str, Any], keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        inner = target.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        target = inner
    target[keys[-1]] = value


def _put_items(items: Any, keys: list[str], values: list[str]) -> None:
    """Without a number each value is an item of its own; with one, the parts of an item come one by one."""
    if not isinstance(items, list):
        return
    for value in values:
        if len(keys) == 1:
            items.append(value)
        elif keys[0] == "" or int(keys[0][:6]) >= len(items):
            item: dict[str, Any] = {}
            _put(item, keys[1:], value)
            items.append(item)
        elif isinstance(items[int(keys[0])], dict):
            _put(items[int(keys[0])], keys[1:], value)


def _maybe_json(name: str, text: str, shape: Shape) -> Any:
    field = shape.by_name.get(name)
    if field and field.kind.in_text and text.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _check_text(shape: Shape, data: dict[str, Any]) -> None:
    """JSON can write half a character. Free text is kept, but no database takes that."""
    for field in shape.fields:
        value = data.get(field.name)
        if "minLength" not in field.schema or not isinstance(value, str):
            continue
        try:
            value.encode()
        except UnicodeEncodeError as error:
            message = f"'{field.name}' contains half a character (a lone surrogate)."
            raise ApiError(400, message, param=field.name, code="invalid_value") from error


def _check_files(shape: Shape, data: dict[str, Any], files: MultiValueDict[str, UploadedFile[bytes]]) -> None:
    """Only what may be a file, and only once."""
    for name, given in files.lists():
        field = shape.by_name.get(name.split("[", 1)[0])
        if field and not (field.kind.is_file and name == field.name):
            raise refused(wrong_type(name, field.kind.expected, given[0]))
        if len(given) > 1 or (field and name in data):
            raise ApiError(400, f"'{name}' was given more than once.", param=name, code="invalid_value")
