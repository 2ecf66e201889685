"""The models that can be asked for, and what each can do."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from videos import catalog, resources
from videos.api.errors import ApiError
from videos.forms.fields import echo
from videos.models import ApiKey


def listing(request: HttpRequest, key: ApiKey) -> JsonResponse:
    return JsonResponse({"object": "list", "data": [resources.model(entry) for entry in catalog.models().values()]})


def retrieve(request: HttpRequest, key: ApiKey, name: str) -> JsonResponse:
    entry = catalog.find(name)
    if entry is None:
        raise ApiError(404, f"The model '{echo(name)}' does not exist.", param="model", code="model_not_found")
    return JsonResponse(resources.model(entry))
