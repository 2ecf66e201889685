"""What the job store finds again after a restart, and what it drops in time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.videos.engine.jobs import ended, folders, running
from tests.videos.engine.orders import LONG, SHORT, WITH_REFERENCE
from tests.videos.engine.running import children
from videos.engine.folders import DataInUse
from videos.engine.jobs import JobStore, UnknownJob
from videos.engine.probe import probe


@pytest.fixture
def reopened(tmp_path):
    """Open the store of `tmp_path` once more, with the one before closed."""
    stores = []

    def reopened(**options):
        close()
        stores.append(JobStore(tmp_path, **options))
        return stores[-1]

    def close():
        if stores:
            stores.pop().close()

    yield reopened
    close()


def change(data, job, **values):
    record = data / "jobs" / job.id / "job.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | values))


def test_completed_jobs_survive_a_restart_and_can_be_remixed(done, store):
    assert store.get(done.id) == done
    assert probe(store.media(done, "video")).frames == 96

    remix = store.submit(replace(SHORT, prompt="at night", seed=None, operation="remix", source_id=done.id))

    assert (remix.source_id, remix.size, remix.seconds, remix.seed) == (done.id, "96x64", 4, 7)
    assert ended(store, remix).status == "completed"


def test_running_and_queued_jobs_do_not_survive_a_restart(reopened, tmp_path):
    store = reopened()
    jobs = [store.submit(LONG), store.submit(LONG)]
    running(store, jobs[0])

    store = reopened()

    assert children() == []
    for job in jobs:
        with pytest.raises(UnknownJob):
            store.get(job.id)
    assert folders(tmp_path) == []


def test_failed_jobs_are_still_known_after_a_restart(reopened):
    store = reopened()
    job = ended(store, store.submit(replace(SHORT, size="0x0")))

    assert reopened().get(job.id) == job


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"id": "video_1"}', "null"])
def test_a_damaged_record_is_removed_at_start(reopened, tmp_path, damage):
    folder = tmp_path / "jobs" / "video_1"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(damage)

    store = reopened()

    assert store.page(after=None, limit=10, newest_first=True) == ([], False)
    assert folders(tmp_path) == []


def test_two_stores_do_not_share_a_folder(store, tmp_path, monkeypatch):
    monkeypatch.setattr("videos.engine.folders._CLAIM_PATIENCE", 0.1)

    with pytest.raises(DataInUse):
        JobStore(tmp_path)


def test_expired_media_are_dropped_and_the_plan_stays_for_remixes(done, reopened, tmp_path):
    change(tmp_path, done, expires_at=done.completed_at)
    store = reopened()

    store.drop_expired()

    assert not store.media(done, "video").exists()
    assert store.get(done.id).status == "completed"
    remix = store.submit(replace(SHORT, prompt="at night", operation="remix", source_id=done.id))
    assert ended(store, remix).status == "completed"


def test_media_expire_after_the_hours_that_they_are_kept(reopened):
    store = reopened(keep_hours=0.5 / 3600 + 1 / 3600)
    job = ended(store, store.submit(SHORT))

    assert job.expires_at == job.completed_at + 1


def test_media_never_expire_when_they_are_kept_for_good(reopened):
    store = reopened(keep_hours=0)
    job = ended(store, store.submit(SHORT))

    assert job.expires_at is None


def test_keys_survive_a_restart_with_their_completed_jobs(done, store):
    assert store.submit(WITH_REFERENCE, key="k1") == done


def test_keys_are_forgotten_after_a_day(done, reopened, tmp_path):
    change(tmp_path, done, created_at=done.created_at - 86_401)
    store = reopened()

    assert store.submit(replace(SHORT, prompt="other"), key="k1").id != done.id
