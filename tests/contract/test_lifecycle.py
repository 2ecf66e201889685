"""C53 to C62: retrieve, and how a video comes to its end."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests import factories
from tests.contract.envelope import accepted, refused
from tests.contract.target import FINAL, RENDER_SECONDS, Target, is_final, wait_final
from tests.contract.workshop import KEPT_HOURS, Workshop
from tests.live.server import running, wait_until
from tests.scripted_backend import Exchange, Job
from videos.lifecycle import LIMITS, MAX_PAUSE
from videos.models import Trouble

STATUSES = ("queued", "in_progress", "completed", "failed")
POLL_AFTER = "openai-poll-after-ms"
INTERNALS = ("127.0.0.1", "localhost", "http://", "Traceback", "sk-", "/tmp", "Error(")


@pytest.mark.c(53)
@pytest.mark.engine
@pytest.mark.parametrize("video_id", ["video_x", "video_" + "0" * 48, "characters_", "a b"])
def test_unknown_ids(server: httpx.Client, video_id: str) -> None:
    _is_unknown(server, video_id)


@pytest.mark.c(53)
def test_unknown_ids_in_any_script(server: httpx.Client) -> None:
    _is_unknown(server, "видео_🎬")


def _is_unknown(server: httpx.Client, video_id: str) -> None:
    message = refused(server.get(f"/videos/{video_id}"), 404, code="video_not_found")

    assert message == f"Video with id '{video_id}' not found."


@pytest.mark.c(53)
@pytest.mark.engine
def test_unknown_ids_on_the_other_routes(server: httpx.Client) -> None:
    for answer in (
        server.delete("/videos/video_x"),
        server.get("/videos/video_x/content"),
        server.post("/videos/video_x/remix", json={"prompt": "p"}),
    ):
        assert refused(answer, 404, code="video_not_found") == "Video with id 'video_x' not found."


@pytest.fixture(scope="module")
def seen(target: Target, server: httpx.Client) -> list[httpx.Response]:
    """One video from its first answer to its end, as a client that looks often sees it."""
    answers = [server.post("/videos", json=target.order(prompt="A fox in a misty forest"))]
    video_id = answers[0].json()["id"]
    deadline = time.monotonic() + RENDER_SECONDS
    while answers[-1].json()["status"] not in FINAL:
        assert time.monotonic() < deadline, "the video does not end"
        time.sleep(0.05 if target.room != "foreign" else 1)
        answers.append(server.get(f"/videos/{video_id}"))
    time.sleep(0.5)
    answers.append(server.get(f"/videos/{video_id}"))
    return answers


@pytest.mark.c(54)
@pytest.mark.engine
def test_statuses_only_go_forward(seen: list[httpx.Response]) -> None:
    order = [STATUSES.index(answer.json()["status"]) for answer in seen]

    assert order == sorted(order)
    assert seen[-1].json()["status"] == "completed", seen[-1].text
    assert seen[-1].json() == seen[-2].json()


@pytest.mark.c(55)
@pytest.mark.engine
def test_progress_only_grows(target: Target, seen: list[httpx.Response]) -> None:
    videos = [answer.json() for answer in seen]
    progress = [video["progress"] for video in videos]

    assert {type(value) for value in progress} == {int}
    assert progress == sorted(progress)
    assert [value == 100 for value in progress] == [video["status"] == "completed" for video in videos]
    assert {video["progress"] for video in videos if video["status"] == "queued"} <= {0}
    if target.room != "foreign":
        assert any(0 < value < 100 for value in progress)


@pytest.mark.c(54, 55)
def test_a_backend_that_goes_back_is_not_followed(workshop: Workshop, bench: httpx.Client) -> None:
    video_id = workshop.order(bench, "A crab")
    job = workshop.job("A crab")
    shown = []
    for status, progress in (
        ("queued", 0),
        ("in_progress", 60),
        ("in_progress", 20),
        ("queued", 0),
        ("in_progress", 250),
    ):
        job.status, job.progress = status, progress
        shown += _watch(workshop, bench, video_id, job)

    assert ("in_progress", 60) in shown
    assert [STATUSES.index(status) for status, _ in shown] == sorted(STATUSES.index(status) for status, _ in shown)
    assert [progress for _, progress in shown] == sorted(progress for _, progress in shown)
    assert max(progress for _, progress in shown) <= 99
    bench.delete(f"/videos/{video_id}")


def _watch(workshop: Workshop, client: httpx.Client, video_id: str, job: Job) -> list[tuple[str, int]]:
    """What is shown until Studio has asked twice more: it asks again only after it has stored what it heard."""
    shown: list[tuple[str, int]] = []
    before = workshop.looks(job)

    def asked_twice() -> bool:
        done = workshop.looks(job) >= before + 2
        video = client.get(f"/videos/{video_id}").json()
        shown.append((video["status"], video["progress"]))
        return done

    wait_until(asked_twice, seconds=60, what="the backend is asked again")
    return shown


@pytest.mark.c(56)
@pytest.mark.engine
def test_how_a_completed_video_looks(seen: list[httpx.Response]) -> None:
    video = seen[-1].json()

    assert type(video["completed_at"]) is int
    assert video["completed_at"] >= video["created_at"]
    assert video["error"] is None
    assert {answer.json()["completed_at"] for answer in seen if answer.json()["status"] not in FINAL} == {None}


@pytest.mark.c(56)
def test_how_a_failed_video_looks(workshop: Workshop, bench: httpx.Client) -> None:
    video_id = workshop.failed(bench, "A video that fails")["id"]

    answer = bench.get(f"/videos/{video_id}")

    video = answer.json()
    assert (answer.status_code, video["status"]) == (200, "failed")
    assert {"code", "message"} <= set(video["error"])
    assert all(isinstance(video["error"][name], str) and video["error"][name] for name in ("code", "message"))
    assert video["completed_at"] >= video["created_at"]
    assert video["progress"] < 100
    assert video_id in {listed["id"] for listed in bench.get("/videos").json()["data"]}


@pytest.mark.c(57)
@pytest.mark.engine
def test_when_to_ask_again(seen: list[httpx.Response]) -> None:
    first, *later = [answer for answer in seen if answer.json()["status"] not in FINAL]
    assert later, "it was never seen open"
    said = [answer.headers.get(POLL_AFTER, "") for answer in later]

    # The answer of the create need not say it; but if it does, rightly.
    said += [first.headers[POLL_AFTER]] if POLL_AFTER in first.headers else []
    assert [it for it in said if not (it.isascii() and it.isdigit() and 0 < int(it) <= 60_000)] == []


@pytest.mark.c(59)
def test_a_restart_loses_no_video(workshop: Workshop, bench: httpx.Client) -> None:
    prompts = ["waits at home", "runs and completes", "runs and fails"]
    workshop.backend.faults["create"].append(Exchange.hang_up)
    ids = {prompt: workshop.order(bench, prompt) for prompt in prompts}
    for prompt in prompts[1:]:
        workshop.job(prompt).status = "in_progress"
    wait_until(lambda: _status(bench, ids["runs and completes"]) == "in_progress", seconds=20, what="it runs")

    workshop.studio.kill(children=True)
    workshop.studio.start()

    assert {_status(bench, video_id) for video_id in ids.values()} <= {"queued", "in_progress"}
    for prompt in prompts[:2]:
        workshop.backend.finish(workshop.job(prompt), factories.mp4((1280, 720), 4))
    workshop.job("runs and fails").status = "failed"
    videos = wait_final(bench, *ids.values(), seconds=90)
    assert [video["status"] for video in videos] == ["completed", "completed", "failed"]


@pytest.mark.c(59)
def test_a_power_cut_loses_no_video_of_the_embedded_engine(target: Target) -> None:
    target.own("a power cut")
    with running() as studio, studio.client() as client:
        ids = [accepted(client.post("/videos", json=target.order(prompt=f"In the dark {n}")))["id"] for n in range(3)]
        wait_until(lambda: _started(client, ids) > 0, seconds=60, what="one of them runs")
        assert _started(client, ids) < len(ids), "none is queued"

        studio.kill(children=True)
        studio.start()

        videos = wait_final(client, *ids)
        assert [(video["status"], video["error"]) for video in videos] == [("completed", None)] * len(ids)
        for video_id in ids:
            assert client.get(f"/videos/{video_id}/content", follow_redirects=True).content[4:8] == b"ftyp"


def _started(client: httpx.Client, ids: list[str]) -> int:
    return sum(_status(client, video_id) != "queued" for video_id in ids)


def _status(client: httpx.Client, video_id: str) -> str:
    status: str = client.get(f"/videos/{video_id}").json()["status"]
    return status


# Nobody waits hours in a test: the row is told that they have passed.
HOURS_LATER = """
from datetime import timedelta
from django.db.models import F
from django.utils import timezone
from videos.models import Video
# The fence shuts out a worker that looks at it right now.
Video.objects.filter(pk={video_id!r}).update({change}, fence=F("fence") + 1, due_at=timezone.now())
"""
PAST_EVERY_DEADLINE = "phase_at=timezone.now() - timedelta(hours=25), created_at=timezone.now() - timedelta(hours=25)"
AFTER_MANY_TRIES = "trouble='unavailable', failures={}"
# What a client may have to wait for the word that its backend is dead.
BOUND = 25 * 3600
SILENCE = 10_000


def _endures(workshop: Workshop, bench: httpx.Client, prompt: str, change: str) -> dict[str, Any]:
    video_id = workshop.order(bench, prompt)
    workshop.job(prompt).status = "in_progress"
    wait_until(lambda: _status(bench, video_id) == "in_progress", seconds=20, what="it runs")
    workshop.target.shell(HOURS_LATER.format(video_id=video_id, change=change))
    (video,) = wait_final(bench, video_id, seconds=90)
    return video


def _failed_without_internals(video: dict[str, Any], *codes: str) -> None:
    assert video["status"] == "failed"
    assert video["error"]["code"] in codes
    assert [word for word in INTERNALS if word in video["error"]["message"]] == []


@pytest.mark.c(60)
def test_a_backend_that_hangs(workshop: Workshop, bench: httpx.Client) -> None:
    video = _endures(workshop, bench, "A video that never ends", PAST_EVERY_DEADLINE)

    _failed_without_internals(video, "timeout", "generation_timeout")
    wait_until(lambda: len(workshop.backend.deleted) > 0, seconds=10, what="the backend is told to stop")


@pytest.mark.c(60)
def test_a_backend_that_dies(workshop: Workshop, bench: httpx.Client) -> None:
    video_id = workshop.order(bench, "A backend dies")
    workshop.job("A backend dies").status = "in_progress"
    wait_until(lambda: _status(bench, video_id) == "in_progress", seconds=20, what="it runs")
    limit = LIMITS[Trouble.UNAVAILABLE]
    workshop.backend.faults["retrieve"] += [Exchange.hang_up] * SILENCE
    try:
        # One try before the last, and one after that: it is given up at the limit, no sooner and no later.
        _have_tried(workshop, video_id, limit - 2)
        wait_until(lambda: _tries(workshop, video_id) == limit - 1, seconds=60, what="it was tried once more")
        assert _status(bench, video_id) == "in_progress"
        _have_tried(workshop, video_id, limit - 1)
        (video,) = wait_final(bench, video_id, seconds=90)
    finally:
        workshop.backend.faults["retrieve"].clear()
    _failed_without_internals(video, "backend_unavailable")
    assert limit * MAX_PAUSE <= BOUND


def _have_tried(workshop: Workshop, video_id: str, times: int) -> None:
    change = AFTER_MANY_TRIES.format(times)
    workshop.target.shell(HOURS_LATER.format(video_id=video_id, change=change))


def _tries(workshop: Workshop, video_id: str) -> int:
    code = f"from videos.models import Video; print(Video.objects.get(pk={video_id!r}).failures)"
    return int(workshop.target.shell(code))


@pytest.mark.c(60)
def test_a_backend_that_speaks_of_its_inside(workshop: Workshop, bench: httpx.Client) -> None:
    """What a stranger's server says of itself is not for our clients."""
    video_id = workshop.order(bench, "A backend talks")
    job = workshop.job("A backend talks")
    job.error = {
        "code": "cuda_oom",
        "message": 'Traceback: File "/opt/models/render.py" at http://10.1.2.3:9000/ key sk-secret',
    }
    job.status = "failed"
    (video,) = wait_final(bench, video_id, seconds=30)

    assert video["status"] == "failed"
    assert [word for word in ("/opt/models", "10.1.2.3", "sk-secret") if word in video["error"]["message"]] == []


