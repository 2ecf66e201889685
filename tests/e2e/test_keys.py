"""Keys in a real browser: made, used as the page says, looked after and revoked."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.live.server import Studio

SECRET = re.compile(r"sk-studio-[\w-]{30,}")


def make_key(page: Page, name: str) -> str:
    page.goto("/me/keys/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make a key").click()
    return page.locator("#secret").inner_text()


def open_key(page: Page, name: str) -> None:
    page.goto("/me/keys/")
    page.get_by_role("link", name=name).click()
    expect(page.locator("h1")).to_have_text(name)


def test_a_reload_neither_shows_the_key_again_nor_makes_another(page: Page) -> None:
    secret = make_key(page, "reloaded")
    assert SECRET.fullmatch(secret)

    page.reload()

    assert secret not in page.content()
    expect(page.get_by_role("link", name="reloaded")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_snippets_are_whole_programs(open_page: OpenPage, tmp_path: Path, script: bool) -> None:
    """One language at a time, by keyboard and without script too; and what they say is so."""
    page = open_page(java_script_enabled=script)
    make_key(page, "snippets")
    curl, python = page.locator("#snippet-curl"), page.locator("#snippet-python")
    expect(curl).to_be_visible()
    expect(python).to_be_hidden()
    made = subprocess.run(["sh", "-ec", curl.inner_text().split("\n\n")[0]], capture_output=True, text=True, timeout=30)
    assert '"status": "queued"' in made.stdout, made

    page.get_by_role("radio", name="curl").focus()
    page.keyboard.press("ArrowRight")

    expect(curl).to_be_hidden()
    expect(python).to_be_visible()
    command = [sys.executable, "-W", "ignore", "-c", python.inner_text()]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert b"ftyp" in (tmp_path / "cat.mp4").read_bytes()[:12]


def test_the_key_page_explains_a_refusal_and_copies_its_request_id(open_page: OpenPage, studio: Studio) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    with studio.client(key=make_key(page, "a careless program")) as api:
        api.get("/videos")
        refused = api.post("/videos", json={"prompt": "x", "seconds": "7"})
    request_id = refused.headers["x-request-id"]
    open_key(page, "a careless program")
    expect(page.locator(".requests tbody tr")).to_have_count(2)

    page.get_by_role("link", name="Errors").click()

    row = page.locator(".requests tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(refused.json()["error"]["message"])
    expect(page.get_by_role("link", name="Errors")).to_have_attribute("aria-current", "true")
    row.get_by_role("button", name="Copy").click()
    expect(row.get_by_role("button")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == request_id
    assert f"[{request_id}]: POST /v1/videos 400" in studio.log


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_key_is_narrowed_and_revoked(open_page: OpenPage, studio: Studio, script: bool) -> None:
    page = open_page(java_script_enabled=script)
    name = f"for a while {script}"
    secret = make_key(page, name)
    open_key(page, name)
    expect(page.get_by_text("No requests yet.")).to_be_visible()

    page.get_by_text("Change this key").click()
    expect(page.get_by_label("Delete videos")).to_be_hidden()
    page.get_by_role("radio", name="Custom").check(force=True)
    for right in page.get_by_role("checkbox").all():
        right.set_checked(False)
    page.get_by_label("Upload, see and delete files").check()
    page.get_by_label("Stops working").select_option("date")
    page.get_by_label("Last day on which it works").fill("2099-12-31")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("31 Dec 2099, 23:59 UTC")).to_be_visible()
    with studio.client(key=secret) as api:
        assert api.get("/videos").status_code == 403
        page.locator("summary", has_text="Revoke").click()
        page.get_by_role("button", name="Revoke now").click()
        expect(page.get_by_text("no longer works")).to_be_visible()
        assert api.get("/videos").status_code == 401
    expect(page.get_by_role("link", name=name)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_sticks_out(open_page: OpenPage, studio: Studio, width: int, scheme: str) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    name = "An-unbroken-word-" * 4
    with studio.client(key=make_key(page, name)) as api:
        api.get(f"/videos/{'x' * 150}", headers={"User-Agent": "x" * 200})

    def sticks_out() -> int:
        return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    assert sticks_out() <= 0
    page.get_by_role("radio", name="Custom").check(force=True)
    page.get_by_role("radio", name="Node").check(force=True)
    page.locator("summary", has_text="Revoke").first.click()
    assert sticks_out() <= 0
    page.get_by_role("link", name=name).first.click()
    expect(page.locator(".requests tbody tr")).to_have_count(1)
    page.get_by_text("Change this key").click()
    page.locator("summary", has_text="Revoke").click()
    assert sticks_out() <= 0
    page.get_by_role("button", name="Revoke now").click()
