"""Videos. Each view does the same four things: who, form, action, resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from videos import actions, contract, resources
from videos.api import errors, paging
from videos.api.bodies import Body, read_body
from videos.api.errors import ApiError
from videos.api.receipts import Note, make_once
from videos.delivery import NotDeliverable, deliver
from videos.forms import EditForm, ExtendForm, RemixForm, VideoForm, shapes
from videos.models import ApiKey, Asset, Video

# What a client should wait before it asks again: half of what is left, roughly, of a job that has begun.
POLL_AFTER_MS = {contract.QUEUED: 1000, contract.IN_PROGRESS: 1000}


def _find(key: ApiKey, video_id: str) -> Video:
    video = Video.objects.in_workspace(key.workspace).named(video_id).first()
    if video is None:
        raise errors.not_found(video_id)
    return video


def _judged(form: forms.Form, body: Body) -> dict[str, Any]:
    if not form.is_valid():
        raise errors.of_form(form, {*body.data, *body.files})
    return form.cleaned_data


def _make_once(request: HttpRequest, key: ApiKey, body: Body, make: Callable[..., Video]) -> JsonResponse:
    """`make` is called with the note that belongs into the transaction."""

    def make_and_tell(note: Note) -> dict[str, Any]:
        return resources.video(make(note=lambda video: note(resources.video(video))))

    return make_once(request, key, body, make_and_tell)


def create(request: HttpRequest, key: ApiKey) -> JsonResponse:
    body = read_body(request, shapes.CREATE)

    def make(note: Callable[[Video], None]) -> Video:
        asked = _judged(VideoForm(body.data, body.files, workspace=key.workspace), body)
        return actions.create_video(workspace=key.workspace, by=key.user, note=note, **asked)

    return _make_once(request, key, body, make)


def remix(request: HttpRequest, key: ApiKey, video_id: str) -> JsonResponse:
    source = _find(key, video_id)
    body = read_body(request, shapes.REMIX)

    def make(note: Callable[[Video], None]) -> Video:
        return actions.remix_video(source, by=key.user, note=note, **_judged(RemixForm(body.data), body))

    return _make_once(request, key, body, make)


def edit(request: HttpRequest, key: ApiKey) -> JsonResponse:
    body = read_body(request, shapes.EDIT)

    def make(note: Callable[[Video], None]) -> Video:
        asked = _judged(EditForm(body.data, body.files, workspace=key.workspace), body)
        return actions.edit_video(workspace=key.workspace, by=key.user, note=note, **asked)

    return _make_once(request, key, body, make)


def extend(request: HttpRequest, key: ApiKey) -> JsonResponse:
    body = read_body(request, shapes.EXTEND)

    def make(note: Callable[[Video], None]) -> Video:
        asked = _judged(ExtendForm(body.data, body.files, workspace=key.workspace), body)
        return actions.extend_video(workspace=key.workspace, by=key.user, note=note, **asked)

    return _make_once(request, key, body, make)


def listing(request: HttpRequest, key: ApiKey) -> JsonResponse:
    limit, order = paging.limit(request, default=20, smallest=0, largest=100), paging.order(request)
    # Deleted videos stay as tombstones, so that people can delete while they iterate.
    after = paging.after(request, Video.objects.filter(workspace=key.workspace).named)
    rows = Video.objects.in_workspace(key.workspace)
    return paging.answer(rows, resources.video, limit=limit, order=order, after=after)


def retrieve(request: HttpRequest, key: ApiKey, video_id: str) -> JsonResponse:
    video = _find(key, video_id)
    wait = POLL_AFTER_MS.get(video.status)
    return JsonResponse(resources.video(video), headers={contract.POLL_AFTER_HEADER: str(wait)} if wait else {})


def delete(request: HttpRequest, key: ApiKey, video_id: str) -> JsonResponse:
    actions.delete_video(_find(key, video_id))
    return JsonResponse(resources.deleted("video", video_id))


def content(request: HttpRequest, key: ApiKey, video_id: str) -> HttpResponseBase:
    variant = request.GET.get("variant", Asset.Variant.VIDEO)
    if variant not in contract.VARIANTS:
        message = contract.supported_values(variant, list(contract.VARIANTS))
        raise ApiError(400, message, param="variant", code="invalid_value")
    video = _find(key, video_id)
    if video.status == contract.FAILED:
        raise ApiError(404, video.error_message or "The video failed.", code="video_failed")
    if video.status != contract.COMPLETED:
        message = "Video is not ready yet, use GET /v1/videos/{video_id} to check status"
        raise ApiError(404, message, code="video_not_ready")
    gone = ApiError(404, "The files of this video have expired.", code="video_expired")
    if video.is_expired:
        raise gone
    try:
        return deliver(request, video, variant, download=True)
    except NotDeliverable as error:
        raise gone from error
