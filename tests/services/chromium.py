"""Debian's Chromium under Playwright; it plays H.264 and AAC, which Playwright's own build does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.services import ServiceUnavailable

# Root has no sandbox, and a test browser must not call home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class ChromiumUnavailable(ServiceUnavailable):
    """Chromium is not installed here."""


def executable() -> str:
    if path := shutil.which("chromium"):
        return path
    raise ChromiumUnavailable("Chromium is not installed: run `make browser` as root, which does `apt-get install`")


@contextmanager
def browser() -> Iterator[Browser]:
    """Give a headless browser."""
    path = executable()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=list(ARGUMENTS))
        try:
            yield chromium
        finally:
            chromium.close()
