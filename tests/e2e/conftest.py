"""A person with a browser in front of a running Studio."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.live.server import Studio

SECONDS = 1000


def sign_in_link(studio: Studio) -> str:
    """A fresh one-time link, as `make link` prints it."""
    command = [sys.executable, "manage.py", "signin_link"]
    done = subprocess.run(command, env=studio.full_environ, capture_output=True, text=True, check=True)
    return done.stdout.strip()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, studio: Studio) -> Iterator[OpenPage]:
    """Gives signed-in pages. A message in the console is a failure: a broken script, or a policy that was violated."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # The browser itself reports a refused form (400); the page shows it.
        if message.type in ("error", "warning") and "status of 400" not in message.text:
            complaints.append(message.text)

    def open_one(**options: Any) -> Page:
        context = browser.new_context(base_url=studio.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15 * SECONDS)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(sign_in_link(studio))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(viewport={"width": 1280, "height": 800})
