from __future__ import annotations

import html
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_ready_video, make_video
from tests.videos.batch_input import line, make_batch
from tests.videos.hooks import make_delivery, make_endpoint
from videos.models import (
    ApiKey,
    Asset,
    Batch,
    Character,
    File,
    Heartbeat,
    Membership,
    Phase,
    SignInLink,
    User,
    Video,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    Workspace,
)
from videos.models.api_key import SCOPES
from videos.models.workspace import digest

REGISTERED = list(admin.site._registry)
OURS = [
    ApiKey,
    Asset,
    Batch,
    Character,
    File,
    Heartbeat,
    Membership,
    SignInLink,
    User,
    Video,
    WebhookDelivery,
    WebhookEndpoint,
    Workspace,
]
MACHINE_MADE = [Asset, Batch, Character, File, Heartbeat, SignInLink, Video, WebhookDelivery, WebhookEndpoint]


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org", "a long password of root")


@pytest.fixture
def desk(root: User, workspace: Workspace) -> Client:
    """A superuser's browser, and one row of everything."""
    make_ready_video(workspace, prompt="A cat to moderate")
    make_video(workspace, phase=Phase.FAILED, prompt="x" * 500)
    ApiKey.issue(workspace=workspace, user=root, name="a key")
    SignInLink.issue(root)
    Heartbeat.beat("worker")
    make_batch(workspace, root, line("one"))
    film = {"file": "x.mp4", "size": 1, "sha256": "0" * 64, "width": 64, "height": 36, "duration": 2.0}
    Character.objects.create(workspace=workspace, created_by=root, name="Mia", **film)
    Group.objects.create(name="moderators")
    delivery = make_delivery(make_endpoint(workspace, url="https://hooks.example.org/tell-nobody?token=1"), attempts=1)
    WebhookAttempt.objects.create(delivery=delivery, status=503, milliseconds=12)
    client = Client()
    client.force_login(root)
    return client


def address(model: type[models.Model], page: str, *args: int | str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[quote(arg) for arg in args])


def run(client: Client, action: str, *rows: models.Model) -> Any:
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(address(type(rows[0]), "changelist"), data, follow=True)


def test_every_model_of_ours_is_there() -> None:
    assert set(OURS) <= set(REGISTERED)


@pytest.mark.parametrize("model", REGISTERED)
def test_every_list_search_and_row_opens(desk: Client, model: type[models.Model]) -> None:
    assert model._default_manager.exists()

    pages = [desk.get(address(model, "changelist")), desk.get(address(model, "changelist"), {"q": "cat"})]
    pages += [desk.get(address(model, "change", row.pk)) for row in model._default_manager.all()]

    assert [page.status_code for page in pages] == [200] * len(pages)


@pytest.mark.parametrize("model", OURS)
def test_every_list_can_be_searched_and_filtered(model: type[models.Model]) -> None:
    options = admin.site._registry[model]

    assert options.search_fields or model is Heartbeat
    assert options.list_filter


@pytest.mark.parametrize("model", OURS)
def test_what_the_machine_makes_nobody_adds_changes_or_removes(desk: Client, model: type[models.Model]) -> None:
    row = model._default_manager.first()
    assert row
    wanted = 403 if model in MACHINE_MADE else 200

    assert desk.get(address(model, "add")).status_code == wanted
    assert desk.get(address(model, "delete", row.pk)).status_code == wanted
    if model in MACHINE_MADE:
        assert desk.post(address(model, "change", row.pk), {"phase": "ready", "prompt": "forged"}).status_code == 403
        assert model._default_manager.get(pk=row.pk) == row


def test_a_video_shows_and_offers_no_field_to_type_in(desk: Client) -> None:
    video = Video.objects.get(phase=Phase.READY)

    page = desk.get(address(Video, "change", video.pk)).content.decode()

    assert "A cat to moderate" in page
    assert video.backend_video_id in page
    assert 'name="phase"' not in page
    assert 'name="prompt"' not in page


def test_a_key_is_shown_once_and_only_its_digest_is_stored(desk: Client, alice: User, workspace: Workspace) -> None:
    data = {"name": "from the desk", "user": alice.pk, "workspace": workspace.pk, "scopes": [*SCOPES]}

    page = html.unescape(desk.post(address(ApiKey, "add"), data, follow=True).content.decode())

    key = ApiKey.objects.get(name="from the desk")
    secret = page.split("shown only once: ")[1].split("<")[0].strip()
    assert digest(secret) == key.digest
    assert secret not in str(ApiKey.objects.filter(pk=key.pk).values_list().get())
    assert secret not in desk.get(address(ApiKey, "change", key.pk)).content.decode()
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/v1/videos").status_code == 200


