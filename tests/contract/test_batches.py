"""Batches, C98 to C100."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract import media
from tests.contract.clients import CLIENTS, Driver
from tests.contract.envelope import accepted, enveloped
from tests.contract.quick import WAIT, Hall
from tests.contract.scorecard import Scorecard
from tests.contract.sdks import drive
from tests.contract.sources import another_model, offered, upload_file
from tests.contract.target import RENDER_SECONDS, Target, wait_final
from tests.contract.wire import LIST_KEYS
from tests.live.server import wait_until

KEYS = {
    "id", "object", "endpoint", "errors", "input_file_id", "completion_window", "status", "output_file_id",
    "error_file_id", "created_at", "request_counts", "metadata", "in_progress_at", "expires_at", "finalizing_at",
    "completed_at", "failed_at", "expired_at", "cancelling_at", "cancelled_at",
}  # fmt: skip
ENDED = ("completed", "failed", "expired", "cancelled")
Line = dict[str, Any]
Pair = tuple[dict[str, Any], dict[str, Any]]


class Batches:
    def __init__(self, target: Target, client: httpx.Client) -> None:
        self.target = target
        self.client = client
        self.made: list[str] = []

    def line(self, custom_id: str, **fields: Any) -> Line:
        body = self.target.order(prompt=f"A lamp, {custom_id}", **fields)
        return {"custom_id": custom_id, "method": "POST", "url": "/v1/videos", "body": body}

    def file(self, *lines: Line | str) -> str:
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        file_id: str = upload_file(self.client, text.encode(), "batch", "orders.jsonl")["id"]
        return file_id

    def ask(self, file_id: str, **fields: Any) -> httpx.Response:
        order = {"input_file_id": file_id, "endpoint": "/v1/videos", "completion_window": "24h", **fields}
        answer = self.client.post("/batches", json={name: value for name, value in order.items() if value is not None})
        offered(answer)
        if answer.status_code == 200:
            self.made.append(answer.json()["id"])
        return answer

    def start(self, *lines: Line | str, **fields: Any) -> dict[str, Any]:
        return accepted(self.ask(self.file(*lines), **fields))

    def get(self, batch_id: str) -> dict[str, Any]:
        return accepted(self.client.get(f"/batches/{batch_id}"))

    def ended(self, batch_id: str, seconds: float = RENDER_SECONDS) -> dict[str, Any]:
        wait_until(lambda: self.get(batch_id)["status"] in ENDED, seconds=seconds, what="the batch ends")
        return self.get(batch_id)

    def lines_of(self, file_id: str | None) -> dict[str, Line]:
        """By custom_id."""
        if file_id is None:
            return {}
        answer = self.client.get(f"/files/{file_id}/content")
        assert answer.status_code == 200, answer.text
        lines = [json.loads(line) for line in answer.text.splitlines()]
        found = {line["custom_id"]: line for line in lines}
        assert len(found) == len(lines), "a custom_id came twice"
        return found

    def tidy(self) -> None:
        """Take away what they have made: files, and the videos that the files name."""
        for batch in map(self.get, self.made):
            lines = self.lines_of(batch["output_file_id"]).values()
            made = [f"/videos/{line['response']['body']['id']}" for line in lines]
            files = [batch[name] for name in ("input_file_id", "output_file_id", "error_file_id") if batch[name]]
            for path in [*made, *[f"/files/{file_id}" for file_id in files]]:
                self.client.delete(path)


@pytest.fixture(scope="module")
def batches(target: Target, server: httpx.Client) -> Iterator[Batches]:
    found = Batches(target, server)
    yield found
    if not target.studio:
        found.tidy()


@pytest.fixture(scope="module")
def quick(hall: Hall) -> Iterator[Batches]:
    """Where nothing depends on what the videos show."""
    found = Batches(hall.target, hall.client)
    yield found
    if not hall.target.studio:
        found.tidy()


@pytest.fixture(scope="module")
def done(batches: Batches) -> Pair:
    """A batch of three videos: as it was made, and as it ended."""
    made = batches.start(*[batches.line(name) for name in ("one", "two", "three")], metadata={"of": "a test"})
    return made, batches.ended(made["id"])


@pytest.mark.c(98)
def test_a_new_batch_has_every_field(done: Pair) -> None:
    made, _ = done

    assert set(made) >= KEYS
    assert (made["object"], made["endpoint"], made["completion_window"]) == ("batch", "/v1/videos", "24h")
    assert made["status"] in ("validating", "in_progress")
    assert made["metadata"] == {"of": "a test"}
    assert abs(made["created_at"] - time.time()) < 600
    assert made["expires_at"] == made["created_at"] + 24 * 3600
    assert set(made["request_counts"]) == {"total", "completed", "failed"}
    assert [made[key] for key in ("output_file_id", "error_file_id", "errors", "completed_at")] == [None] * 4


@pytest.mark.c(98)
def test_it_completes_and_its_counts_and_times_say_so(done: Pair) -> None:
    made, ended = done

    assert (ended["status"], ended["errors"], ended["error_file_id"]) == ("completed", None, None)
    assert ended["request_counts"] == {"total": 3, "completed": 3, "failed": 0}
    times = [ended[f"{word}_at"] for word in ("created", "in_progress", "finalizing", "completed")]
    assert times == sorted(times)
    assert [ended[f"{word}_at"] for word in ("failed", "expired", "cancelling", "cancelled")] == [None] * 4
    assert ended["id"] == made["id"]


@pytest.mark.c(98)
def test_the_output_has_a_line_for_each_custom_id_with_a_finished_video(batches: Batches, done: Pair) -> None:
    lines = batches.lines_of(done[1]["output_file_id"])

    assert set(lines) == {"one", "two", "three"}
    for custom_id, line in lines.items():
        assert line["id"].startswith("batch_req_")
        assert line["error"] is None
        assert line["response"]["status_code"] == 200
        assert line["response"]["request_id"]
        video = line["response"]["body"]
        assert (video["object"], video["status"], video["prompt"]) == ("video", "completed", f"A lamp, {custom_id}")
        assert batches.client.get(f"/videos/{video['id']}").json() == video
        facts = media.facts_of(batches.client.get(f"/videos/{video['id']}/content").content)
        assert (facts.width, facts.height) == (1280, 720)


@pytest.mark.c(98)
def test_the_output_is_a_file_like_any_other_and_its_videos_are_listed(batches: Batches, done: Pair) -> None:
    file = batches.client.get(f"/files/{done[1]['output_file_id']}").json()
    assert (file["object"], file["purpose"], file["status"]) == ("file", "batch_output", "processed")

    made = {line["response"]["body"]["id"] for line in batches.lines_of(file["id"]).values()}
    assert made <= {video["id"] for video in batches.client.get("/videos", params={"limit": 100}).json()["data"]}


@pytest.mark.c(98)
def test_batches_are_listed_newest_first(batches: Batches, done: Pair) -> None:
    newer = batches.start("no JSON at all")["id"]

    page = batches.client.get("/batches", params={"limit": 1}).json()
    assert set(page) == LIST_KEYS
    assert ([it["id"] for it in page["data"]], page["has_more"]) == ([newer], True)
    rest = batches.client.get("/batches", params={"after": newer}).json()["data"]
    assert rest[0]["id"] == done[0]["id"]


BAD_ORDERS: dict[str, tuple[dict[str, Any], str]] = {
    "no file": ({"input_file_id": None}, "input_file_id"),
    "an unknown file": ({"input_file_id": "file-unknown"}, "input_file_id"),
    "no endpoint": ({"endpoint": None}, "endpoint"),
    "another endpoint": ({"endpoint": "/v1/videos/edits"}, "endpoint"),
    "no window": ({"completion_window": None}, "completion_window"),
    "another window": ({"completion_window": "1h"}, "completion_window"),
    "metadata that is no object": ({"metadata": "text"}, "metadata"),
    "too short a life": ({"output_expires_after": {"anchor": "created_at", "seconds": 9}}, "output_expires_after"),
}


@pytest.mark.c(99)
@pytest.mark.parametrize("name", BAD_ORDERS)
def test_bad_orders_are_refused_at_once(batches: Batches, name: str) -> None:
    change, param = BAD_ORDERS[name]
    answer = batches.ask(**{"file_id": batches.file(batches.line("one")), **change})

    error = enveloped(answer, answer.status_code)
    assert answer.status_code in ((400, 404) if name == "an unknown file" else (400,))
    assert error["type"] == "invalid_request_error"
    assert (error["param"] or "").startswith(param)


@pytest.mark.c(99)
def test_an_unknown_batch_is_not_found(batches: Batches, done: Pair) -> None:
    assert "batch_unknown" in (enveloped(batches.client.get("/batches/batch_unknown"), 404)["message"] or "")
    enveloped(batches.client.post("/batches/batch_unknown/cancel"), 404)


@pytest.mark.c(98)
def test_another_project_cannot_see_a_batch(done: Pair, stranger: httpx.Client) -> None:
    enveloped(stranger.get(f"/batches/{done[0]['id']}"), 404)
    enveloped(stranger.post(f"/batches/{done[0]['id']}/cancel"), 404)
    enveloped(stranger.get(f"/files/{done[1]['output_file_id']}/content"), 404)


BAD_LINES: dict[str, Callable[[Batches], list[Line | str]]] = {
    "bad JSON": lambda it: [it.line("good"), '{"custom_id": "bad", '],
    "no object": lambda it: [it.line("good"), "[1]"],
    "another url": lambda it: [it.line("good"), {**it.line("bad"), "url": "/v1/videos/edits"}],
    "another method": lambda it: [it.line("good"), {**it.line("bad"), "method": "GET"}],
    "no custom_id": lambda it: [it.line("good"), {"method": "POST", "url": "/v1/videos", "body": {"prompt": "p"}}],
    "a repeated custom_id": lambda it: [it.line("good"), it.line("good")],
    "no body": lambda it: [it.line("good"), {"custom_id": "bad", "method": "POST", "url": "/v1/videos"}],
    "two models": lambda it: [it.line("good"), it.line("bad", model=another_model(it.target, it.client))],
    "seconds that do not exist": lambda it: [it.line("good"), it.line("bad", seconds="15")],
    "an empty prompt": lambda it: [it.line("good"), {**it.line("bad"), "body": {"prompt": ""}}],
    "an unknown file": lambda it: [it.line("good"), it.line("bad", input_reference={"file_id": "file-unknown"})],
    "nothing": lambda _: [""],
}


@pytest.mark.c(99)
@pytest.mark.parametrize("name", BAD_LINES)
def test_bad_lines_fail_the_batch_or_stand_in_its_error_file(quick: Batches, name: str) -> None:
    lines = BAD_LINES[name](quick)

    ended = quick.ended(quick.start(*lines)["id"])

    counts = ended["request_counts"]
    if ended["status"] == "failed":
        assert ended["errors"]["object"] == "list"
        assert ended["errors"]["data"]
        for error in ended["errors"]["data"]:
            assert error["code"]
            assert error["message"]
        assert (counts["completed"], counts["total"]) == (0, counts["failed"])
        assert (ended["output_file_id"], ended["failed_at"] is None) == (None, False)
        return
    assert ended["status"] == "completed"
    good, bad = quick.lines_of(ended["output_file_id"]), quick.lines_of(ended["error_file_id"])
    assert (set(good), set(bad)) == ({"good"}, {"bad"})
    assert counts == {"total": 2, "completed": 1, "failed": 1}
    says = bad["bad"]
    assert says["error"] or says["response"]["status_code"] == 400
    if says["response"]:
        assert set(says["response"]["body"]["error"]) == {"message", "type", "param", "code"}


@pytest.fixture(scope="module")
def cancelled(batches: Batches) -> Pair:
    """One cancelled when its first video was done: the answer of the call, and the end."""
    lines = [batches.line("short"), *[batches.line(f"long {n}", seconds="20") for n in range(5)]]
    made = batches.start(*lines)

    def has_one() -> bool:
        return bool(batches.get(made["id"])["request_counts"]["completed"])

    wait_until(has_one, seconds=RENDER_SECONDS, what="the first video of the batch is done")
    called = accepted(batches.client.post(f"/batches/{made['id']}/cancel"))
    return called, batches.ended(made["id"], seconds=60)


@pytest.mark.c(100)
def test_a_cancelled_batch_is_cancelling_then_cancelled(cancelled: Pair) -> None:
    called, ended = cancelled

    assert called["status"] in ("cancelling", "cancelled")
    assert called["cancelling_at"]
    assert ended["status"] == "cancelled"
    assert ended["cancelled_at"] >= ended["cancelling_at"]


@pytest.mark.c(100)
def test_the_finished_lines_are_kept_and_the_others_say_that_they_were_cancelled(
    batches: Batches, cancelled: Pair
) -> None:
    _, ended = cancelled
    good, bad = batches.lines_of(ended["output_file_id"]), batches.lines_of(ended["error_file_id"])

    # Which line was first is the server's choice.
    assert 1 <= len(good) < 6
    assert len(good) + len(bad) == 6
    assert {line["error"]["code"] for line in bad.values()} == {"batch_cancelled"}
    for line in good.values():
        video_id = line["response"]["body"]["id"]
        assert batches.client.get(f"/videos/{video_id}/content").content[4:8] == b"ftyp"
    assert ended["request_counts"]["completed"] == len(good)


@pytest.mark.c(100)
def test_no_video_of_a_cancelled_batch_is_left_at_work(batches: Batches, cancelled: Pair) -> None:
    videos = batches.client.get("/videos", params={"limit": 100}).json()["data"]
    ours = [video["id"] for video in videos if (video["prompt"] or "").startswith("A lamp, long ")]

    wait_final(batches.client, *ours, seconds=30)


@pytest.mark.c(100)
def test_an_ended_batch_cannot_be_cancelled(batches: Batches, done: Pair) -> None:
    answer = batches.client.post(f"/batches/{done[0]['id']}/cancel")

    assert answer.status_code == 400, answer.text
    assert batches.get(done[0]["id"])["status"] == "completed"


@pytest.fixture(params=CLIENTS, ids=str)
def driver(request: pytest.FixtureRequest, quick: Batches, card: Scorecard) -> Driver:
    return drive(request.param, quick.target, card)


@pytest.mark.c(98)
def test_the_sdks_run_a_batch(driver: Driver, quick: Batches, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(json.dumps(quick.line(f"of {driver.client}")))
    file = driver.run("upload", file=str(path), purpose="batch")
    made = driver.run("create_batch", input_file_id=file["id"])
    assert (made["object"], made["metadata"]) == ("batch", {"of": "a test"})

    quick.made.append(made["id"])
    quick.ended(made["id"])

    seen = driver.run("batch", id=made["id"])
    assert (seen["one"]["status"], made["id"] in seen["listed"]) == ("completed", True)
    (line,) = driver.run("file_content", id=seen["one"]["output_file_id"]).splitlines()
    assert json.loads(line)["custom_id"] == f"of {driver.client}"
    assert json.loads(line)["response"]["body"]["status"] == "completed"


@pytest.mark.c(100)
def test_the_sdks_cancel_a_batch(driver: Driver, quick: Batches) -> None:
    made = quick.start(*[quick.line(f"{n}, {WAIT}") for n in range(3)])

    called = driver.run("cancel_batch", id=made["id"])

    assert called["status"] in ("cancelling", "cancelled")
    assert quick.ended(made["id"], seconds=60)["status"] == "cancelled"
