from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_ready_video, make_video
from tests.videos.api.wire import error_of, post_json
from videos.models import ApiKey, Membership, User, Video, Workspace

ROUTES = [
    ("POST", "/v1/videos"),
    ("GET", "/v1/videos"),
    ("GET", "/v1/videos/video_x"),
    ("DELETE", "/v1/videos/video_x"),
    ("GET", "/v1/videos/video_x/content"),
    ("POST", "/v1/videos/video_x/remix"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/sora-2"),
]
SECRET = "sk-studio-abcdefghijklmnopqrstuvwxyz"


def key_of(user: User, workspace: Workspace) -> tuple[ApiKey, Client]:
    key, secret = ApiKey.issue(workspace=workspace, user=user, name="tests")
    return key, Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.django_db
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YWxpY2U6eA==", SECRET])
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_key_no_route_opens(method: str, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    response = Client(headers=headers).generic(method, path)

    error = error_of(response, 401)
    assert (error["param"], error["code"]) == (None, None)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert SECRET not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_wrong_key_opens_no_route_and_is_not_repeated(method: str, path: str) -> None:
    response = Client(headers={"Authorization": f"Bearer {SECRET}"}).generic(method, path)

    error = error_of(response, 401)
    assert error["code"] == "invalid_api_key"
    assert SECRET not in response.content.decode()
    assert SECRET[10:20] not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["short", "ключ-из-двадцати-букв", "a b", "x" * 10_000])
def test_odd_keys_are_only_wrong(key: str) -> None:
    response = Client(headers={"Authorization": f"Bearer {key}"}).get("/v1/videos")

    assert error_of(response, 401)["code"] == "invalid_api_key"
    assert len(response.content) < 300
    assert key not in response.json()["error"]["message"]


def test_the_scheme_is_read_in_any_case(alice: User, workspace: Workspace) -> None:
    _, secret = ApiKey.issue(workspace=workspace, user=alice, name="tests")

    for header in (f"bearer {secret}", f"BEARER  {secret}"):
        assert Client(headers={"Authorization": header}).get("/v1/videos").status_code == 200


def test_a_session_opens_no_route(as_alice: Client) -> None:
    error_of(as_alice.get("/v1/videos"), 401)
    error_of(post_json(as_alice, {"prompt": "x"}), 401)


def test_a_revoked_key_is_wrong(alice: User, workspace: Workspace) -> None:
    key, client = key_of(alice, workspace)
    assert client.get("/v1/videos").status_code == 200

    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())

    assert error_of(client.get("/v1/videos"), 401)["code"] == "invalid_api_key"


def test_the_key_of_an_inactive_person_is_wrong(alice: User, workspace: Workspace) -> None:
    _, client = key_of(alice, workspace)

    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert error_of(client.get("/v1/videos"), 401)["code"] == "invalid_api_key"


def test_the_key_of_a_removed_member_is_wrong_even_with_another_workspace_left(
    alice: User, workspace: Workspace, charlie: User
) -> None:
    _, client = key_of(alice, workspace)
    Membership.objects.create(workspace=charlie.workspaces().get(), user=alice)

    Membership.objects.filter(workspace=workspace, user=alice).delete()

    assert error_of(client.get("/v1/videos"), 401)["code"] == "invalid_api_key"


def test_a_viewers_key_reads_and_does_nothing_else(api_of_bob: Client, workspace: Workspace) -> None:
    video = make_ready_video(workspace)

    refused = [
        post_json(api_of_bob, {"prompt": "x"}),
        post_json(api_of_bob, {"prompt": "x"}, f"/v1/videos/{video.id}/remix"),
        api_of_bob.delete(f"/v1/videos/{video.id}"),
        api_of_bob.delete("/v1/videos/video_unknown"),
    ]

    assert [error_of(response, 403)["code"] for response in refused] == ["permission_denied"] * 4
    assert list(Video.objects.in_workspace(workspace)) == [video]
    assert api_of_bob.get("/v1/videos").json()["first_id"] == video.id
    assert api_of_bob.get(f"/v1/videos/{video.id}").status_code == 200


def test_a_key_sees_its_own_workspace_and_no_other_of_the_same_person(
    alice: User, workspace: Workspace, charlie: User
) -> None:
    elsewhere = charlie.workspaces().get()
    Membership.objects.create(workspace=elsewhere, user=alice)
    theirs = make_video(elsewhere)
    _, client = key_of(alice, workspace)

    assert client.get("/v1/videos").json()["data"] == []
    error_of(client.get(f"/v1/videos/{theirs.id}"), 404)


def test_the_use_of_a_key_is_noted_at_most_once_a_minute(alice: User, workspace: Workspace) -> None:
    key, client = key_of(alice, workspace)
    client.get("/v1/videos")
    key.refresh_from_db()
    first = key.last_used_at
    assert first

    client.get("/v1/videos")
    key.refresh_from_db()
    assert key.last_used_at == first

    ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    client.get("/v1/videos")
    key.refresh_from_db()
    assert key.last_used_at
    assert key.last_used_at >= first


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expires_at": timezone.now()}, "This API key has expired"),
        ({"revoked_at": timezone.now()}, "This API key was revoked"),
    ],
)
def test_who_holds_a_key_that_ended_is_told(
    workspace: Workspace, alice: User, fields: dict[str, datetime], words: str
) -> None:
    key, secret = ApiKey.issue(workspace=workspace, user=alice, name="tests")
    ApiKey.objects.filter(pk=key.pk).update(**fields)

    error = error_of(Client(headers={"Authorization": f"Bearer {secret}"}).get("/v1/videos"), 401)

    assert error["code"] == "invalid_api_key"
    assert error["message"].startswith(words)
    assert secret not in error["message"]
