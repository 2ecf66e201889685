"""Hands a stored file to a browser or a program: by range from local files, by redirect from S3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from videos import contract
from videos.models import Asset, File, Video
from videos.ranges import Span, Unsatisfiable, read_range

CHUNK_BYTES = 256 * 1024
# A paused player stops reading: a piece that fits the socket's buffers sets the server's thread free again.
PLAYER_SPAN_BYTES = 2 * 1024 * 1024
# Should a browser show a program's file after all, nothing in it may act.
SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox"}


class NotDeliverable(Exception):
    """No such file (any more)."""


@dataclass(frozen=True)
class _Stored:
    """What is handed out, whichever row it belongs to."""

    key: str
    filename: str
    content_type: str
    size: int
    sha256: str
    headers: dict[str, str]


def deliver(request: HttpRequest, video: Video, variant: str, *, download: bool) -> HttpResponseBase:
    asset = video.assets.filter(variant=variant).first()
    if asset is None:
        raise NotDeliverable(variant)
    stored = _Stored(asset.key, asset.filename, asset.content_type, asset.size, asset.sha256, _layout(asset))
    return _hand_out(request, stored, download=download)


def deliver_file(request: HttpRequest, file: File) -> HttpResponseBase:
    """Only ever as a download: what is in it is anybody's guess, and so is what its name promises."""
    if not file.file:
        raise NotDeliverable(file.id)
    stored = _Stored(str(file.file), file.filename, _type_of(file), file.size, file.sha256, SANDBOX)
    return _hand_out(request, stored, download=True)


def _type_of(file: File) -> str:
    is_lines = file.purpose in (File.Purpose.BATCH, File.Purpose.BATCH_OUTPUT)
    return "application/jsonl" if is_lines else "application/octet-stream"


def _hand_out(request: HttpRequest, stored: _Stored, *, download: bool) -> HttpResponseBase:
    disposition = content_disposition_header(download, stored.filename) or "inline"
    if _signs_urls() and request.method == "GET":
        return _redirect(stored, disposition)
    headers = _headers(stored) | {"Content-Disposition": disposition}
    return _local(request, stored, headers, longest=stored.size if download else PLAYER_SPAN_BYTES)


def _signs_urls() -> bool:
    return bool(getattr(default_storage, "querystring_auth", False))


def _redirect(stored: _Stored, disposition: str) -> HttpResponseBase:
    """S3 serves ranges itself; the signed address is short-lived and fixes type and name."""
    parameters = {"ResponseContentType": stored.content_type, "ResponseContentDisposition": disposition}
    url = default_storage.url(stored.key, parameters=parameters)  # type: ignore[call-arg]
    return HttpResponseRedirect(url, headers={"Cache-Control": "private, no-store", **stored.headers})


def _headers(stored: _Stored) -> dict[str, str]:
    return {
        "Content-Type": stored.content_type,
        "Accept-Ranges": "bytes",
        "ETag": f'"{stored.sha256}"',
        # A file never changes, but the right to see it may: keep it, and ask each time.
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        **stored.headers,
    }


def _layout(asset: Asset) -> dict[str, str]:
    """Of a spritesheet, for clients that cut it into tiles."""
    if not (asset.columns and asset.frames):
        return {}
    layout = {"columns": asset.columns, "rows": -(-asset.frames // asset.columns), "frames": asset.frames}
    return {contract.SPRITESHEET_HEADERS[name]: str(value) for name, value in layout.items()}


def _local(request: HttpRequest, stored: _Stored, headers: dict[str, str], *, longest: int) -> HttpResponseBase:
    etag = headers["ETag"]
    known = request.headers.get("If-None-Match", "")
    if etag in known or known.strip() == "*":
        return HttpResponse(status=304, headers=headers)
    whole = Span(0, stored.size)
    try:
        span = _span(request, stored.size, etag)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{stored.size}"})
    if span:
        span = Span(span.start, min(span.end, span.start + longest))
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{stored.size}"
    headers["Content-Length"] = str((span or whole).end - (span or whole).start)
    status = 206 if span else 200
    if request.method == "HEAD":
        if not default_storage.exists(stored.key):
            raise NotDeliverable(stored.key)
        return HttpResponse(status=status, headers=headers)
    try:
        file = default_storage.open(stored.key)
    except FileNotFoundError as error:
        raise NotDeliverable(stored.key) from error
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
