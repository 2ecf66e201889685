"""Hands a stored file to a browser or a program: by range from local files, by redirect from S3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from videos import contract
from videos.models import Asset, Video
from videos.ranges import Span, Unsatisfiable, read_range

CHUNK_BYTES = 256 * 1024
# A paused player stops reading: a piece that fits the socket's buffers sets the server's thread free again.
PLAYER_SPAN_BYTES = 2 * 1024 * 1024


class NotDeliverable(Exception):
    """No such file (any more)."""


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
    return HttpResponseRedirect(url, headers={"Cache-Control": "private, no-store", **_layout(asset)})


def _headers(asset: Asset) -> dict[str, str]:
    return {
        "Content-Type": asset.content_type,
        "Accept-Ranges": "bytes",
        "ETag": f'"{asset.sha256}"',
        # An asset never changes, but the right to see it may: keep it, and ask each time.
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        **_layout(asset),
    }


def _layout(asset: Asset) -> dict[str, str]:
    """Of a spritesheet, for clients that cut it into tiles."""
    if not (asset.columns and asset.frames):
        return {}
    layout = {"columns": asset.columns, "rows": -(-asset.frames // asset.columns), "frames": asset.frames}
    return {contract.SPRITESHEET_HEADERS[name]: str(value) for name, value in layout.items()}


def _local(request: HttpRequest, asset: Asset, headers: dict[str, str], *, longest: int) -> HttpResponseBase:
    etag = headers["ETag"]
    known = request.headers.get("If-None-Match", "")
    if etag in known or known.strip() == "*":
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
        if not default_storage.exists(asset.key):
            raise NotDeliverable(asset.variant)
        return HttpResponse(status=status, headers=headers)
    try:
        file = default_storage.open(asset.key)
    except FileNotFoundError as error:
        raise NotDeliverable(asset.variant) from error
    return StreamingHttpResponse(_Chunks(file, span or whole), status=status, headers=headers)


def _span(request: HttpRequest, size: int, etag: str) -> Span | None:
    """The one range asked for; None for the whole file, also if the client holds another version of it."""
    if request.headers.get("If-Range", etag) != etag:
        return None
    return read_range(request.headers.get("Range", ""), size)


class _Chunks:
    """The bytes of a span. An object, since a generator that nobody began would never close its file."""

    def __init__(self, file: IO[Any], span: Span) -> None:
        self.file = file
        self.left = span.end - span.start
        file.seek(span.start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk: bytes = self.file.read(min(CHUNK_BYTES, self.left)) if self.left else b""
        if not chunk:
            self.close()
            raise StopIteration
        self.left -= len(chunk)
        return chunk

    def close(self) -> None:
        self.file.close()
