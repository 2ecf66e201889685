"""What a person sees of a video before it is opened, and what outlives a lost session."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import sign_in_link
from tests.live.server import Studio, wait_until

PROMPT = "A red kite over a meadow"


@pytest.fixture(scope="module")
def video_id(studio: Studio) -> str:
    with studio.client() as api:
        made: str = api.post("/videos", json={"prompt": PROMPT, "size": "1280x720"}).json()["id"]
        done = lambda: api.get(f"/videos/{made}").json()["status"] == "completed"  # noqa: E731
        wait_until(done, seconds=90, what="the video ends")
    return made


@pytest.fixture
def card(page: Page, video_id: str) -> Locator:
    page.goto("/w/studio/library/")
    found = page.locator(f"#card-{video_id}")
    found.scroll_into_view_if_needed()
    return found


def tile(card: Locator) -> str:
    position: str = card.locator("[data-tiles]").evaluate("tiles => tiles.style.backgroundPosition")
    return position


def point_at(page: Page, card: Locator, share: float) -> None:
    box = card.locator("hover-scrub").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


def expect_the_poster(card: Locator) -> None:
    expect(card.locator("[data-tiles]")).to_have_css("opacity", "0")
    expect(card.locator(".card-poster")).to_be_visible()


def test_a_pointer_that_stays_scrubs_and_one_that_leaves_gives_the_poster_back(page: Page, card: Locator) -> None:
    point_at(page, card, 0.05)
    expect(card.locator("[data-tiles]")).to_have_css("opacity", "1")
    seen = [tile(card)]
    for share in (0.4, 0.95):
        point_at(page, card, share)
        seen.append(tile(card))

    assert len(set(seen)) == 3, seen
    page.mouse.move(0, 0)
    expect_the_poster(card)


def test_a_pointer_that_only_passes_loads_nothing(page: Page, card: Locator) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    point_at(page, card, 0.5)
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)

    assert [url for url in asked if "spritesheet" in url] == []
    expect(card.locator("[data-tiles]")).to_have_count(0)


def test_arrow_keys_scrub_the_card_that_has_focus(page: Page, card: Locator) -> None:
    link = card.locator(".card-link")
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(card.locator("[data-tiles]")).to_have_css("opacity", "1")

    seen = [tile(card)]
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        seen.append(tile(card))
    page.keyboard.press("ArrowLeft")

    assert len(set(seen)) == 3, seen
    assert tile(card) == seen[1]
    page.keyboard.press("Escape")
    expect_the_poster(card)
    page.keyboard.press("ArrowRight")
    expect(card.locator("[data-tiles]")).to_have_css("opacity", "1")
    link.blur()
    expect_the_poster(card)


def test_a_lost_session_loses_nothing_that_was_typed(page: Page, studio: Studio) -> None:
    page.goto("/w/studio/create/")
    page.locator("textarea[name=prompt]").fill("A lighthouse\nin a storm")
    page.locator("input[name=size][value='1024x1792']").check(force=True)
    page.locator("input[name=seconds][value='12']").check(force=True)
    page.locator("input[name=seed]").fill("77")
    page.context.clear_cookies(name=re.compile("^studio_session"))

    page.get_by_role("button", name="Create video").click()

    expect(page).to_have_url(re.compile("/sign-in/"))
    page.goto(sign_in_link(studio))
    page.goto("/w/studio/create/")
    expect(page.get_by_text("Draft restored")).to_be_visible()
    expect(page.locator("textarea[name=prompt]")).to_have_value("A lighthouse\nin a storm")
    expect(page.locator("input[name=size][value='1024x1792']")).to_be_checked()
    expect(page.locator("input[name=seconds][value='12']")).to_be_checked()
    expect(page.locator("input[name=seed]")).to_have_value("77")

    page.get_by_role("button", name="Clear").click()
    page.reload()
    expect(page.locator("textarea[name=prompt]")).to_have_value("")
