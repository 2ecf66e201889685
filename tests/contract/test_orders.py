"""C37 to C42: characters, extra fields, and orders that come twice, at once or by half."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import openai
import pytest

from tests import factories
from tests.contract.envelope import accepted, refused
from tests.contract.target import Target
from tests.contract.wire import FORM, KEYS, Part, fields, multipart

CROWD = 50
ANSWERED = (200, 429)


def character_parts(target: Target, names: list[str], ids: list[str]) -> dict[str, Any]:
    plain = [Part(name, value) for name, value in target.order(prompt="Mimi and Bo dance").items()]
    parts = [Part(name, its_id) for name, its_id in zip(names, ids, strict=True)]
    return {"content": multipart(*plain, *parts), "headers": {"Content-Type": FORM}}


@pytest.mark.c(37)
@pytest.mark.parametrize("count", [1, 2])
def test_characters_in_every_spelling(target: Target, make, characters: list[str], count: int) -> None:
    ids = characters[:count]
    listed = [{"id": its_id} for its_id in ids]
    make(prompt="Mimi and Bo dance", characters=listed)
    make(**character_parts(target, ["characters[][id]"] * count, ids))
    make(**character_parts(target, [f"characters[{index}][id]" for index in range(count)], ids))
    make(files=fields(**target.order(prompt="Mimi and Bo dance", characters=json.dumps(listed))))


@pytest.mark.c(37)
def test_the_sdk_sends_characters_in_its_extra_body(sdk: openai.OpenAI, target: Target, characters: list[str]) -> None:
    listed = [{"id": its_id} for its_id in characters[:2]]
    video = sdk.videos.create(**target.order(prompt="Mimi and Bo dance"), extra_body={"characters": listed})

    assert sdk.videos.delete(video.id).deleted


@pytest.mark.c(37)
def test_characters_and_a_reference_together(target: Target, make, characters: list[str]) -> None:
    image = Part("input_reference", factories.image(size=(1280, 720)), "a.png")
    order = character_parts(target, ["characters[][id]"], characters[:1])
    end = multipart()
    make(**{**order, "content": order["content"].removesuffix(end) + bytes(image) + end})


@pytest.mark.c(37)
def test_too_many_and_unknown_characters(target: Target, server: httpx.Client, characters: list[str]) -> None:
    def order(*ids: str) -> httpx.Response:
        return server.post("/videos", json=target.order(characters=[{"id": its_id} for its_id in ids]))

    refused(order(*characters), 400, param="characters", code="array_above_max_length")
    refused(order("char_nobody"), 400, param="characters[0].id", code="character_not_found")
    refused(order(characters[0], "char_nobody"), 400, param="characters[1].id", code="character_not_found")


EXTRAS: dict[str, Any] = {"fps": 24, "num_frames": 97, "seed": 7, "quality": "high", "num_outputs_per_prompt": 1}


@pytest.mark.c(38)
@pytest.mark.engine
def test_unknown_extra_fields_do_not_fail(target: Target, make) -> None:
    assert make(**EXTRAS)["seconds"] == "4"
    assert make(files=fields(**target.order(**{name: str(value) for name, value in EXTRAS.items()})))["seconds"] == "4"


@pytest.mark.c(38)
def test_ignored_fields_are_named(target: Target, server: httpx.Client) -> None:
    answer = server.post("/videos", json=target.order(**EXTRAS, made_up="x"))

    server.delete(f"/videos/{answer.json()['id']}")
    if target.room == "foreign" and "x-studio-ignored-params" not in answer.headers:
        target.not_applicable("names of ignored fields are Studio's own extension")
    ignored = {name.strip() for name in answer.headers["x-studio-ignored-params"].split(",")}
    assert "made_up" in ignored
    assert not {"seed", "prompt", "size", "seconds"} & ignored


@pytest.mark.c(39)
@pytest.mark.engine
def test_a_new_video_is_there_at_once(server: httpx.Client, make) -> None:
    for _ in range(3):
        video = make()
        assert server.get(f"/videos/{video['id']}").json()["id"] == video["id"]
        assert server.get("/videos", params={"limit": 1}).json()["data"][0]["id"] == video["id"]


@pytest.mark.c(40)
def test_one_key_and_body_make_one_video(target: Target, server: httpx.Client) -> None:
    headers = {"Idempotency-Key": f"conformance-{time.time_ns()}"}
    first, again = [server.post("/videos", json=target.order(), headers=headers) for _ in range(2)]
    by_form = server.post("/videos", files=fields(**target.order()), headers=headers)

    assert [answer.status_code for answer in (first, again, by_form)] == [200, 200, 200]
    assert {answer.json()["id"] for answer in (first, again, by_form)} == {first.json()["id"]}
    newest = server.get("/videos", params={"limit": 2}).json()["data"]
    assert [video["id"] for video in newest].count(first.json()["id"]) == 1

    other = server.post("/videos", json=target.order(prompt="Something else"), headers=headers)
    refused(other, 400, code="idempotency_key_reused")
    server.delete(f"/videos/{first.json()['id']}")


@pytest.mark.c(40)
def test_without_a_key_the_same_body_twice_makes_two_videos(make) -> None:
    assert make()["id"] != make()["id"]


@pytest.mark.c(40)
def test_a_retry_of_the_sdk_is_no_second_order(target: Target, server: httpx.Client) -> None:
    """It sends no key, but counts: a POST whose answer it has not heard must not make another video."""
    order = target.order(prompt=f"Asked for twice by the SDK {time.time_ns()}")
    ids = []
    for count in ("0", "1", "2"):
        answer = server.post("/videos", json=order, headers={"X-Stainless-Retry-Count": count})
        ids.append(accepted(answer)["id"])
    on_purpose = accepted(server.post("/videos", json=order, headers={"X-Stainless-Retry-Count": "0"}))["id"]

    for video_id in {*ids, on_purpose}:
        server.delete(f"/videos/{video_id}")
    if target.room == "foreign" and len({*ids}) > 1:
        target.not_applicable("to know an SDK's retry by its count is Studio's own rule")
    assert len({*ids}) == 1
    assert on_purpose not in ids


@pytest.mark.c(40)
def test_the_key_of_another_project_is_another_key(
    target: Target, server: httpx.Client, stranger: httpx.Client
) -> None:
    headers = {"Idempotency-Key": f"conformance-{time.time_ns()}"}
    ours, theirs = [client.post("/videos", json=target.order(), headers=headers) for client in (server, stranger)]

    assert ours.json()["id"] != theirs.json()["id"]
    server.delete(f"/videos/{ours.json()['id']}")
    stranger.delete(f"/videos/{theirs.json()['id']}")


def post_side_by_side(server: httpx.Client, bodies: list[dict[str, Any]]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(lambda body: server.post("/videos", json=body, timeout=120), bodies))


@pytest.mark.c(41)
def test_two_at_once_are_two_videos(target: Target, server: httpx.Client) -> None:
    answers = post_side_by_side(server, [target.order(), target.order()])

    assert [answer.status_code for answer in answers] == [200, 200]
    ids = [answer.json()["id"] for answer in answers]
    assert len({*ids}) == 2
    for video_id in ids:
        assert server.delete(f"/videos/{video_id}").status_code == 200


@pytest.mark.c(41)
def test_fifty_at_once_are_answered_or_told_to_wait(target: Target, server: httpx.Client) -> None:
    target.crowd()
    answers = post_side_by_side(server, [target.order(prompt=f"A crowd, face {n}") for n in range(CROWD)])

    assert {answer.status_code for answer in answers} <= {*ANSWERED}
    ids = [answer.json()["id"] for answer in answers if answer.status_code == 200]
    assert len({*ids}) == len(ids) > 0
    for video_id in ids:
        server.delete(f"/videos/{video_id}")


def request_bytes(target: Target, body: bytes, length: int) -> bytes:
    url = urlsplit(target.url)
    lines = [
        f"POST {url.path}/videos HTTP/1.1",
        f"Host: {url.netloc}",
        f"Authorization: Bearer {target.key}",
        "Content-Type: application/json",
        f"Content-Length: {length}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def send_and_hang_up(target: Target, data: bytes) -> None:
    url = urlsplit(target.url)
    if url.scheme != "http":
        target.not_applicable("hangs up on plain HTTP only")
    with socket.create_connection((url.hostname or "", url.port or 80), timeout=10) as line:
        line.sendall(data)


@pytest.mark.c(42)
def test_a_client_that_hangs_up_after_sending_leaves_one_video_or_none(target: Target, server: httpx.Client) -> None:
    prompt = f"Nobody waits for this lamp {time.time_ns()}"
    body = json.dumps(target.order(prompt=prompt)).encode()
    send_and_hang_up(target, request_bytes(target, body, len(body)))
    time.sleep(2)

    left = [video for video in server.get("/videos").json()["data"] if video["prompt"] == prompt]

    assert len(left) <= 1
    for video in left:
        assert set(video) >= KEYS
        assert server.get(f"/videos/{video['id']}").status_code == 200
        assert server.delete(f"/videos/{video['id']}").status_code == 200


@pytest.mark.c(42)
def test_half_a_body_makes_no_video(target: Target, server: httpx.Client) -> None:
    prompt = f"Half a lamp {time.time_ns()}"
    body = json.dumps(target.order(prompt=prompt)).encode()
    send_and_hang_up(target, request_bytes(target, body, len(body) + 1000))
    time.sleep(2)

    assert prompt not in [video["prompt"] for video in server.get("/videos").json()["data"]]
