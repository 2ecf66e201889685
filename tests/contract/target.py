"""The server that is asked, and what a check may demand of it beside answers: other keys, a look into its data."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from tests.live.server import API_KEY, Studio, wait_until

ROOT = Path(__file__).resolve().parents[2]
FINAL = ("completed", "failed")
SMALL = {"prompt": "A calico cat playing a piano on stage", "size": "1280x720", "seconds": "4"}
# How long a video may take; a server that makes pictures in earnest needs more.
RENDER_SECONDS = float(os.environ.get("RENDER_SECONDS", "180"))
# An address of this machine that some Studios of ours may fetch from and deliver to; 127.0.0.1 stays forbidden.
NEIGHBOUR = "127.0.0.2"

NEW_PERSON = """
from videos import actions
from videos.models import User
if not User.objects.filter(email={email!r}).exists():
    actions.open_workspace(name={email!r}, owner=User.objects.create_user({email!r}))
"""

STORED = """
import hashlib
from django.core.files.storage import default_storage
def walk(folder):
    folders, files = default_storage.listdir(folder)
    for name in files:
        yield f"{folder}/{name}".lstrip("/")
    for name in folders:
        yield from walk(f"{folder}/{name}".lstrip("/"))
for name in walk(""):
    if PART in name:
        with default_storage.open(name) as file:
            print(name, hashlib.sha256(file.read()).hexdigest())
"""


def foreign() -> bool:
    """Another server is asked than a Studio of our own."""
    return bool(os.environ.get("BASE_URL"))


def not_applicable(reason: str) -> NoReturn:
    pytest.skip(reason)


@dataclass
class Target:
    """`url` ends in /v1. `studio` is the process behind it, if the suite has started it."""

    room: str
    url: str
    key: str
    studio: Studio | None = None
    other: str | None = None
    model: str | None = None
    people: set[str] = field(default_factory=set)
    # Ids of videos that were made on a foreign server.
    made: list[str] = field(default_factory=list)

    @classmethod
    def from_environment(cls) -> Target:
        url = os.environ["BASE_URL"].rstrip("/")
        url = url if url.endswith("/v1") else f"{url}/v1"
        other, model = os.environ.get("OTHER_API_KEY"), os.environ.get("MODEL")
        return cls("foreign", url, os.environ["API_KEY"], other=other, model=model)

    @classmethod
    def of(cls, studio: Studio) -> Target:
        return cls("studio", f"{studio.url}/v1", API_KEY, studio)

    @contextmanager
    def client(self, key: str | None = None, **options: Any) -> Iterator[httpx.Client]:
        headers = {"Authorization": f"Bearer {key or self.key}"}
        hooks = {"response": [self._note] if self.room == "foreign" and key is None else []}
        settings = {"timeout": 60, "follow_redirects": True, "trust_env": False, "event_hooks": hooks, **options}
        with httpx.Client(base_url=self.url, headers=headers, **settings) as client:
            yield client

    def _note(self, answer: httpx.Response) -> None:
        if answer.request.method == "POST" and answer.status_code == 200 and "/videos" in answer.request.url.path:
            answer.read()
            made = answer.json()
            self.made += [made["id"]] if made.get("object") == "video" else []

    def tidy(self) -> None:
        """Nobody else will take away what we have left on another's server."""
        with self.client() as client:
            for video_id in self.made:
                client.delete(f"/videos/{video_id}")

    def order(self, **fields: Any) -> dict[str, Any]:
        """The fields of the smallest video, with some of them changed."""
        return self.plain(**{**SMALL, **fields})

    def plain(self, **fields: Any) -> dict[str, Any]:
        """These fields alone; with the model, if one is to be asked for instead of the default."""
        return {**({"model": self.model} if self.model else {}), **fields}

    def not_applicable(self, reason: str) -> NoReturn:
        not_applicable(reason)

    def own(self, why: str) -> Studio:
        """The process, which only a Studio of our own lets us have."""
        return self.studio or not_applicable(f"{why}: asked of a Studio that the suite has started itself")

    def crowd(self) -> None:
        """The check makes very many videos, which may cost money elsewhere."""
        if not self.studio and os.environ.get("CROWD") != "1":
            not_applicable("makes 50 videos or more: allow it with CROWD=1")

    def manage(self, *arguments: str) -> str:
        """What a command of manage.py prints, run as its operator would."""
        studio = self.own("a command on the server")
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=studio.full_environ, capture_output=True, text=True, timeout=60, cwd=ROOT)
        assert done.returncode == 0, done.stderr.strip().splitlines()[-1:]
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "-v", "0", "-c", code)

    def issue_key(self, *, rate: int | None = None, scopes: str | None = None, workspace_of: str | None = None) -> str:
        """A new key: at most `rate` creates a minute, of another person's workspace."""
        self.own("a second API key")
        if workspace_of and workspace_of not in self.people:
            self.shell(NEW_PERSON.format(email=workspace_of))
            self.people.add(workspace_of)
        options = {"--rate": rate, "--scopes": scopes, "--email": workspace_of}
        given = [part for name, value in options.items() if value is not None for part in (name, str(value))]
        return self.manage("apikey", "--name", "conformance", *given).strip().splitlines()[-1]

    def other_key(self) -> str:
        """A key of another project."""
        if self.other is None:
            if not self.studio:
                not_applicable("needs a key of another project: OTHER_API_KEY")
            self.other = self.issue_key(workspace_of="other@studio.example")
        return self.other


def stored_files(target: Target, part: str) -> dict[str, str]:
    """What lies in the storage, disk or bucket, with this in its name: its SHA-256 by name."""
    target.own("looks into the storage")
    return dict(line.rsplit(" ", 1) for line in target.shell(STORED.replace("PART", repr(part))).splitlines())


def is_final(client: httpx.Client, video_id: str) -> bool:
    return client.get(f"/videos/{video_id}").json()["status"] in FINAL


def wait_final(client: httpx.Client, *ids: str, seconds: float = RENDER_SECONDS) -> list[dict[str, Any]]:
    """The videos, all ended."""
    for video_id in ids:
        wait_until(lambda video_id=video_id: is_final(client, video_id), seconds=seconds, what="the video ends")  # type: ignore[misc]
    return [client.get(f"/videos/{video_id}").json() for video_id in ids]
