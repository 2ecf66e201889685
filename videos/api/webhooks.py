"""Webhook endpoints: made, listed, changed, tested, removed. Their secrets are told at creation and rotation alone."""

from __future__ import annotations

import json

from django.http import HttpRequest, JsonResponse
from django.utils.datastructures import MultiValueDict

from videos import actions, resources, webhooks
from videos.api import errors, paging, webhook_resources, webhook_shapes
from videos.api.bodies import Body, read_body
from videos.api.errors import ApiError
from videos.api.receipts import Note, make_once
from videos.forms import WebhookEndpointForm, WebhookTestForm
from videos.models import ApiKey, WebhookEndpoint
from videos.models.webhook import WebhookEndpointQuerySet


def create(request: HttpRequest, key: ApiKey) -> JsonResponse:
    body = read_body(request, webhook_shapes.CREATE)

    def make(note: Note[WebhookEndpoint]) -> WebhookEndpoint:
        asked = errors.judged(WebhookEndpointForm(body.data), body)
        return actions.create_endpoint(workspace=key.workspace, note=note, **asked)

    return _with_secret(key, make_once(request, key, body, make, webhook_resources.webhook_endpoint))


def _with_secret(key: ApiKey, response: JsonResponse) -> JsonResponse:
    """Added last, so that receipts hold no secrets."""
    endpoint = _endpoints(key).filter(pk=json.loads(response.content)["id"]).first()
    if endpoint:
        response.content = json.dumps(webhook_resources.webhook_endpoint_with_secret(endpoint))
    return response


def listing(request: HttpRequest, key: ApiKey) -> JsonResponse:
    endpoints = _endpoints(key)
    return paging.answer(
        endpoints,
        webhook_resources.webhook_endpoint,
        limit=paging.limit(request, default=20, smallest=1, largest=100),
        order="desc",
        after=paging.after(request, endpoints.named),
    )


def retrieve(request: HttpRequest, key: ApiKey, endpoint_id: str) -> JsonResponse:
    return JsonResponse(webhook_resources.webhook_endpoint(_find(key, endpoint_id)))


def update(request: HttpRequest, key: ApiKey, endpoint_id: str) -> JsonResponse:
    endpoint = _find(key, endpoint_id)
    body = read_body(request, webhook_shapes.UPDATE)
    actions.update_endpoint(endpoint, **errors.judged(WebhookEndpointForm(body.data, partial=True), body))
    return JsonResponse(webhook_resources.webhook_endpoint(endpoint))


def delete(request: HttpRequest, key: ApiKey, endpoint_id: str) -> JsonResponse:
    actions.delete_endpoint(_find(key, endpoint_id))
    return JsonResponse(resources.deleted("webhook_endpoint", endpoint_id))


def rotate_secret(request: HttpRequest, key: ApiKey, endpoint_id: str) -> JsonResponse:
    endpoint = _find(key, endpoint_id)
    # All of it is optional, so a client may send nothing at all.
    is_empty = request.META.get("CONTENT_LENGTH") in (None, "", "0")
    body = Body({}, MultiValueDict(), []) if is_empty else read_body(request, webhook_shapes.ROTATE)
    keep_old = body.data.get("keep_old_secret_active_for_24_hours") in (True, "true")
    actions.rotate_secret(endpoint, keep_old=keep_old)
    return JsonResponse(webhook_resources.webhook_endpoint_with_secret(endpoint))


def test(request: HttpRequest, key: ApiKey, endpoint_id: str) -> JsonResponse:
    endpoint = _find(key, endpoint_id)
    body = read_body(request, webhook_shapes.TEST)
    event_type = errors.judged(WebhookTestForm(body.data), body)["event_type"]
    outcome = webhooks.send_test(endpoint, event_type)
    if outcome.status is None:
        # The clients know only answered tests as results, and would send a 5xx again.
        raise ApiError(400, outcome.error, code="webhook_endpoint_unreachable")
    return JsonResponse(webhook_resources.webhook_test(endpoint, event_type, outcome.status))


def event_types(request: HttpRequest, key: ApiKey) -> JsonResponse:
    return JsonResponse(webhook_resources.event_types())


def _endpoints(key: ApiKey) -> WebhookEndpointQuerySet:
    return WebhookEndpoint.objects.in_workspace(key.workspace)


def _find(key: ApiKey, endpoint_id: str) -> WebhookEndpoint:
    endpoint = _endpoints(key).named(endpoint_id).first()
    if endpoint is None:
        raise errors.missing("Webhook endpoint", endpoint_id, code="webhook_endpoint_not_found")
    return endpoint
