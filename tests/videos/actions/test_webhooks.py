from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from tests.factories import make_workspace
from tests.videos.hooks import make_delivery, make_endpoint
from tests.videos.ring import broker, rung
from videos import actions
from videos.actions import ActionError
from videos.actions.webhooks import ENDPOINTS_MAX
from videos.dispatch import DELIVER
from videos.models import User, WebhookDelivery, WebhookEndpoint, Workspace


def create(workspace: Workspace, **options: object) -> WebhookEndpoint:
    wanted = {"name": "Hook", "url": "https://hooks.example.org/in", "event_types": ["video.completed"], **options}
    return actions.create_endpoint(workspace=workspace, **wanted)  # type: ignore[arg-type]


def test_each_endpoint_has_a_secret_of_its_own(workspace: Workspace) -> None:
    first, second = create(workspace), create(workspace)

    assert first.signing_secret != second.signing_secret
    assert first.created_at == first.updated_at
    assert WebhookEndpoint.objects.get(pk=first.pk).signing_secret == first.signing_secret


def test_a_workspace_has_so_many_and_no_more(workspace: Workspace, charlie: User) -> None:
    for _ in range(ENDPOINTS_MAX):
        create(workspace)

    with pytest.raises(ActionError) as refused:
        create(workspace)

    assert (refused.value.status, refused.value.code) == (400, "webhook_endpoint_limit_reached")
    assert create(make_workspace("Other", owner=charlie))


def test_an_endpoint_stands_only_if_it_could_be_noted(workspace: Workspace) -> None:
    def note(endpoint: WebhookEndpoint) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        create(workspace, note=note)

    assert not WebhookEndpoint.objects.exists()


def test_only_what_is_new_is_a_change(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace, updated_at=timezone.now() - timedelta(days=1))
    before = endpoint.updated_at

    actions.update_endpoint(endpoint, name=endpoint.name, url=endpoint.url)
    assert WebhookEndpoint.objects.get().updated_at == before
    actions.update_endpoint(endpoint, name="Renamed", event_types=["video.failed"])

    changed = WebhookEndpoint.objects.get()
    assert (changed.name, changed.event_types, changed.url) == ("Renamed", ["video.failed"], endpoint.url)
    assert changed.updated_at > before


def test_at_another_address_it_is_switched_on(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace, disabled_at=timezone.now())

    actions.update_endpoint(endpoint, name="Renamed")
    assert WebhookEndpoint.objects.get().disabled_at
    actions.update_endpoint(endpoint, url="https://new.example.org/")
    assert WebhookEndpoint.objects.get().disabled_at is None


def test_a_rotated_secret_stops_at_once_or_a_day_later(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)
    first = endpoint.signing_secret

    actions.rotate_secret(endpoint, keep_old=True)
    second = endpoint.signing_secret
    kept = WebhookEndpoint.objects.get()
    assert kept.secrets == [second, first]
    assert kept.old_secret_until
    assert timedelta(hours=23, minutes=59) < kept.old_secret_until - timezone.now() <= timedelta(hours=24)

    actions.rotate_secret(endpoint, keep_old=False)
    last = WebhookEndpoint.objects.get()
    assert last.secrets == [last.signing_secret]
    assert last.signing_secret not in (first, second)
    assert last.old_secret == ""


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_slip_through_the_count(workspace: Workspace) -> None:
    def race() -> None:
        # A database of one writer may also refuse to wait.
        with suppress(ActionError, OperationalError):
            create(workspace)
        connection.close()

    def begin_another(endpoint: WebhookEndpoint) -> None:
        thread.start()
        thread.join(0.5)

    thread = threading.Thread(target=race)
    for _ in range(ENDPOINTS_MAX - 1):
        create(workspace)
    create(workspace, note=begin_another)
    thread.join()

    assert WebhookEndpoint.objects.count() == ENDPOINTS_MAX


def test_a_deleted_endpoint_makes_room_at_once_and_its_log_waits_for_the_machine(
    workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    endpoints = [create(workspace) for _ in range(ENDPOINTS_MAX)]
    for _ in range(20):
        make_delivery(endpoints[0])

    with django_assert_max_num_queries(1):
        actions.delete_endpoint(endpoints[0])

    assert not WebhookEndpoint.objects.in_workspace(workspace).filter(pk=endpoints[0].pk).exists()
    assert create(workspace)


def test_a_replay_rings_the_worker(workspace: Workspace, django_capture_on_commit_callbacks) -> None:
    delivery = make_delivery(make_endpoint(workspace), delivered_at=timezone.now())

    with broker("memory://") as app:
        with django_capture_on_commit_callbacks(execute=True):
            assert actions.replay_delivery(delivery)
        assert rung(app) == [(DELIVER, [delivery.endpoint_id])]
    assert WebhookDelivery.claim(delivery.pk)


def test_nothing_rings_for_an_endpoint_that_is_off(workspace: Workspace, django_capture_on_commit_callbacks) -> None:
    delivery = make_delivery(make_endpoint(workspace, disabled_at=timezone.now()), given_up_at=timezone.now())

    with django_capture_on_commit_callbacks() as rings:
        assert not actions.replay_delivery(delivery)

    assert rings == []
