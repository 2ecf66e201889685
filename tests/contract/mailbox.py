"""Where webhooks arrive: a real HTTP server that keeps what it gets and answers each address as it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import math
import socket
import time
from dataclasses import dataclass, field
from threading import Condition
from typing import Any
from urllib.parse import urlsplit

from tests.contract.receiver import Answer, Heard, Receiver

# Stands for a status: no answer at all in any time that a sender will wait.
HANG = 0
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
    # From when to when a caller was left without an answer.
    silences: dict[float, float] = field(default_factory=dict)

    def of(self, about: str | None) -> list[Delivery]:
        return [it for it in self.deliveries if about in (None, it.about)]

    def is_silent_at(self, moment: float) -> bool:
        """A caller was left without an answer at that time."""
        with self.arrived:
            return any(start < moment < end for start, end in self.silences.items())

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


class PostOffice(Receiver):
    """Each `mailbox()` is a new address; nobody else lives here."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        super().__init__(address)
        self.mailboxes: dict[str, Mailbox] = {}
        self.arrived = Condition()
        self._numbers = itertools.count(1)

    def mailbox(self, *answers: int) -> Mailbox:
        path = f"/hooks/{next(self._numbers)}"
        self.mailboxes[path] = Mailbox(f"{self.url}{path}", self.arrived, list(answers))
        return self.mailboxes[path]

    def take(self, heard: Heard) -> Answer | None:
        mailbox = self.mailboxes.get(heard.path)
        if mailbox is None:
            return Answer(404)
        delivery = Delivery({name.lower(): value for name, value in heard.headers.items()}, heard.body, heard.at)
        with self.arrived:
            mailbox.deliveries.append(delivery)
            self.arrived.notify_all()
            status = mailbox.answers.pop(0) if mailbox.answers else 200
            if status == HANG:
                mailbox.silences[heard.at] = math.inf
                return None
        # Who follows a redirect comes back here and is counted twice.
        return Answer(status, headers={"Location": heard.path})

    def left(self, heard: Heard) -> None:
        with self.arrived:
            self.mailboxes[heard.path].silences[heard.at] = time.time()


def can_call_us(url: str) -> bool:
    """Whether a server of that address runs on this machine, and so reaches its loopback."""
    try:
        return socket.gethostbyname(urlsplit(url).hostname or "").startswith("127.")
    except OSError:
        return False
