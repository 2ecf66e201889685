"""Outermost: whatever happens further in, an answer under /v1 is JSON in the envelope and carries a request id."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from videos import contract, log
from videos.api import journal
from videos.api.errors import ApiError

PREFIX = "/v1"
API_VERSION = "2020-10-01"
KEPT_HEADERS = (
    "Allow",
    "Content-Range",
    "Accept-Ranges",
    "Retry-After",
    "Content-Security-Policy",
    "X-Content-Type-Options",
)
MESSAGES = {
    400: "The request cannot be read. Is this host among ALLOWED_HOSTS?",
    413: "The request body is too large.",
    416: "The file does not have the range that was asked for.",
    500: "Studio made a mistake while answering this request.",
}


def envelope(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        request_id = f"req_{secrets.token_hex(16)}"
        under_way = log.request_id.set(request_id)
        try:
            response = _answer(request, request_id) if _is_api(request.path_info) else get_response(request)
        finally:
            log.request_id.reset(under_way)
        response.headers[contract.REQUEST_ID_HEADER] = request_id
        return response

    def _answer(request: HttpRequest, request_id: str) -> HttpResponseBase:
        started = time.perf_counter()
        response = get_response(request)
        if _is_page(response):
            response = _in_envelope(request, response)
        milliseconds = round((time.perf_counter() - started) * 1000)
        response.headers["openai-processing-ms"] = str(milliseconds)
        response.headers["openai-version"] = API_VERSION
        if response.status_code >= 500 and request.method not in ("GET", "HEAD"):
            # Nobody knows how far it came: the SDKs would ask twice more.
            response.headers[contract.SHOULD_RETRY_HEADER] = "false"
        journal.note(request, response, request_id, milliseconds)
        return response

    return middleware


def _is_api(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def _is_page(response: HttpResponseBase) -> bool:
    """An error in the framework's own words."""
    return response.status_code >= 400 and response.headers.get("Content-Type", "") != "application/json"


def _in_envelope(request: HttpRequest, page: HttpResponseBase) -> HttpResponseBase:
    response = _error(request, page.status_code).response()
    for name in KEPT_HEADERS:
        if name in page.headers:
            response.headers[name] = page.headers[name]
    return response


def _error(request: HttpRequest, status: int) -> ApiError:
    if status == 404:
        return ApiError(404, f"Invalid URL ({request.method} {request.path_info})", code="unknown_url")
    if status >= 500:
        return ApiError(status, MESSAGES[500], kind="server_error")
    code = "request_too_large" if status == 413 else None
    return ApiError(status, MESSAGES.get(status, "The request was refused."), code=code)
