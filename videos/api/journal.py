"""What came of each request under /v1: a line in the log, and a row for whoever owns the key.

Neither holds secrets or query values, and the line no words of a person either: codes, not messages.
"""

from __future__ import annotations

import json
import logging
import random
import re
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from videos import contract
from videos.log import one_line
from videos.models import ApiKey, ApiRequest

logger = logging.getLogger("videos.api")

# Rows are trimmed now and then, not with each request.
TRIM_EVERY = 50
# What programs ask for again and again: one thing, or whether we are there.
POLLED = re.compile(r"/v1/(videos|batches|files)/[^/]+|/v1/models")


def note(request: HttpRequest, response: HttpResponseBase, request_id: str, milliseconds: int) -> None:
    answer = _answer(request, response)
    failed = answer.get("error") if response.status_code >= 400 else None
    error = failed if isinstance(failed, dict) else {}
    key: ApiKey | None = getattr(request, "api_key", None)
    logger.info("%s", _line(request, response, milliseconds, key, answer, error))
    if key and not _went_without_saying(request, response):
        _keep(request, response, request_id, milliseconds, key, error)


def _answer(request: HttpRequest, response: HttpResponseBase) -> dict[str, Any]:
    """The JSON of what was made or refused; lists and files are not read again."""
    if not isinstance(response, HttpResponse) or (request.method != "POST" and response.status_code < 400):
        return {}
    if response.headers.get("Content-Type") != "application/json":
        return {}
    answer = json.loads(response.content)
    return answer if isinstance(answer, dict) else {}


def _line(
    request: HttpRequest,
    response: HttpResponseBase,
    milliseconds: int,
    key: ApiKey | None,
    answer: dict[str, Any],
    error: dict[str, Any],
) -> str:
    facts = {
        "key": key.prefix if key else "-",
        "made": answer.get("id"),
        "error": error.get("code") or error.get("type"),
        "param": error.get("param"),
        "retry": request.headers.get(contract.RETRY_COUNT_HEADER, "0")[:10].lstrip("0"),
        "client": request.headers.get("User-Agent", "")[:80],
    }
    told = " ".join(f"{name}={value}" for name, value in facts.items() if value)
    return one_line(f"{request.method} {request.path_info} {response.status_code} {milliseconds} ms {told}")


def _went_without_saying(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A poll that went well, a look, or a piece of a file."""
    if response.status_code >= 400 or request.method not in ("GET", "HEAD"):
        return False
    return request.method == "HEAD" or response.status_code != 200 or bool(POLLED.fullmatch(request.path_info))


def _keep(
    request: HttpRequest,
    response: HttpResponseBase,
    request_id: str,
    milliseconds: int,
    key: ApiKey,
    error: dict[str, Any],
) -> None:
    """A log that cannot be written must not spoil an answer: the video may have been made."""
    try:
        ApiRequest.objects.create(
            api_key=key,
            request_id=request_id,
            method=one_line(request.method or "")[:10],
            path=one_line(request.path_info)[:200],
            status=response.status_code,
            milliseconds=milliseconds,
            error_code=one_line(error.get("code") or error.get("type") or "")[:60],
            error_message=one_line(error.get("message") or "")[:300],
            client=one_line(request.headers.get("User-Agent", ""))[:80],
        )
        if random.randrange(TRIM_EVERY) == 0:
            ApiRequest.trim(key)
    except Error as failure:
        logger.warning("this request is missing among the key's requests: %r", failure)
