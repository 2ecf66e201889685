from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.live.server import Studio, running


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    """One Studio for all tests that do not stop it."""
    with running() as server:
        yield server


@pytest.fixture
def client(studio: Studio) -> Iterator[httpx.Client]:
    with studio.client() as http:
        yield http
