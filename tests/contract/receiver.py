"""A small HTTP server that remembers what it was asked: a bait for image_url, a receiver of webhooks."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self


class Heard(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


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
        self.url = f"http://{address}:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class Ear(BaseHTTPRequestHandler):
    receiver: Receiver
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.receiver.heard.append(Heard(self.command, self.path, dict(self.headers.items()), body))
        answer = self.receiver.answers.get(self.path, Answer())
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_POST = do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        """Tests want no access log."""
