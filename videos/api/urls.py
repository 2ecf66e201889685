"""Routes under /v1, without trailing slashes: the SDKs send none."""

from __future__ import annotations

import re

from django.urls import path

from videos.api import openapi
from videos.api.operations import OPERATIONS
from videos.api.routing import Operation, route, unknown


def _pattern(template: str) -> str:
    """`models/{name}` takes slashes: a model's name may hold some."""
    return re.sub(r"\{(\w+)\}", lambda it: f"<{'path' if it[1] == 'name' else 'str'}:{it[1]}>", template)


def _by_path() -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        found.setdefault(operation.path, []).append(operation)
    return found


ROUTES = {template: path(_pattern(template), route(*operations)) for template, operations in _by_path().items()}
# Literal paths first: `videos/edits` is no video of that id, and `generations` is only a word of other servers.
urlpatterns = [
    *[found for template, found in ROUTES.items() if "{" not in template],
    path("videos/generations", unknown),
    path(openapi.PATH, openapi.view),
    *[found for template, found in ROUTES.items() if "{" in template],
]
