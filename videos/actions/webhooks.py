"""What owners do about those who are to be told of events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from videos import dispatch
from videos.actions.errors import ActionError
from videos.models import WebhookDelivery, WebhookEndpoint, Workspace
from videos.models.webhook import OLD_SECRET_LIFETIME, new_signing_secret

ENDPOINTS_MAX = 20


def create_endpoint(
    *,
    workspace: Workspace,
    name: str,
    url: str,
    event_types: Sequence[str],
    note: Callable[[WebhookEndpoint], None] | None = None,
) -> WebhookEndpoint:
    endpoint = WebhookEndpoint(workspace=workspace, name=name, url=url, event_types=list(event_types))
    endpoint.updated_at = endpoint.created_at
    with transaction.atomic():
        # One after the other, so that none slips through the count.
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        if WebhookEndpoint.objects.in_workspace(workspace).count() >= ENDPOINTS_MAX:
            message = f"A workspace has at most {ENDPOINTS_MAX} webhook endpoints."
            raise ActionError("webhook_endpoint_limit_reached", message)
        endpoint.save(force_insert=True)
        if note:
            note(endpoint)
    return endpoint


def update_endpoint(endpoint: WebhookEndpoint, **given: Any) -> None:
    """`name`, `url` and `event_types`, as far as given. At another address it is switched on and starts afresh."""
    changes = {name: value for name, value in given.items() if getattr(endpoint, name) != value}
    if "url" in changes:
        changes["disabled_at"] = None
    if changes:
        _save(endpoint, changes)


def rotate_secret(endpoint: WebhookEndpoint, *, keep_old: bool) -> None:
    """`keep_old`: messages are signed with the old secret too, for a day."""
    changes: dict[str, Any] = {"old_secret": "", "old_secret_until": None, "signing_secret": new_signing_secret()}
    if keep_old:
        changes["old_secret"] = endpoint.signing_secret
        changes["old_secret_until"] = timezone.now() + OLD_SECRET_LIFETIME
    _save(endpoint, changes)


def _save(endpoint: WebhookEndpoint, changes: dict[str, Any]) -> None:
    for name, value in {**changes, "updated_at": timezone.now()}.items():
        setattr(endpoint, name, value)
    endpoint.save(update_fields=[*changes, "updated_at"])


def delete_endpoint(endpoint: WebhookEndpoint) -> None:
    """With its log, and with all that it was still to be told; the rows follow piece by piece."""
    endpoint.delete_softly()


def replay_delivery(delivery: WebhookDelivery) -> bool:
    """Send it again. False if its endpoint is switched off."""
    replayed = delivery.replay()
    if replayed:
        transaction.on_commit(lambda: dispatch.wake_endpoint(delivery.endpoint_id))
    return replayed
