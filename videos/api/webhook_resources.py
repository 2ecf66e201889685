"""Rows of webhooks → contract."""

from __future__ import annotations

from typing import Any

from videos.models import WebhookEndpoint
from videos.models.webhook import EVENT_TYPES


def webhook_endpoint(row: WebhookEndpoint) -> dict[str, Any]:
    """`disabled_at` is ours: when Studio stopped sending to it."""
    return {
        "id": row.id,
        "object": "webhook_endpoint",
        "name": row.name,
        "url": row.url,
        "event_types": row.event_types,
        "created_at": int(row.created_at.timestamp()),
        "updated_at": int(row.updated_at.timestamp()),
        "signing_secret_hint": row.signing_secret_hint,
        "disabled_at": int(row.disabled_at.timestamp()) if row.disabled_at else None,
    }


def webhook_endpoint_with_secret(row: WebhookEndpoint) -> dict[str, Any]:
    return webhook_endpoint(row) | {"signing_secret": row.signing_secret}


def webhook_test(row: WebhookEndpoint, event_type: str, status: int) -> dict[str, Any]:
    """`success`: it was sent and answered; how is for `status_code` to say."""
    return {
        "object": "webhook_endpoint.test",
        "event_type": event_type,
        "status_code": status,
        "success": True,
        "webhook_endpoint_id": row.id,
    }


def event_types() -> dict[str, Any]:
    return {"object": "list", "data": list(EVENT_TYPES)}
