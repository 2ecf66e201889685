"""The main job in a real browser: a prompt becomes a video that plays, and its remix too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.conftest import SECONDS, OpenPage
from tests.live.server import API_KEY, Studio, wait_until

RENDER = 90 * SECONDS
PROMPT = "A calico cat playing a piano on stage"
VIDEO_URL = re.compile(r"/v/video_[0-9a-f]+/$")


def play(page: Page) -> None:
    """Start the player; assert that time passes and that a seek lands."""
    player = page.locator("video")
    expect(player).to_be_visible(timeout=RENDER)

    def becomes(condition: str) -> None:
        # Not Playwright's own wait: it would need eval, which our policy forbids.
        wait_until(lambda: bool(player.evaluate(f"video => {condition}")), seconds=15, what=condition)

    becomes("video.readyState >= 2")
    player.evaluate("video => { video.muted = true; return video.play(); }")
    becomes("video.currentTime > 0.5")
    player.evaluate("video => { video.pause(); video.currentTime = 3; }")
    becomes("!video.seeking && video.currentTime >= 2.9")
    assert player.evaluate("video => video.error") is None


def watch_progress(page: Page) -> set[int]:
    """Every percentage that the page shows until the player appears, without a reload."""
    seen: set[int] = set()
    page.evaluate("window.neverReloaded = true")

    def ended() -> bool:
        seen.update(page.evaluate("[...document.querySelectorAll('progress')].map(it => it.value)"))
        return page.locator("video").count() > 0

    wait_until(ended, seconds=90, what="the player appears")
    assert page.evaluate("window.neverReloaded") is True
    return seen


def submit(page: Page, prompt: str, *, seconds: str = "4", reference: Path | None = None) -> None:
    page.goto("/")
    page.locator("textarea[name=prompt]").fill(prompt)
    page.locator("input[name=size][value='1280x720']").check(force=True)
    page.locator(f"input[name=seconds][value='{seconds}']").check(force=True)
    if reference:
        page.locator("input[name=input_reference]").set_input_files(reference)
        expect(page.locator("[data-preview]")).to_be_visible()
    page.locator("textarea[name=prompt]").press("Control+Enter")


def test_prompt_progress_play_remix_play(page: Page, tmp_path: Path) -> None:
    reference = tmp_path / "photo.png"
    reference.write_bytes(factories.image(size=(900, 900), colour="#2a6f4e"))

    submit(page, PROMPT, seconds="12", reference=reference)
    card = page.locator("article", has_text=PROMPT).first
    expect(card).to_be_visible()
    card.get_by_role("link").first.click()
    expect(page).to_have_url(VIDEO_URL)
    progress = watch_progress(page)
    assert len([value for value in progress if 0 < value < 100]) >= 2, progress
    play(page)

    page.locator("textarea[name=prompt]").fill("Make it night, with falling snow")
    page.get_by_role("button", name=re.compile("remix", re.IGNORECASE)).click()
    expect(page.locator("h1")).to_contain_text("Make it night")
    watch_progress(page)
    play(page)
    expect(page.get_by_text(PROMPT)).to_have_count(1)


def test_cards_in_create_and_library_become_ready_without_reload(page: Page) -> None:
    for path in ("/w/studio/create/", "/w/studio/library/"):
        submit(page, f"A sailboat at sunset, seen from {path.split('/')[3]}")
        page.goto(path)
        card = page.locator("article", has_text=f"seen from {path.split('/')[3]}").first
        expect(card.locator("progress")).to_be_visible()
        page.evaluate("window.neverReloaded = true")

        expect(card.locator("img")).to_be_visible(timeout=RENDER)

        assert page.evaluate("window.neverReloaded") is True
        assert card.locator("img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(page: Page) -> None:
    page.goto("/w/studio/create/")
    page.locator("input[name=seed]").evaluate("input => { input.closest('details')?.setAttribute('open', ''); }")
    page.locator("input[name=seed]").fill("-5")
    page.locator("input[name=seconds][value='8']").check(force=True)
    page.locator("textarea[name=prompt]").fill("A fox\nin two lines")
    page.locator("textarea[name=prompt]").press("Control+Enter")

    expect(page.get_by_text("The seed is a whole number")).to_be_visible()
    expect(page.locator("textarea[name=prompt]")).to_have_value("A fox\nin two lines")
    expect(page.locator("input[name=seed]")).to_have_value("-5")
    expect(page.locator("input[name=seconds][value='8']")).to_be_checked()


def test_deleting_asks_first(page: Page, studio: Studio) -> None:
    with studio.client() as api:
        made = api.post("/videos", json={"prompt": "A doomed lamp"}).json()
    page.goto(f"/v/{made['id']}/")
    page.get_by_role("link", name=re.compile("delete", re.IGNORECASE)).click()
    with studio.client() as api:
        assert api.get(f"/videos/{made['id']}").status_code == 200

    page.get_by_role("button", name=re.compile("delete", re.IGNORECASE)).click()

    expect(page).to_have_url(re.compile("/w/studio/library/"))
    with studio.client() as api:
        assert api.get(f"/videos/{made['id']}").status_code == 404


def test_search_and_status_narrow_the_library(page: Page, studio: Studio) -> None:
    with studio.client() as api:
        made = api.post("/videos", json={"prompt": "A very particular teapot"}).json()
    page.goto("/w/studio/library/?q=PARTICULAR+teapot")

    expect(page.locator("article")).to_have_count(1)

    page.goto("/w/studio/library/?q=no+such+words+anywhere")
    expect(page.locator("article")).to_have_count(0)
    with studio.client() as api:
        api.delete(f"/videos/{made['id']}")


def test_submit_browse_and_watch_without_script(open_page: OpenPage, studio: Studio) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/w/studio/create/")
    page.locator("textarea[name=prompt]").fill("A whale under water, without script")
    page.get_by_role("button", name="Create video").click()
    with studio.client() as api:
        video_id = api.get("/videos", params={"limit": 1}).json()["data"][0]["id"]
        done = lambda: api.get(f"/videos/{video_id}").json()["status"] == "completed"  # noqa: E731
        wait_until(done, seconds=90, what="the video ends")

    page.goto("/w/studio/library/")
    page.locator("article", has_text="A whale under water").first.get_by_role("link").first.click()

    source = page.locator("video").get_attribute("src")
    answer = page.request.get(str(source), headers={"Range": "bytes=0-99"})
    assert answer.status == 206


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_no_page_is_wider_than_the_screen(open_page: OpenPage, studio: Studio, width: int, scheme: str) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    with studio.client() as api:
        made = api.post("/videos", json={"prompt": "An-unbroken-word-" * 30}).json()
    video = f"/v/{made['id']}/"
    paths = ["/w/studio/create/", "/w/studio/library/", video, f"{video}remix/", f"{video}delete/", "/me/keys/"]

    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert page.locator("h1").count() == 1, path
    with studio.client() as api:
        api.delete(f"/videos/{made['id']}")


def test_a_key_made_on_the_page_opens_the_api(page: Page, studio: Studio) -> None:
    page.goto("/me/keys/")
    page.locator("input[name=name]").fill("my program")
    page.locator("main form").filter(has=page.locator("input[name=name]")).get_by_role("button").click()
    secret = re.search(r"sk-studio-[\w-]{30,}", page.locator("main").inner_text())
    assert secret

    with studio.client(key=secret[0]) as api:
        assert api.get("/videos").status_code == 200

    page.goto("/me/keys/")
    assert secret[0] not in page.content()
    assert API_KEY not in page.content()
