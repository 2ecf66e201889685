"""C63 to C68: what a delete takes away, and what it leaves."""

from __future__ import annotations

import time
from pathlib import PurePath
from typing import Any

import httpx
import openai
import pytest

from tests.contract.envelope import accepted, refused
from tests.contract.receiver import Receiver
from tests.contract.target import NEIGHBOUR, Target, stored_files, wait_final
from tests.contract.workshop import Workshop
from tests.live.server import wait_until

PURGE_SECONDS = 30
# Long enough for a worker to look at each row twice, and for a webhook to be on its way.
QUIET_SECONDS = 3


def is_gone(client: httpx.Client, video_id: str) -> None:
    refused(client.get(f"/videos/{video_id}"), 404, code="video_not_found")
    refused(client.get(f"/videos/{video_id}/content"), 404, code="video_not_found")
    refused(client.delete(f"/videos/{video_id}"), 404, code="video_not_found")
    assert video_id not in {video["id"] for video in client.get("/videos", params={"limit": 100}).json()["data"]}


def receipt(video_id: str) -> dict[str, Any]:
    return {"id": video_id, "object": "video.deleted", "deleted": True}


class Pair:
    """A completed source with files on disk, deleted, and the remix that was made from it before."""

    def __init__(self, target: Target, client: httpx.Client) -> None:
        self.source = accepted(client.post("/videos", json=target.order(prompt="A red kite on a beach")))["id"]
        wait_final(client, self.source)
        self.remix = accepted(client.post(f"/videos/{self.source}/remix", json={"prompt": "make it night"}))["id"]
        wait_final(client, self.remix)
        self.files = stored_files(target, self.source) if target.studio else {}
        self.receipt = client.delete(f"/videos/{self.source}")


@pytest.fixture(scope="module")
def pair(target: Target, server: httpx.Client) -> Pair:
    return Pair(target, server)


@pytest.mark.c(63)
def test_a_completed_video(server: httpx.Client, pair: Pair) -> None:
    assert (pair.receipt.status_code, pair.receipt.json()) == (200, receipt(pair.source))
    is_gone(server, pair.source)


@pytest.mark.c(64)
def test_its_files_are_gone_from_the_storage(target: Target, pair: Pair) -> None:
    target.own("looks into the storage")
    assert {PurePath(name).name.split("-")[0] for name in pair.files} >= {"video", "thumbnail", "spritesheet"}

    wait_until(
        lambda: not stored_files(target, pair.source),
        seconds=PURGE_SECONDS,
        what="the files of the deleted video are gone",
    )


@pytest.mark.c(65)
def test_a_failed_video(workshop: Workshop, bench: httpx.Client) -> None:
    video_id = workshop.failed(bench, "A failure to be deleted")["id"]

    assert bench.delete(f"/videos/{video_id}").json() == receipt(video_id)
    is_gone(bench, video_id)


@pytest.mark.c(66)
@pytest.mark.engine
def test_a_video_that_is_not_ready(target: Target, server: httpx.Client) -> None:
    video_id = accepted(server.post("/videos", json=target.order(seconds="12")))["id"]

    answer = server.delete(f"/videos/{video_id}")

    assert (answer.status_code, answer.json()) == (200, receipt(video_id))
    is_gone(server, video_id)


@pytest.mark.c(66)
@pytest.mark.parametrize("status", ["queued", "in_progress"])
def test_the_work_stops(workshop: Workshop, bench: httpx.Client, status: str) -> None:
    prompt = f"Stopped while {status}"
    video_id = workshop.order(bench, prompt)
    job = workshop.job(prompt)
    job.status = status
    wait_until(lambda: bench.get(f"/videos/{video_id}").json()["status"] == status, seconds=20, what=status)

    assert bench.delete(f"/videos/{video_id}").json() == receipt(video_id)

    wait_until(lambda: job.id in workshop.backend.deleted, seconds=PURGE_SECONDS, what="the backend is told to stop")
    creates = workshop.backend.creates
    time.sleep(QUIET_SECONDS)
    assert workshop.backend.creates == creates, "the backend is asked to make it again"
    is_gone(bench, video_id)


@pytest.mark.c(66)
def test_no_webhook_tells_of_it(workshop: Workshop, bench: httpx.Client) -> None:
    with Receiver(NEIGHBOUR) as receiver:
        given = {"name": "deletions", "url": f"{receiver.url}/hook", "event_types": ["video.completed", "video.failed"]}
        endpoint = accepted(bench.post("/webhook_endpoints", json=given))
        silent = [_deleted(workshop, bench, status) for status in ("queued", "in_progress", "completed", "failed")]
        told = workshop.failed(bench, "Told aloud")["id"]
        # The event of the later video proves that the way is open.
        wait_until(lambda: bool(receiver.heard), seconds=20, what="the event of the other video")
        time.sleep(QUIET_SECONDS)
        bench.delete(f"/webhook_endpoints/{endpoint['id']}")

        bodies = b"".join(heard.body for heard in receiver.heard)
    assert told.encode() in bodies
    assert [video_id for video_id in silent if video_id.encode() in bodies] == []
    for video_id in silent:
        is_gone(bench, video_id)


def _deleted(workshop: Workshop, client: httpx.Client, status: str) -> str:
    """Deleted while the backend, which does not hear of it at first, comes to that status."""
    prompt = f"Deleted in silence, then {status}"
    video_id = workshop.order(client, prompt)
    job = workshop.job(prompt)
    workshop.backend.faults["delete"].append(lambda exchange: exchange.refuse(503))
    client.delete(f"/videos/{video_id}")
    job.status, job.files = status, {"video": b"never fetched"} if status == "completed" else {}
    return video_id


@pytest.mark.c(67)
def test_a_remix_outlives_its_source(server: httpx.Client, pair: Pair) -> None:
    remix = server.get(f"/videos/{pair.remix}").json()

    assert (remix["status"], remix["remixed_from_video_id"]) == ("completed", pair.source)
    content = server.get(f"/videos/{pair.remix}/content")
    assert (content.status_code, content.content[4:8]) == (200, b"ftyp")
    again = accepted(server.post(f"/videos/{pair.remix}/remix", json={"prompt": "in rain"}))
    server.delete(f"/videos/{again['id']}")


@pytest.mark.c(68)
@pytest.mark.engine
def test_a_json_type_without_a_body(target: Target, server: httpx.Client) -> None:
    video_id = accepted(server.post("/videos", json=target.order()))["id"]

    answer = server.request("DELETE", f"/videos/{video_id}", headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()) == (200, receipt(video_id))


@pytest.mark.c(63, 68)
def test_the_sdk_deletes(sdk: openai.OpenAI, target: Target) -> None:
    video = sdk.videos.create(**target.order())
    raw = sdk.videos.with_raw_response.delete(video.id)

    assert raw.http_response.json() == receipt(video.id)
    with pytest.raises(openai.NotFoundError):
        sdk.videos.delete(video.id)
