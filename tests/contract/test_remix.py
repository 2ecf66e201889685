"""Remix, C78 to C80."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract import media
from tests.contract.conftest import Maker
from tests.contract.envelope import refused
from tests.contract.sources import Orders, long_video, ordering
from tests.contract.target import Target
from tests.contract.wire import KEYS, fields

CHANGE = "make it night"


@pytest.fixture
def order(server: httpx.Client) -> Iterator[Orders]:
    with ordering(server) as orders:
        yield orders


@pytest.fixture
def source(target: Target, server: httpx.Client) -> dict[str, Any]:
    return long_video(target, server)


@pytest.mark.c(78)
@pytest.mark.engine
@pytest.mark.parametrize(
    "request_of",
    [lambda: {"json": {"prompt": CHANGE}}, lambda: {"files": fields(prompt=CHANGE)}],
    ids=["json", "multipart"],
)
def test_a_remix_is_a_new_video_that_names_its_source_and_inherits_its_form(
    order: Orders, source: dict[str, Any], request_of: Any
) -> None:
    remix = order(f"/videos/{source['id']}/remix", **request_of())

    assert set(remix) >= KEYS
    assert remix["id"] != source["id"]
    assert (remix["object"], remix["remixed_from_video_id"]) == ("video", source["id"])
    assert remix["status"] in ("queued", "in_progress")
    assert [remix[key] for key in ("model", "size", "seconds")] == [source[key] for key in ("model", "size", "seconds")]
    assert remix["seconds"] == "8"


@pytest.mark.c(78)
@pytest.mark.engine
def test_a_remix_has_a_file_of_the_sources_size_and_length_that_is_not_the_sources(
    order: Orders, source: dict[str, Any]
) -> None:
    remix = order.completed(f"/videos/{source['id']}/remix", json={"prompt": CHANGE})

    made = order.content(remix)
    facts = media.facts_of(made)
    assert (facts.width, facts.height) == (1280, 720)
    assert facts.duration == pytest.approx(8, abs=1 / facts.fps)
    assert made != order.content(source)


@pytest.mark.c(79)
@pytest.mark.engine
def test_an_unknown_source_is_not_found(server: httpx.Client) -> None:
    answer = server.post("/videos/video_unknown/remix", json={"prompt": CHANGE})

    assert refused(answer, 404, code="video_not_found") == "Video with id 'video_unknown' not found."


@pytest.mark.c(79)
@pytest.mark.engine
def test_an_unfinished_source_is_refused_with_a_status_that_no_sdk_repeats(server: httpx.Client, make: Maker) -> None:
    answer = server.post(f"/videos/{make(seconds='12')['id']}/remix", json={"prompt": CHANGE})

    refused(answer, 400, param="video", code="video_not_ready")


@pytest.mark.c(79)
@pytest.mark.engine
@pytest.mark.parametrize(
    ("body", "code"), [({}, "missing_required_parameter"), ({"prompt": ""}, "invalid_value")], ids=["none", "empty"]
)
def test_a_remix_needs_a_prompt(server: httpx.Client, finished: str, body: dict[str, str], code: str) -> None:
    refused(server.post(f"/videos/{finished}/remix", json=body), 400, param="prompt", code=code)


@pytest.mark.c(80)
@pytest.mark.engine
def test_a_remix_of_a_remix_points_at_its_direct_parent(order: Orders, finished: str) -> None:
    child = order.completed(f"/videos/{finished}/remix", json={"prompt": CHANGE})
    grandchild = order(f"/videos/{child['id']}/remix", json={"prompt": "and let it rain"})

    assert grandchild["remixed_from_video_id"] == child["id"]
    assert order.client.get(f"/videos/{grandchild['id']}").json()["remixed_from_video_id"] == child["id"]
