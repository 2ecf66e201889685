"""Edits, C81 to C84."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.contract import media
from tests.contract.conftest import Maker
from tests.contract.envelope import enveloped, refused
from tests.contract.sources import Orders, another_model, clip, long_video, ordering, upload
from tests.contract.target import Target
from tests.contract.wire import FORM, KEYS, Part, chunked, fields, multipart

CHANGE = "make the sky orange"


@pytest.fixture
def order(server: httpx.Client) -> Iterator[Orders]:
    with ordering(server) as orders:
        yield orders


WAYS_TO_NAME_A_VIDEO = {
    "JSON object": lambda it: {"json": {"prompt": CHANGE, "video": {"id": it}}},
    "bracketed form": lambda it: {"files": fields(prompt=CHANGE, **{"video[id]": it})},
}
LOOSE_WAYS = {
    "bare id in JSON": lambda it: {"json": {"prompt": CHANGE, "video": it}},
    "bare id in a form": lambda it: {"files": fields(prompt=CHANGE, video=it)},
    "JSON text in a form": lambda it: {"files": fields(prompt=CHANGE, video=json.dumps({"id": it}))},
}


def is_an_edit(video: dict[str, Any], source: str | None) -> bool:
    return set(video) >= KEYS and (video["object"], video["prompt"], video["remixed_from_video_id"]) == (
        "video",
        CHANGE,
        source,
    )


@pytest.mark.c(81)
@pytest.mark.parametrize("way", WAYS_TO_NAME_A_VIDEO.values(), ids=WAYS_TO_NAME_A_VIDEO.keys())
def test_a_video_of_the_server_is_edited(order: Orders, finished: str, way: Any) -> None:
    video = order("/videos/edits", **way(finished))

    assert video["id"] != finished
    assert is_an_edit(video, finished)


@pytest.mark.c(81)
@pytest.mark.parametrize("name", ["of the server", "of another maker"])
def test_an_uploaded_film_is_edited(order: Orders, film: bytes, name: str) -> None:
    data = film if name == "of the server" else clip()
    video = order("/videos/edits", data={"prompt": CHANGE}, files=upload(data))

    assert is_an_edit(video, None)
    order.wait(video)
    assert media.facts_of(order.content(video)).video_codec == "h264"


@pytest.mark.c(81)
def test_a_film_may_come_in_chunks_first_and_with_no_useful_type(order: Orders) -> None:
    body = multipart(Part("video", clip(), "upload", "application/octet-stream"), Part("prompt", CHANGE))

    video = order("/videos/edits", content=chunked(body, 50_000), headers={"Content-Type": FORM})

    assert is_an_edit(video, None)


@pytest.mark.c(82)
@pytest.mark.parametrize("way", LOOSE_WAYS.values(), ids=LOOSE_WAYS.keys())
def test_the_source_may_be_named_loosely(order: Orders, finished: str, way: Any) -> None:
    assert is_an_edit(order("/videos/edits", **way(finished)), finished)


@pytest.mark.c(83)
def test_an_edit_needs_a_video(server: httpx.Client) -> None:
    message = refused(
        server.post("/videos/edits", json={"prompt": CHANGE}), 400, param="video", code="missing_required_parameter"
    )

    assert message == "Missing required parameter: 'video'."


@pytest.mark.c(83)
def test_an_edit_needs_a_prompt(server: httpx.Client, finished: str) -> None:
    answer = server.post("/videos/edits", json={"video": {"id": finished}})

    refused(answer, 400, param="prompt", code="missing_required_parameter")


@pytest.mark.c(83)
@pytest.mark.parametrize("way", [*WAYS_TO_NAME_A_VIDEO.values(), *LOOSE_WAYS.values()])
def test_an_unknown_source_is_not_found_however_it_is_named(server: httpx.Client, way: Any) -> None:
    answer = server.post("/videos/edits", **way("video_unknown"))

    message = refused(answer, 404, param="video", code="video_not_found")
    assert message == "Video with id 'video_unknown' not found."


@pytest.mark.c(83)
def test_a_source_that_is_not_ready_is_refused(server: httpx.Client, make: Maker) -> None:
    source = make(seconds="12")["id"]

    answer = server.post("/videos/edits", json={"prompt": CHANGE, "video": {"id": source}})

    refused(answer, 400, param="video", code="video_not_ready")


NO_FILMS = {
    "text": lambda: b"this is no film",
    "empty": lambda: b"",
    "a picture": lambda: media.scene(("red", "white", "navy")),
    "the head of an mp4": lambda: clip()[:2000],
}


@pytest.mark.c(83)
@pytest.mark.parametrize("data", NO_FILMS.values(), ids=NO_FILMS.keys())
def test_an_upload_that_is_no_film_is_refused(server: httpx.Client, data: Callable[[], bytes]) -> None:
    error = enveloped(server.post("/videos/edits", data={"prompt": CHANGE}, files=upload(data())), 400)

    assert (error["type"], error["param"]) == ("invalid_request_error", "video")
    assert error["code"]


@pytest.mark.c(83)
def test_two_films_at_once_are_refused(server: httpx.Client) -> None:
    film = ("clip.mp4", clip(), "video/mp4")

    answer = server.post("/videos/edits", data={"prompt": CHANGE}, files=[("video", film), ("video", film)])

    assert enveloped(answer, 400)["type"] == "invalid_request_error"


@pytest.mark.c(84)
def test_an_edit_keeps_size_and_seconds_of_its_source(order: Orders, target: Target, server: httpx.Client) -> None:
    source = long_video(target, server)

    video = order.completed("/videos/edits", json={"prompt": CHANGE, "video": {"id": source["id"]}})

    assert [video[key] for key in ("size", "seconds", "model")] == [source[key] for key in ("size", "seconds", "model")]
    facts = media.facts_of(order.content(video))
    assert (facts.width, facts.height) == (1280, 720)
    assert facts.duration == pytest.approx(8, abs=1 / facts.fps)


@pytest.mark.c(84)
def test_an_uploads_edit_has_its_size_and_length_without_a_model_named(order: Orders) -> None:
    video = order.completed("/videos/edits", data={"prompt": CHANGE}, files=upload(clip(seconds=4)))

    assert (video["size"], video["seconds"]) == ("1280x720", "4")
    assert video["model"]
    facts = media.facts_of(order.content(video))
    assert (facts.width, facts.height) == (1280, 720)
    assert facts.duration == pytest.approx(4, abs=1 / facts.fps)


@pytest.mark.c(84)
def test_the_model_of_an_edit_can_be_named(order: Orders, target: Target, finished: str) -> None:
    model = another_model(target, order.client)

    video = order("/videos/edits", json={"prompt": CHANGE, "video": {"id": finished}, "model": model})

    assert video["model"] == model
