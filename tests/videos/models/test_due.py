from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.videos.hooks import make_endpoint
from videos.models import Stale, WebhookDelivery, Workspace
from videos.models.due import LEASE

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(workspace: Workspace) -> WebhookDelivery:
    endpoint = make_endpoint(workspace)
    return WebhookDelivery.objects.create(endpoint=endpoint, event_id="evt_1", event_type="video.failed", body="{}")


def test_what_is_due_is_claimed_once(row: WebhookDelivery) -> None:
    claimed = WebhookDelivery.claim(row.pk)

    assert claimed
    assert claimed.fence == row.fence + 1
    assert WebhookDelivery.claim(row.pk) is None


def test_what_is_not_due_or_not_there_is_not_claimed(row: WebhookDelivery) -> None:
    WebhookDelivery.objects.update(due_at=timezone.now() + timedelta(seconds=5))

    assert WebhookDelivery.claim(row.pk) is None
    assert WebhookDelivery.claim(row.pk + 1) is None


def test_a_claim_that_ran_out_is_taken_over_and_its_holder_is_told(row: WebhookDelivery) -> None:
    slow = WebhookDelivery.claim(row.pk)
    rescuer = WebhookDelivery.claim(row.pk, now=timezone.now() + LEASE * 2)

    assert slow
    assert rescuer
    with pytest.raises(Stale):
        slow.delivered()
    with pytest.raises(Stale):
        slow.renew()
    rescuer.delivered()


def test_a_renewed_claim_holds_for_another_lease(row: WebhookDelivery) -> None:
    claimed = WebhookDelivery.claim(row.pk, now=timezone.now() - LEASE / 2)
    assert claimed is None  # it is due only from now on

    claimed = WebhookDelivery.claim(row.pk)
    assert claimed
    before = claimed.due_at
    claimed.renew()

    assert claimed.due_at
    assert before
    assert claimed.due_at >= before
