"""Moved to videos/forms/shapes.py; goes away as soon as nobody imports it here."""

from __future__ import annotations

from videos.forms.shapes import (
    BOOLEAN,
    CHARACTER,
    CLIP,
    CREATE,
    EDIT,
    EXTEND,
    FILE,
    LIST,
    NUMBER,
    OBJECT,
    REFERENCE,
    REMIX,
    TEXT,
    Field,
    Kind,
    Schema,
    Shape,
)

__all__ = [
    "BOOLEAN", "CHARACTER", "CLIP", "CREATE", "EDIT", "EXTEND", "FILE", "LIST", "NUMBER", "OBJECT", "REFERENCE",
    "REMIX", "TEXT", "Field", "Kind", "Schema", "Shape",
]  # fmt: skip
