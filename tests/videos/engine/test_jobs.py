"""The job store with real render children: their life from queued to completed, deleted or crashed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.videos.engine.films import foreign
from tests.videos.engine.jobs import ended, folders, running
from tests.videos.engine.orders import LONG, SHORT, WITH_REFERENCE
from tests.videos.engine.running import ROOT, children
from tests.videos.engine.waiting import until, watched
from videos.engine import child
from videos.engine.jobs import JobStore, UnknownJob
from videos.engine.probe import probe


def test_a_job_goes_from_queued_to_completed(work):
    first, last = work.of(0)[0], work.of(0)[-1]

    assert (first.status, first.progress, first.completed_at) == ("queued", 0, None)
    assert (last.status, last.progress, last.error) == ("completed", 100, None)
    assert last.completed_at >= last.created_at
    assert last.expires_at == last.completed_at + 24 * 3600
    assert last.layout == {"columns": 8, "rows": 1, "frames": 8}


def test_a_completed_job_has_its_three_files(done, store):
    assert probe(store.media(done, "video")).frames == 96
    assert {store.media(done, variant).exists() for variant in ("video", "thumbnail", "spritesheet")} == {True}


def test_progress_never_falls_and_stays_below_a_hundred(work):
    seen = work.of(1)

    assert [each.progress for each in seen] == sorted(each.progress for each in seen)
    assert max(each.progress for each in seen if not each.ended) <= 99
    assert any(0 < each.progress < 99 for each in seen)
    assert list(dict.fromkeys(each.status for each in seen)) == ["queued", "in_progress", "completed"]


def test_jobs_are_rendered_one_after_the_other(work):
    for jobs in work.seen:
        states = [job.status for job in jobs]
        assert states.count("in_progress") <= 1
        assert states == sorted(states, key=["completed", "in_progress", "queued"].index)
    assert {job.status for job in work.seen[-1]} == {"completed"}


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


def test_a_child_that_crashes_fails_its_job_without_a_path_in_the_message(store):
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


def test_a_plan_that_cannot_be_read_fails_its_job(store, tmp_path):
    blocker = store.submit(LONG)
    job = store.submit(SHORT)
    (tmp_path / "jobs" / job.id / "plan.json").write_text("{nonsense")

    store.delete(blocker.id)

    assert ended(store, job).status == "failed"


def test_of_a_failed_job_only_its_record_is_kept(store, tmp_path):
    job = store.submit(replace(WITH_REFERENCE, size="1280x720", seconds=20))
    folder = tmp_path / "jobs" / job.id
    until(lambda: (folder / "plan.json").exists())
    os.kill(until(children)[0], signal.SIGKILL)

    ended(store, job)

    assert [path.name for path in folder.iterdir()] == ["job.json"]


def test_a_third_tool_waits_and_then_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("videos.engine.child._PATIENCE", 0.05)
    film = foreign(tmp_path / "film.mp4", frames=2)
    with child._TOOLS, child._TOOLS, pytest.raises(child.ToolsBusy):
        child.run_tool("videos.engine.probe", film, seconds=20)

    assert json.loads(child.run_tool("videos.engine.probe", film, seconds=20))["frames"] == 2


def test_a_tool_ends_with_the_one_who_asked(tmp_path):
    os.mkfifo(tmp_path / "film.mp4")
    code = "import sys; from videos.engine.child import run_tool; run_tool(*sys.argv[1:], seconds=60)"
    command = ["videos.engine.cutout", tmp_path / "film.mp4", tmp_path / "card.png"]
    asking = subprocess.Popen([sys.executable, "-c", code, *command], cwd=ROOT)
    try:
        tool = until(lambda: Path(f"/proc/{asking.pid}/task/{asking.pid}/children").read_text().strip())
        # Its bounds are set: it waits for a film that never comes.
        until(lambda: str(3 * 1024**3) in Path(f"/proc/{tool}/limits").read_text())
        with watched(int(tool)) as has_ended:
            asking.kill()
            assert has_ended()
    finally:
        asking.kill()
        asking.wait()
