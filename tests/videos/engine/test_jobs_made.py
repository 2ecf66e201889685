"""Jobs that are made of others: chains of extensions, what they inherit, what a restart keeps of them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.videos.engine.films import digests, foreign
from tests.videos.engine.jobs import ended
from tests.videos.engine.orders import PICTURE, SHORT
from videos.engine.clips import judge_clip
from videos.engine.job import KeyReused
from videos.engine.jobs import JobStore, SameName, SourceExpired, TooLong
from videos.engine.probe import probe

MORE = replace(SHORT, prompt="rain", operation="extend", seconds=4, seed=None)


def extended(store, job, seconds=4):
    return ended(store, store.submit(replace(MORE, source_id=job.id, seconds=seconds)))


def known(data, job, **values):
    """The store of `data` with another word about a job."""
    record = data / "jobs" / job.id / "job.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | values))
    return JobStore(data)


def test_four_seconds_after_four_are_eight_and_after_those_twelve(done, store):
    eight = extended(store, done)
    twelve = extended(store, eight)

    assert [(job.seconds, job.added_seconds, job.extensions) for job in (eight, twelve)] == [(8, 4, 1), (12, 4, 2)]
    assert (twelve.size, twelve.seed) == (done.size, done.seed)
    films = [store.media(job, "video") for job in (done, eight, twelve)]
    assert [probe(film).frames for film in films] == [96, 192, 288]
    assert digests(films[2])[:192] == digests(films[1])
    assert digests(films[1])[:96] == digests(films[0])


def test_an_extension_outlives_its_source(done, store, tmp_path):
    eight = store.submit(replace(MORE, source_id=done.id))

    store.delete(done.id)

    assert ended(store, eight).status == "completed"
    assert (tmp_path / "jobs" / eight.id / "reference").read_bytes() == PICTURE.data


@pytest.mark.parametrize(("change", "added"), [({"extensions": 6}, 4), ({"seconds": 104}, 20), ({"seconds": 120}, 4)])
def test_a_chain_has_its_bounds(done, tmp_path, change, added):
    store = known(tmp_path, done, **change)
    try:
        with pytest.raises(TooLong):
            store.submit(replace(MORE, source_id=done.id, seconds=added))
        remix = store.submit(replace(SHORT, operation="remix", source_id=done.id))
    finally:
        store.close()
    assert remix.extensions == change.get("extensions", 0)


@pytest.mark.parametrize(("change", "added"), [({"extensions": 5}, 4), ({"seconds": 100}, 20)])
def test_a_chain_may_reach_its_bounds(done, tmp_path, change, added):
    store = known(tmp_path, done, **change)
    try:
        job = store.submit(replace(MORE, source_id=done.id, seconds=added))
    finally:
        store.close()
    assert (job.extensions, job.seconds) == (change.get("extensions", 0) + 1, change.get("seconds", 4) + added)


def test_a_source_that_vanishes_after_it_was_checked_has_expired(done, store, monkeypatch):
    monkeypatch.setattr(JobStore, "_check_kept", lambda *_: None)
    store.media(done, "video").unlink()

    with pytest.raises(SourceExpired):
        store.submit(replace(MORE, source_id=done.id))


def test_characters_of_one_name_are_refused(store, tmp_path):
    clip = foreign(tmp_path / "clip.mp4", size=(128, 72))
    ids = tuple(store.characters.add(name, clip).id for name in ("Luna", "luna", "Sol"))

    with pytest.raises(SameName):
        store.submit(replace(SHORT, characters=ids[:2]))
    assert store.submit(replace(SHORT, characters=ids[1:])).id


def test_a_record_of_an_earlier_version_is_still_known(done, tmp_path):
    record = tmp_path / "jobs" / done.id / "job.json"
    stored = json.loads(record.read_text())
    for name in ("added_seconds", "extensions", "from_film"):
        del stored[name]
    record.write_text(json.dumps(stored))
    order = tmp_path / "jobs" / done.id / "order.json"
    order.write_text(json.dumps({"prompt": "A red circle", "seed": 7, "size": [96, 64], "seconds": 4}))

    store = JobStore(tmp_path)
    try:
        assert store.get(done.id) == done
        remix = store.submit(replace(SHORT, operation="remix", source_id=done.id))
        assert json.loads((tmp_path / "jobs" / remix.id / "order.json").read_text())["lineage"] == []
    finally:
        store.close()


def test_the_same_key_with_another_film_or_character_is_refused(store, tmp_path):
    clips = [judge_clip(foreign(tmp_path / f"{frames}.mp4", frames=frames)) for frames in (24, 48)]
    edit = replace(SHORT, operation="edit", clip=clips[0].path)
    first = store.submit(edit, key="k1", clip=clips[0])

    assert store.submit(edit, key="k1", clip=clips[0]).id == first.id
    with pytest.raises(KeyReused):
        store.submit(replace(edit, clip=clips[1].path), key="k1", clip=clips[1])
    with pytest.raises(KeyReused):
        store.submit(replace(edit, characters=("char_x",)), key="k1", clip=clips[0])
