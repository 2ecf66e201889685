"""Videos. Each view does the same four things: who, form, action, resource."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from videos import actions, contract, resources
from videos.api import errors, paging
from videos.api.bodies import read_body
from videos.api.errors import ApiError, judged
from videos.api.receipts import Note, make_from_form, make_once
from videos.delivery import NotDeliverable, deliver
from videos.forms import EditForm, ExtendForm, RemixForm, VideoForm, shapes
from videos.models import ApiKey, Asset, Video

# What a client should wait before it asks again, while there is something to wait for.
POLL_AFTER_MS = 1000


def _find(key: ApiKey, video_id: str) -> Video:
    video = Video.objects.in_workspace(key.workspace).named(video_id).first()
    if video is None:
        raise errors.not_found(video_id)
    return video


def create(request: HttpRequest, key: ApiKey) -> JsonResponse:
    return make_from_form(request, key, shapes.CREATE, VideoForm, actions.create_video, resources.video)


def remix(request: HttpRequest, key: ApiKey, video_id: str) -> JsonResponse:
    body = read_body(request, shapes.REMIX)

    def make(note: Note[Video]) -> Video:
        # In here, so that the same request gets its first answer again when the source is gone.
        source = _find(key, video_id)
        return actions.remix_video(source, by=key.user, note=note, **judged(RemixForm(body.data), body))

    return make_once(request, key, body, make, resources.video)


def edit(request: HttpRequest, key: ApiKey) -> JsonResponse:
    return make_from_form(request, key, shapes.EDIT, EditForm, actions.edit_video, resources.video)


def extend(request: HttpRequest, key: ApiKey) -> JsonResponse:
    return make_from_form(request, key, shapes.EXTEND, ExtendForm, actions.extend_video, resources.video)


def listing(request: HttpRequest, key: ApiKey) -> JsonResponse:
    limit, order = paging.limit(request, default=20, smallest=0, largest=100), paging.order(request)
    # Deleted videos stay as tombstones, so that people can delete while they iterate.
    after = paging.after(request, Video.objects.filter(workspace=key.workspace).named)
    rows = Video.objects.in_workspace(key.workspace)
    return paging.answer(rows, resources.video, limit=limit, order=order, after=after)


def retrieve(request: HttpRequest, key: ApiKey, video_id: str) -> JsonResponse:
    video = _find(key, video_id)
    headers = {} if video.is_final else {contract.POLL_AFTER_HEADER: str(POLL_AFTER_MS)}
    return JsonResponse(resources.video(video), headers=headers)


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
