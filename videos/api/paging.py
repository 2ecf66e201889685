"""The query of a list: `limit`, `order`, `after`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse

from videos import contract, resources
from videos.api.errors import ApiError
from videos.models.pages import page_of

# `after` names nothing that ever was: the page behind it is empty.
NOWHERE: Any = object()


def limit(request: HttpRequest, *, default: int, smallest: int, largest: int) -> int:
    given = request.GET.get("limit", str(default))
    if not (given.isascii() and given.isdigit() and len(given) <= 6 and smallest <= int(given) <= largest):
        message = f"Invalid value: '{given[:60]}'. 'limit' is a whole number from {smallest} to {largest}."
        raise ApiError(400, message, param="limit", code="invalid_value")
    return int(given)


def order(request: HttpRequest) -> str:
    given = request.GET.get("order", "desc")
    if given not in ("asc", "desc"):
        raise ApiError(400, contract.supported_values(given[:60], ["asc", "desc"]), param="order", code="invalid_value")
    return given


def after(request: HttpRequest, named: Callable[[str], QuerySet[Any]]) -> Any:
    """The row that the page follows; None for the first page, NOWHERE for an id that never was."""
    given = request.GET.get("after")
    return named(given).first() or NOWHERE if given else None


def answer(
    rows: QuerySet[Any], to_wire: Callable[[Any], dict[str, Any]], *, limit: int, order: str, after: Any
) -> JsonResponse:
    """One page of `rows` behind the row `after`."""
    found = [] if after is NOWHERE else list(page_of(rows, order=order, after=after)[: limit + 1])
    return JsonResponse(resources.page(found[:limit], to_wire, has_more=len(found) > limit > 0))
