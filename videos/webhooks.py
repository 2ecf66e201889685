"""Works off the outbox: signs, posts, and decides what follows from the answer. At least once, in no promised order."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from videos.dispatch import Turns
from videos.models import Stale, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from videos.models.sealed import Unreadable
from videos.models.webhook import SECRET_SCHEME, event_body, new_event_id
from videos.outbound import OutboundError, post_webhook
from videos.outbound.receivers import needs_https

logger = logging.getLogger(__name__)

# Of one attempt, all in all: shorter than a lease.
SECONDS = 10.0
JITTER_ABOVE = 60.0
# Only so many threads of a worker, and one an endpoint, wait for receivers: videos must not wait behind them.
ENDPOINTS_AT_ONCE = 3
TURN_SECONDS = 5.0
TURN_DELIVERIES = 100
GONE = 410
# An endpoint is switched off when this many deliveries in a row were given up, and it has failed for so long.
GIVEN_UP_IN_A_ROW = 3
FAILING = timedelta(days=3)
KEPT = timedelta(days=30)
TIDY_BATCH = 500
_turns = Turns(ENDPOINTS_AT_ONCE)


@dataclass(frozen=True)
class Outcome:
    """Of one attempt: what the receiver answered, or that it did not."""

    status: int | None
    error: str
    milliseconds: int

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


# --- the message -----------------------------------------------------------------------------------


def sign(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """As Standard Webhooks has it."""
    key = base64.b64decode(secret.removeprefix(SECRET_SCHEME))
    digest = hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers_of(secrets: Sequence[str], event_id: str, body: bytes) -> dict[str, str]:
    """Of an attempt made now."""
    now = int(time.time())
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(sign(secret, event_id, now, body) for secret in secrets),
    }


def send_test(endpoint: WebhookEndpoint, event_type: str, *, seconds: float = SECONDS) -> Outcome:
    """A signed event about an object that does not exist. It leaves no trace in the outbox."""
    event_id = new_event_id()
    object_id = f"{event_type.split('.')[0]}_{'0' * 32}"
    return _post(endpoint, event_id, event_body(event_id, event_type, object_id), seconds)


def _post(endpoint: WebhookEndpoint, event_id: str, body: str, seconds: float) -> Outcome:
    status, error, began = None, "", time.monotonic()
    data = body.encode()
    try:
        headers = headers_of(endpoint.secrets, event_id, data)
        https_only = needs_https(endpoint.url)
        status = post_webhook(endpoint.url, data, headers, https_only=https_only, seconds=seconds).status
    except OutboundError as trouble:
        logger.info("%s: %s not sent: %s", endpoint.id, event_id, trouble.reason)
        error = str(trouble)
    except Unreadable as trouble:
        logger.warning("%s: %s not sent: %s", endpoint.id, event_id, trouble)
        error = "The signing secret cannot be read; rotate it."
    except Exception:
        # What nobody thought of counts as a failure too, or it would be tried for ever.
        logger.exception("%s: %s not sent", endpoint.id, event_id)
        error = "Studio could not send it."
    return Outcome(status, error, round((time.monotonic() - began) * 1000))


# --- one delivery ----------------------------------------------------------------------------------


def deliver(delivery: WebhookDelivery, *, seconds: float = SECONDS) -> None:
    """One attempt with a claimed delivery."""
    try:
        endpoint = WebhookEndpoint.objects.get(pk=delivery.endpoint_id, deleted_at=None)
        if endpoint.disabled_at:
            return delivery.drop()
        outcome = _post(endpoint, delivery.event_id, delivery.body, seconds)
        _record(delivery, outcome)
    except WebhookEndpoint.DoesNotExist:
        return logger.info("%s: its endpoint was deleted", delivery.event_id)
    except Stale:
        return logger.info("%s was moved by somebody else", delivery.event_id)
    is_over = outcome.status == GONE or (delivery.given_up_at and _fails_for_long(endpoint))
    if is_over and endpoint.disable():
        logger.warning("%s is switched off: it %s", endpoint.id, "is gone" if outcome.status == GONE else "only fails")


def _record(delivery: WebhookDelivery, outcome: Outcome) -> None:
    """The move first: an attempt of somebody who was overtaken is not in the log."""
    with transaction.atomic():
        pause = schedule(delivery.attempts + 1)
        if outcome.is_success:
            delivery.delivered()
        elif pause is None:
            delivery.give_up()
        else:
            delivery.try_again(pause)
        WebhookAttempt.objects.create(
            delivery=delivery, status=outcome.status, error=outcome.error, milliseconds=outcome.milliseconds
        )


def schedule(failed: int) -> timedelta | None:
    """The pause after so many failed attempts; None after the last."""
    pauses = settings.WEBHOOK_RETRY_SECONDS
    if failed > len(pauses):
        return None
    pause = pauses[failed - 1]
    # What failed together shall not come back together.
    return timedelta(seconds=pause * random.uniform(0.9, 1.1) if pause > JITTER_ABOVE else pause)


def _fails_for_long(endpoint: WebhookEndpoint) -> bool:
    """Since it was last changed or switched on."""
    recent = endpoint.deliveries.filter(created_at__gte=endpoint.updated_at).order_by("-created_at")
    last_success = recent.exclude(delivered_at=None).first()
    given_up = recent.exclude(given_up_at=None)
    if last_success:
        given_up = given_up.filter(created_at__gt=last_success.created_at)
    oldest = given_up.last()
    if oldest is None or timezone.now() - oldest.created_at < FAILING:
        return False
    return given_up.count() >= GIVEN_UP_IN_A_ROW


# --- all that is due -------------------------------------------------------------------------------


def waiting() -> list[str]:
    """The endpoints for which something is due, in any order."""
    due = WebhookDelivery.objects.filter(due_at__lte=timezone.now(), endpoint__deleted_at=None)
    found = list(due.order_by().values_list("endpoint_id", flat=True).distinct())
    # There are few turns: none shall always come first.
    random.shuffle(found)
    return found


def work_off(endpoint_id: str, *, seconds: float = SECONDS) -> None:
    """What is due for one endpoint, one by one, for a while; the sweep comes back for the rest."""
    with _turns.take(endpoint_id) as is_ours:
        until = time.monotonic() + TURN_SECONDS
        for pk in _due(endpoint_id) if is_ours else ():
            delivery = WebhookDelivery.claim(pk)
            if delivery:
                deliver(delivery, seconds=seconds)
            if time.monotonic() > until:
                return


def _due(endpoint_id: str) -> list[int]:
    due = WebhookDelivery.objects.filter(endpoint=endpoint_id, due_at__lte=timezone.now())
    return list(due.order_by("due_at").values_list("pk", flat=True)[:TURN_DELIVERIES])


def tidy() -> None:
    """Forget what ended long ago, some of the oldest at a time, and endpoints that were deleted."""
    oldest = list(WebhookDelivery.objects.order_by("pk").values_list("pk", flat=True)[:TIDY_BATCH])
    WebhookDelivery.objects.filter(pk__in=oldest, due_at=None, created_at__lt=timezone.now() - KEPT).delete()
    _tidy_deleted()


def _tidy_deleted() -> None:
    """Their logs in pieces; an endpoint goes when nothing is left of its own."""
    deleted = WebhookEndpoint.objects.filter(deleted_at__isnull=False)
    piece = list(WebhookDelivery.objects.filter(endpoint__in=deleted).values_list("pk", flat=True)[:TIDY_BATCH])
    WebhookDelivery.objects.filter(pk__in=piece).delete()
    deleted.filter(deliveries=None).delete()
