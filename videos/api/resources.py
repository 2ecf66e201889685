"""Moved to videos/resources.py; goes away as soon as nobody imports it here."""

from __future__ import annotations

from videos.resources import character, deleted, model, page, video

__all__ = ["character", "deleted", "model", "page", "video"]
