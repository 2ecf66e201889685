"""The management of webhook endpoints, C97."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.clients import Driver, having
from tests.contract.envelope import accepted, enveloped
from tests.contract.quick import Hall, reachable
from tests.contract.scorecard import Scorecard
from tests.contract.sdks import drive
from tests.contract.wire import LIST_KEYS

pytestmark = pytest.mark.c(97)

KEYS = {"id", "object", "name", "url", "event_types", "created_at", "updated_at", "signing_secret_hint"}
TYPES = {
    "video.completed",
    "video.failed",
    "batch.completed",
    "batch.failed",
    "batch.expired",
    "batch.cancelled",
}


@pytest.fixture(scope="module")
def here(hall: Hall) -> Hall:
    reachable(hall)
    return hall


@pytest.fixture(autouse=True)
def _tidy(here: Hall) -> Iterator[None]:
    yield
    here.tidy()


@pytest.fixture
def endpoint(here: Hall) -> dict[str, Any]:
    return here.subscribe(here.office.mailbox().url)


def path(endpoint: dict[str, Any], *more: str) -> str:
    return "/".join(["/webhook_endpoints", endpoint["id"], *more])


def test_create_shows_the_whole_endpoint_and_its_secret(here: Hall) -> None:
    url = here.office.mailbox().url

    made = here.subscribe(url, "video.completed")

    assert set(made) >= KEYS | {"signing_secret"}
    assert (made["object"], made["name"], made["url"]) == ("webhook_endpoint", "Conformance", url)
    assert made["event_types"] == ["video.completed"]
    assert [type(made[key]) for key in ("created_at", "updated_at")] == [int, int]
    assert made["signing_secret"].startswith("whsec_")
    assert len(made["signing_secret"]) >= 32


def test_the_secret_is_shown_on_create_and_rotate_only(here: Hall, endpoint: dict[str, Any]) -> None:
    secret = endpoint["signing_secret"]
    (listed,) = here.client.get("/webhook_endpoints", params={"limit": 1}).json()["data"]
    retrieved = here.client.get(path(endpoint)).json()
    updated = here.client.post(path(endpoint), json={"name": "Renamed"}).json()

    for answer in (listed, retrieved, updated):
        assert answer["id"] == endpoint["id"]
        assert set(answer) >= KEYS
        assert "signing_secret" not in answer
        assert secret not in str(answer)
        assert answer["signing_secret_hint"]


def test_retrieve_shows_what_create_made(here: Hall, endpoint: dict[str, Any]) -> None:
    found = here.client.get(path(endpoint))

    assert accepted(found) == {key: value for key, value in endpoint.items() if key != "signing_secret"}


def test_an_update_changes_what_it_names_and_nothing_else(here: Hall, endpoint: dict[str, Any]) -> None:
    answer = here.client.post(path(endpoint), json={"event_types": ["video.failed", "batch.failed"]})

    changed = accepted(answer)
    assert changed["event_types"] == ["video.failed", "batch.failed"]
    assert changed["updated_at"] >= endpoint["updated_at"]
    same = ("id", "object", "name", "url", "created_at", "signing_secret_hint")
    assert [changed[key] for key in same] == [endpoint[key] for key in same]
    assert here.client.get(path(endpoint)).json() == changed


def test_list_pages_newest_first(here: Hall) -> None:
    made = [here.subscribe(here.office.mailbox().url)["id"] for _ in range(5)][::-1]

    first = here.client.get("/webhook_endpoints", params={"limit": 3}).json()
    assert set(first) == LIST_KEYS
    assert [it["id"] for it in first["data"]] == made[:3]
    assert (first["object"], first["first_id"], first["last_id"], first["has_more"]) == ("list", made[0], made[2], True)

    second = here.client.get("/webhook_endpoints", params={"limit": 2, "after": made[2]}).json()
    assert [it["id"] for it in second["data"]] == made[3:]


@pytest.mark.parametrize("limit", ["-1", "101", "x"])
def test_a_limit_out_of_range_is_refused(here: Hall, limit: str) -> None:
    assert enveloped(here.client.get("/webhook_endpoints", params={"limit": limit}), 400)["param"] == "limit"


def test_a_deleted_endpoint_is_gone_and_hears_nothing(here: Hall) -> None:
    mailbox = here.office.mailbox()
    endpoint = here.subscribe(mailbox.url)

    deleted = here.client.delete(path(endpoint))

    assert accepted(deleted) == {"id": endpoint["id"], "object": "webhook_endpoint.deleted", "deleted": True}
    for answer in (
        here.client.get(path(endpoint)),
        here.client.post(path(endpoint), json={"name": "x"}),
        here.client.delete(path(endpoint)),
        here.client.post(path(endpoint, "rotate_secret"), json={}),
        here.client.post(path(endpoint, "test"), json={"event_type": "video.failed"}),
    ):
        assert enveloped(answer, 404)["type"] == "invalid_request_error"
    here.completed()
    mailbox.stays_at(0)


def test_another_project_cannot_see_or_touch_it(here: Hall, endpoint: dict[str, Any]) -> None:
    with here.target.client(here.target.other_key()) as stranger:
        enveloped(stranger.get(path(endpoint)), 404)
        enveloped(stranger.post(path(endpoint), json={"name": "Mine"}), 404)
        enveloped(stranger.post(path(endpoint, "rotate_secret"), json={}), 404)
        enveloped(stranger.delete(path(endpoint)), 404)
        listed = stranger.get("/webhook_endpoints").json()["data"]

    assert endpoint["id"] not in [it["id"] for it in listed]
    assert here.client.get(path(endpoint)).status_code == 200


@pytest.mark.parametrize("status", [200, 500])
def test_test_sends_a_signed_sample_and_says_how_it_was_received(here: Hall, status: int) -> None:
    mailbox = here.office.mailbox(status)
    endpoint = here.subscribe(mailbox.url)

    answer = here.client.post(path(endpoint, "test"), json={"event_type": "video.failed"})

    # The SDK's type knows no other `success`: it says that the sample was sent.
    assert accepted(answer) == {
        "object": "webhook_endpoint.test",
        "event_type": "video.failed",
        "status_code": status,
        "success": True,
        "webhook_endpoint_id": endpoint["id"],
    }
    (delivery,) = mailbox.wait()
    assert delivery.event["type"] == "video.failed"
    assert delivery.event["id"] == delivery.id
    assert delivery.is_signed_with(endpoint["signing_secret"])
    mailbox.stays_at(1, seconds=3)


def test_rotation_shows_a_new_secret_and_hint(here: Hall, endpoint: dict[str, Any]) -> None:
    answer = here.client.post(path(endpoint, "rotate_secret"), json={"keep_old_secret_active_for_24_hours": True})

    rotated = accepted(answer)
    assert set(rotated) >= KEYS | {"signing_secret"}
    assert rotated["signing_secret"] != endpoint["signing_secret"]
    assert here.client.get(path(endpoint)).json()["signing_secret_hint"] == rotated["signing_secret_hint"]


def test_the_event_types_hold_those_of_videos_and_batches(here: Hall) -> None:
    answer = here.client.get("/webhook_event_types")

    found = accepted(answer)
    assert found["object"] == "list"
    assert set(found["data"]) >= TYPES


GOOD: dict[str, Any] = {"name": "Bad in one way", "event_types": ["video.completed"]}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"name": None}, "name"),
    "empty name": ({"name": ""}, "name"),
    "no url": ({"url": None}, "url"),
    "no address": ({"url": "not an address"}, "url"),
    "another scheme": ({"url": "ftp://hooks.example.org/"}, "url"),
    "plain http": ({"url": "http://hooks.example.org/"}, "url"),
    "a secret in the address": ({"url": "https://user:word@hooks.example.org/"}, "url"),
    "loopback": ({"url": "https://127.0.0.1:9/"}, "url"),
    "metadata": ({"url": "http://169.254.169.254/latest"}, "url"),
    "no event types": ({"event_types": None}, "event_types"),
    "an empty list": ({"event_types": []}, "event_types"),
    "an unknown type": ({"event_types": ["video.painted"]}, "event_types"),
    "a word for a list": ({"event_types": "video.completed"}, "event_types"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_endpoints_are_refused(here: Hall, endpoint: dict[str, Any], name: str) -> None:
    change, param = BAD[name]
    body = {"url": here.office.mailbox().url, **GOOD, **change}

    answer = here.client.post("/webhook_endpoints", json={key: it for key, it in body.items() if it is not None})

    error = enveloped(answer, 400)
    assert error["type"] == "invalid_request_error"
    assert (error["param"] or "").startswith(param)


def test_a_test_of_an_unknown_type_is_refused(here: Hall, endpoint: dict[str, Any]) -> None:
    answer = here.client.post(path(endpoint, "test"), json={"event_type": "video.painted"})

    assert enveloped(answer, 400)["param"] == "event_type"


@pytest.fixture(params=having("webhook_endpoints"), ids=str)
def driver(request: pytest.FixtureRequest, here: Hall, card: Scorecard) -> Driver:
    return drive(request.param, here.target, card)


def test_the_newest_sdks_manage_endpoints(driver: Driver, here: Hall) -> None:
    mailbox = here.office.mailbox()

    life = driver.run("webhook_endpoints", url=mailbox.url)

    created, endpoint_id = life["created"], life["created"]["id"]
    assert created["signing_secret"].startswith("whsec_")
    assert (life["retrieved"]["id"], life["retrieved"]["url"]) == (endpoint_id, mailbox.url)
    assert (life["updated"]["name"], life["updated"]["event_types"]) == ("Renamed", ["video.failed"])
    assert endpoint_id in life["listed"]
    assert (life["tested"]["status_code"], life["tested"]["webhook_endpoint_id"]) == (200, endpoint_id)
    assert life["rotated"]["signing_secret"] != created["signing_secret"]
    assert set(life["event_types"]) >= TYPES
    assert (life["deleted"]["id"], life["deleted"]["deleted"]) == (endpoint_id, True)
    (delivery,) = mailbox.wait()
    assert delivery.is_signed_with(created["signing_secret"])
