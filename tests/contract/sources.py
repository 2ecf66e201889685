"""Videos that others are made from, and orders of every kind, deleted when the test is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests import factories
from tests.contract.target import Target, foreign, not_applicable, wait_final

# Neither is the default, so that what a result inherits can be told from what it would have had anyway.
LONG = {"model": "sora-2-pro", "size": "1280x720", "seconds": "8", "prompt": "A red kite over a green hill"}

# The engine has one model, and Studio's names for it are not its own.
MODELS = {"engine": "animatic-1"}

_long: dict[str, dict[str, Any]] = {}


def long_video(target: Target, client: httpx.Client) -> dict[str, Any]:
    """A completed video of eight seconds, made once in a run."""
    if target.url not in _long:
        order = {**LONG, "model": target.model or MODELS.get(target.room, LONG["model"])}
        answer = client.post("/videos", json=order)
        assert answer.status_code == 200, answer.text
        (_long[target.url],) = wait_final(client, answer.json()["id"])
    assert _long[target.url]["status"] == "completed", _long[target.url]["error"]
    return _long[target.url]


class Orders:
    """`order(path, **of httpx)` gives the new video; what another server does not offer is not applicable there."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.made: list[str] = []

    def __call__(self, path: str, **request: Any) -> dict[str, Any]:
        answer = self.client.post(path, **request)
        offered(answer)
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text[:500]}"
        video: dict[str, Any] = answer.json()
        self.made.append(video["id"])
        return video

    def completed(self, path: str, **request: Any) -> dict[str, Any]:
        """The same, once it has ended well."""
        (video,) = self.wait(self(path, **request))
        return video

    def wait(self, *videos: dict[str, Any]) -> list[dict[str, Any]]:
        ended = wait_final(self.client, *[video["id"] for video in videos])
        assert [(it["status"], it["error"]) for it in ended] == [("completed", None)] * len(ended)
        return ended

    def content(self, video: dict[str, Any]) -> bytes:
        answer = self.client.get(f"/videos/{video['id']}/content")
        assert answer.status_code == 200, answer.text
        return answer.content

    def drop(self) -> None:
        for video_id in self.made:
            self.client.delete(f"/videos/{video_id}")


@contextmanager
def ordering(client: httpx.Client) -> Iterator[Orders]:
    orders = Orders(client)
    try:
        yield orders
    finally:
        orders.drop()


def offered(answer: httpx.Response) -> None:
    """Another server need not have every endpoint."""
    absent = answer.status_code in (404, 405, 501) and "not_found" not in answer.text
    if foreign() and absent:
        not_applicable(f"the server has no {answer.request.method} {answer.request.url.path}")


def clip(seconds: int = 2, size: tuple[int, int] = (1280, 720)) -> bytes:
    """An mp4 that no server has seen before."""
    return factories.mp4(size, seconds)


def upload(data: bytes, filename: str = "clip.mp4", kind: str = "video/mp4") -> dict[str, tuple[str, bytes, str]]:
    """For httpx's `files`."""
    return {"video": (filename, data, kind)}


def upload_file(client: httpx.Client, data: bytes, purpose: str, filename: str = "file.jsonl") -> dict[str, Any]:
    """A new file at /files."""
    answer = client.post("/files", data={"purpose": purpose}, files={"file": (filename, data)})
    offered(answer)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made
