"""How many bodies may be on their way at once: whoever sends slowly holds a thread, and must not hold them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from django.http import HttpRequest

from videos.api.errors import ApiError
from videos.models import ApiKey

# Of the 32 threads of a web process. The rest serves pages, polls and downloads.
AT_ONCE = 24
AT_ONCE_OF_A_KEY = 12
PATIENCE_SECONDS = 2.0

_under_way: Counter[int] = Counter()
_changed = Condition()


@contextmanager
def reading(request: HttpRequest) -> Iterator[None]:
    """The body is read inside; 429 if too many others are still being read."""
    key: ApiKey = request.api_key  # type: ignore[attr-defined]
    with _changed:
        if not _changed.wait_for(lambda: _is_free(key.pk), timeout=PATIENCE_SECONDS):
            message = "Too many requests are being sent at the same time. Please try again in a moment."
            raise ApiError(429, message, kind="requests", code="rate_limit_exceeded", headers={"Retry-After": "1"})
        _under_way[key.pk] += 1
    try:
        yield
    finally:
        with _changed:
            _under_way[key.pk] -= 1
            _changed.notify_all()


def _is_free(key_id: int) -> bool:
    return _under_way[key_id] < AT_ONCE_OF_A_KEY and _under_way.total() < AT_ONCE
