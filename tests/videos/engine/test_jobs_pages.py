"""The job store's pages, from either end and while jobs are deleted."""

from __future__ import annotations

from tests.videos.engine.orders import LONG


def test_pages_run_through_all_jobs_once_even_while_they_are_deleted(store):
    ids = [store.submit(LONG).id for _ in range(5)]
    seen, after, more = [], None, True

    while more:
        jobs, more = store.page(after=after, limit=2, newest_first=True)
        seen += [job.id for job in jobs]
        after = seen[-1]
        for job in jobs:
            store.delete(job.id)

    assert ids == sorted(ids)
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
