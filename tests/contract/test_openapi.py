"""Schemathesis against the OpenAPI document: requests by the thousand, good and bad, their answers judged by it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import factories
from tests.contract.envelope import accepted
from tests.contract.receiver import Receiver
from tests.contract.scorecard import Scorecard
from tests.contract.target import NEIGHBOUR, Target, wait_final
from tests.live.server import running
from tests.scripted_backend import Job, ScriptedBackend

HERE = Path(__file__).parent
COMMAND = HERE.parents[1] / ".venv-schemathesis/bin/st"
RUN_SECONDS = 600
CONFIG = HERE / "schemathesis.toml"
SOURCE = "A source for others"
LINE = {"custom_id": "one", "method": "POST", "url": "/v1/videos", "body": {"prompt": "From a batch"}}


class Refusing(ScriptedBackend):
    """Every video fails at once, so that thousands of them cost nothing; but not what others are made from."""

    def accept(
        self,
        fields: dict[str, str],
        upload: bytes | None,
        source: str | None,
        key: str | None,
        path: str = "/v1/videos",
    ) -> Job:
        job = super().accept(fields, upload, source, key, path)
        if fields["prompt"] == SOURCE:
            self.finish(job, factories.mp4((1280, 720), 4))
        else:
            job.status, job.error = "failed", {"code": "generation_failed", "message": "Not today."}
        return job


@contextmanager
def open_room() -> Iterator[tuple[Target, Receiver]]:
    with Refusing() as backend, Receiver(NEIGHBOUR) as receiver:
        environ = {
            "STUDIO_BACKEND_URL": backend.url,
            "STUDIO_BACKEND_KEY": backend.key,
            "STUDIO_BACKEND_MODELS": "sora-2,sora-2-pro",
            "STUDIO_BACKEND_FEATURES": "idempotency,remix,edits,extensions,characters,seed",
            "STUDIO_OUTBOUND_ALLOWED": NEIGHBOUR,
            "STUDIO_RATE_LIMIT": "0",
        }
        with running(**environ) as studio:
            yield Target.of(studio), receiver


def make_facts(target: Target, client: httpx.Client, receiver: Receiver, folder: Path) -> dict[str, Any]:
    """Things of every kind, for requests to name."""
    clip = folder / "clip.mp4"
    clip.write_bytes(factories.mp4((320, 180), 2))
    video = accepted(client.post("/videos", json=target.order(prompt=SOURCE)))
    (video,) = wait_final(client, video["id"], seconds=60)
    assert video["status"] == "completed", video
    return {
        "clip": str(clip),
        "video": video["id"],
        "characters": [_character(client, clip, name) for name in ("Ada", "Bea")],
        "batch_file": _file(client, json.dumps(LINE).encode()),
        "receiver": f"{receiver.url}/hooks",
    }


def _character(client: httpx.Client, clip: Path, name: str) -> str:
    files = {"video": ("clip.mp4", clip.read_bytes(), "video/mp4")}
    found: str = accepted(client.post("/videos/characters", data={"name": name}, files=files))["id"]
    return found


def _file(client: httpx.Client, content: bytes) -> str:
    files = {"file": ("lines.jsonl", content, "application/jsonl")}
    found: str = accepted(client.post("/files", data={"purpose": "batch"}, files=files))["id"]
    return found


def run(target: Target, facts: dict[str, Any], folder: Path) -> tuple[int, str]:
    environ = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")},
        "PYTHONPATH": str(HERE),
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
        "SCHEMATHESIS_FACTS": json.dumps(facts),
    }
    location, header = f"{target.url}/openapi.json", f"Authorization: Bearer {target.key}"
    command = [
        str(COMMAND),
        "--config-file",
        str(CONFIG),
        "run",
        location,
        "--checks",
        "all",
        "--no-color",
        "-H",
        header,
    ]
    done = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, timeout=RUN_SECONDS)
    return done.returncode, done.stdout + done.stderr


def summary(output: str, code: int) -> str:
    """What does not differ from run to run: the number of cases does a little, with the server's pace."""
    version, tested = re.search(r"Schemathesis (v[\d.]+)", output), re.search(r"Tested: (\d+)", output)
    cases = re.search(r"(\d+) generated", output)
    assert version, output[-3000:]
    assert tested, output[-3000:]
    assert cases, output[-3000:]
    outcome = "0 failures" if code == 0 else "failures"
    return f"{version[1]}, all checks, {tested[1]} operations, over {int(cases[1]) // 500 * 500:,} requests: {outcome}"


def test_schemathesis_finds_no_failure(target: Target, card: Scorecard, tmp_path: Path) -> None:
    target.own("the OpenAPI document of Studio")
    if not COMMAND.exists():
        pytest.skip("Schemathesis is not installed: run `make schemathesis`")
    with open_room() as (room, receiver), room.client() as client:
        facts = make_facts(room, client, receiver, tmp_path)
        code, output = run(room, facts, tmp_path)
        log = room.own("its log").log

    card.note("Schemathesis", summary(output, code))
    assert code == 0, output[-6000:]
    assert "Traceback" not in log
