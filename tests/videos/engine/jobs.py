"""Looks into a job store and its folders."""

from __future__ import annotations

from tests.videos.engine.waiting import until


def ended(store, job):
    return until(lambda: (now := store.get(job.id)).ended and now)


def running(store, job):
    return until(lambda: (now := store.get(job.id)).status == "in_progress" and now)


def folders(data):
    return sorted(path.name for path in (data / "jobs").iterdir())
