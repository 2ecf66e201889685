"""C43 to C52: the list of a project's videos, and walking through it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from tests.contract.envelope import accepted, refused
from tests.contract.target import Target
from tests.contract.wire import LIST_KEYS
from tests.contract.workshop import Crowd

EMPTY: dict[str, Any] = {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


def page(client: httpx.Client, **query: Any) -> dict[str, Any]:
    return accepted(client.get("/videos", params={name: value for name, value in query.items() if value is not None}))


def ids_of(found: dict[str, Any]) -> list[str]:
    return [video["id"] for video in found["data"]]


def pages(client: httpx.Client, *, after: str | None = None, **query: Any) -> Iterator[dict[str, Any]]:
    """As the SDKs do it: the next page is `after` the last id of this one."""
    while True:
        found = page(client, after=after, **query)
        yield found
        if not found["has_more"]:
            return
        after = found["last_id"]


def walk(client: httpx.Client, **query: Any) -> list[str]:
    return [video_id for found in pages(client, **query) for video_id in ids_of(found)]


class Row:
    """Five new videos, oldest first, and the id of the newest before them."""

    def __init__(self, client: httpx.Client, target: Target) -> None:
        self.client, self.target = client, target
        self.before: str | None = page(client, limit=1)["first_id"]
        self.ids = [self.add() for _ in range(5)]

    def add(self) -> str:
        video_id: str = accepted(self.client.post("/videos", json=self.target.order()))["id"]
        return video_id


@pytest.fixture(scope="module")
def shelf(target: Target, server: httpx.Client) -> Iterator[httpx.Client]:
    """A client of a project of its own, where we can have one."""
    if not target.studio:
        yield server
        return
    with target.client(target.issue_key(workspace_of="shelf@studio.example")) as client:
        yield client


@pytest.fixture
def row(shelf: httpx.Client, target: Target) -> Iterator[Row]:
    made = Row(shelf, target)
    yield made
    for video_id in made.ids:
        shelf.delete(f"/videos/{video_id}")


@pytest.mark.c(43)
@pytest.mark.engine
def test_the_envelope_has_five_keys(shelf: httpx.Client, row: Row) -> None:
    found = page(shelf, limit=2)

    assert set(found) == LIST_KEYS
    assert found["object"] == "list"
    assert (found["first_id"], found["last_id"]) == (row.ids[4], row.ids[3])
    assert found["has_more"] is True
    assert [video["object"] for video in found["data"]] == ["video", "video"]


@pytest.mark.c(43)
def test_an_empty_project(target: Target) -> None:
    key = target.issue_key(workspace_of="nobody@studio.example") if target.studio else target.other_key()
    with target.client(key) as client:
        found = page(client)
    if found["data"] and not target.studio:
        target.not_applicable("the project of OTHER_API_KEY is not empty")
    assert found == EMPTY


@pytest.mark.c(44)
@pytest.mark.engine
def test_newest_first_and_asc_is_the_exact_reverse(shelf: httpx.Client, row: Row) -> None:
    newest, oldest = walk(shelf, limit=100), walk(shelf, limit=100, order="asc")

    assert newest[:5] == row.ids[::-1]
    assert newest == walk(shelf, limit=100, order="desc")
    assert oldest == newest[::-1]


@pytest.mark.c(45)
@pytest.mark.engine
def test_pages_of_two_over_five_videos(shelf: httpx.Client, row: Row) -> None:
    found = list(pages(shelf, limit=2, order="asc", after=row.before))

    assert [video_id for one in found for video_id in ids_of(one)] == row.ids
    assert [one["has_more"] for one in found] == [True, True, False]
    assert [(one["first_id"], one["last_id"]) for one in found] == [
        (row.ids[0], row.ids[1]),
        (row.ids[2], row.ids[3]),
        (row.ids[4], row.ids[4]),
    ]
    assert walk(shelf, limit=2)[:5] == row.ids[::-1]


@pytest.mark.c(46)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("limit", [100, 33])
def test_the_sdk_visits_250_videos_once(crowd: Crowd, card, limit: int) -> None:
    card.client(f"openai-python {openai.__version__}")
    with openai.OpenAI(base_url=crowd.target.url, api_key=crowd.target.key) as sdk:
        visited = [video.id for video in sdk.videos.list(limit=limit)]
        plain = [video.id for video in sdk.videos.list()]

    assert len(visited) == len({*visited})
    assert {*crowd.ids} <= {*visited}
    assert plain == visited


@pytest.mark.c(47)
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_videos_of_one_second_page_without_loss(crowd: Crowd, order: str) -> None:
    with crowd.target.client() as client:
        seconds = Counter(video["created_at"] for found in pages(client, limit=100) for video in found["data"])
        assert max(seconds.values()) > 3, "no second holds enough of them"

        visited = walk(client, limit=3, order=order)

    assert len(visited) == len({*visited})
    assert {*crowd.ids} <= {*visited}


@pytest.mark.c(48)
@pytest.mark.engine
def test_limits(shelf: httpx.Client, row: Row) -> None:
    assert page(shelf, limit=0) == EMPTY
    assert ids_of(page(shelf, limit=100))[:5] == row.ids[::-1]
    assert ids_of(page(shelf, limit=1)) == [row.ids[4]]
    for bad in ("101", "-1", "x", "1.5"):
        refused(shelf.get("/videos", params={"limit": bad}), 400, param="limit", code="invalid_value")


@pytest.mark.c(49)
@pytest.mark.engine
def test_unknown_orders(shelf: httpx.Client) -> None:
    refused(shelf.get("/videos", params={"order": "sideways"}), 400, param="order", code="invalid_value")


@pytest.mark.c(50)
@pytest.mark.engine
def test_after_a_deleted_video_the_list_goes_on_at_the_right_place(shelf: httpx.Client, row: Row) -> None:
    shelf.delete(f"/videos/{row.ids[2]}")

    assert ids_of(page(shelf, limit=2, after=row.ids[2])) == [row.ids[1], row.ids[0]]
    assert ids_of(page(shelf, limit=2, after=row.ids[2], order="asc")) == [row.ids[3], row.ids[4]]


@pytest.mark.c(50)
def test_deleting_every_video_while_iterating_visits_each_once(shelf: httpx.Client, row: Row) -> None:
    visited = []
    for found in pages(shelf, limit=2, order="asc", after=row.before):
        for video_id in ids_of(found):
            visited.append(video_id)
            assert shelf.delete(f"/videos/{video_id}").status_code == 200

    assert visited == row.ids


@pytest.mark.c(50)
def test_the_sdk_deletes_while_it_iterates(shelf: httpx.Client, target: Target, row: Row, sdk: openai.OpenAI) -> None:
    with sdk.with_options(api_key=shelf.headers["Authorization"].removeprefix("Bearer ")) as ours:
        visited = []
        for video in ours.videos.list(limit=2):
            if video.id in row.ids:
                visited.append(video.id)
                assert ours.videos.delete(video.id).deleted

    assert visited == row.ids[::-1]


@pytest.mark.c(51)
@pytest.mark.engine
def test_after_an_id_that_never_was(shelf: httpx.Client, row: Row) -> None:
    assert page(shelf, after="after") == EMPTY
    assert page(shelf, after="after", limit=0, order="asc") == EMPTY


@pytest.mark.c(52)
@pytest.mark.engine
def test_new_videos_do_not_disturb_the_pages_of_older_ones(shelf: httpx.Client, row: Row) -> None:
    visited: list[str] = []
    added: list[str] = []
    for found in pages(shelf, limit=2):
        visited += ids_of(found)
        if len(added) < 3:
            added.append(row.add())

    assert visited[:5] == row.ids[::-1]
    assert len(visited) == len({*visited})
    row.ids += added
