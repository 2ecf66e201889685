from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_ready_video, make_video
from videos import contract
from videos.models import Phase, User, Video, Workspace
from videos.views.library import LIVE_MAX, PAGE_SIZE

PAGE, LIVE = "/w/meadow/library/", "/w/meadow/live/"
NOW = timezone.now()


def make_videos(workspace: Workspace, count: int) -> list[Video]:
    return [make_video(workspace, created_at=NOW - timedelta(seconds=age)) for age in range(count)]


def shown(client: Client, address: str = PAGE, **query: str) -> list[Video]:
    response = client.get(address, query)
    assert response.status_code == 200
    return list(response.context["videos"])


def test_an_empty_library_says_so(as_alice: Client, workspace: Workspace) -> None:
    response = as_alice.get(PAGE)

    assert (response.status_code, response.context["is_empty"]) == (200, True)
    assert "/w/meadow/create/" in response.content.decode()


def test_pages_follow_each_other_without_loss(as_alice: Client, workspace: Workspace) -> None:
    made = make_videos(workspace, 2 * PAGE_SIZE + 1)
    seen: list[Video] = []
    address = PAGE

    while True:
        response = as_alice.get(address)
        seen += response.context["videos"]
        if not response.context["next_page"]:
            break
        address = PAGE + response.context["next_page"]

    assert seen == made


def test_a_page_continues_behind_a_deleted_video(as_alice: Client, workspace: Workspace) -> None:
    made = make_videos(workspace, 3)
    made[1].delete_softly()

    assert shown(as_alice, after=made[1].id) == made[2:]


@pytest.mark.parametrize("after", ["video_unknown", "a\x00b", "🐈"])
def test_an_unknown_place_is_the_beginning(as_alice: Client, workspace: Workspace, after: str) -> None:
    made = make_videos(workspace, 2)

    assert shown(as_alice, after=after) == made


@pytest.mark.parametrize("status", contract.STATUSES)
def test_a_status_shows_its_own(as_alice: Client, workspace: Workspace, status: str) -> None:
    for phase in Phase:
        make_video(workspace, phase=phase)

    found = shown(as_alice, status=status)

    assert found
    assert {video.status for video in found} == {status}
    assert len(found) == sum(video.status == status for video in Video.objects.all())


def test_an_unknown_status_filters_nothing(as_alice: Client, workspace: Workspace) -> None:
    made = make_videos(workspace, 2)

    assert shown(as_alice, status="dancing") == made


def test_a_search_finds_all_its_words_in_any_order_and_case(as_alice: Client, workspace: Workspace) -> None:
    both = make_video(workspace, prompt="A Calico CAT at the piano")
    make_video(workspace, prompt="A dog at the piano")
    percent = make_video(workspace, prompt="100% cotton_wool")

    assert shown(as_alice, q=" piano  cat ") == [both]
    assert shown(as_alice, q="%") == [percent]
    assert shown(as_alice, q="_") == [percent]
    assert shown(as_alice, q="horse") == []
    assert len(shown(as_alice, q="\x00")) == 3


def test_filters_stay_on_the_next_page(as_alice: Client, workspace: Workspace) -> None:
    make_videos(workspace, PAGE_SIZE + 1)

    response = as_alice.get(PAGE, {"status": "queued", "q": "cat & piano"})
    assert response.context["next_page"] == ""

    response = as_alice.get(PAGE, {"status": "queued", "q": "cat"})
    assert "status=queued&q=cat&after=" in response.context["next_page"]


def test_a_search_text_is_never_markup(as_alice: Client, workspace: Workspace) -> None:
    make_videos(workspace, 1)

    page = as_alice.get(PAGE, {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in page


def test_only_what_the_workspace_may_see(as_alice: Client, alice: User, workspace: Workspace, charlie: User) -> None:
    kept = make_video(workspace)
    make_video(workspace, hidden_at=NOW, hidden_by=alice)
    make_video(charlie.workspaces().get())

    assert shown(as_alice) == [kept]


def test_a_page_costs_a_fixed_number_of_queries(
    as_alice: Client, workspace: Workspace, django_assert_max_num_queries
) -> None:
    for _ in range(12):
        make_ready_video(workspace)

    with django_assert_max_num_queries(12):
        assert len(shown(as_alice)) == 12


# --- live ----------------------------------------------------------------------------------------


def live(client: Client, *videos: Video | str, **options: Any) -> Any:
    ids = ",".join(video if isinstance(video, str) else video.id for video in videos)
    return client.get(LIVE, {"ids": ids, **options.pop("query", {})}, **options)


def test_cards_come_fresh(as_alice: Client, workspace: Workspace) -> None:
    running, ready = make_video(workspace, phase=Phase.GENERATING), make_ready_video(workspace)

    answer = live(as_alice, running, ready).json()["videos"]

    assert {key: answer[running.id][key] for key in ("status", "progress", "final")} == {
        "status": "in_progress",
        "progress": 37,
        "final": False,
    }
    assert (answer[ready.id]["status"], answer[ready.id]["final"]) == ("completed", True)
    assert f"/v/{ready.id}/" in answer[ready.id]["html"]


def test_nothing_new_is_a_304(as_alice: Client, workspace: Workspace) -> None:
    video = make_video(workspace, phase=Phase.SUBMITTED)
    etag = live(as_alice, video).headers["ETag"]

    assert live(as_alice, video, headers={"If-None-Match": etag}).status_code == 304

    video.report(5, look_after=timedelta(0))
    assert live(as_alice, video, headers={"If-None-Match": etag}).status_code == 200


def test_gone_and_foreign_videos_are_not_answered(as_alice: Client, workspace: Workspace, charlie: User) -> None:
    deleted, kept = make_video(workspace), make_video(workspace)
    deleted.delete_softly()
    theirs = make_video(charlie.workspaces().get())

    assert list(live(as_alice, deleted, kept, theirs, "x", "a\x00b", "").json()["videos"]) == [kept.id]


def test_a_stage_is_not_a_card(as_alice: Client, workspace: Workspace) -> None:
    video = make_ready_video(workspace)

    card = live(as_alice, video).json()["videos"][video.id]["html"]
    stage = live(as_alice, video, query={"part": "stage"}).json()["videos"][video.id]["html"]

    assert card != stage
    assert "<video" in stage
    assert live(as_alice, video, query={"part": "../settings"}).json()["videos"][video.id]["html"] == card


def test_nobody_asks_for_endlessly_many(as_alice: Client, workspace: Workspace) -> None:
    made = [make_video(workspace) for _ in range(LIVE_MAX + 1)]

    assert len(live(as_alice, *made).json()["videos"]) == LIVE_MAX
