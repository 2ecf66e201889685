"""A Studio whose backend is done at once: for webhooks, and for limits that take many videos to reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from tests import factories
from tests.contract.envelope import accepted
from tests.contract.mailbox import PostOffice, can_call_us
from tests.contract.target import NEIGHBOUR, Target, foreign, not_applicable, wait_final
from tests.live.server import running
from tests.scripted_backend import Job, ScriptedBackend
from videos.contract import parse_size

# Words in a prompt that this backend obeys.
FAIL, WAIT = "which fails", "which takes forever"


# Nobody looks at it.
film = cache(factories.mp4)


class QuickBackend(ScriptedBackend):
    """Has the whole file the moment it is asked, but for prompts that say otherwise."""

    def accept(
        self,
        fields: dict[str, str],
        upload: bytes | None,
        source: str | None,
        key: str | None,
        path: str = "/v1/videos",
    ) -> Job:
        job = super().accept(fields, upload, source, key, path)
        if FAIL in fields["prompt"]:
            job.status, job.error = "failed", {"code": "generation_failed", "message": "The backend ran out of paint."}
        elif WAIT not in fields["prompt"] and not job.files:
            self.finish(job, film(parse_size(fields["size"]), int(fields["seconds"])))
        return job


@dataclass(frozen=True)
class Hall:
    """A server that answers fast if it is ours, and a post office that it can reach."""

    target: Target
    client: httpx.Client
    office: PostOffice

    def order(self, prompt: str, **fields: Any) -> str:
        video_id: str = accepted(self.client.post("/videos", json=self.target.order(prompt=prompt, **fields)))["id"]
        return video_id

    def completed(self, prompt: str = "A lamp", **fields: Any) -> str:
        (video,) = wait_final(self.client, self.order(prompt, **fields))
        assert video["status"] == "completed", video["error"]
        video_id: str = video["id"]
        return video_id

    def subscribe(self, url: str, *event_types: str) -> dict[str, Any]:
        """A new endpoint, with its secret."""
        order = {"name": "Conformance", "url": url, "event_types": event_types or ("video.completed", "video.failed")}
        answer = self.client.post("/webhook_endpoints", json=order)
        if answer.status_code in (404, 405) and foreign():
            not_applicable("the server does not manage webhook endpoints")
        return accepted(answer)

    def tidy(self, *keep: str) -> None:
        """Take away the endpoints of a test, but for these: a server may allow a few only."""
        for endpoint in self.client.get("/webhook_endpoints", params={"limit": 100}).json().get("data", []):
            if endpoint["url"].startswith(self.office.url) and endpoint["url"] not in keep:
                self.client.delete(f"/webhook_endpoints/{endpoint['id']}")


@contextmanager
def quick_target() -> Iterator[Target]:
    with QuickBackend() as backend:
        environ = {
            "STUDIO_BACKEND_URL": backend.url,
            "STUDIO_BACKEND_KEY": backend.key,
            "STUDIO_BACKEND_MODELS": "sora-2,sora-2-pro",
            "STUDIO_BACKEND_FEATURES": "idempotency",
            "STUDIO_RATE_LIMIT": "0",
            "STUDIO_OUTBOUND_ALLOWED": NEIGHBOUR,
            "STUDIO_WEBHOOK_RETRY_SECONDS": "1,1,2",
        }
        with running(**environ) as studio:
            yield Target.of(studio)


@contextmanager
def open_hall(target: Target) -> Iterator[Hall]:
    """Of our own Studio a quick one; a foreign server as it is."""
    if not foreign():
        with quick_target() as quick, quick.client() as client, PostOffice(NEIGHBOUR) as office:
            yield Hall(quick, client, office)
        return
    with target.client() as client, PostOffice() as office:
        yield Hall(target, client, office)


def reachable(hall: Hall) -> None:
    if not can_call_us(hall.target.url):
        not_applicable("the server cannot reach a receiver of webhooks on this machine")
