from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_ready_video
from videos.models import Membership, User, Video, Workspace

PAGES = [
    "/w/meadow/create/",
    "/w/meadow/library/",
    "/w/meadow/live/",
    "/v/{id}/",
    "/v/{id}/remix/",
    "/v/{id}/delete/",
    "/v/{id}/media/video",
    "/v/{id}/media/thumbnail",
    "/v/{id}/download/video/",
]
POSTS = ["/w/meadow/create/", "/v/{id}/remix/", "/v/{id}/delete/"]


@pytest.mark.parametrize("path", ["/", "/me/keys/", *PAGES])
def test_who_is_not_signed_in_is_sent_there_and_back(client: Client, workspace: Workspace, path: str) -> None:
    path = path.format(id=make_ready_video(workspace).id)

    response = client.get(path)

    assert (response.status_code, response.headers["Location"]) == (302, f"/sign-in/?next={path}")


@pytest.mark.parametrize("path", ["/me/keys/", *POSTS])
def test_who_is_not_signed_in_posts_nothing(client: Client, workspace: Workspace, path: str) -> None:
    video = make_ready_video(workspace)

    response = client.post(path.format(id=video.id), {"prompt": "x", "name": "x"})

    assert response.headers["Location"].startswith("/sign-in/?next=/")
    assert list(Video.objects.in_workspace(workspace)) == [video]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_finds_nothing(as_charlie: Client, workspace: Workspace, path: str) -> None:
    video = make_ready_video(workspace, prompt="A secret of Meadow")

    response = as_charlie.get(path.format(id=video.id))

    assert response.status_code == 404
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("path", POSTS)
def test_a_stranger_changes_nothing(as_charlie: Client, workspace: Workspace, path: str) -> None:
    video = make_ready_video(workspace)

    assert as_charlie.post(path.format(id=video.id), {"prompt": "x"}).status_code == 404
    assert list(Video.objects.in_workspace(workspace)) == [video]


@pytest.mark.parametrize("path", POSTS)
def test_a_viewer_changes_nothing(as_bob: Client, workspace: Workspace, path: str) -> None:
    video = make_ready_video(workspace)

    response = as_bob.post(path.format(id=video.id), {"prompt": "x"})

    assert response.status_code == 403
    assert "Viewers" in response.content.decode()
    assert list(Video.objects.in_workspace(workspace)) == [video]


@pytest.mark.parametrize("path", [path for path in PAGES if "{id}" in path])
@pytest.mark.parametrize("gone", ["deleted", "hidden", "unknown", "NUL", "removed member"])
def test_what_is_gone_is_gone_on_every_page(
    as_alice: Client, alice: User, workspace: Workspace, path: str, gone: str
) -> None:
    video = make_ready_video(workspace)
    video_id = {"unknown": "video_unknown", "NUL": "a%00b"}.get(gone, video.id)
    if gone == "deleted":
        video.delete_softly()
    if gone == "hidden":
        Video.objects.update(hidden_at=timezone.now(), hidden_by=alice)
    if gone == "removed member":
        Membership.objects.filter(user=alice).delete()

    assert as_alice.get(path.format(id=video_id)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/w/meadow/library/", "/w/meadow/live/", "/v/{id}/", "/v/{id}/media/video", "/v/{id}/download/video/"]
)
def test_what_is_only_read_takes_no_post(as_alice: Client, workspace: Workspace, path: str) -> None:
    response = as_alice.post(path.format(id=make_ready_video(workspace).id))

    assert response.status_code == 405


@pytest.mark.parametrize("path", [*POSTS, "/me/keys/", "/sign-in/", "/sign-out/"])
def test_a_forged_post_is_refused(alice: User, workspace: Workspace, path: str) -> None:
    video = make_ready_video(workspace)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    response = strict.post(path.format(id=video.id), {"prompt": "x", "name": "x"})

    assert response.status_code == 403
    assert list(Video.objects.in_workspace(workspace)) == [video]
