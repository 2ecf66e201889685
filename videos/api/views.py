"""The routes of the Videos API. Each does the same four things: who, form, action, resource."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from videos import actions, catalog, contract
from videos.api import errors, resources
from videos.api.auth import authenticate
from videos.api.bodies import read_body
from videos.api.errors import ApiError
from videos.delivery import NotDeliverable, deliver
from videos.forms import RemixForm, VideoForm
from videos.models import ApiKey, Asset, Video

POLL_AFTER_MS = 1000
LIST_LIMIT = 20
LIST_LIMIT_MAX = 100

View = Callable[..., HttpResponseBase]


def route(**methods: View) -> View:
    """One URL: a view for each method, each given the request and the key; all errors in the envelope."""
    allowed = sorted({*methods, "HEAD"} if "GET" in methods else methods)

    @csrf_exempt
    @wraps(next(iter(methods.values())))
    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" and "GET" in methods else request.method or ""
        try:
            if method not in methods:
                message = f"Method {request.method} is not allowed here; allowed: {', '.join(allowed)}."
                raise ApiError(405, message, code="method_not_allowed", headers={"Allow": ", ".join(allowed)})
            return methods[method](request, authenticate(request), **path)
        except ApiError as error:
            return error.response()
        except actions.ActionError as error:
            return ApiError(400, error.message, param=error.param, code=error.code).response()

    return view


def _find(key: ApiKey, video_id: str) -> Video:
    video = Video.objects.in_workspace(key.workspace).named(video_id).first()
    if video is None:
        raise errors.not_found(video_id)
    return video


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponseBase:
    """Words of other servers, or of later versions, that are no video's id."""
    raise Http404


def create(request: HttpRequest, key: ApiKey) -> JsonResponse:
    data, files = read_body(request)
    if data.get("characters"):
        message = "Characters are not offered by this server yet."
        raise ApiError(400, message, param="characters", code="unsupported_parameter")
    form = VideoForm(data, files)
    if not form.is_valid():
        raise errors.of_form(form, data)
    video = actions.create_video(workspace=key.workspace, by=key.user, **form.cleaned_data)
    return JsonResponse(resources.video(video))


def remix(request: HttpRequest, key: ApiKey, video_id: str) -> JsonResponse:
    source = _find(key, video_id)
    data, _ = read_body(request)
    form = RemixForm(data)
    if not form.is_valid():
        raise errors.of_form(form, data)
    video = actions.remix_video(source, by=key.user, **form.cleaned_data)
    return JsonResponse(resources.video(video))


def listing(request: HttpRequest, key: ApiKey) -> JsonResponse:
    limit, order = _limit(request), _order(request)
    after = None
    if request.GET.get("after"):
        # Deleted videos stay as tombstones, so that people can delete while they iterate.
        after = Video.objects.filter(workspace=key.workspace).named(request.GET["after"]).first()
        if after is None:
            return JsonResponse(resources.page([], has_more=False))
    found = list(Video.objects.in_workspace(key.workspace).page(order=order, after=after)[: limit + 1])
    has_more = len(found) > limit > 0
    return JsonResponse(resources.page(found[:limit], has_more=has_more))


def _limit(request: HttpRequest) -> int:
    given = request.GET.get("limit", str(LIST_LIMIT))
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and int(given) <= LIST_LIMIT_MAX):
        message = f"Invalid value: '{given}'. 'limit' is a whole number from 0 to {LIST_LIMIT_MAX}."
        raise ApiError(400, message, param="limit", code="invalid_value")
    return int(given)


def _order(request: HttpRequest) -> str:
    order = request.GET.get("order", "desc")
    if order not in ("asc", "desc"):
        raise ApiError(400, contract.supported_values(order, ["asc", "desc"]), param="order", code="invalid_value")
    return order


def retrieve(request: HttpRequest, key: ApiKey, video_id: str) -> JsonResponse:
    video = _find(key, video_id)
    headers = {} if video.is_final else {contract.POLL_AFTER_HEADER: str(POLL_AFTER_MS)}
    return JsonResponse(resources.video(video), headers=headers)


def delete(request: HttpRequest, key: ApiKey, video_id: str) -> JsonResponse:
    actions.delete_video(_find(key, video_id))
    return JsonResponse(resources.deleted(video_id))


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
    try:
        return deliver(request, video, variant, download=True)
    except NotDeliverable as error:
        raise ApiError(404, "The file of this video is gone.", code="video_expired") from error


def models(request: HttpRequest, key: ApiKey) -> JsonResponse:
    return JsonResponse({"object": "list", "data": [resources.model(entry) for entry in catalog.models().values()]})


def model(request: HttpRequest, key: ApiKey, name: str) -> JsonResponse:
    entry = catalog.find(name)
    if entry is None:
        raise ApiError(404, f"The model '{name}' does not exist.", param="model", code="model_not_found")
    return JsonResponse(resources.model(entry))
