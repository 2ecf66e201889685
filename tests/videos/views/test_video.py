from __future__ import annotations

import html

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import add_asset, image, make_ready_video, make_video
from videos.models import Phase, User, Video, Workspace


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_page(as_alice: Client, workspace: Workspace, phase: Phase) -> None:
    video = make_video(workspace, phase=phase, prompt="A <b>cat</b> & a dog")

    response = as_alice.get(f"/v/{video.id}/")

    assert response.status_code == 200
    page = response.content.decode()
    assert "A &lt;b&gt;cat&lt;/b&gt; &amp; a dog" in page
    assert "<b>cat</b>" not in page
    assert response.context["can_remix"] == (phase == Phase.READY)


def test_a_failed_video_says_why(as_alice: Client, workspace: Workspace) -> None:
    video = make_video(workspace, phase=Phase.FAILED)

    assert "The backend ran out of paint." in as_alice.get(f"/v/{video.id}/").content.decode()


def test_a_finished_video_plays_and_offers_each_file(as_alice: Client, workspace: Workspace) -> None:
    video = make_ready_video(workspace)
    add_asset(video, "reference", image("PNG", (64, 36)))

    page = as_alice.get(f"/v/{video.id}/").content.decode()

    assert f"/v/{video.id}/media/video" in page
    for variant in ("video", "thumbnail", "spritesheet", "reference"):
        assert f"/v/{video.id}/download/{variant}/" in page
        assert as_alice.head(f"/v/{video.id}/download/{variant}/").status_code == 200
    assert f"/v/{video.id}/delete/" in page


def test_a_viewer_is_offered_nothing_that_is_refused(as_bob: Client, workspace: Workspace) -> None:
    video = make_ready_video(workspace)

    page = as_bob.get(f"/v/{video.id}/").content.decode()

    assert f'href="/v/{video.id}/delete/"' not in page
    assert f'action="/v/{video.id}/remix/"' not in page
    assert f"/v/{video.id}/download/video/" in page


def test_lineage_leads_both_ways(as_alice: Client, workspace: Workspace) -> None:
    source = make_ready_video(workspace)
    remix = make_ready_video(workspace, operation="remix", source=source)

    assert as_alice.get(f"/v/{remix.id}/").context["source"] == source
    assert list(as_alice.get(f"/v/{source.id}/").context["remixes"]) == [remix]

    source.delete_softly()
    response = as_alice.get(f"/v/{remix.id}/")
    assert response.context["source"] is None
    assert f'href="/v/{source.id}/"' not in response.content.decode()


# --- remix ---------------------------------------------------------------------------------------


def test_a_remix_leads_to_the_new_video(as_alice: Client, alice: User, workspace: Workspace) -> None:
    source = make_ready_video(workspace, seed=5)

    response = as_alice.post(f"/v/{source.id}/remix/", {"prompt": "At night", "seed": ""})

    remix = Video.objects.get(source=source)
    assert response.headers["Location"] == f"/v/{remix.id}/"
    assert (remix.prompt, remix.size, remix.seconds, remix.seed) == ("At night", source.size, source.seconds, 5)
    assert (remix.created_by, remix.workspace) == (alice, workspace)


@pytest.mark.parametrize("phase", [Phase.QUEUED, Phase.GENERATING, Phase.FAILED])
def test_only_a_finished_video_can_be_remixed(as_alice: Client, workspace: Workspace, phase: Phase) -> None:
    source = make_video(workspace, phase=phase)

    response = as_alice.post(f"/v/{source.id}/remix/", {"prompt": "At night"})

    assert response.status_code == 400
    assert "is not completed, so it cannot be used" in html.unescape(response.content.decode())
    assert response.context["form"]["prompt"].value() == "At night"
    assert Video.objects.count() == 1
    assert as_alice.get(f"/v/{source.id}/remix/").status_code == 200


def test_what_has_expired_is_told(as_alice: Client, workspace: Workspace) -> None:
    source = make_ready_video(workspace, expires_at=timezone.now())

    response = as_alice.post(f"/v/{source.id}/remix/", {"prompt": "At night"})

    assert response.status_code == 400
    assert "have expired" in html.unescape(response.content.decode())


# --- delete --------------------------------------------------------------------------------------


def test_deleting_asks_first(as_alice: Client, workspace: Workspace) -> None:
    video = make_ready_video(workspace)

    response = as_alice.get(f"/v/{video.id}/delete/")

    assert response.status_code == 200
    assert Video.objects.in_workspace(workspace).exists()


@pytest.mark.parametrize("phase", Phase)
def test_deleting_leads_back_to_the_library(as_alice: Client, workspace: Workspace, phase: Phase) -> None:
    video = make_video(workspace, phase=phase)

    response = as_alice.post(f"/v/{video.id}/delete/")

    assert (response.status_code, response.headers["Location"]) == (302, "/w/meadow/library/")
    assert not Video.objects.in_workspace(workspace).exists()
    assert as_alice.post(f"/v/{video.id}/delete/").status_code == 404
    assert as_alice.get("/w/meadow/library/").status_code == 200
