"""A real HTTP server that speaks /v1/videos and misbehaves on request; it records the truth of what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from videos import contract


@dataclass
class Job:
    id: str
    fields: dict[str, str]
    # The one file of the request: a reference image, or a film.
    upload: bytes | None
    source: str | None
    path: str = "/v1/videos"
    status: str = "queued"
    progress: Any = 0
    error: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    # Extra headers by variant, such as a spritesheet's layout.
    headers: dict[str, dict[str, str]] = field(default_factory=dict)


VERBS = ("create", "characters", "retrieve", "content", "delete", "models")
Handler = Callable[["Exchange"], None]


class ScriptedBackend:
    """`faults[verb]` holds functions that answer instead, one call each: `backend.faults["create"].append(cut)`."""

    key = "sk-scripted"

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.keys: dict[str, str] = {}
        self.creates = 0
        self.deleted: list[str] = []
        # Names and clips by id.
        self.characters: dict[str, tuple[str, bytes]] = {}
        self.faults: dict[str, list[Handler]] = {verb: [] for verb in VERBS}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Exchange,), {"backend": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def job(self) -> Job:
        """The only one."""
        (job,) = self.jobs.values()
        return job

    def accept(
        self,
        fields: dict[str, str],
        upload: bytes | None,
        source: str | None,
        key: str | None,
        path: str = "/v1/videos",
    ) -> Job:
        """Honours the idempotency key, like the engine."""
        if key in self.keys:
            return self.jobs[self.keys[key]]
        self.creates += 1
        job = Job(f"video_backend{self.creates}", fields, upload, source, path)
        self.jobs[job.id] = job
        if key:
            self.keys[key] = job.id
        return job

    def finish(self, job: Job, video: bytes, **files: bytes) -> None:
        job.status, job.progress, job.files = "completed", 100, {"video": video, **files}


class Exchange(BaseHTTPRequestHandler):
    backend: ScriptedBackend
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields, upload = parse_form(self.headers["Content-Type"], body)
        source = unquote(self.path.split("/")[3]) if self.path.endswith("/remix") else fields.get("video[id]")
        if self.path == "/v1/videos/characters":
            return self.play("characters", lambda: self.answer(200, self.meet(fields["name"], upload or b"")))
        known = [item["id"] in self.backend.characters for item in json.loads(fields.get("characters", "[]"))]

        def accept() -> None:
            if source and source not in self.backend.jobs:
                return self.refuse(404)
            if not all(known):
                return self.refuse(400, code="character_not_found")
            key = self.headers.get(contract.IDEMPOTENCY_HEADER)
            return self.answer(200, self.resource(self.backend.accept(fields, upload, source, key, self.path)))

        self.accept = accept
        return self.play("create", accept)

    def meet(self, name: str, clip: bytes) -> dict[str, Any]:
        character_id = f"char_backend{len(self.backend.characters) + 1}"
        self.backend.characters[character_id] = (name, clip)
        return {"id": character_id, "name": name, "created_at": int(time.time())}

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/v1/models":
            return self.play("models", lambda: self.answer(200, {"object": "list", "data": []}))
        job = self.find(url.path)
        if not url.path.endswith("/content"):
            return self.play("retrieve", lambda: self.answer(200, self.resource(job)) if job else self.refuse(404))
        variant = parse_qs(url.query).get("variant", ["video"])[0]
        return self.play("content", lambda: self.send_file(job, variant))

    def do_DELETE(self) -> None:
        job = self.find(self.path)
        self.play("delete", lambda: self.remove(job))

    def play(self, verb: str, usual: Callable[[], None]) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.backend.key}":
            return self.refuse(401)
        script = self.backend.faults[verb]
        return script.pop(0)(self) if script else usual()

    def find(self, path: str) -> Job | None:
        return self.backend.jobs.get(unquote(urlsplit(path).path.split("/")[3]))

    def remove(self, job: Job | None) -> None:
        if job is None:
            return self.refuse(404)
        self.backend.deleted.append(job.id)
        del self.backend.jobs[job.id]
        return self.answer(200, {"id": job.id, "object": "video.deleted", "deleted": True})

    def resource(self, job: Job) -> dict[str, Any]:
        return {
            "id": job.id,
            "object": "video",
            "status": job.status,
            "progress": job.progress,
            "created_at": int(time.time()),
            "error": job.error,
        }

    def send_file(self, job: Job | None, variant: str) -> None:
        if job is None or variant not in job.files:
            return self.refuse(404)
        data = job.files[variant]
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        for name, value in job.headers.get(variant, {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        return None

    def refuse(self, status: int, message: str = "refused", code: str | None = None) -> None:
        self.answer(status, contract.error_body(message, code=code))

    def answer(self, status: int, body: Any) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def hang_up(self) -> None:
        """Close without a word."""
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Tests want no access log."""


def parse_form(content_type: str, body: bytes) -> tuple[dict[str, str], bytes | None]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields: dict[str, str] = {}
    upload = None
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename():
            upload = content
        else:
            fields[str(name)] = content.decode()
    return fields, upload
