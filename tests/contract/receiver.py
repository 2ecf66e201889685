"""A small HTTP server that remembers what it was asked: a bait for image_url, a receiver of webhooks."""

from __future__ import annotations

import select
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self

# How long a caller is left without an answer, if it does not hang up before.
HANG_SECONDS = 30


class Heard(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Receiver:
    """`heard` is every request in order; `answers[path]` is what a path answers, else 200 and nothing."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.heard: list[Heard] = []
        self.answers: dict[str, Answer] = {}
        self._server = ThreadingHTTPServer((address, 0), type("Bound", (Ear,), {"receiver": self}))
        self._server.daemon_threads = True
        # A caller that is left hanging must not hold up the end of the tests.
        self._server.block_on_close = False
        self.url = f"http://{address}:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, heard: Heard) -> Answer | None:
        """Keep what was asked; the answer, or None for none at all."""
        self.heard.append(heard)
        return self.answers.get(heard.path, Answer())

    def left(self, heard: Heard) -> None:
        """Who got no answer has gone, now."""


class Ear(BaseHTTPRequestHandler):
    receiver: Receiver
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        heard = Heard(self.command, self.path, dict(self.headers.items()), body, time.time())
        answer = self.receiver.take(heard)
        if answer is None:
            return self.hang(heard)
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and answer.body:
            self.wfile.write(answer.body)
        return None

    do_POST = do_HEAD = do_GET

    def hang(self, heard: Heard) -> None:
        self.close_connection = True
        select.select([self.connection], [], [], HANG_SECONDS)
        self.receiver.left(heard)

    def log_message(self, *args: object) -> None:
        """Tests want no access log."""
