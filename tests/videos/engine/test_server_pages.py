"""The server's list of videos, page by page."""

from __future__ import annotations

import pytest

from tests.videos.engine.answers import refused
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.running import serving


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A client of a server whose videos are all made here."""
    with serving(tmp_path_factory.mktemp("alone")) as client:
        yield client


@pytest.fixture
def five(alone):
    ids = [alone.post("/videos", json=LONG_FIELDS).json()["id"] for _ in range(5)]
    yield ids
    for video_id in ids:
        alone.delete(f"/videos/{video_id}")


def test_a_list_of_nothing_is_an_empty_page(alone):
    page = alone.get("/videos").json()

    assert page == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


@pytest.mark.parametrize("order", ["desc", "asc"])
def test_pages_follow_each_other_in_both_orders(alone, five, order):
    pages = list(pages_of(alone, {"limit": 2, "order": order}))

    seen = [[video["id"] for video in page["data"]] for page in pages]
    assert sum(seen, []) == (five if order == "asc" else five[::-1])
    assert [(page["first_id"], page["last_id"]) for page in pages] == [(ids[0], ids[-1]) for ids in seen]
    assert [page["has_more"] for page in pages] == [True, True, False]


def pages_of(client, query):
    page = client.get("/videos", params=query).json()
    yield page
    while page["has_more"]:
        page = client.get("/videos", params=query | {"after": page["last_id"]}).json()
        yield page


def test_a_deleted_video_still_marks_its_place(alone, five):
    alone.delete(f"/videos/{five[2]}")

    page = alone.get("/videos", params={"order": "asc", "after": five[2]}).json()

    assert [video["id"] for video in page["data"]] == five[3:]


def test_pages_may_be_empty(client, film_id):
    for query in ({"limit": 0}, {"after": "after"}, {"after": "after", "limit": 0, "order": "asc"}):
        page = client.get("/videos", params=query).json()
        assert (page["data"], page["first_id"], page["last_id"], page["has_more"]) == ([], None, None, False)
    assert client.get("/videos", params={"limit": 100}).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"), [("limit", "101"), ("limit", "-1"), ("limit", "x"), ("limit", ""), ("order", "sideways")]
)
def test_a_bad_query_is_refused(client, name, value):
    refused(client.get("/videos", params={name: value}), 400, "invalid_value", name)
