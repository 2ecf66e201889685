from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import make_video, make_workspace
from tests.videos.hooks import make_delivery, make_endpoint
from videos.models import Phase, Stale, User, Video, WebhookDelivery, WebhookEndpoint, Workspace
from videos.models.webhook import announce, new_signing_secret


def end(video: Video, how: str) -> None:
    video.ready() if how == "ready" else video.fail("generation_failed", "Out of paint.")


def end_before_a_power_cut(video: Video, how: str) -> None:
    with transaction.atomic():
        end(video, how)
        raise RuntimeError


@pytest.mark.parametrize(("how", "event_type"), [("ready", "video.completed"), ("fail", "video.failed")])
def test_the_end_of_a_video_is_one_thin_event(workspace: Workspace, how: str, event_type: str) -> None:
    make_endpoint(workspace)
    video = make_video(workspace, phase=Phase.COLLECTING)

    end(video, how)

    delivery = WebhookDelivery.objects.get()
    event = json.loads(delivery.body)
    assert event == {
        "id": delivery.event_id,
        "object": "event",
        "created_at": event["created_at"],
        "type": event_type,
        "data": {"id": video.id},
    }
    assert isinstance(event["created_at"], int)
    assert event["id"].startswith("evt_")
    assert (delivery.event_type, delivery.attempts) == (event_type, 0)
    assert WebhookDelivery.claim(delivery.pk)


@pytest.mark.parametrize("how", ["ready", "fail"])
def test_the_event_stands_if_and_only_if_the_move_does(workspace: Workspace, how: str) -> None:
    make_endpoint(workspace)
    video = make_video(workspace, phase=Phase.COLLECTING)

    with pytest.raises(RuntimeError):
        end_before_a_power_cut(video, how)

    assert Video.objects.get().phase == Phase.COLLECTING
    assert not WebhookDelivery.objects.exists()


def test_one_who_lost_its_claim_announces_nothing(workspace: Workspace) -> None:
    make_endpoint(workspace)
    make_video(workspace, phase=Phase.COLLECTING)
    late = Video.claim(Video.objects.get().id)
    assert late
    assert Video.claim(late.id, now=timezone.now() + timedelta(minutes=10))

    with pytest.raises(Stale):
        late.ready()

    assert not WebhookDelivery.objects.exists()


def test_a_video_deleted_before_its_end_sends_nothing(workspace: Workspace) -> None:
    make_endpoint(workspace)
    video = make_video(workspace, phase=Phase.GENERATING)
    video.delete_softly()

    Video.objects.get().purged()

    assert Video.objects.get().phase == Phase.CANCELLED
    assert not WebhookDelivery.objects.exists()


def test_all_who_asked_are_told_with_one_id_and_nobody_else(workspace: Workspace, charlie: User) -> None:
    asked = [make_endpoint(workspace), make_endpoint(workspace, event_types=["video.failed", "video.completed"])]
    make_endpoint(workspace, event_types=["video.failed"])
    make_endpoint(workspace, disabled_at=timezone.now())
    make_endpoint(make_workspace("Foreign", owner=charlie))

    announce(workspace.pk, "video.completed", "video_1")

    assert [row.endpoint for row in WebhookDelivery.objects.order_by("pk")] == asked
    assert len({(row.event_id, row.body) for row in WebhookDelivery.objects.all()}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"due_at": None},
        {"delivered_at": timezone.now()},
        {"given_up_at": timezone.now()},
    ],
)
def test_the_database_refuses_what_is_neither_open_nor_ended(workspace: Workspace, changes: dict[str, Any]) -> None:
    delivery = make_delivery(make_endpoint(workspace))

    with pytest.raises(IntegrityError), transaction.atomic():
        WebhookDelivery.objects.filter(pk=delivery.pk).update(**changes)


def test_an_event_is_in_the_outbox_of_an_endpoint_once(workspace: Workspace) -> None:
    delivery = make_delivery(make_endpoint(workspace))

    with pytest.raises(IntegrityError), transaction.atomic():
        make_delivery(delivery.endpoint, event_id=delivery.event_id)


def test_disabling_gives_up_what_waits_and_stops_who_is_at_it(workspace: Workspace) -> None:
    endpoint, other = make_endpoint(workspace), make_endpoint(workspace)
    waits, done, elsewhere = (
        make_delivery(endpoint),
        make_delivery(endpoint, delivered_at=timezone.now()),
        make_delivery(other),
    )
    claimed = WebhookDelivery.claim(waits.pk)
    assert claimed

    assert endpoint.disable()
    assert not endpoint.disable()

    for row in (waits, done, elsewhere):
        row.refresh_from_db()
    assert waits.given_up_at
    assert (done.given_up_at, elsewhere.given_up_at) == (None, None)
    with pytest.raises(Stale):
        claimed.try_again(timedelta(seconds=5))


def test_enabling_begins_afresh(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)
    assert not endpoint.enable()
    endpoint.disable()

    assert endpoint.enable()

    changed = WebhookEndpoint.objects.get()
    assert changed.disabled_at is None
    assert changed.updated_at > endpoint.updated_at


@pytest.mark.parametrize("ended", ["delivered_at", "given_up_at", None])
def test_a_replay_is_the_same_event_with_the_whole_schedule(workspace: Workspace, ended: str | None) -> None:
    fields = {ended: timezone.now()} if ended else {"due_at": timezone.now() + timedelta(days=1)}
    delivery = make_delivery(make_endpoint(workspace), attempts=9, **fields)

    assert delivery.replay()

    again = WebhookDelivery.claim(delivery.pk)
    assert again
    assert (again.event_id, again.body, again.attempts) == (delivery.event_id, delivery.body, 0)
    assert (again.delivered_at, again.given_up_at) == (None, None)


def test_nothing_is_replayed_to_an_endpoint_that_is_off(workspace: Workspace) -> None:
    delivery = make_delivery(make_endpoint(workspace, disabled_at=timezone.now()), given_up_at=timezone.now())

    assert not delivery.replay()
    assert WebhookDelivery.objects.get().due_at is None


def test_the_old_secret_signs_until_it_lapses(workspace: Workspace) -> None:
    old, now = new_signing_secret(), timezone.now()
    endpoint = make_endpoint(workspace, old_secret=old, old_secret_until=now + timedelta(hours=1))

    assert endpoint.secrets == [endpoint.signing_secret, old]
    endpoint.old_secret_until = now
    assert endpoint.secrets == [endpoint.signing_secret]


def test_a_hint_tells_secrets_apart_and_gives_none_away(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)

    assert endpoint.signing_secret_hint == f"whsec_…{endpoint.signing_secret[-4:]}"


def test_disabling_is_for_the_address_that_was_seen(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)
    delivery = make_delivery(endpoint)
    WebhookEndpoint.objects.update(url="https://new.example.org/")

    assert not endpoint.disable()

    assert WebhookEndpoint.objects.get().disabled_at is None
    assert WebhookDelivery.claim(delivery.pk)


def test_a_deleted_endpoint_is_out_of_sight_and_out_of_every_outbox(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)
    delivery = make_delivery(endpoint, delivered_at=timezone.now())

    endpoint.delete_softly()
    announce(workspace.pk, "video.completed", "video_1")

    assert not WebhookEndpoint.objects.in_workspace(workspace).exists()
    assert not delivery.replay()
    assert WebhookDelivery.objects.get() == delivery


@pytest.mark.parametrize("odd", ["\0", "\ud800"])
def test_an_id_that_no_database_holds_is_not_asked_for(db: None, odd: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert WebhookEndpoint.objects.named(odd).first() is None
