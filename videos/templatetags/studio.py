"""What templates need to say a value in words."""

from __future__ import annotations

from django import template
from django.urls import reverse

from videos.models import Asset, Video

register = template.Library()

WORDS = {"queued": "Queued", "in_progress": "Rendering", "completed": "Ready", "failed": "Failed"}
SHAPES = {True: "Landscape", False: "Portrait"}


@register.filter
def status_word(status: str) -> str:
    """The contract's status as people say it."""
    return WORDS.get(status, status)


@register.filter
def size_word(size: str) -> str:
    """`1280x720` → `Landscape 1280 × 720`."""
    width, height = size.split("x")
    return f"{SHAPES[int(width) >= int(height)]} {width} × {height}"


@register.filter
def asset(video: Video, variant: str) -> Asset | None:
    """The asset of that variant out of the prefetched ones."""
    return next((it for it in video.assets.all() if it.variant == variant), None)


@register.simple_tag
def media_url(video: Video, variant: str) -> str:
    return reverse("media", args=[video.id, variant])
