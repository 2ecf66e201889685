"""The engine as a program: its command line, its signals, its end and its restart."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.live.server import free_port
from tests.videos.engine.answers import refused
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.running import ROOT, listens, renders, run, serving, start
from tests.videos.engine.waiting import until, watched


def engine(*options):
    return run("videos.engine", *options)


def test_it_refuses_to_start_without_a_key(tmp_path):
    done = engine("--data", tmp_path)

    assert done.returncode == 2
    assert "STUDIO_ENGINE_KEY" in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org"])
def test_it_refuses_to_be_open_to_other_machines(tmp_path, host):
    done = engine("--no-key", "--host", host, "--data", tmp_path)

    assert done.returncode == 2
    assert "loopback" in done.stderr


def test_it_refuses_a_port_that_is_taken(client, tmp_path):
    done = engine("--no-key", "--port", client.base_url.port, "--data", tmp_path)

    assert done.returncode == 2
    assert "cannot listen" in done.stderr


def test_two_engines_do_not_share_their_data(client, engine_data):
    done = engine("--no-key", "--port", free_port(), "--data", engine_data)

    assert done.returncode == 1
    assert "another engine" in done.stderr


def test_without_a_key_it_serves_programs_but_no_web_pages(tmp_path):
    with serving(tmp_path, "--no-key", key=None) as client:
        assert client.get("/videos").json()["data"] == []
        refused(client.get("/videos", headers={"Origin": "https://evil.example"}), 403, "permission_denied")


def test_it_listens_within_a_moment_and_says_where(tmp_path):
    started = time.monotonic()
    process, client = start(tmp_path, stdout=subprocess.PIPE, text=True)
    address = str(client.base_url).removesuffix("/v1/")

    with client:
        assert client.get(f"{address}/healthz").json() == {"status": "ok"}
    assert time.monotonic() - started < 2
    assert process.stdout.readline() == f"engine: listening on {address}\n"
    process.terminate()
    process.communicate()


@pytest.fixture
def rendering(tmp_path):
    """A server and a client of it, with a render that runs; the test ends the server."""
    process, client = start(tmp_path)
    with client:
        video_id = client.post("/videos", json=LONG_FIELDS).json()["id"]
        [render] = until(lambda: renders(video_id))
        with watched(render) as ends:
            yield process, client, ends
    process.kill()
    process.wait()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_with_its_renders(rendering, signum):
    process, _, render_ends = rendering

    process.send_signal(signum)

    assert process.wait(10) == 0
    assert render_ends()


def test_nothing_is_left_when_it_is_killed(rendering):
    process, client, render_ends = rendering

    process.kill()
    process.wait()

    assert render_ends()
    until(lambda: not listens(client.base_url.port))


def test_it_dies_with_its_parent_when_told_to(tmp_path):
    port = free_port()
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'videos.engine', '--no-key', '--die-with-parent',"
        " '--port', sys.argv[1], '--data', sys.argv[2]])\n"
        "child.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(port), str(tmp_path)], cwd=ROOT) as parent:
        until(lambda: listens(port))

        parent.kill()

    until(lambda: not listens(port))


def test_a_restart_forgets_what_ran_and_keeps_what_was_completed(film, kept_film, tmp_path):
    with serving(tmp_path) as client:
        assert client.get(f"/videos/{kept_film}").json() == film[-1].json()
        lost = client.post("/videos", json=LONG_FIELDS).json()
        until(lambda: renders(lost["id"]))

    with serving(tmp_path) as client:
        refused(client.get(f"/videos/{lost['id']}"), 404, "video_not_found")
        assert client.get(f"/videos/{kept_film}").json() == film[-1].json()
        assert client.get(f"/videos/{kept_film}/content").status_code == 200
        remix = client.post(f"/videos/{kept_film}/remix", json={"prompt": "at night"})
        assert remix.json()["remixed_from_video_id"] == kept_film


def test_an_expired_film_is_gone_and_can_still_be_remixed(kept_film, tmp_path):
    record = tmp_path / "jobs" / kept_film / "job.json"
    video = json.loads(record.read_text())
    record.write_text(json.dumps(video | {"expires_at": video["completed_at"]}))

    with serving(tmp_path) as client:
        refused(client.get(f"/videos/{kept_film}/content"), 404, "video_expired")
        assert client.get(f"/videos/{kept_film}").json()["status"] == "completed"
        assert client.post(f"/videos/{kept_film}/remix", json={"prompt": "at night"}).status_code == 200
