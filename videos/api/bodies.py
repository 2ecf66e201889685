"""What clients send, in every encoding they use, as one flat dict of values and files."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any, NamedTuple, cast

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

from videos import contract
from videos.api.errors import ApiError

TEXTS, NUMBERS = ("prompt", "model", "size"), ("seconds", "seed")
REFERENCE = "input_reference"
FIELDS = (*TEXTS, *NUMBERS, REFERENCE)
BRACKETS = re.compile(r"\[([^\[\]]*)\]")
DATA_URL = re.compile(r"data:[^;,]*(?:;[^;,]*)*?;base64,", re.IGNORECASE)
# Text parts that may hold a JSON object.
OBJECTS = (REFERENCE, "characters", "video")
# Where the closing boundary of a multipart body must be.
TAIL_BYTES = 1024


class Body(NamedTuple):
    data: dict[str, Any]
    files: MultiValueDict[str, UploadedFile[bytes]]


def read_body(request: HttpRequest) -> Body:
    """Parse, and turn an `input_reference` given as data URL into a file. 400, 413 or 415 as the contract says."""
    try:
        body = _parse(request)
    except (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent) as error:
        raise ApiError(400, f"The multipart body cannot be read: {error}") from error
    except RequestDataTooBig as error:
        raise too_large() from error
    except UnreadablePostError as error:
        raise ApiError(400, "The body ended too early.") from error
    _check_types(body)
    _check_files(body)
    _read_reference(body)
    return body


def too_large() -> ApiError:
    return ApiError(413, "The request body is too large.", code="request_too_large")


def _parse(request: HttpRequest) -> Body:
    kind = request.content_type
    # Documented curl lines send multipart under a JSON header: the boundary tells.
    boundary = (request.content_params or {}).get("boundary") or _boundary_of(request, kind)
    if kind == "multipart/form-data" or (kind == "application/json" and boundary):
        return _parse_multipart(request, boundary)
    if kind in ("application/json", ""):
        return Body(_parse_json(_whole_body(request)), MultiValueDict())
    if kind == "application/x-www-form-urlencoded":
        return Body(_nested(QueryDict(_whole_body(request), encoding="utf-8").dict()), MultiValueDict())
    raise ApiError(415, f"Content type '{kind}' is not supported. Send multipart/form-data or application/json.")


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


def _parse_multipart(request: HttpRequest, boundary: str | None) -> Body:
    if not boundary:
        raise ApiError(400, "The multipart body has no boundary.")
    meta = {**request.META, "CONTENT_TYPE": f'multipart/form-data; boundary="{boundary}"'}
    # `request.body` may have been read for the look at its first line; then it is replayed.
    stream = _Stream(ContentFile(request._body) if hasattr(request, "_body") else request)
    # Latin-1 keeps every byte: Django would replace what is no UTF-8 without a word.
    post, files = MultiPartParser(meta, cast(Any, stream), request.upload_handlers, "latin-1").parse()
    request._files = files  # type: ignore[attr-defined]  # untyped; the request closes them in the end
    if not post and not files:
        raise ApiError(400, "The multipart body holds no fields.")
    if f"--{boundary}--".encode() not in stream.tail:
        raise ApiError(400, "The multipart body ends without its closing boundary.")
    return Body(_nested({name: _utf8(name, str(values[-1])) for name, values in post.lists()}), files)


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
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "The body is not valid JSON.") from error
    if not isinstance(data, dict):
        raise ApiError(400, f"The body must be a JSON object, not {_json_type(data)}.")
    if data.get(REFERENCE) == "":
        raise _wrong_type(REFERENCE, "an object with image_url or file_id", "")
    # `null` means "not given", as for the SDKs.
    return {name: value for name, value in data.items() if value is not None}


def _nested(fields: dict[str, str]) -> dict[str, Any]:
    """`a[b]=1` → {"a": {"b": "1"}}; fields that may be objects are also read from JSON text."""
    data: dict[str, Any] = {}
    for name, value in fields.items():
        base, keys = name.split("[", 1)[0], BRACKETS.findall(name)
        if not keys:
            data[name] = _maybe_json(name, value)
        elif isinstance(data.setdefault(base, {}), dict):
            data[base][".".join(key for key in keys if key)] = value
    return data


def _maybe_json(name: str, text: str) -> Any:
    if name in OBJECTS and text.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return "a file" if isinstance(value, UploadedFile) else names.get(type(value), "a number")


def _wrong_type(param: str, expected: str, value: object) -> ApiError:
    message = f"Invalid type for '{param}': expected {expected}, but got {_json_type(value)} instead."
    return ApiError(400, message, param=param, code="invalid_type")


def _check_types(body: Body) -> None:
    for field in TEXTS:
        if not isinstance(body.data.get(field, ""), str):
            raise _wrong_type(field, "a string", body.data[field])
    for field in NUMBERS:
        if isinstance(body.data.get(field), bool | float | list | dict):
            raise _wrong_type(field, "an integer or a string", body.data[field])


def _check_files(body: Body) -> None:
    """Only the reference may be a file, and only one."""
    for name, files in body.files.lists():
        if name != REFERENCE and name.split("[", 1)[0] in FIELDS:
            raise _wrong_type(name, "a string", files[0])
        if len(files) > 1:
            raise ApiError(400, f"'{name}' was given more than once.", param=name, code="invalid_value")


def _read_reference(body: Body) -> None:
    """Replace a reference object by the file that it stands for."""
    given = body.data.pop(REFERENCE, None)
    if given is None or given == "":  # an HTML form sends "" where no file was chosen
        return
    if not isinstance(given, dict):
        raise _wrong_type(REFERENCE, "a file, or an object with image_url or file_id", given)
    if REFERENCE in body.files:
        raise ApiError(400, "'input_reference' was given twice.", param=REFERENCE, code="invalid_value")
    url, file_id = given.get("image_url", given.get("image_url.url")), given.get("file_id")
    if (url is None) == (file_id is None):
        message = "'input_reference' takes exactly one of 'image_url' and 'file_id'."
        raise ApiError(400, message, param=REFERENCE, code="invalid_value")
    if file_id is not None:
        message = f"File with id '{file_id}' not found."
        raise ApiError(400, message, param="input_reference.file_id", code="file_not_found")
    body.files[REFERENCE] = _file_of_url(url.get("url") if isinstance(url, dict) else url)


def _file_of_url(url: object) -> UploadedFile[bytes]:
    param = "input_reference.image_url"
    if not isinstance(url, str):
        raise _wrong_type(param, "a string", url)
    if len(url) > contract.DATA_URL_MAX_LENGTH:
        raise ApiError(400, "The data URL is too long.", param=param, code="image_too_large")
    match = DATA_URL.match(url[:200])
    if not match:
        message = "'image_url' must be a base64 data URL; fetching images from the web is not supported yet."
        raise ApiError(400, message, param=param, code="invalid_image_url")
    try:
        data = base64.b64decode(url[match.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(400, "The data URL is not valid base64.", param=param, code="invalid_image_url") from error
    return UploadedFile(ContentFile(data), name="reference", size=len(data))
