"""Files, C101."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract import media
from tests.contract.clients import CLIENTS, Driver
from tests.contract.envelope import accepted, enveloped
from tests.contract.scorecard import Scorecard
from tests.contract.sdks import drive
from tests.contract.sources import offered, ordering, upload_file
from tests.contract.target import Target
from tests.contract.wire import FORM, LIST_KEYS, Part, chunked, multipart

pytestmark = pytest.mark.c(101)

KEYS = {"id", "object", "bytes", "created_at", "filename", "purpose", "status"}
DATA = b'{"any": "bytes"}\n' * 3


class Shelf:
    """Uploads files that are deleted after the test."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.ids: list[str] = []

    def __call__(self, data: bytes = DATA, purpose: str = "user_data", filename: str = "notes.jsonl") -> dict[str, Any]:
        made = upload_file(self.client, data, purpose, filename)
        self.ids.append(made["id"])
        return made


@pytest.fixture
def shelf(server: httpx.Client) -> Iterator[Shelf]:
    found = Shelf(server)
    yield found
    for file_id in found.ids:
        server.delete(f"/files/{file_id}")


@pytest.mark.parametrize("purpose", ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"])
def test_an_upload_of_any_purpose_is_processed_at_once(shelf: Shelf, purpose: str) -> None:
    made = shelf(purpose=purpose)

    assert set(made) >= KEYS
    assert (made["object"], made["bytes"], made["filename"]) == ("file", len(DATA), "notes.jsonl")
    assert (made["purpose"], made["status"]) == (purpose, "processed")
    assert type(made["created_at"]) is int
    assert abs(made["created_at"] - time.time()) < 300
    assert made.get("expires_at") is None


def test_retrieve_shows_what_the_upload_made(shelf: Shelf) -> None:
    made = shelf()

    assert accepted(shelf.client.get(f"/files/{made['id']}")) == made


def test_the_content_is_the_bytes(shelf: Shelf) -> None:
    data = bytes(range(256)) * 1000
    made = shelf(data, filename="any.bin")

    answer = shelf.client.get(f"/files/{made['id']}/content")

    assert answer.status_code == 200
    assert answer.content == data


def test_a_file_may_come_in_chunks_before_its_purpose(shelf: Shelf) -> None:
    body = multipart(Part("file", DATA, "upload", "application/octet-stream"), Part("purpose", "user_data"))

    answer = shelf.client.post("/files", content=chunked(body), headers={"Content-Type": FORM})
    offered(answer)

    made = accepted(answer)
    shelf.ids.append(made["id"])
    assert made["bytes"] == len(DATA)


def test_a_deleted_file_is_gone(shelf: Shelf) -> None:
    made = shelf()

    deleted = accepted(shelf.client.delete(f"/files/{made['id']}"))

    assert deleted == {"id": made["id"], "object": "file", "deleted": True}
    for answer in (
        shelf.client.get(f"/files/{made['id']}"),
        shelf.client.get(f"/files/{made['id']}/content"),
        shelf.client.delete(f"/files/{made['id']}"),
    ):
        assert enveloped(answer, 404)["type"] == "invalid_request_error"
    assert made["id"] not in [it["id"] for it in shelf.client.get("/files").json()["data"]]


def test_list_pages_in_both_orders(shelf: Shelf) -> None:
    newest_first = [shelf(purpose="evals", filename=f"{n}.txt")["id"] for n in range(5)][::-1]
    query = {"purpose": "evals", "limit": "2"}

    first = shelf.client.get("/files", params=query).json()
    assert set(first) == LIST_KEYS
    assert [it["id"] for it in first["data"]] == newest_first[:2]
    assert (first["object"], first["has_more"]) == ("list", True)
    assert (first["first_id"], first["last_id"]) == (newest_first[0], newest_first[1])

    second = shelf.client.get("/files", params={**query, "after": first["last_id"]}).json()
    assert [it["id"] for it in second["data"]] == newest_first[2:4]

    oldest_first = shelf.client.get("/files", params={"purpose": "evals", "order": "asc"}).json()["data"]
    oldest_first = [it["id"] for it in oldest_first]
    assert [it for it in oldest_first if it in newest_first] == newest_first[::-1]


def test_list_shows_one_purpose_if_asked(shelf: Shelf) -> None:
    wanted, other = shelf(purpose="vision")["id"], shelf(purpose="evals")["id"]

    listed = [it["id"] for it in shelf.client.get("/files", params={"purpose": "vision"}).json()["data"]]

    assert wanted in listed
    assert other not in listed


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "10001"), ("limit", "x"), ("order", "sideways")])
def test_queries_out_of_range_are_refused(shelf: Shelf, name: str, value: str) -> None:
    shelf()

    assert enveloped(shelf.client.get("/files", params={name: value}), 400)["param"] == name


