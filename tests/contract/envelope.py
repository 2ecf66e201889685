"""What every answer has in common: the error envelope, and the success that is exactly 200."""

from __future__ import annotations

from typing import Any

import httpx


def accepted(answer: httpx.Response) -> dict[str, Any]:
    """The object of a successful answer."""
    assert answer.status_code == 200, f"{answer.status_code} instead of 200: {_excerpt(answer)}"
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-request-id"]
    body: dict[str, Any] = answer.json()
    return body


def refused(
    answer: httpx.Response,
    status: int,
    *,
    param: str | None = None,
    code: str | None = None,
    kind: str = "invalid_request_error",
) -> str:
    """Assert the envelope and all four of its keys; give its message."""
    error = enveloped(answer, status)
    seen, wanted = (error["type"], error["param"], error["code"]), (kind, param, code)
    assert seen == wanted, f"(type, param, code) is {seen} instead of {wanted}: {error['message']}"
    return str(error["message"])


def _excerpt(answer: httpx.Response) -> str:
    kind = answer.headers.get("content-type", "nothing")
    return answer.text[:300] if "json" in kind or "text" in kind else f"{len(answer.content)} bytes of {kind}"


def enveloped(answer: httpx.Response, status: int) -> dict[str, str | None]:
    """The inner error, where its words are not what is asked."""
    assert answer.status_code == status, f"{answer.status_code} instead of {status}: {_excerpt(answer)}"
    kind = answer.headers.get("content-type", "")
    assert kind.startswith("application/json"), f"an error of type {kind!r}: {_excerpt(answer)}"
    assert answer.headers.get("x-request-id"), "an error without x-request-id"
    assert not answer.history, "an error came by a redirect"
    body = answer.json()
    assert set(body) == {"error"}, f"no envelope: {_excerpt(answer)}"
    error: dict[str, str | None] = body["error"]
    assert set(error) == {"message", "type", "param", "code"}, f"not the four keys: {_excerpt(answer)}"
    assert error["message"]
    assert error["type"]
    return error
