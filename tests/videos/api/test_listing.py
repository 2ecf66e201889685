"""The list of `api/views.py`: its envelope, its order and its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_video
from tests.videos.api.wire import error_of
from videos.models import User, Video, Workspace

NOW = timezone.now()


def make_videos(workspace: Workspace, count: int, *, apart: timedelta = timedelta(seconds=1)) -> list[str]:
    """Their ids, the newest first."""
    return [make_video(workspace, created_at=NOW - apart * index).id for index in range(count)]


def page(api: Client, **query: Any) -> dict[str, Any]:
    response = api.get("/v1/videos", query)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    assert body.keys() == {"object", "data", "first_id", "last_id", "has_more"}
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [video["id"] for video in body["data"]]


NOTHING: dict[str, Any] = {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


def test_an_empty_workspace_has_an_empty_page(api: Client) -> None:
    assert page(api) == NOTHING


def test_the_newest_stands_first_and_asc_is_the_reverse(api: Client, workspace: Workspace) -> None:
    newest_first = make_videos(workspace, 5)

    assert ids(page(api)) == ids(page(api, order="desc")) == newest_first
    assert ids(page(api, order="asc")) == newest_first[::-1]


def test_twenty_stand_on_a_page_unless_told(api: Client, workspace: Workspace) -> None:
    made = make_videos(workspace, 21)

    assert (ids(page(api)), page(api)["has_more"]) == (made[:20], True)
    assert (ids(page(api, limit=21)), page(api, limit=21)["has_more"]) == (made, False)
    assert ids(page(api, limit=100)) == made


@pytest.mark.parametrize("order", ["desc", "asc"])
@pytest.mark.parametrize("apart", [timedelta(seconds=1), timedelta(0)])
def test_following_last_id_meets_each_once(api: Client, workspace: Workspace, order: str, apart: timedelta) -> None:
    made = make_videos(workspace, 5, apart=apart)
    seen: list[str] = []
    more: list[bool] = []
    query: dict[str, Any] = {"limit": 2, "order": order}

    while not more or more[-1]:
        body = page(api, **query)
        assert (body["first_id"], body["last_id"]) == (ids(body)[0], ids(body)[-1])
        seen += ids(body)
        more.append(body["has_more"])
        query["after"] = body["last_id"]

    assert sorted(seen) == sorted(made)
    assert more == [True, True, False]


def test_a_full_last_page_has_no_more(api: Client, workspace: Workspace) -> None:
    made = make_videos(workspace, 4)

    assert page(api, limit=2, after=made[1])["has_more"] is False
    assert page(api, limit=2, after=made[3]) == NOTHING


def test_a_page_of_nothing_is_empty(api: Client, workspace: Workspace) -> None:
    make_videos(workspace, 3)

    assert page(api, limit=0) == NOTHING
    assert page(api, after="after", limit=0, order="asc") == NOTHING


@pytest.mark.parametrize("limit", ["101", "-1", "x", "", "1.5", "1e1", "٣", " 5", "9" * 5000])
def test_a_wrong_limit_is_refused(api: Client, limit: str) -> None:
    error = error_of(api.get("/v1/videos", {"limit": limit}))

    assert (error["param"], error["code"]) == ("limit", "invalid_value")


@pytest.mark.parametrize("order", ["sideways", "", "DESC", "created_at"])
def test_a_wrong_order_is_refused(api: Client, order: str) -> None:
    error = error_of(api.get("/v1/videos", {"order": order}))

    assert (error["param"], error["code"]) == ("order", "invalid_value")


def test_deleting_all_while_iterating_meets_each_once(api: Client, workspace: Workspace) -> None:
    made = make_videos(workspace, 5)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}

    while True:
        body = page(api, **query)
        for video_id in ids(body):
            assert api.delete(f"/v1/videos/{video_id}").status_code == 200
        seen += ids(body)
        if not body["has_more"]:
            break
        query["after"] = body["last_id"]

    assert seen == made
    assert page(api) == NOTHING


def test_a_hidden_cursor_still_knows_its_place(api: Client, alice: User, workspace: Workspace) -> None:
    made = make_videos(workspace, 3)
    Video.objects.filter(pk=made[1]).update(hidden_at=NOW, hidden_by=alice)

    assert ids(page(api, after=made[1])) == made[2:]


def test_a_new_video_hides_no_older_one(api: Client, workspace: Workspace) -> None:
    made = make_videos(workspace, 4)
    first = page(api, limit=2)
    make_video(workspace, created_at=NOW + timedelta(seconds=5))

    assert ids(first) + ids(page(api, limit=2, after=first["last_id"])) == made


@pytest.mark.parametrize("after", ["after", "video_unknown", "a\x00b", "🐈", "x" * 2000])
def test_a_cursor_that_never_was_has_nothing_behind_it(api: Client, workspace: Workspace, after: str) -> None:
    make_videos(workspace, 2)

    assert page(api, after=after) == NOTHING


def test_a_foreign_cursor_is_like_an_unknown_one(api: Client, workspace: Workspace, charlie: User) -> None:
    make_videos(workspace, 2)
    theirs = make_video(charlie.workspaces().get(), created_at=NOW + timedelta(hours=1))

    assert page(api, after=theirs.id) == NOTHING
    assert theirs.id not in ids(page(api))


def test_deleted_hidden_and_foreign_videos_are_not_listed(
    api: Client, alice: User, workspace: Workspace, charlie: User
) -> None:
    kept, hidden, deleted = make_videos(workspace, 3)
    make_video(charlie.workspaces().get())
    Video.objects.filter(pk=hidden).update(hidden_at=NOW, hidden_by=alice)
    Video.objects.get(pk=deleted).delete_softly()

    assert ids(page(api)) == [kept]


def test_a_page_costs_a_fixed_number_of_queries(
    api: Client, workspace: Workspace, django_assert_max_num_queries
) -> None:
    make_videos(workspace, 30)
    page(api)

    with django_assert_max_num_queries(4):
        page(api, limit=30)
