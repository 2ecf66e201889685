"""Which orders the job store takes: remixes, idempotency keys, a full queue, a disk that refuses."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.videos.engine.jobs import ended, running
from tests.videos.engine.orders import LONG, PICTURE, SHORT
from tests.videos.engine.waiting import in_threads
from videos.contract import Reference
from videos.engine.job import KeyReused
from videos.engine.jobs import QueueFull, SourceNotReady, UnknownJob


def test_a_remix_keeps_the_reference_of_its_source(done, store, tmp_path):
    remix = store.submit(replace(SHORT, prompt="at night", operation="remix", source_id=done.id))

    store.delete(done.id)

    assert ended(store, remix).status == "completed"
    assert (tmp_path / "jobs" / remix.id / "reference").read_bytes() == PICTURE.data


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

    def submit(number):
        barrier.wait()
        ids.append(store.submit(LONG, key="k1").id)

    in_threads(submit, 16)

    assert len(ids) == 16
    assert len(set(ids)) == 1


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
