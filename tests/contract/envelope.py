"""The error envelope, the same on every route."""

from __future__ import annotations

import httpx


def refused(answer: httpx.Response, status: int, *, param: str | None = None, code: str | None = None) -> str:
    """Assert the envelope; give its message."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-request-id"]
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    message: str = error["message"]
    return message
