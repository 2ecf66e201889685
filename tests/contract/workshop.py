"""A second Studio whose backend plays a part: for endings, crowds and mishaps that no render brings about."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.contract.envelope import accepted
from tests.contract.target import NEIGHBOUR, Target, wait_final
from tests.live.server import Studio, running, wait_until
from tests.scripted_backend import Exchange, Job, ScriptedBackend

# How long a finished video's files are kept there; `expire` does not wait for it.
KEPT_HOURS = 1
CROWD = 250
TIME_IS_UP = """
from django.utils import timezone
from videos.models import Video
Video.objects.filter(pk={id!r}).update(expires_at=timezone.now())
"""


class Ledger(dict[str, Job]):
    """Counts how often each job was looked up."""

    def __init__(self) -> None:
        self.looks: Counter[str] = Counter()

    def get(self, key: str, default: Any = None) -> Any:
        self.looks[key] += 1
        return super().get(key, default)


class WatchedBackend(ScriptedBackend):
    """Knows how often it was asked for a job."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: Ledger = Ledger()


@dataclass
class Workshop:
    target: Target
    studio: Studio
    backend: WatchedBackend

    def job(self, prompt: str) -> Job:
        """What the backend was asked for with this prompt, as soon as it was."""
        wait_until(lambda: bool(self._jobs(prompt)), seconds=20, what="the backend is asked")
        return self._jobs(prompt)[0]

    def _jobs(self, prompt: str) -> list[Job]:
        return [job for job in list(self.backend.jobs.values()) if job.fields.get("prompt") == prompt]

    def order(self, client: httpx.Client, prompt: str) -> str:
        """The id of a new video."""
        video_id: str = accepted(client.post("/videos", json=self.target.order(prompt=prompt)))["id"]
        return video_id

    def looks(self, job: Job) -> int:
        """How often the backend was asked for it."""
        return self.backend.jobs.looks[job.id]

    def expire(self, video_id: str) -> None:
        """Nobody waits an hour in a test: the row is told that its time is up."""
        self.target.shell(TIME_IS_UP.format(id=video_id))

    def failed(self, client: httpx.Client, prompt: str) -> dict[str, Any]:
        """A video that has failed."""
        video_id = self.order(client, prompt)
        job = self.job(prompt)
        job.error = {"code": "generation_failed", "message": "The backend ran out of paint."}
        job.status = "failed"
        (video,) = wait_final(client, video_id, seconds=30)
        return video

    def completed(self, client: httpx.Client, prompt: str, mp4: bytes) -> dict[str, Any]:
        """A video that is completed, with this file."""
        video_id = self.order(client, prompt)
        self.backend.finish(self.job(prompt), mp4)
        (video,) = wait_final(client, video_id, seconds=30)
        return video


@contextmanager
def open_workshop() -> Iterator[Workshop]:
    with WatchedBackend() as backend:
        environ = {
            "STUDIO_BACKEND_URL": backend.url,
            "STUDIO_BACKEND_KEY": backend.key,
            "STUDIO_BACKEND_MODELS": "sora-2,sora-2-pro",
            "STUDIO_BACKEND_FEATURES": "idempotency",
            "STUDIO_KEEP_HOURS": str(KEPT_HOURS),
            "STUDIO_OUTBOUND_ALLOWED": NEIGHBOUR,
            "STUDIO_RATE_LIMIT": "0",
        }
        with running(**environ) as studio:
            yield Workshop(Target.of(studio), studio, backend)


@dataclass(frozen=True)
class Crowd:
    """Very many videos in one project; `ids` in the order of their answers."""

    target: Target
    ids: list[str]


def order_crowd(client: httpx.Client, target: Target) -> list[str]:
    def order(number: int) -> str:
        video_id: str = accepted(_patiently(client, target.order(prompt=f"A crowd, face {number}")))["id"]
        return video_id

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(order, range(CROWD)))


def _patiently(client: httpx.Client, body: dict[str, Any]) -> httpx.Response:
    """A server may let a crowd in slowly."""
    while (answer := client.post("/videos", json=body)).status_code == 429:
        time.sleep(min(60.0, float(answer.headers.get("Retry-After", 1))))
    return answer


def failed_crowd(workshop: Workshop) -> Crowd:
    """The backend refuses each of them, so that they stand still."""
    here = workshop.target
    own = Target("studio", here.url, here.issue_key(workspace_of="crowd@studio.example"), here.studio)
    workshop.backend.faults["create"] += [_refuse] * CROWD
    with own.client() as client:
        ids = order_crowd(client, own)
        wait_final(client, *ids, seconds=120)
    workshop.backend.faults["create"].clear()
    return Crowd(own, ids)


def _refuse(exchange: Exchange) -> None:
    exchange.refuse(400, "Too crowded.", "invalid_value")
