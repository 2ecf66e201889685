"""The official SDKs, release by release: remix, edit, extend, characters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.clients import CLIENTS, Driver, having
from tests.contract.scorecard import Scorecard
from tests.contract.sdks import drive
from tests.contract.sources import Orders, clip, ordering
from tests.contract.target import Target

CHANGE = "make it snow"


@pytest.fixture(params=CLIENTS, ids=str)
def driver(request: pytest.FixtureRequest, target: Target, card: Scorecard) -> Driver:
    return drive(request.param, target, card)


@pytest.fixture
def orders(server: httpx.Client) -> Iterator[Orders]:
    with ordering(server) as found:
        yield found


@pytest.fixture(scope="module")
def clip_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "grey.mp4"
    path.write_bytes(clip(seconds=4))
    return path


def kept(orders: Orders, video: dict[str, Any]) -> dict[str, Any]:
    orders.made.append(video["id"])
    return video


def ways(feature: str) -> list[Any]:
    return [(client, how) for client in having(feature) for how in client.ways_to_send_a_file]


@pytest.mark.c(78)
def test_remix(driver: Driver, finished: str, orders: Orders) -> None:
    video = kept(orders, driver.run("remix", id=finished, prompt=CHANGE))

    assert video["remixed_from_video_id"] == finished
    assert (video["size"], video["seconds"], video["prompt"]) == ("1280x720", "4", CHANGE)
    assert video["_request_id"]


@pytest.mark.c(79)
def test_a_remix_of_an_unfinished_video_is_refused_once_and_not_repeated(
    driver: Driver, target: Target, orders: Orders
) -> None:
    source = orders("/videos", json=target.order(seconds="12"))["id"]

    error = driver.refusal("with_retries", story="remix", id=source, prompt=CHANGE)

    assert (error["class"], error["param"], error["code"]) == ("BadRequestError", "video", "video_not_ready")


@pytest.mark.c(81)
@pytest.mark.parametrize("driver", having("edit"), indirect=True, ids=str)
def test_edit_of_a_video_by_its_id(driver: Driver, finished: str, orders: Orders) -> None:
    outcome = driver.tell("edit", prompt=CHANGE, video={"id": finished})

    assert outcome.raised is None
    video = kept(orders, outcome.answer)
    assert (video["remixed_from_video_id"], video["size"], video["seconds"]) == (finished, "1280x720", "4")
    as_form = driver.client.language == "node"
    assert outcome.wire[0]["type"] == ("multipart/form-data" if as_form else "application/json")


@pytest.mark.c(81, 84)
@pytest.mark.parametrize(("driver", "how"), ways("edit"), indirect=["driver"], ids=str)
def test_edit_of_an_upload(driver: Driver, how: str, clip_path: Path, orders: Orders) -> None:
    outcome = driver.tell("edit", prompt=CHANGE, file=str(clip_path), how=how)

    assert outcome.raised is None
    video = kept(orders, outcome.answer)
    assert (video["size"], video["seconds"], video["remixed_from_video_id"]) == ("1280x720", "4", None)
    assert outcome.wire[0]["chunked"] is (how == "stream")


@pytest.mark.c(85)
@pytest.mark.parametrize("driver", having("extend"), indirect=True, ids=str)
def test_extension_of_a_video_by_its_id(driver: Driver, finished: str, orders: Orders) -> None:
    video = kept(orders, driver.run("extend", prompt=CHANGE, seconds="8", video={"id": finished}))

    assert (video["seconds"], video["size"], video["remixed_from_video_id"]) == ("12", "1280x720", None)


@pytest.mark.c(89)
@pytest.mark.parametrize(("driver", "how"), ways("extend"), indirect=["driver"], ids=str)
def test_extension_of_an_upload(driver: Driver, how: str, clip_path: Path, orders: Orders) -> None:
    outcome = driver.tell("extend", prompt=CHANGE, seconds="4", file=str(clip_path), how=how)

    assert outcome.raised is None
    assert kept(orders, outcome.answer)["seconds"] == "8"
    assert outcome.wire[0]["chunked"] is (how == "stream")


@pytest.mark.c(90, 92)
@pytest.mark.parametrize(("driver", "how"), ways("characters"), indirect=["driver"], ids=str)
def test_characters(driver: Driver, how: str, clip_path: Path) -> None:
    made = driver.run("create_character", name="Mossy", file=str(clip_path), how=how)
    assert made["id"]
    assert (made["name"], type(made["created_at"])) == ("Mossy", int)

    found = driver.run("get_character", id=made["id"])
    assert [found[key] for key in ("id", "name", "created_at")] == [made[key] for key in ("id", "name", "created_at")]

    error = driver.refusal("get_character", id="char_unknown")
    assert (error["class"], error["code"]) == ("NotFoundError", "character_not_found")


@pytest.mark.c(37)
def test_a_character_in_create(driver: Driver, characters: list[str], target: Target, orders: Orders) -> None:
    """No release types the field: it goes as an extra, in JSON or as `characters[][id]`."""
    kept(orders, driver.run("create", **target.order(prompt="Mossy walks", characters=[{"id": characters[0]}])))

    error = driver.refusal("create", **target.order(characters=[{"id": "char_unknown"}]))
    assert (error["param"], error["code"]) == ("characters[0].id", "character_not_found")
