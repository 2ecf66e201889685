"""One table of operations makes both the routes and the OpenAPI document; one door checks whoever enters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from videos import actions
from videos.api import limits
from videos.api.auth import authenticate
from videos.api.errors import ApiError
from videos.forms.shapes import Schema, Shape

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Operation:
    """One method on one path. `scope` is what the key must be allowed; `makes` counts against its rate."""

    method: str
    path: str
    view: View
    summary: str
    scope: str
    answer: str
    body: Shape | None = None
    query: tuple[Schema, ...] = ()
    makes: bool = False


def route(*operations: Operation) -> View:
    """One URL: each view is given the request and the key; all errors in the envelope."""
    by_method = {operation.method: operation for operation in operations}
    if "GET" in by_method:
        by_method["HEAD"] = by_method["GET"]
    allowed = ", ".join(sorted(by_method))

    @csrf_exempt
    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        try:
            operation = by_method.get(request.method or "")
            if operation is None:
                message = f"Method {request.method} is not allowed here; allowed: {allowed}."
                raise ApiError(405, message, code="method_not_allowed", headers={"Allow": allowed})
            return _enter(operation, request, path)
        except ApiError as error:
            return error.response()

    return view


def _enter(operation: Operation, request: HttpRequest, path: dict[str, Any]) -> HttpResponseBase:
    key = authenticate(request, operation.scope)
    headers = limits.take(key) if operation.makes else {}
    try:
        response = operation.view(request, key, **path)
    except ApiError as error:
        error.headers |= headers
        raise
    except actions.ActionError as error:
        raise ApiError(error.status, error.message, param=error.param, code=error.code, headers=headers) from error
    for name, value in headers.items():
        response.headers[name] = value
    return response


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponseBase:
    """Words of other servers, or of later versions, that are no video's id."""
    raise Http404