def lifetime(anchor: str, seconds: str) -> dict[str, str]:
    return {"purpose": "user_data", "expires_after[anchor]": anchor, "expires_after[seconds]": seconds}


FILE = {"file": ("notes.jsonl", DATA)}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no file": ({"files": {"purpose": (None, "batch")}}, "file"),
    "a text for a file": ({"files": {"purpose": (None, "batch"), "file": (None, "text")}}, "file"),
    "no purpose": ({"files": FILE}, "purpose"),
    "an unknown purpose": ({"files": FILE, "data": {"purpose": "holidays"}}, "purpose"),
    "a lifetime too short": ({"files": FILE, "data": lifetime("created_at", "9")}, "expires_after"),
    "an unknown anchor": ({"files": FILE, "data": lifetime("tomorrow", "3600")}, "expires_after"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_uploads_are_refused(shelf: Shelf, name: str) -> None:
    shelf()
    request, param = BAD[name]

    error = enveloped(shelf.client.post("/files", **request), 400)

    assert error["type"] == "invalid_request_error"
    assert (error["param"] or "").startswith(param)


def test_a_file_may_have_a_lifetime(shelf: Shelf) -> None:
    made = accepted(shelf.client.post("/files", data=lifetime("created_at", "3600"), files=FILE))
    shelf.ids.append(made["id"])

    assert made["expires_at"] == made["created_at"] + 3600


def test_another_project_cannot_see_it(shelf: Shelf, stranger: httpx.Client) -> None:
    made = shelf()

    enveloped(stranger.get(f"/files/{made['id']}"), 404)
    enveloped(stranger.get(f"/files/{made['id']}/content"), 404)
    enveloped(stranger.delete(f"/files/{made['id']}"), 404)
    assert made["id"] not in [it["id"] for it in stranger.get("/files").json()["data"]]
    assert shelf.client.get(f"/files/{made['id']}").status_code == 200


def test_a_queued_video_that_uses_a_deleted_file_still_finishes_and_shows_it(shelf: Shelf, target: Target) -> None:
    image = media.scene(("orange", "navy", "white"))
    made = shelf(image, "vision", "scene.png")
    with ordering(shelf.client) as order:
        video = order("/videos", json=target.order(input_reference={"file_id": made["id"]}))
        assert shelf.client.delete(f"/files/{made['id']}").status_code == 200

        order.wait(video)

        assert media.difference(media.first_frame(order.content(video)), media.picture(image)) < 30


WAYS = [(client, how) for client in CLIENTS for how in client.ways_to_send_a_file]


@pytest.fixture
def driver(request: pytest.FixtureRequest, target: Target, card: Scorecard) -> Driver:
    return drive(request.param, target, card)


@pytest.mark.parametrize(("driver", "how"), WAYS, indirect=["driver"], ids=str)
def test_the_sdks_live_the_life_of_a_file(driver: Driver, how: str, tmp_path: Path, shelf: Shelf) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_bytes(DATA)
    others = [shelf(purpose="batch")["id"] for _ in range(2)]

    outcome = driver.tell("files", file=str(path), purpose="batch", how=how)

    assert outcome.raised is None
    life, made = outcome.answer, outcome.answer["created"]
    # One for the wait, which sleeps five seconds and asks again if the file is not done at once; one to retrieve.
    asked = [it for it in outcome.wire if it["method"] == "GET" and it["path"].endswith(f"/files/{made['id']}")]
    assert len(asked) == 2
    assert (made["bytes"], made["purpose"], made["status"]) == (len(DATA), "batch", "processed")
    assert life["retrieved"]["id"] == life["waited"]["id"] == made["id"]
    assert life["listed"][:3] == [made["id"], *others[::-1]]
    assert life["sha256"] == hashlib.sha256(DATA).hexdigest()
    assert (life["deleted"]["id"], life["deleted"]["deleted"]) == (made["id"], True)
