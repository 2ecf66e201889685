"""The WSGI entry. Django reads no body without Content-Length, so a chunked one is spooled and measured first."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from typing import IO, Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

IN_MEMORY_BYTES = 1024 * 1024
django_application = get_wsgi_application()

from videos.views.middleware import largest_body  # noqa: E402 - Django must be set up by then


def spool(stream: IO[bytes], limit: int) -> tuple[IO[bytes], int]:
    """Copy at most `limit` + 1 bytes; the one too many makes the usual size check refuse the body."""
    body = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - Django reads it later
    length = 0
    while length <= limit and (chunk := stream.read(min(65_536, limit + 1 - length))):
        body.write(chunk)
        length += len(chunk)
    body.seek(0)
    return body, length


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return django_application(environ, start_response)
    body, length = spool(environ["wsgi.input"], largest_body(environ.get("PATH_INFO", "")))
    with body:  # views have read it when they return
        return django_application({**environ, "wsgi.input": body, "CONTENT_LENGTH": str(length)}, start_response)
