"""Videos that others are made from, and orders of every kind, deleted when the test is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests import factories
from tests.contract.envelope import accepted
from tests.contract.target import Target, foreign, not_applicable, wait_final

# Neither is the default, so that what a result inherits can be told from what it would have had anyway.
LONG = {"size": "1280x720", "seconds": "8", "prompt": "A red kite over a green hill"}

# The engine has one model, and Studio's names for it are not its own.
MODELS = {"studio": "sora-2-pro", "engine": "animatic-1"}

_long: dict[str, dict[str, Any]] = {}


def long_video(target: Target, client: httpx.Client) -> dict[str, Any]:
    """A completed video of eight seconds, made once in a run."""
    if target.url not in _long:
        order = {**LONG, "model": MODELS.get(target.room)} if target.room != "foreign" else target.plain(**LONG)
        (_long[target.url],) = wait_final(client, accepted(client.post("/videos", json=order))["id"])
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
        video = accepted(answer)
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
    return accepted(answer)


def character(client: httpx.Client, name: str, data: bytes | None = None) -> dict[str, Any]:
    """A new character, of a clip of its own."""
    answer = client.post("/videos/characters", data={"name": name}, files=upload(data or clip()))
    offered(answer)
    return accepted(answer)


def another_model(target: Target, client: httpx.Client) -> str:
    """Not the one that is asked for by default."""
    if target.room in MODELS:
        return MODELS[target.room]
    used = target.model or "sora-2"
    others = [model["id"] for model in client.get("/models").json().get("data", []) if model["id"] != used]
    if not others:
        not_applicable("the server has one model only")
    return str(others[0])
