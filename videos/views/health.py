"""Is it alive, is it ready: told in one word a part, without a key and without details."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from videos.models import Heartbeat

logger = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, storage, worker and backends work; 503 with the names of those that do not."""
    parts: dict[str, Callable[[], bool]] = {
        "database": _database,
        "storage": _storage,
        "worker": lambda: Heartbeat.is_fresh("worker"),
        **{name: _backend(alias) for alias, name in _backends().items()},
    }
    state = {name: "ok" if _works(name, check) else "failing" for name, check in parts.items()}
    ready = all(word == "ok" for word in state.values())
    return JsonResponse({"status": "ok" if ready else "failing", **state}, status=200 if ready else 503)


def _backends() -> dict[str, str]:
    return {alias: "engine" if alias == "embedded" else "backend" for alias in settings.VIDEO_BACKENDS}


def _backend(alias: str) -> Callable[[], bool]:
    return lambda: Heartbeat.is_fresh(f"backend:{alias}")


def _works(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever a driver raises means: not ready
        logger.exception("not ready: %s", name)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _storage() -> bool:
    """Write, read and remove a file: a full disk or a wrong key shows only so."""
    # A name of its own: two probes at once must not remove each other's file.
    key = default_storage.save(f"health/{secrets.token_hex(8)}", ContentFile(b"ok"))
    try:
        with default_storage.open(key) as file:
            return bool(file.read() == b"ok")
    finally:
        default_storage.delete(key)
