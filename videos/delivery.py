"""Hands a stored file to a browser or a program: by range from local files, by redirect from S3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from videos import contract
from videos.models import Asset, Video

CHUNK_BYTES = 256 * 1024
# A paused player stops reading: a piece that fits the socket's buffers sets the server's thread free again.
PLAYER_SPAN_BYTES = 2 * 1024 * 1024
RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


class NotDeliverable(Exception):
    """No such file (any more)."""


class Span(NamedTuple):
    start: int
    end: int  # exclusive


class Unsatisfiable(Exception):
    pass


def deliver(request: HttpRequest, video: Video, variant: str, *, download: bool) -> HttpResponseBase:
    asset = video.assets.filter(variant=variant).first()
    if asset is None:
        raise NotDeliverable(variant)
    disposition = content_disposition_header(download, asset.filename) or "inline"
    if _signs_urls() and request.method == "GET":
        return _redirect(asset, disposition)
    headers = _headers(asset) | {"Content-Disposition": disposition}
    return _local(request, asset, headers, longest=asset.size if download else PLAYER_SPAN_BYTES)


def _signs_urls() -> bool:
    return bool(getattr(default_storage, "querystring_auth", False))


def _redirect(asset: Asset, disposition: str) -> HttpResponseBase:
    """S3 serves ranges itself; the signed address is short-lived and fixes type and name."""
    parameters = {"ResponseContentType": asset.content_type, "ResponseContentDisposition": disposition}
    url = default_storage.url(asset.key, parameters=parameters)  # type: ignore[call-arg]
    return HttpResponseRedirect(url, headers={"Cache-Control": "private, no-store"})


def _headers(asset: Asset) -> dict[str, str]:
    headers = {
        "Content-Type": asset.content_type,
        "Accept-Ranges": "bytes",
        "ETag": f'"{asset.sha256}"',
        # An asset never changes, but the right to see it may: keep it, and ask each time.
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if asset.columns and asset.frames:
        rows = -(-asset.frames // asset.columns)
        layout = {"columns": asset.columns, "rows": rows, "frames": asset.frames}
        headers |= {contract.SPRITESHEET_HEADERS[name]: str(value) for name, value in layout.items()}
    return headers


def _local(request: HttpRequest, asset: Asset, headers: dict[str, str], *, longest: int) -> HttpResponseBase:
    etag = headers["ETag"]
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    whole = Span(0, asset.size)
    try:
        span = _span(request, asset.size, etag)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{asset.size}"})
    if span:
        span = Span(span.start, min(span.end, span.start + longest))
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{asset.size}"
    headers["Content-Length"] = str((span or whole).end - (span or whole).start)
    status = 206 if span else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    try:
        file = default_storage.open(asset.key)
    except FileNotFoundError as error:
        raise NotDeliverable(asset.variant) from error
    return StreamingHttpResponse(_chunks(file, span or whole), status=status, headers=headers)


def _span(request: HttpRequest, size: int, etag: str) -> Span | None:
    """The one range asked for; None for the whole file, also if the client holds another version of it."""
    match = RANGE.match(request.headers.get("Range", "").strip())
    if not match or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:
        length = min(int(last), size)
        if not length:
            raise Unsatisfiable
        return Span(size - length, size)
    start, end = int(first), min(int(last) + 1 if last else size, size)
    if start >= size:
        raise Unsatisfiable
    return Span(start, end) if start < end else None


def _chunks(file: IO[Any], span: Span) -> Iterator[bytes]:
    with file:
        file.seek(span.start)
        left = span.end - span.start
        while left and (chunk := file.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
