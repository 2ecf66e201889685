"""Batches: begun, looked at, cancelled."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from videos import actions
from videos.api import errors, file_resources, file_shapes, paging
from videos.api.bodies import read_body
from videos.api.errors import ApiError
from videos.api.receipts import Note, make_once
from videos.forms import BatchForm
from videos.models import ApiKey, Batch


def _find(key: ApiKey, batch_id: str) -> Batch:
    batch = Batch.objects.in_workspace(key.workspace).named(batch_id).first()
    if batch is None:
        raise errors.missing("Batch", batch_id, code="batch_not_found")
    return batch


def create(request: HttpRequest, key: ApiKey) -> JsonResponse:
    body = read_body(request, file_shapes.BATCH)

    def make(note: Note[Batch]) -> Batch:
        asked = errors.judged(BatchForm(body.data, workspace=key.workspace), body)
        _require_write(key)
        return actions.create_batch(workspace=key.workspace, by=key.user, note=note, **asked)

    return make_once(request, key, body, make, file_resources.batch)


def _require_write(key: ApiKey) -> None:
    """A batch makes videos: what the key may not do one by one, it may not do by the thousand."""
    if "videos:write" not in key.scopes:
        raise ApiError(403, "This key lacks the scope 'videos:write'.", code="permission_denied")


def listing(request: HttpRequest, key: ApiKey) -> JsonResponse:
    limit = paging.limit(request, default=20, smallest=1, largest=100)
    rows = Batch.objects.in_workspace(key.workspace)
    after = paging.after(request, rows.named)
    return paging.answer(rows, file_resources.batch, limit=limit, order="desc", after=after)


def retrieve(request: HttpRequest, key: ApiKey, batch_id: str) -> JsonResponse:
    return JsonResponse(file_resources.batch(_find(key, batch_id)))


def cancel(request: HttpRequest, key: ApiKey, batch_id: str) -> JsonResponse:
    batch = _find(key, batch_id)
    actions.cancel_batch(batch)
    return JsonResponse(file_resources.batch(batch))
