from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import add_asset, image, make_ready_video, make_video
from videos.models import Membership, User, Video, Workspace

PAGE = "/w/meadow/create/"
GOOD = {"prompt": "A calico cat", "model": "animatic-1", "size": "1280x720", "seconds": "8", "seed": "7"}


def test_a_prompt_becomes_a_queued_video(as_alice: Client, alice: User, workspace: Workspace) -> None:
    response = as_alice.post(PAGE, GOOD)

    assert (response.status_code, response.headers["Location"]) == (302, PAGE)
    video = Video.objects.get()
    assert (video.workspace, video.created_by, video.phase) == (workspace, alice, "queued")
    assert (video.prompt, video.model, video.size, video.seconds, video.seed) == (
        "A calico cat",
        "animatic-1",
        "1280x720",
        8,
        7,
    )
    page = as_alice.get(PAGE).content.decode()
    assert f"/v/{video.id}/" in page


def test_create_and_open_leads_to_the_video(as_alice: Client, workspace: Workspace) -> None:
    response = as_alice.post(PAGE, GOOD | {"open": "1"})

    assert response.headers["Location"] == f"/v/{Video.objects.get().id}/"


def test_no_seed_means_a_random_one(as_alice: Client, workspace: Workspace) -> None:
    for _ in range(2):
        as_alice.post(PAGE, GOOD | {"seed": ""})

    one, two = Video.objects.all()
    assert one.seed != two.seed


def test_a_page_never_makes_a_video_under_an_alias_by_itself(as_alice: Client, workspace: Workspace) -> None:
    as_alice.post(PAGE, {"prompt": "A cat"})

    assert Video.objects.get().model == "animatic-1"


def test_the_composer_starts_with_a_whole_recipe(as_alice: Client, workspace: Workspace) -> None:
    form = as_alice.get(PAGE).context["form"]

    values = {name: form[name].value() for name in ("prompt", "model", "size", "seconds", "seed")}
    assert values == {"prompt": None, "model": "animatic-1", "size": "1280x720", "seconds": "4", "seed": None}


def test_a_recipe_in_the_address_fills_the_composer(as_alice: Client, workspace: Workspace) -> None:
    response = as_alice.get(PAGE, GOOD | {"prompt": "<b>bold</b>", "junk": "x"})

    form = response.context["form"]
    assert {name: form[name].value() for name in GOOD} == GOOD | {"prompt": "<b>bold</b>"}
    assert "<b>bold</b>" not in response.content.decode()
    assert "<b>bold</b>" in html.unescape(response.content.decode())


def test_the_latest_videos_of_the_workspace_stand_below(
    as_alice: Client, alice: User, workspace: Workspace, charlie: User
) -> None:
    now = timezone.now()
    made = [make_ready_video(workspace, created_at=now - timedelta(seconds=age)) for age in range(13)]
    make_video(charlie.workspaces().get())
    make_video(workspace, hidden_at=now, hidden_by=alice)

    assert list(as_alice.get(PAGE).context["latest"]) == made[:12]


def test_a_viewer_sees_the_page_and_may_not_post(as_bob: Client, workspace: Workspace) -> None:
    looked, tried = as_bob.get(PAGE), as_bob.post(PAGE, GOOD)

    assert looked.status_code == 200
    assert looked.context["can_make"] is False
    assert tried.status_code == 403
    assert not Video.objects.exists()


def test_an_editor_may_post(as_bob: Client, workspace: Workspace) -> None:
    Membership.objects.filter(user__email="bob@example.org").update(role=Membership.Role.EDITOR)

    assert as_bob.post(PAGE, GOOD).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_told_nothing(as_charlie: Client, workspace: Workspace, method: str) -> None:
    theirs = getattr(as_charlie, method)(PAGE, GOOD)
    nowhere = getattr(as_charlie, method)("/w/nowhere/create/", GOOD)

    assert theirs.status_code == nowhere.status_code == 404
    assert "Meadow" not in theirs.content.decode()
    assert not Video.objects.exists()


def test_only_get_and_post(as_alice: Client, workspace: Workspace) -> None:
    assert as_alice.put(PAGE).status_code == 405
    assert as_alice.head(PAGE).status_code == 200


def test_a_post_without_its_token_is_refused(alice: User, workspace: Workspace) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    assert strict.post(PAGE, GOOD).status_code == 403
    assert not Video.objects.exists()

    token = strict.get(PAGE).context["csrf_token"]
    assert strict.post(PAGE, GOOD | {"csrfmiddlewaretoken": str(token)}).status_code == 302


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"garbage", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b'{"prompt": "A cat"}', "application/json"),
        (b"", "application/x-www-form-urlencoded"),
        (b"a=1&" * 1100, "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_form_makes_nothing(
    as_alice: Client, workspace: Workspace, data: bytes, content_type: str
) -> None:
    response = as_alice.post(PAGE, data, content_type=content_type)

    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/html")
    assert not Video.objects.exists()


def test_a_video_fills_the_composer_with_its_recipe(as_alice: Client, workspace: Workspace) -> None:
    made = make_video(workspace, prompt="A fox " * 5000, size="720x1280", seconds=8, seed=7, model="sora-2")

    initial = as_alice.get(f"/w/{workspace.slug}/create/", {"from": made.id}).context["form"].initial

    assert initial == {"prompt": made.prompt, "model": "animatic-1", "size": "720x1280", "seconds": "8", "seed": 7}


def test_a_reference_image_is_not_dropped_silently(as_alice: Client, workspace: Workspace) -> None:
    plain, led = make_video(workspace), make_video(workspace)
    add_asset(led, "reference", image("PNG", (64, 36)))

    page = as_alice.get(PAGE, {"from": led.id})

    assert page.context["recipe_video"] == led
    assert f'href="/v/{led.id}/media/reference"' in page.content.decode()
    assert "began with" not in as_alice.get(PAGE, {"from": plain.id}).content.decode()
    assert as_alice.get(PAGE).context["recipe_video"] is None


def test_a_video_of_another_workspace_fills_nothing(as_charlie: Client, charlie: User, workspace: Workspace) -> None:
    hers = make_video(workspace, prompt="A secret fox")
    slug = charlie.workspaces().get().slug

    page = as_charlie.get(f"/w/{slug}/create/", {"from": hers.id})

    assert "secret fox" not in page.content.decode()
    assert page.context["recipe_video"] is None
