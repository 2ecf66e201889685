"""The official SDKs, release by release: create, list, retrieve, delete, content, errors."""

from __future__ import annotations

import concurrent.futures
import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract import media
from tests.contract.clients import CLIENTS, Client, Driver, having
from tests.contract.scorecard import Scorecard
from tests.contract.sdks import drive
from tests.contract.sources import Orders, ordering, upload_file
from tests.contract.target import Target
from tests.contract.wire import KEYS, data_url
from tests.contract.workshop import Crowd, Workshop
from videos.contract import REFERENCE_SIZE_MISMATCH

PYTHONS = having(language="python")
NEWEST = [PYTHONS[-1], CLIENTS[-1]]
COLOURS = ("yellow", "purple", "black")


@pytest.fixture(params=CLIENTS, ids=str)
def driver(request: pytest.FixtureRequest, target: Target, card: Scorecard) -> Driver:
    return drive(request.param, target, card)


@pytest.fixture
def orders(server: httpx.Client) -> Iterator[Orders]:
    """For what the drivers make: `orders.made` is deleted."""
    with ordering(server) as found:
        yield found


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "scene.png"
    path.write_bytes(media.scene(COLOURS))
    return path


@pytest.mark.c(15)
def test_the_table_of_what_each_release_has_is_true(driver: Driver) -> None:
    found = driver.run("features")

    assert found.pop("version") == driver.client.version
    assert {name for name, there in found.items() if there} == driver.client.has


@pytest.mark.c(1, 15)
def test_create_with_a_prompt_alone(driver: Driver, target: Target, orders: Orders) -> None:
    outcome = driver.tell("create", **target.plain(prompt="A lamp 🪔"))
    assert outcome.raised is None
    video = outcome.answer
    orders.made.append(video["id"])

    assert set(video) >= KEYS
    assert (video["object"], video["prompt"], video["seconds"], video["size"]) == (
        "video",
        "A lamp 🪔",
        "4",
        "720x1280",
    )
    assert video["status"] in ("queued", "in_progress")
    (exchange,) = outcome.wire
    assert (exchange["method"], exchange["path"][-7:], exchange["status"]) == ("POST", "/videos", 200)
    assert exchange["type"] == driver.client.plain
    assert video["_request_id"] == exchange["request_id"]
    assert driver.run("retrieve", id=video["id"])["id"] == video["id"]


@pytest.mark.c(16)
@pytest.mark.parametrize("driver", PYTHONS, indirect=True, ids=str)
def test_strict_validation_accepts_every_answer(driver: Driver, target: Target) -> None:
    sizes = ["720x1280", "1280x720", "1024x1792", "1792x1024"]

    outcome = driver.run("strict", sizes=sizes, fields=target.plain())

    assert [size for size, _ in outcome["made"]] == sizes
    assert set(outcome["listed"]) <= {"video"}


WAYS = [(client, how) for client in CLIENTS for how in client.ways_to_send_a_file]


@pytest.mark.c(15, 26)
@pytest.mark.parametrize(("driver", "how"), WAYS, indirect=["driver"], ids=str)
def test_a_reference_file_is_read_in_every_form_that_the_release_sends(
    driver: Driver, how: str, picture: Path, target: Target, orders: Orders
) -> None:
    outcome = driver.tell("create", **target.order(file=str(picture), how=how))
    assert outcome.raised is None
    orders.made.append(outcome.answer["id"])
    assert outcome.wire[0]["type"] == "multipart/form-data"

    # Whoever did not read the picture would not know its size.
    error = driver.refusal("create", **target.order(file=str(picture), how=how, size="720x1280"))
    assert (error["class"], error["param"], error["code"]) == ("BadRequestError", None, None)
    assert REFERENCE_SIZE_MISMATCH in error["message"]


