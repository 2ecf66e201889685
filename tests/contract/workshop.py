"""A second Studio whose backend plays a part: for endings, crowds and mishaps that no render brings about."""

from __future__ import annotations

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

# Seconds that a finished video's files are kept there.
KEPT_SECONDS = 5
CROWD = 250


@dataclass
class Workshop:
    target: Target
    studio: Studio
    backend: ScriptedBackend

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
    with ScriptedBackend() as backend:
        environ = {
            "STUDIO_BACKEND_URL": backend.url,
            "STUDIO_BACKEND_KEY": backend.key,
            "STUDIO_BACKEND_MODELS": "sora-2,sora-2-pro",
            "STUDIO_BACKEND_FEATURES": "idempotency",
            "STUDIO_KEEP_HOURS": str(KEPT_SECONDS / 3600),
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
        video_id: str = accepted(client.post("/videos", json=target.order(prompt=f"A crowd, face {number}")))["id"]
        return video_id

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(order, range(CROWD)))


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
