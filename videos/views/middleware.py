"""Headers and limits that hold for every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Only our own files may act on a page; media may also come from the bucket."""
    policy = "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob: {settings.MEDIA_ORIGIN}".strip(),
            f"media-src 'self' blob: {settings.MEDIA_ORIGIN}".strip(),
            "connect-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        ]
    )

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def largest_body(path: str) -> int:
    """Bytes. Films and files are larger than what pages and other calls send."""
    limits = (limit for prefix, limit in settings.BODY_MAX_BYTES_OF.items() if path.startswith(prefix))
    return next(limits, settings.BODY_MAX_BYTES)


def body_limit(get_response: GetResponse) -> GetResponse:
    """Refuse a body before a byte of it is read."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > largest_body(request.path_info):
            return render(request, "413.html", status=413)
        return get_response(request)

    return middleware
