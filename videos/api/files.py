"""Files: uploaded for later, listed, downloaded, deleted."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from videos import actions, resources
from videos.api import errors, file_resources, file_shapes, paging
from videos.api.bodies import read_body
from videos.api.receipts import Note, make_once
from videos.delivery import NotDeliverable, deliver_file
from videos.forms import FileForm
from videos.models import ApiKey, File


def _find(key: ApiKey, file_id: str) -> File:
    file = File.objects.in_workspace(key.workspace).named(file_id).first()
    if file is None:
        raise errors.missing("File", file_id, code="file_not_found")
    return file


def create(request: HttpRequest, key: ApiKey) -> JsonResponse:
    body = read_body(request, file_shapes.UPLOAD)

    def make(note: Note[File]) -> File:
        asked = errors.judged(FileForm(body.data, body.files), body)
        return actions.upload_file(workspace=key.workspace, by=key.user, note=note, **asked)

    return make_once(request, key, body, make, file_resources.file)


def listing(request: HttpRequest, key: ApiKey) -> JsonResponse:
    limit, order = paging.limit(request, default=10_000, smallest=1, largest=10_000), paging.order(request)
    # Deleted files stay as tombstones, so that people can delete while they iterate.
    after = paging.after(request, File.objects.filter(workspace=key.workspace).named)
    rows = File.objects.in_workspace(key.workspace)
    purpose = request.GET.get("purpose")
    if purpose:
        rows = rows.filter(purpose=purpose) if purpose in File.Purpose.values else rows.none()
    return paging.answer(rows, file_resources.file, limit=limit, order=order, after=after)


def retrieve(request: HttpRequest, key: ApiKey, file_id: str) -> JsonResponse:
    return JsonResponse(file_resources.file(_find(key, file_id)))


def delete(request: HttpRequest, key: ApiKey, file_id: str) -> JsonResponse:
    actions.delete_file(_find(key, file_id))
    return JsonResponse(resources.deleted("file", file_id, suffix=""))


def content(request: HttpRequest, key: ApiKey, file_id: str) -> HttpResponseBase:
    try:
        return deliver_file(request, _find(key, file_id))
    except NotDeliverable as error:
        raise errors.missing("File", file_id, code="file_not_found") from error