def test_a_key_can_be_renamed_and_revoked(desk: Client) -> None:
    key = ApiKey.objects.get()
    data = {
        "name": "renamed",
        "user": key.user_id,
        "workspace": key.workspace_id,
        "prefix": "forged",
        "digest": "0" * 64,
    }

    assert desk.post(address(ApiKey, "change", key.pk), data).status_code == 302
    run(desk, "revoke", key)

    changed = ApiKey.objects.get()
    assert (changed.name, changed.prefix, changed.digest) == ("renamed", key.prefix, key.digest)
    assert changed.revoked_at


def test_hide_restore_and_delete(desk: Client, root: User, workspace: Workspace) -> None:
    videos = list(Video.objects.all())
    seen = Video.objects.in_workspace(workspace)

    assert "2 videos hidden" in run(desk, "hide", *videos).content.decode()
    assert not seen.exists()
    assert {video.hidden_by for video in Video.objects.all()} == {root}
    assert "0 videos hidden" in run(desk, "hide", *videos).content.decode()
    assert "2 videos restored" in run(desk, "restore", *videos).content.decode()
    assert seen.count() == 2
    run(desk, "delete_videos", videos[0])
    assert list(seen) == videos[1:]


def test_a_person_can_be_added_and_signs_in(desk: Client) -> None:
    password = "a long password of dora"
    data = {"email": "Dora@Example.org", "usable_password": "true", "password1": password, "password2": password}
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}

    response = desk.post(address(User, "add"), data | inline)

    assert response.status_code == 302, response.context["errors"]
    client = Client()
    client.post(
        "/sign-in/", {"username": User.objects.get(email__iexact="dora@example.org").email, "password": password}
    )
    assert "_auth_user_id" in client.session


def test_an_endpoint_shows_its_log_and_none_of_its_secrets(desk: Client) -> None:
    endpoint, delivery = WebhookEndpoint.objects.get(), WebhookDelivery.objects.get()

    page = desk.get(address(WebhookEndpoint, "change", endpoint.pk)).content.decode()

    assert "https://hooks.example.org" in page
    for shown in (delivery.event_id, "503", "12 ms", f"?endpoint__id__exact={endpoint.pk}"):
        assert shown in page
    assert "whsec_" not in page
    assert "tell-nobody" not in page
    assert "tell-nobody" not in desk.get(address(WebhookEndpoint, "changelist")).content.decode()
    assert "503" in desk.get(address(WebhookDelivery, "change", delivery.pk)).content.decode()
    listed = desk.get(address(WebhookDelivery, "changelist"), {"endpoint__id__exact": endpoint.pk})
    assert delivery.event_id in listed.content.decode()


def test_endpoints_are_switched_off_and_on(desk: Client) -> None:
    endpoint = WebhookEndpoint.objects.get()

    assert "1 endpoints disabled" in run(desk, "disable", endpoint).content.decode()
    assert WebhookDelivery.objects.get().given_up_at
    assert "1 endpoints enabled" in run(desk, "enable", endpoint).content.decode()
    assert "0 endpoints enabled" in run(desk, "enable", endpoint).content.decode()
    assert WebhookEndpoint.objects.get().disabled_at is None


def test_a_deleted_endpoint_is_not_shown_nor_its_deliveries(desk: Client) -> None:
    WebhookEndpoint.objects.get().delete_softly()
    event_id = WebhookDelivery.objects.get().event_id

    assert "hooks.example.org" not in desk.get(address(WebhookEndpoint, "changelist")).content.decode()
    assert event_id not in desk.get(address(WebhookDelivery, "changelist")).content.decode()


def test_deliveries_are_sent_again_unless_their_endpoint_is_off(desk: Client, workspace: Workspace) -> None:
    done = make_delivery(WebhookEndpoint.objects.get(), delivered_at=timezone.now())
    off = make_delivery(make_endpoint(workspace, disabled_at=timezone.now()), given_up_at=timezone.now())

    page = run(desk, "send_again", done, off).content.decode()

    assert "1 deliveries will be sent again" in page
    assert "1 not: their endpoint is disabled" in page
    again = WebhookDelivery.claim(done.pk)
    assert again
    assert again.event_id == done.event_id
    assert WebhookDelivery.claim(off.pk) is None


@pytest.mark.parametrize("path", ["/admin/", "/admin/videos/video/", "/admin/videos/apikey/add/"])
def test_the_desk_is_for_staff(as_alice: Client, client: Client, path: str) -> None:
    for visitor in (as_alice, client):
        assert visitor.get(path).status_code == 302
        assert visitor.get(path).headers["Location"].startswith("/admin/login/")


def test_staff_without_rights_see_and_do_nothing(as_alice: Client, alice: User, workspace: Workspace) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    video = make_ready_video(workspace)

    assert as_alice.get(address(Video, "changelist")).status_code == 403
    run(as_alice, "hide", video)
    assert Video.objects.get().hidden_at is None
