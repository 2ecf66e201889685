"""The releases of the official SDKs under test; each is driven as a child process in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ENVIRONMENTS = ROOT / ".clients"
STORY_SECONDS = 300
# Nothing of the caller's may lead a client elsewhere, or give it a secret it was not told.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")

SINCE_MARCH = frozenset({"edit", "extend", "characters"})
MANAGEMENT = frozenset({"webhook_endpoints"})
HELPERS = frozenset({"create_and_poll"})


class Unusable(Exception):
    """This release is not installed here; the message says what to do."""


@dataclass(frozen=True)
class Client:
    """One release of one SDK; `has` names what not every release brings."""

    language: str
    version: str
    has: frozenset[str] = field(repr=False)
    # How a create without a file is sent.
    plain: str = "multipart/form-data"

    def __str__(self) -> str:
        return f"{self.language}-{self.version}"

    @property
    def home(self) -> Path:
        return ENVIRONMENTS / str(self)

    @property
    def command(self) -> list[str]:
        if self.language == "python":
            return [str(self.home / "bin/python"), "-I", "-W", "ignore", str(HERE / "drive.py")]
        return ["node", "--no-warnings", str(HERE / "drive.mjs"), str(self.home / "node_modules/openai")]

    @property
    def ways_to_send_a_file(self) -> tuple[str, ...]:
        return ("bytes", "named", "tuple") if self.language == "python" else ("stream", "buffered")

    def require(self) -> None:
        if not (self.home / ".done").exists():
            raise Unusable(f"the SDK {self} is not installed: run `make clients`")


CLIENTS = (
    Client("python", "2.2.0", HELPERS, plain="application/json"),
    Client("python", "2.54.0", HELPERS | SINCE_MARCH),
    Client("python", "3.52.0", HELPERS | SINCE_MARCH | MANAGEMENT),
    Client("node", "6.2.0", frozenset(), plain="application/json"),
    Client("node", "7.55.0", SINCE_MARCH | MANAGEMENT),
)


def having(*features: str, language: str = "") -> list[Client]:
    """The releases that have all of that; the others were made before it and are not asked."""
    return [it for it in CLIENTS if it.has >= set(features) and language in ("", it.language)]


@dataclass(frozen=True)
class Outcome:
    """What a story came to: `answer` or `raised`, and each HTTP exchange of it in `wire`."""

    answer: Any
    raised: dict[str, Any] | None
    wire: list[dict[str, Any]]


@dataclass(frozen=True)
class Driver:
    """A release pointed at a server."""

    client: Client
    base_url: str
    api_key: str

    def tell(self, story: str, /, **arguments: Any) -> Outcome:
        kept = {name: value for name, value in os.environ.items() if name in KEPT}
        environ = {**kept, "BASE_URL": self.base_url, "API_KEY": self.api_key}
        done = subprocess.run(
            [*self.client.command, story],
            input=json.dumps(arguments),
            env=environ,
            capture_output=True,
            text=True,
            timeout=STORY_SECONDS,
        )
        assert done.returncode == 0, f"{self.client}: {story} broke:\n{done.stderr[-3000:]}"
        return Outcome(**json.loads(done.stdout))

    def run(self, story: str, /, **arguments: Any) -> Any:
        """The answer of a story that must go well."""
        outcome = self.tell(story, **arguments)
        assert outcome.raised is None, f"{self.client}: {story} raised {outcome.raised}"
        return outcome.answer

    def refusal(self, story: str, /, **arguments: Any) -> dict[str, Any]:
        """The SDK's exception of a story that must be refused, sent once only."""
        outcome = self.tell(story, **arguments)
        assert outcome.raised, f"{self.client}: {story} answered {outcome.answer}"
        assert len(outcome.wire) <= 1, outcome.wire
        return outcome.raised
