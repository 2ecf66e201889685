"""One server, one film and one shelf of completed jobs for all tests that do not spoil them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.videos.engine.answers import has_ended
from tests.videos.engine.orders import SHORT, WITH_REFERENCE
from tests.videos.engine.running import serving
from tests.videos.engine.waiting import history
from videos.engine.job import Job
from videos.engine.jobs import JobStore


@pytest.fixture(scope="session")
def engine_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server of `client` keeps its jobs."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="session")
def client(engine_data: Path) -> Iterator[httpx.Client]:
    with serving(engine_data) as client:
        yield client


@pytest.fixture(scope="session")
def film(client: httpx.Client) -> list[httpx.Response]:
    """A completed video: all that was answered on the way."""
    created = client.post("/videos", json={"prompt": "Ein roter Kreis ⭕", "seed": 7})
    url = f"/videos/{created.json()['id']}"
    return [created, *history(lambda: client.get(url), has_ended)]


@pytest.fixture(scope="session")
def film_id(film: list[httpx.Response]) -> str:
    return str(film[-1].json()["id"])


@pytest.fixture
def kept_film(engine_data: Path, film_id: str, tmp_path: Path) -> str:
    """The film as another server in `tmp_path` finds it at its start; its id."""
    copy_job(engine_data, film_id, tmp_path)
    return film_id


@pytest.fixture
def created(client: httpx.Client) -> Iterator[Callable[..., httpx.Response]]:
    """Create videos that are deleted after the test."""
    ids = []

    def create(path: str = "/videos", **options: Any) -> httpx.Response:
        answer = client.post(path, **options)
        if answer.status_code == 200:
            ids.append(answer.json()["id"])
        return answer

    yield create
    for video_id in ids:
        client.delete(f"/videos/{video_id}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    store = JobStore(tmp_path)
    yield store
    store.close()


@dataclass(frozen=True)
class Work:
    """Two jobs of one store that were watched until both were completed."""

    data: Path
    seen: list[list[Job]]

    def of(self, number: int) -> list[Job]:
        return [jobs[number] for jobs in self.seen]


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    data = tmp_path_factory.mktemp("work")
    store = JobStore(data)
    jobs = [store.submit(WITH_REFERENCE, key="k1"), store.submit(replace(SHORT, seconds=8))]
    seen = history(lambda: [store.get(job.id) for job in jobs], lambda jobs: all(job.ended for job in jobs))
    store.close()
    return Work(data, [jobs, *seen])


@pytest.fixture
def done(work: Work, tmp_path: Path) -> Job:
    """A job that an earlier store completed; its files lie in `tmp_path`."""
    job = work.seen[-1][0]
    copy_job(work.data, job.id, tmp_path)
    return job


def copy_job(source: Path, job_id: str, target: Path) -> None:
    shutil.copytree(source / "jobs" / job_id, target / "jobs" / job_id)