@pytest.mark.c(34)
@pytest.mark.parametrize("driver", CLIENTS[-1:], indirect=True, ids=str)
def test_a_stream_of_node_arrives_in_chunks_and_leads_the_video(
    driver: Driver, picture: Path, target: Target, orders: Orders
) -> None:
    outcome = driver.tell("create", **target.order(file=str(picture), how="stream"))
    assert outcome.wire[0]["chunked"] is True
    video = outcome.answer
    orders.made.append(video["id"])

    orders.wait(video)

    first = media.first_frame(orders.content(video))
    assert media.difference(first, media.picture(picture.read_bytes())) < 30


@pytest.mark.c(29)
def test_a_reference_as_data_url(driver: Driver, picture: Path, target: Target, orders: Orders) -> None:
    reference = {"image_url": data_url(picture.read_bytes())}

    outcome = driver.tell("create", **target.order(reference=reference))

    assert outcome.raised is None
    orders.made.append(outcome.answer["id"])
    assert outcome.wire[0]["type"] == driver.client.plain
    error = driver.refusal("create", **target.order(reference=reference, size="720x1280"))
    assert REFERENCE_SIZE_MISMATCH in error["message"]


@pytest.mark.c(30)
def test_a_reference_as_file_id(driver: Driver, picture: Path, target: Target, orders: Orders) -> None:
    file = upload_file(orders.client, picture.read_bytes(), "vision", "scene.png")
    try:
        made = driver.run("create", **target.order(reference={"file_id": file["id"]}))
    finally:
        orders.client.delete(f"/files/{file['id']}")
    orders.made.append(made["id"])

    error = driver.refusal("create", **target.order(reference={"file_id": "file-unknown"}))
    assert (error["param"], error["code"]) == ("input_reference.file_id", "file_not_found")


@pytest.mark.c(46)
@pytest.mark.parametrize("client", CLIENTS, ids=str)
def test_auto_paging_visits_each_of_250_videos_once(client: Client, crowd: Crowd, card: Scorecard) -> None:
    driver = drive(client, crowd.target, card)

    outcome = driver.tell("every", limit=20)

    assert outcome.raised is None
    assert len(outcome.answer) == len(crowd.ids)
    assert set(outcome.answer) == set(crowd.ids)
    assert len(outcome.wire) == 13
    assert driver.run("every", limit=100, order="asc") == outcome.answer[::-1]


@pytest.mark.c(50)
def test_deleting_while_iterating_visits_each_video_once(driver: Driver, target: Target, orders: Orders) -> None:
    prompt = f"To be deleted {secrets.token_hex(4)}"
    ids = [orders("/videos", json=target.order(prompt=f"{prompt} {n}"))["id"] for n in range(5)]

    assert driver.run("delete_while_iterating", prompt=prompt, limit=2) == ids[::-1]
    assert [orders.client.get(f"/videos/{video_id}").status_code for video_id in ids] == [404] * 5


@pytest.mark.c(63, 68)
def test_delete(driver: Driver, target: Target, orders: Orders) -> None:
    video_id = orders("/videos", json=target.order())["id"]

    deleted = driver.run("delete", id=video_id)

    assert {key: deleted[key] for key in ("id", "object", "deleted")} == {
        "id": video_id,
        "object": "video.deleted",
        "deleted": True,
    }
    assert driver.refusal("delete", id=video_id)["class"] == "NotFoundError"


@pytest.mark.c(58)
@pytest.mark.parametrize("driver", having("create_and_poll"), indirect=True, ids=str)
def test_create_and_poll_returns_the_completed_video(driver: Driver, target: Target, orders: Orders) -> None:
    outcome = driver.tell("create_and_poll", **target.order())

    assert outcome.raised is None
    orders.made.append(outcome.answer["id"])
    assert (outcome.answer["status"], outcome.answer["progress"]) == ("completed", 100)
    assert {it["status"] for it in outcome.wire} == {200}


