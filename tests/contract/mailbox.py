"""Where webhooks arrive: a real HTTP server that keeps what it gets and answers each address as it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import socket
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, Self
from urllib.parse import urlsplit

# Stands for a status: no answer at all in any time that a sender will wait.
HANG = 0
HANG_SECONDS = 30
SCHEME = "whsec_"


def sign(secret: str, event_id: str, timestamp: str, body: bytes) -> str:
    """One signature of Standard Webhooks, worked out by ourselves."""
    key = base64.b64decode(secret.removeprefix(SCHEME)) if secret.startswith(SCHEME) else secret.encode()
    digest = hmac.digest(key, f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


@dataclass(frozen=True)
class Delivery:
    """One attempt, as it came in."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event

    @property
    def about(self) -> str:
        video_id: str = self.event["data"]["id"]
        return video_id

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def timestamp(self) -> str:
        return self.headers["webhook-timestamp"]

    @property
    def signatures(self) -> list[str]:
        return self.headers["webhook-signature"].split(" ")

    def is_signed_with(self, secret: str) -> bool:
        return sign(secret, self.id, self.timestamp, self.body) in self.signatures

    def as_arguments(self, secret: str) -> dict[str, Any]:
        """For the story `unwrap` of the SDKs."""
        signed = {name: value for name, value in self.headers.items() if name.startswith("webhook-")}
        return {"body": base64.b64encode(self.body).decode(), "headers": signed, "secret": secret}


@dataclass
class Mailbox:
    """An address; `answers` are the statuses of the next attempts, then 200."""

    url: str
    arrived: Condition
    answers: list[int] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    def of(self, about: str | None) -> list[Delivery]:
        return [it for it in self.deliveries if about in (None, it.about)]

    def wait(self, count: int = 1, *, about: str | None = None, seconds: float = 30) -> list[Delivery]:
        """At least so many deliveries, in the order of arrival."""
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.of(about)) >= count, seconds)
            found = self.of(about)
        assert len(found) >= count, f"{len(found)} of {count} deliveries within {seconds} s"
        return found

    def stays_at(self, count: int, *, about: str | None = None, seconds: float = 3) -> None:
        """Nothing more comes in that time."""
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.of(about)) > count, seconds)
            found = self.of(about)
        assert len(found) == count, [it.event for it in found]


class PostOffice:
    """A context; each `mailbox()` is a new address."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.mailboxes: dict[str, Mailbox] = {}
        self.arrived = Condition()
        self._numbers = itertools.count(1)
        self._server = ThreadingHTTPServer((host, 0), type("Bound", (Slot,), {"office": self}))
        self._server.daemon_threads = True
        # An answer that hangs must not hold up the end of the tests.
        self._server.block_on_close = False
        self.url = f"http://{host}:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def mailbox(self, *answers: int) -> Mailbox:
        path = f"/hooks/{next(self._numbers)}"
        self.mailboxes[path] = Mailbox(f"{self.url}{path}", self.arrived, list(answers))
        return self.mailboxes[path]

    def take(self, path: str, delivery: Delivery) -> int:
        """Keep the attempt; the status to answer with."""
        mailbox = self.mailboxes.get(path)
        if mailbox is None:
            return 404
        with self.arrived:
            mailbox.deliveries.append(delivery)
            self.arrived.notify_all()
            return mailbox.answers.pop(0) if mailbox.answers else 200


class Slot(BaseHTTPRequestHandler):
    office: PostOffice

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status = self.office.take(self.path, Delivery(headers, body, time.time()))
        if status == HANG:
            time.sleep(HANG_SECONDS)
            return
        self.send_response(status)
        # Who follows a redirect comes back here and is counted twice.
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests want no access log."""


def can_call_us(url: str) -> bool:
    """Whether a server of that address runs on this machine, and so reaches its loopback."""
    try:
        return socket.gethostbyname(urlsplit(url).hostname or "").startswith("127.")
    except OSError:
        return False
