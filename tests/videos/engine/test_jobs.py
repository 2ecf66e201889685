"""The job store with real render children: order, cancel, crash, restart, expiry, idempotency."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from videos.contract import Reference, VideoRequest
from videos.engine.folders import DataInUse
from videos.engine.jobs import JobStore, KeyReused, QueueFull, SourceNotReady, UnknownJob
from videos.engine.probe import probe

SHORT = VideoRequest(prompt="A fox in the snow", model="animatic-1", size="96x64", seconds=4, seed=7)
LONG = replace(SHORT, size="1280x720", seconds=20)


@pytest.fixture
def store(tmp_path: Path):
    store = JobStore(tmp_path)
    yield store
    store.close()


def until(condition, seconds=20):
    """Wait for what another process does; the only clock in these tests."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
    return found


def ended(store, job):
    return until(lambda: (now := store.get(job.id)).ended and now)


def running(store, job):
    return until(lambda: (now := store.get(job.id)).status == "in_progress" and now)


def children():
    """Process ids of the renders that this process has started."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split() if _is_render(pid)]


def _is_render(pid):
    try:
        return b"videos.engine.render" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def folders(data):
    return sorted(path.name for path in (data / "jobs").iterdir())


def test_a_job_goes_from_queued_to_completed(store):
    job = store.submit(SHORT)
    assert (job.status, job.progress, job.completed_at) == ("queued", 0, None)

    job = ended(store, job)

    assert (job.status, job.progress, job.error) == ("completed", 100, None)
    assert job.completed_at >= job.created_at
    assert job.expires_at == job.completed_at + 24 * 3600
    assert probe(store.media(job, "video")).frames == 96
    assert {store.media(job, variant).exists() for variant in ("video", "thumbnail", "spritesheet")} == {True}
    assert job.layout == {"columns": 8, "rows": 1, "frames": 8}


def test_progress_never_falls_and_stays_below_a_hundred(store):
    job = store.submit(replace(SHORT, seconds=8))
    seen = [job]
    until(lambda: seen.append(store.get(job.id)) or seen[-1].ended)

    assert [each.progress for each in seen] == sorted(each.progress for each in seen)
    assert max(each.progress for each in seen if not each.ended) <= 99
    assert any(0 < each.progress < 99 for each in seen)
    assert list(dict.fromkeys(each.status for each in seen)) == ["queued", "in_progress", "completed"]


def test_jobs_are_rendered_one_after_the_other(store):
    jobs = [store.submit(SHORT) for _ in range(2)]

    seen = []
    until(lambda: seen.append([store.get(job.id).status for job in jobs]) or set(seen[-1]) == {"completed"})

    for states in seen:
        assert states.count("in_progress") <= 1
        assert states == sorted(states, key=["completed", "in_progress", "queued"].index)


def test_two_workers_render_two_at_a_time(tmp_path):
    store = JobStore(tmp_path, workers=2)
    jobs = [store.submit(LONG) for _ in range(3)]
    until(lambda: len(children()) == 2)

    assert [store.get(job.id).status for job in jobs] == ["in_progress", "in_progress", "queued"]
    store.close()
    assert children() == []


def test_a_seed_is_drawn_when_none_is_given(store):
    seeds = {store.submit(replace(SHORT, seed=None)).seed for _ in range(3)}

    assert len(seeds) == 3


def test_deleting_a_running_job_kills_its_child_and_removes_its_files(store, tmp_path):
    job = store.submit(LONG)
    running(store, job)
    [child] = until(children)

    store.delete(job.id)

    with pytest.raises(UnknownJob):
        store.get(job.id)
    until(lambda: not Path(f"/proc/{child}").exists())
    until(lambda: folders(tmp_path) == [])


def test_the_next_job_starts_when_the_running_one_is_deleted(store):
    first, second = store.submit(LONG), store.submit(SHORT)
    running(store, first)

    store.delete(first.id)

    assert ended(store, second).status == "completed"


def test_deleting_a_queued_job_takes_it_out_of_the_queue(store, tmp_path):
    first, second = store.submit(LONG), store.submit(SHORT)

    store.delete(second.id)
    store.delete(first.id)

    until(lambda: folders(tmp_path) == [])
    with pytest.raises(UnknownJob):
        store.delete(second.id)


def test_deleting_a_completed_job_removes_its_files(store, tmp_path):
    job = ended(store, store.submit(SHORT))

    store.delete(job.id)

    assert folders(tmp_path) == []


def test_a_child_that_crashes_fails_its_job_without_a_path_in_the_message(store, tmp_path):
    job = store.submit(LONG)
    os.kill(until(children)[0], signal.SIGSEGV)

    job = ended(store, job)

    assert (job.status, job.error["code"]) == ("failed", "generation_failed")
    assert "/" not in job.error["message"]
    assert job.completed_at >= job.created_at
    assert ended(store, store.submit(SHORT)).status == "completed"


def test_an_order_that_cannot_be_drawn_fails(store):
    job = ended(store, store.submit(replace(SHORT, size="0x0")))

    assert (job.status, job.error["code"]) == ("failed", "generation_failed")


def test_a_child_that_talks_nonsense_fails_its_job(store, tmp_path):
    blocker = store.submit(LONG)
    job = store.submit(SHORT)
    (tmp_path / "jobs" / job.id / "plan.json").write_text("{nonsense")
    store.delete(blocker.id)

    assert ended(store, job).status == "failed"


def test_completed_jobs_survive_a_restart_and_can_be_remixed(tmp_path):
    store = JobStore(tmp_path)
    job = ended(store, store.submit(SHORT))
    store.close()

    store = JobStore(tmp_path)
    assert store.get(job.id) == job
    assert probe(store.media(job, "video")).frames == 96
    remix = store.submit(replace(SHORT, prompt="at night", seed=None, operation="remix", source_id=job.id))
    assert (remix.source_id, remix.size, remix.seconds, remix.seed) == (job.id, "96x64", 4, 7)
    assert ended(store, remix).status == "completed"
    store.close()


def test_running_and_queued_jobs_do_not_survive_a_restart(tmp_path):
    store = JobStore(tmp_path)
    jobs = [store.submit(LONG), store.submit(LONG)]
    running(store, jobs[0])
    store.close()
    assert children() == []

    store = JobStore(tmp_path)
    for job in jobs:
        with pytest.raises(UnknownJob):
            store.get(job.id)
    assert folders(tmp_path) == []
    store.close()


def test_failed_jobs_are_still_known_after_a_restart(tmp_path):
    store = JobStore(tmp_path)
    job = ended(store, store.submit(replace(SHORT, size="0x0")))
    store.close()

    store = JobStore(tmp_path)
    assert store.get(job.id) == job
    store.close()


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"id": "video_1"}', "null"])
def test_a_damaged_record_is_removed_at_start(tmp_path, damage):
    folder = tmp_path / "jobs" / "video_1"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(damage)

    store = JobStore(tmp_path)

    assert store.page(after=None, limit=10, newest_first=True) == ([], False)
    assert folders(tmp_path) == []
    store.close()


def test_two_stores_do_not_share_a_folder(store, tmp_path, monkeypatch):
    monkeypatch.setattr("videos.engine.folders._CLAIM_PATIENCE", 0.1)
    with pytest.raises(DataInUse):
        JobStore(tmp_path)


def test_expired_media_are_dropped_and_the_plan_stays_for_remixes(tmp_path):
    store = JobStore(tmp_path, keep_hours=0.5 / 3600 + 1 / 3600)
    job = ended(store, store.submit(SHORT))
    until(lambda: job.expired)

    store.drop_expired()

    assert not store.media(job, "video").exists()
    assert store.get(job.id).status == "completed"
    remix = store.submit(replace(SHORT, prompt="at night", operation="remix", source_id=job.id))
    assert ended(store, remix).status == "completed"
    store.close()


def test_a_remix_keeps_the_reference_of_its_source(store, tmp_path):
    picture = io.BytesIO()
    Image.new("RGB", (96, 64), "teal").save(picture, "PNG")
    reference = Reference(picture.getvalue(), "teal.png", "image/png")
    job = ended(store, store.submit(replace(SHORT, reference=reference)))
    remix = store.submit(replace(SHORT, prompt="at night", operation="remix", source_id=job.id))
    store.delete(job.id)

    assert ended(store, remix).status == "completed"
    assert (tmp_path / "jobs" / remix.id / "reference").read_bytes() == picture.getvalue()


@pytest.mark.parametrize("size", ["1280x720", "0x0"])
def test_only_completed_videos_are_remixed(store, size):
    job = store.submit(replace(LONG, size=size))
    if size == "0x0":
        ended(store, job)

    with pytest.raises(SourceNotReady):
        store.submit(replace(SHORT, operation="remix", source_id=job.id))


def test_an_unknown_source_is_not_remixed(store):
    with pytest.raises(UnknownJob):
        store.submit(replace(SHORT, operation="remix", source_id="video_none"))


def test_the_same_key_and_order_give_the_same_job(store):
    first = store.submit(SHORT, key="k1")

    assert store.submit(SHORT, key="k1").id == first.id
    assert store.submit(SHORT, key="k2").id != first.id
    assert store.submit(SHORT).id != first.id


@pytest.mark.parametrize(
    "change", [{"prompt": "other"}, {"seconds": 8}, {"seed": None}, {"reference": Reference(b"x", "x", "image/png")}]
)
def test_the_same_key_with_another_order_is_refused(store, change):
    store.submit(LONG, key="k1")

    with pytest.raises(KeyReused):
        store.submit(replace(LONG, **change), key="k1")


def test_the_same_key_at_the_same_time_makes_one_job(store):
    ids, barrier = [], threading.Barrier(16)

    def submit():
        barrier.wait()
        ids.append(store.submit(LONG, key="k1").id)

    threads = [threading.Thread(target=submit) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 16
    assert len(set(ids)) == 1


def test_keys_survive_a_restart_with_their_completed_jobs_and_are_forgotten_after_a_day(tmp_path):
    store = JobStore(tmp_path, keep_hours=0)
    job = ended(store, store.submit(SHORT, key="k1"))
    assert job.expires_at is None
    store.close()

    store = JobStore(tmp_path)
    assert store.submit(SHORT, key="k1") == job
    store.close()

    record = tmp_path / "jobs" / job.id / "job.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"created_at": job.created_at - 86_401}))

    store = JobStore(tmp_path)
    assert store.submit(replace(SHORT, prompt="other"), key="k1").id != job.id
    store.close()


def test_an_order_is_not_taken_when_the_disk_refuses_it(store, tmp_path):
    (tmp_path / "jobs").rename(tmp_path / "gone")

    with pytest.raises(OSError, match="No such file"):
        store.submit(SHORT, key="k1")

    (tmp_path / "gone").rename(tmp_path / "jobs")
    assert store.page(after=None, limit=10, newest_first=True) == ([], False)
    running(store, store.submit(SHORT, key="k1"))


def test_too_many_waiting_jobs_are_refused(store, monkeypatch):
    monkeypatch.setattr("videos.engine.jobs.MAX_QUEUED", 2)
    running(store, store.submit(LONG))
    store.submit(LONG)
    store.submit(LONG)

    with pytest.raises(QueueFull):
        store.submit(LONG)


def test_pages_run_through_all_jobs_once_even_while_they_are_deleted(store):
    ids = [store.submit(LONG).id for _ in range(5)]
    assert ids == sorted(ids)
    seen, after, more = [], None, True
    while more:
        jobs, more = store.page(after=after, limit=2, newest_first=True)
        seen += [job.id for job in jobs]
        after = seen[-1]
        for job in jobs:
            store.delete(job.id)

    assert seen == ids[::-1]


def test_pages_end_properly(store):
    ids = [store.submit(LONG).id for _ in range(3)]

    def page(**options):
        jobs, more = store.page(**{"after": None, "limit": 10, "newest_first": False} | options)
        return [job.id for job in jobs], more

    assert page() == (ids, False)
    assert page(limit=3) == (ids, False)
    assert page(limit=2) == (ids[:2], True)
    assert page(limit=2, after=ids[0]) == (ids[1:], False)
    assert page(limit=0) == ([], False)
    assert page(after="video_none") == ([], False)
    assert page(newest_first=True, after=ids[1]) == (ids[:1], False)
