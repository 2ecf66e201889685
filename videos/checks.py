"""Settings that contradict each other, as numbered system checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from videos.outbound.allowlist import AllowList


@register()
def models_have_backends(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """E001: a model names a backend that is not there. E002: an alias names a model that is not there."""
    found: list[CheckMessage] = []
    for name, entry in settings.VIDEO_MODELS.items():
        if entry["backend"] not in settings.VIDEO_BACKENDS:
            found.append(Error(f"Model {name!r} names the unknown backend {entry['backend']!r}.", id="videos.E001"))
    for alias, target in (settings.VIDEO_MODEL_ALIASES or {}).items():
        if target not in settings.VIDEO_MODELS:
            hint = f"Known models: {', '.join(settings.VIDEO_MODELS)}."
            message = f"STUDIO_MODEL_ALIASES maps {alias!r} to the unknown model {target!r}."
            found.append(Error(message, hint=hint, id="videos.E002"))
    return found


@register()
def allow_list_can_be_read(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """E003: STUDIO_OUTBOUND_ALLOWED holds what is no host and no network."""
    try:
        AllowList.from_settings()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="Separate hosts and networks by commas.", id="videos.E003")]
    return []
