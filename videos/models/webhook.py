"""Whom to tell, and the outbox of what they are still to be told."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from videos.models.due import Due
from videos.models.owned import Owned
from videos.models.sealed import SealedField, Unreadable
from videos.models.workspace import Workspace

VIDEO_COMPLETED, VIDEO_FAILED = "video.completed", "video.failed"
EVENT_TYPES = (
    VIDEO_COMPLETED,
    VIDEO_FAILED,
    "batch.completed",
    "batch.failed",
    "batch.expired",
    "batch.cancelled",
)
OLD_SECRET_LIFETIME = timedelta(hours=24)
SECRET_SCHEME = "whsec_"  # noqa: S105 - the public part


def new_endpoint_id() -> str:
    return f"whe_{secrets.token_hex(16)}"


def new_event_id() -> str:
    return f"evt_{secrets.token_hex(16)}"


def new_signing_secret() -> str:
    return SECRET_SCHEME + base64.b64encode(secrets.token_bytes(32)).decode()


class WebhookEndpointQuerySet(Owned["WebhookEndpoint"]):
    def in_workspace(self, workspace: Workspace | models.QuerySet[Workspace]) -> Self:
        return super().in_workspace(workspace).filter(deleted_at=None)


class WebhookEndpoint(models.Model):
    """An address of the workspace that is told of events, each message signed with the endpoint's own secret.

    One that was deleted is seen nowhere; its row goes when the machine has tidied its log away.
    """

    id = models.CharField(max_length=40, primary_key=True, default=new_endpoint_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="webhook_endpoints")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=2000)
    event_types = models.JSONField(default=list)
    signing_secret = SealedField(default=new_signing_secret)
    old_secret = SealedField(blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    disabled_at = models.DateTimeField(null=True, blank=True, help_text="It failed for too long, or was switched off.")
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="webhook_endpoint_list")]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    @property
    def signing_secret_hint(self) -> str:
        return f"{SECRET_SCHEME}…{self.signing_secret[-4:]}"

    @property
    def secrets(self) -> list[str]:
        """Those that a message is signed with: after a rotation for a while also the old one. May be Unreadable."""
        if not self.signing_secret:
            raise Unreadable("the signing secret was sealed with another SECRET_KEY")
        overlaps = self.old_secret and self.old_secret_until and self.old_secret_until > timezone.now()
        return [self.signing_secret, self.old_secret] if overlaps else [self.signing_secret]

    def enable(self) -> bool:
        """As if new: failures of before count no more. False if it was on."""
        off = WebhookEndpoint.objects.filter(pk=self.pk).exclude(disabled_at=None)
        return bool(off.update(disabled_at=None, updated_at=timezone.now()))

    def disable(self) -> bool:
        """Nothing more is sent to it, and what waits is given up. False if it was off, or has another address now."""
        now = timezone.now()
        with transaction.atomic():
            on = WebhookEndpoint.objects.filter(pk=self.pk, url=self.url, disabled_at=None)
            if not on.update(disabled_at=now, updated_at=now):
                return False
            waiting = self.deliveries.filter(due_at__isnull=False)
            waiting.update(given_up_at=now, due_at=None, fence=F("fence") + 1)
        return True

    def delete_softly(self) -> None:
        """Out of sight at once, and told nothing more."""
        WebhookEndpoint.objects.filter(pk=self.pk, deleted_at=None).update(deleted_at=timezone.now())


class WebhookDelivery(Due):
    """The outbox: a row for each event and endpoint, written in the transaction of the move that causes the event.

    `body` is kept to the byte, since it is signed anew for each attempt.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    event_id = models.CharField(max_length=40)
    event_type = models.CharField(max_length=40)
    body = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [models.Index(fields=["due_at"], name="webhook_due", condition=Q(due_at__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="one_delivery_per_event_and_endpoint"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False, delivered_at=None, given_up_at=None)
                | (Q(due_at=None) & (Q(delivered_at__isnull=False) | Q(given_up_at__isnull=False))),
                name="delivery_due_iff_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_id}"

    def delivered(self) -> None:
        self._write(attempts=self.attempts + 1, delivered_at=timezone.now(), given_up_at=None, due_at=None)

    def try_again(self, after: timedelta) -> None:
        self._write(attempts=self.attempts + 1, due_at=timezone.now() + after)

    def give_up(self) -> None:
        self._write(attempts=self.attempts + 1, given_up_at=timezone.now(), due_at=None)

    def drop(self) -> None:
        """Given up without an attempt: its endpoint is off."""
        self._write(given_up_at=timezone.now(), due_at=None)

    def replay(self) -> bool:
        """Due again whatever became of it, with the whole schedule. False if its endpoint is off."""
        rows = WebhookDelivery.objects.filter(pk=self.pk, endpoint__disabled_at=None, endpoint__deleted_at=None)
        changes = {"due_at": timezone.now(), "delivered_at": None, "given_up_at": None, "attempts": 0}
        return bool(rows.update(fence=F("fence") + 1, **changes))


class WebhookAttempt(models.Model):
    """One line in the log of a delivery; `status` is what the receiver answered, if it did."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="log")
    at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    milliseconds = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.status or self.error}"


def announce(workspace_id: int, event_type: str, object_id: str) -> None:
    """Put one event into the outbox of every endpoint that asked for it. Call it inside the move's transaction."""
    event_id = new_event_id()
    body = event_body(event_id, event_type, object_id)
    endpoints = WebhookEndpoint.objects.filter(workspace_id=workspace_id, disabled_at=None, deleted_at=None)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(endpoint=endpoint, event_id=event_id, event_type=event_type, body=body)
        for endpoint in endpoints
        if event_type in endpoint.event_types
    )


def event_body(event_id: str, event_type: str, object_id: str) -> str:
    """A thin event: the receiver asks for the object itself."""
    event: dict[str, Any] = {
        "id": event_id,
        "object": "event",
        "created_at": int(timezone.now().timestamp()),
        "type": event_type,
        "data": {"id": object_id},
    }
    return json.dumps(event, separators=(",", ":"))
