"""Whom Studio asks for pixels. `get_backend(alias)` makes objects of settings.VIDEO_BACKENDS."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from videos.backends.base import Backend, BackendLost, BackendRejected, BackendUnavailable, Content

__all__ = ["Backend", "BackendLost", "BackendRejected", "BackendUnavailable", "Content", "get_backend"]


@lru_cache
def get_backend(alias: str) -> Backend:
    """One object per process and alias; ImproperlyConfigured for an alias that the settings no longer have."""
    try:
        entry = settings.VIDEO_BACKENDS[alias]
    except KeyError:
        raise ImproperlyConfigured(f"VIDEO_BACKENDS has no {alias!r}") from None
    backend: Backend = import_string(entry["BACKEND"])(**entry["OPTIONS"])
    return backend
