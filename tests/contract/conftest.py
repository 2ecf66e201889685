"""One contract, two servers: the embedded engine and Studio's own API, each over real HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import httpx
import pytest

from tests.live.server import API_KEY, Studio, free_port, wait_until

ENGINE_KEY = "sk-contract-engine"


@pytest.fixture(scope="package")
def engine_url() -> Iterator[str]:
    port = str(free_port())
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "videos.engine", "--port", port, "--data", folder]
        process = subprocess.Popen(command, env={**os.environ, "STUDIO_ENGINE_KEY": ENGINE_KEY})
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: answers(f"{url}/healthz"), seconds=20, what="the engine listens")
            yield f"{url}/v1"
        finally:
            process.terminate()
            process.wait(20)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="package")
def studio_url(studio: Studio) -> str:
    return f"{studio.url}/v1"


@pytest.fixture(scope="package", params=["engine", "studio"])
def server(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    key = ENGINE_KEY if request.param == "engine" else API_KEY
    url = request.getfixturevalue(f"{request.param}_url")
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60, follow_redirects=True, trust_env=False) as client:
        yield client


@pytest.fixture(scope="package")
def finished(server: httpx.Client) -> str:
    """The id of a completed video."""
    fields = {"prompt": "A calico cat playing a piano on stage", "size": "1280x720", "seconds": "4", "seed": 7}
    video_id: str = server.post("/videos", json=fields).json()["id"]
    wait_until(lambda: is_final(server, video_id), seconds=120, what="the video ends")
    return video_id


def is_final(server: httpx.Client, video_id: str) -> bool:
    return server.get(f"/videos/{video_id}").json()["status"] in ("completed", "failed")
