"""`make run`, as a person and as a service manager meet it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.live.server import API_KEY, Studio, free_port, running, wait_until


def finished(client: httpx.Client, *ids: str) -> bool:
    return all(client.get(f"/videos/{video_id}").json()["status"] in ("completed", "failed") for video_id in ids)


def create(client: httpx.Client, prompt: str, **fields: str) -> str:
    response = client.post("/videos", json={"prompt": prompt, "size": "1280x720", "seconds": "4", **fields})
    assert response.status_code == 200, response.text
    video_id: str = response.json()["id"]
    return video_id


def test_the_printed_link_signs_in_once(studio: Studio) -> None:
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        page = browser.get(studio.sign_in_link)
        assert page.status_code == 200
        assert page.url.path == "/w/studio/create/"

    with httpx.Client(follow_redirects=True, trust_env=False) as stranger:
        assert stranger.get(studio.sign_in_link).url.path == "/sign-in/"


def test_ready_and_alive(studio: Studio) -> None:
    ready = httpx.get(f"{studio.url}/readyz")

    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "database": "ok", "storage": "ok", "worker": "ok", "engine": "ok"}
    assert httpx.get(f"{studio.url}/healthz").status_code == 200


def test_static_files_have_hashed_names_and_long_lives(studio: Studio) -> None:
    page = httpx.get(f"{studio.url}/sign-in/").text
    address = next(part for part in page.split('"') if part.endswith(".css"))

    answer = httpx.get(f"{studio.url}{address}")

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_used_port_is_said_clearly_and_ends_with_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environ = {**os.environ, "PORT": port, "STUDIO_DATA_DIR": str(tmp_path)}

        done = subprocess.run([sys.executable, "-m", "studio"], env=environ, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "PORT=" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_copy_on_the_same_data_is_refused(studio: Studio) -> None:
    environ = {**os.environ, "PORT": str(free_port()), "STUDIO_DATA_DIR": str(studio.data_dir)}

    done = subprocess.run([sys.executable, "-m", "studio"], env=environ, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert "STUDIO_DATA_DIR" in done.stderr


def test_a_second_start_finds_all_data_and_a_stop_leaves_no_process() -> None:
    with running() as studio:
        with studio.client() as client:
            video_id = create(client, "A fox in the snow")
            wait_until(lambda: finished(client, video_id), seconds=90, what="the video ends")
        children = studio.descendants()
        assert len(children) >= 3

        assert studio.stop() == 0
        assert not living(children)

        studio.start()
        with studio.client() as client:
            assert client.get(f"/videos/{video_id}").json()["status"] == "completed"
            assert client.get(f"/videos/{video_id}/content", follow_redirects=True).content[4:8] == b"ftyp"


def test_two_copies_run_side_by_side(studio: Studio) -> None:
    with running() as other, other.client() as theirs, studio.client() as ours:
        video_id = create(theirs, "A boat")

        assert ours.get(f"/videos/{video_id}").status_code == 404
        assert theirs.get(f"/videos/{video_id}").status_code == 200


def test_the_first_owner_and_key_come_from_the_environment() -> None:
    owner = {"STUDIO_ADMIN_EMAIL": "zoe@example.org", "STUDIO_ADMIN_PASSWORD": "correct horse battery"}
    with running(**owner, STUDIO_API_KEY="sk-of-zoe") as studio:
        with studio.client(key="sk-of-zoe") as client:
            assert client.get("/videos").status_code == 200
        with studio.client(key=API_KEY) as client:
            assert client.get("/videos").status_code == 401

        with httpx.Client(base_url=studio.url, follow_redirects=True, trust_env=False) as browser:
            browser.get("/sign-in/")
            token = next(value for name, value in browser.cookies.items() if "csrf" in name)
            form = {
                "username": "zoe@example.org",
                "password": "correct horse battery",
                "csrfmiddlewaretoken": token,
            }
            page = browser.post("/sign-in/", data=form, headers={"Origin": studio.url})
        assert page.url.path == "/w/studio/create/"


@pytest.mark.parametrize("part", ["videos.engine", "celery", "granian"])
def test_a_crashed_child_is_started_again(part: str) -> None:
    with running() as studio, studio.client() as client:
        before = studio.descendants()
        (victim, *_) = [pid for pid in studio.descendants() if part in Path(f"/proc/{pid}/cmdline").read_text()]
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{victim}").exists(), seconds=5, what=f"{part} is gone")

        def makes_videos() -> bool:
            try:
                return client.get(f"/videos/{create(client, 'A lamp')}").status_code == 200
            except httpx.TransportError:
                return False

        wait_until(makes_videos, seconds=30, what=f"{part} is back")
        video_id = create(client, "A lamp in the rain")
        wait_until(lambda: finished(client, video_id), seconds=120, what="the video ends")
        assert client.get(f"/videos/{video_id}").json()["status"] == "completed"
        # Nothing of the crashed child lives on beside its successor.
        studio.stop()
        wait_until(lambda: not living(before), seconds=5, what="all processes of the first start are gone")


def living(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize("children", [True, False], ids=["everything", "the supervisor alone"])
def test_killed_in_the_middle_of_a_render_every_video_reaches_its_end_exactly_once(children: bool) -> None:
    with running() as studio:
        with studio.client() as client:
            ids = [create(client, f"A calico cat playing a piano on stage, take {n}") for n in range(3)]
            wait_until(lambda: rendering(client, ids), seconds=60, what="a render is under way")
        studio.kill(children=children)

        studio.start()
        with studio.client() as client:
            wait_until(lambda: finished(client, *ids), seconds=180, what="every video ends")
            videos = [client.get(f"/videos/{video_id}").json() for video_id in ids]
            assert [(video["status"], video["error"]) for video in videos] == [("completed", None)] * 3
            assert {video["id"] for video in client.get("/videos").json()["data"]} == set(ids)
        if not os.environ.get("S3_BUCKET"):
            assert len(list((studio.data_dir / "media").rglob("video-*.mp4"))) == 3


def rendering(client: httpx.Client, ids: list[str]) -> bool:
    return any(0 < client.get(f"/videos/{video_id}").json()["progress"] < 99 for video_id in ids)
