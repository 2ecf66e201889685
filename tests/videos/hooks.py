"""Webhooks for tests: rows, one turn of the machine, and what a receiver was told."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from openai import OpenAI

from tests.videos.outbound.servers import Exchange
from videos import webhooks
from videos.models import WebhookDelivery, WebhookEndpoint, Workspace
from videos.models.webhook import EVENT_TYPES, event_body, new_event_id


def make_endpoint(workspace: Workspace, **fields: Any) -> WebhookEndpoint:
    wanted = {"name": "Hook", "url": "https://hooks.example.org/in", "event_types": [*EVENT_TYPES]}
    return WebhookEndpoint.objects.create(workspace=workspace, **{**wanted, **fields})


def make_delivery(endpoint: WebhookEndpoint, **fields: Any) -> WebhookDelivery:
    """Due, unless it ended."""
    event_id = new_event_id()
    if fields.keys() & {"delivered_at", "given_up_at"}:
        fields.setdefault("due_at", None)
    body = event_body(event_id, "video.completed", "video_1")
    wanted = {"event_id": event_id, "event_type": "video.completed", "body": body}
    return WebhookDelivery.objects.create(endpoint=endpoint, **{**wanted, **fields})


def attempt(delivery: WebhookDelivery, *, seconds: float = 5.0) -> WebhookDelivery:
    """What the worker does when the delivery is due."""
    WebhookDelivery.objects.filter(pk=delivery.pk, due_at__isnull=False).update(due_at=timezone.now())
    claimed = WebhookDelivery.claim(delivery.pk)
    if claimed:
        webhooks.deliver(claimed, seconds=seconds)
    return WebhookDelivery.objects.get(pk=delivery.pk)


def unwrap(heard: Exchange, secret: str) -> Any:
    """As the official client does it; it raises if the signature is wrong."""
    return OpenAI(api_key="none").webhooks.unwrap(heard.body, dict(heard.headers.items()), secret=secret)
