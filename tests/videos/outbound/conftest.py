"""A canary on an open port, so that nothing but the judgement of addresses protects it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.videos.outbound.servers import Canary
from videos.outbound import policy

_watchers: list[list[Any]] = []


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        for seen in _watchers:
            seen.append(args[1])


@pytest.fixture(scope="session")
def _audit_hook() -> None:
    # Hooks stay for the life of the process: one is enough.
    sys.addaudithook(_audit)


@pytest.fixture
def dialled(_audit_hook: None) -> Iterator[list[Any]]:
    """Every address that this process tries to connect to, on any socket."""
    seen: list[Any] = []
    _watchers.append(seen)
    yield seen
    _watchers.remove(seen)


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canary]:
    canary = Canary()
    monkeypatch.setattr(policy, "PORTS", policy.PORTS | {canary.port})
    yield canary
    canary.close()
