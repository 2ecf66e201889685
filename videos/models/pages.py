"""The order of every list."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

Rows = TypeVar("Rows", bound="QuerySet[Any]")


def page_of(rows: Rows, *, order: str = "desc", after: Any = None) -> Rows:
    """In total order by (created_at, id), from the row behind `after` on."""
    if after:
        side, way = ("lt", "lte") if order == "desc" else ("gt", "gte")
        # The first condition alone lets both databases use the index.
        rows = rows.filter(
            Q(**{f"created_at__{way}": after.created_at})
            & (Q(**{f"created_at__{side}": after.created_at}) | Q(**{f"pk__{side}": after.pk}))
        )
    return rows.order_by("-created_at", "-pk") if order == "desc" else rows.order_by("created_at", "pk")