@pytest.mark.c(58)
@pytest.mark.parametrize("client", having("create_and_poll"), ids=str)
def test_create_and_poll_returns_a_failed_video(client: Client, workshop: Workshop, card: Scorecard) -> None:
    driver = drive(client, workshop.target, card)
    prompt = f"A lamp that fails {client}"
    with concurrent.futures.ThreadPoolExecutor() as pool:
        told = pool.submit(driver.tell, "create_and_poll", prompt=prompt)
        job = workshop.job(prompt)
        job.error = {"code": "generation_failed", "message": "The backend ran out of paint."}
        job.status = "failed"
        outcome = told.result(120)

    assert outcome.raised is None
    assert outcome.answer["status"] == "failed"
    assert outcome.answer["error"]["code"] == "generation_failed"
    assert {it["status"] for it in outcome.wire} == {200}


DOWNLOADS = {"python": ("write_to_file", "with_streaming_response", "read"), "node": ("arrayBuffer", "blob", "disk")}


@pytest.mark.c(77)
@pytest.mark.parametrize(
    ("driver", "how"),
    [(client, how) for client in CLIENTS for how in DOWNLOADS[client.language]],
    indirect=["driver"],
    ids=str,
)
def test_every_way_to_download_gives_the_stored_bytes(
    driver: Driver, how: str, server: httpx.Client, finished: str, tmp_path: Path
) -> None:
    for query in ({}, {"variant": "video"}, {"variant": "thumbnail"}, {"variant": "spritesheet"}):
        stored = server.get(f"/videos/{finished}/content", params=query).content

        got = driver.run("download", id=finished, to=str(tmp_path / "got"), how=how, **query)

        assert got == {"bytes": len(stored), "sha256": hashlib.sha256(stored).hexdigest()}


REFUSALS: dict[str, tuple[str, dict[str, Any], tuple[int, str, str | None, str]]] = {
    "bad value": ("create", {"prompt": "p", "seconds": "15"}, (400, "BadRequestError", "seconds", "invalid_value")),
    "no video": ("retrieve", {"id": "video_unknown"}, (404, "NotFoundError", None, "video_not_found")),
    "no model": ("unknown_model", {}, (404, "NotFoundError", "model", "model_not_found")),
    "no source": ("remix", {"id": "video_x", "prompt": "p"}, (404, "NotFoundError", None, "video_not_found")),
}


@pytest.mark.c(1, 19, 53)
@pytest.mark.parametrize("name", REFUSALS)
def test_errors_arrive_as_the_sdks_own_classes(driver: Driver, target: Target, name: str) -> None:
    story, arguments, (status, kind, param, code) = REFUSALS[name]

    error = driver.refusal(story, **(target.plain(**arguments) if story == "create" else arguments))

    assert (error["status_code"], error["class"], error["param"], error["code"]) == (status, kind, param, code)
    assert error["type"] == "invalid_request_error"
    assert error["request_id"]


@pytest.mark.c(2)
def test_a_wrong_key_is_an_authentication_error(driver: Driver) -> None:
    wrong = Driver(driver.client, driver.base_url, "sk-wrong")

    error = wrong.refusal("retrieve", id="video_unknown")

    assert (error["status_code"], error["class"], error["code"]) == (401, "AuthenticationError", "invalid_api_key")


@pytest.mark.c(72)
def test_content_before_completion_is_a_not_found_error(driver: Driver, target: Target, orders: Orders) -> None:
    video = orders("/videos", json=target.order(seconds="12"))

    error = driver.refusal("download", id=video["id"], to="/dev/null", how="read")

    assert (error["class"], error["code"]) == ("NotFoundError", "video_not_ready")


@pytest.mark.c(11)
@pytest.mark.parametrize("driver", NEWEST, indirect=True, ids=str)
def test_a_rate_limited_call_is_repeated_by_the_sdk_until_it_succeeds(driver: Driver, target: Target) -> None:
    limited = Driver(driver.client, driver.base_url, target.issue_key(rate=30))

    outcome = limited.tell("patient", times=200, max_retries=5)

    assert outcome.raised is None
    creates = [it["status"] for it in outcome.wire if it["method"] == "POST"]
    assert 429 in creates
    assert creates[-1] == 200
    assert creates.count(200) == len(set(outcome.answer))
    assert max(it["retry"] for it in outcome.wire) >= 1
