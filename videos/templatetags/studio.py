"""What templates need to say a value in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone

from videos import catalog, contract
from videos.models import Asset, Video

register = template.Library()

WORDS = {"queued": "Queued", "in_progress": "Rendering", "completed": "Ready", "failed": "Failed"}


@register.filter
def status_word(status: str) -> str:
    """The contract's status as people say it."""
    return WORDS.get(status, status)


@register.filter
def asset(video: Video, variant: str) -> Asset | None:
    """The asset of that variant out of the prefetched ones."""
    return next((it for it in video.assets.all() if it.variant == variant), None)


@register.simple_tag
def media_url(video: Video, variant: str) -> str:
    return reverse("media", args=[video.id, variant])


@register.filter
def pixels(size: str) -> tuple[int, int]:
    """`1280x720` → (1280, 720)."""
    return contract.parse_size(size)


@register.filter
def size_text(size: str) -> str:
    """`1280x720` → `1280 × 720`."""
    return size.replace("x", " × ")


@register.filter
def shape(size: str) -> str:
    width, height = contract.parse_size(size)
    return "landscape" if width >= height else "portrait"


@register.filter
def offered(models: Iterable[catalog.Model], what: str) -> list[Any]:
    """The union of the models' `sizes` or `seconds`, in order of first mention."""
    return list(dict.fromkeys(value for model in models for value in getattr(model, what)))


@register.filter
def took(video: Video) -> str:
    """How long the work took, from the backend's start to the end: `1 min 5 s`."""
    if not video.started_at or not video.completed_at:
        return ""
    minutes, seconds = divmod(round((video.completed_at - video.started_at).total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


@register.filter
def ago(moment: datetime) -> str:
    """Roughly how long ago: `just now`, `5 min ago`, then the day."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    return f"{moment:%-d %b %Y}"


@register.simple_tag
def recipe_url(video: Video) -> str:
    """The composer, filled with what made this video."""
    return f"{reverse('create', args=[video.workspace.slug])}?{urlencode({'from': video.id})}"


@register.filter
def is_one_of(value: object, names: str | Sequence[str]) -> bool:
    """Whether `value` is among `names`, a sequence or words with spaces between."""
    return value in (names.split() if isinstance(names, str) else names)


@register.filter
def rounding(sides: int) -> int:
    """The corner radius of a size's pictogram."""
    return sides // 18
