"""A Studio whose backend is another Studio, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests import factories
from tests.live.server import API_KEY, Studio, running, wait_until


@pytest.fixture(scope="module")
def front(studio: Studio) -> Iterator[Studio]:
    backend = {
        "STUDIO_BACKEND_URL": f"{studio.url}/v1",
        "STUDIO_BACKEND_KEY": API_KEY,
        "STUDIO_BACKEND_MODELS": "animatic-1",
        "STUDIO_BACKEND_FEATURES": "remix,variants,seed",
    }
    with running(**backend) as server:
        yield server


def test_create_poll_download_remix_and_delete_through_two_studios(front: Studio, studio: Studio) -> None:
    with front.client() as near, studio.client() as far:
        before = {video["id"] for video in far.get("/videos").json()["data"]}
        files = {"input_reference": ("x", factories.image(size=(1280, 720), colour="#c04020"))}
        made = near.post("/videos", data={"prompt": "A kite", "size": "1280x720"}, files=files).json()
        wait_until(lambda: is_final(near, made["id"]), seconds=90, what="the video ends")
        assert near.get(f"/videos/{made['id']}").json()["status"] == "completed"

        (behind,) = {video["id"] for video in far.get("/videos").json()["data"]} - before
        for variant in ("video", "thumbnail", "spritesheet"):
            ours, theirs = content(near, made["id"], variant), content(far, behind, variant)
            assert ours == theirs

        remix = near.post(f"/videos/{made['id']}/remix", json={"prompt": "make it rain"}).json()
        assert remix["remixed_from_video_id"] == made["id"]
        wait_until(lambda: is_final(near, remix["id"]), seconds=90, what="the remix ends")
        assert near.get(f"/videos/{remix['id']}").json()["status"] == "completed"
        (behind_remix,) = {video["id"] for video in far.get("/videos").json()["data"]} - before - {behind}
        assert far.get(f"/videos/{behind_remix}").json()["remixed_from_video_id"] == behind

        assert near.delete(f"/videos/{made['id']}").json()["deleted"] is True
        wait_until(lambda: far.get(f"/videos/{behind}").status_code == 404, seconds=20, what="it is deleted behind")


def test_the_page_of_the_front_studio_knows_no_engine_of_its_own(front: Studio) -> None:
    state = httpx.get(f"{front.url}/readyz").json()

    assert state["backend"] == "ok"
    assert "engine" not in state


def is_final(client: httpx.Client, video_id: str) -> bool:
    return client.get(f"/videos/{video_id}").json()["status"] in ("completed", "failed")


def content(client: httpx.Client, video_id: str, variant: str) -> bytes:
    answer = client.get(f"/videos/{video_id}/content", params={"variant": variant}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.content