@pytest.mark.c(61)
def test_words_that_a_backend_makes_up_never_show(workshop: Workshop, bench: httpx.Client) -> None:
    video_id = workshop.order(bench, "Many words")
    job = workshop.job("Many words")
    shown: list[tuple[str, int]] = []
    for word in ("processing", "pending", "running", "someday"):
        job.status = word
        shown += _watch(workshop, bench, video_id, job)
    assert {status for status, _ in shown} <= {"queued", "in_progress"}

    job.status = "cancelled"
    (video,) = wait_final(bench, video_id, seconds=30)
    assert video["status"] == "failed"
    assert video["error"]["code"]


@pytest.mark.c(62)
def test_without_retention_nothing_expires(target: Target, server: httpx.Client, finished: str) -> None:
    video = server.get(f"/videos/{finished}").json()

    if target.room == "foreign" and video["expires_at"] is not None:
        assert video["expires_at"] > video["completed_at"]
        return
    assert video["expires_at"] is None


@pytest.mark.c(62)
def test_with_retention_the_end_is_told_at_completion(workshop: Workshop, bench: httpx.Client) -> None:
    video_id = workshop.order(bench, "A video for a moment")
    assert bench.get(f"/videos/{video_id}").json()["expires_at"] is None
    workshop.backend.finish(workshop.job("A video for a moment"), factories.mp4((1280, 720), 4))
    wait_until(lambda: is_final(bench, video_id), seconds=30, what="the video ends")

    video = bench.get(f"/videos/{video_id}").json()

    assert video["status"] == "completed"
    assert type(video["expires_at"]) is int
    assert video["expires_at"] - video["completed_at"] == pytest.approx(KEPT_HOURS * 3600, abs=1)
