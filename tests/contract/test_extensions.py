"""Extensions, C85 to C89."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from typing import Any

import httpx
import pytest

from tests.contract import media
from tests.contract.conftest import Maker
from tests.contract.envelope import accepted, enveloped, refused
from tests.contract.quick import Hall
from tests.contract.sources import Orders, clip, long_video, ordering, upload
from tests.contract.target import Target, wait_final
from tests.contract.wire import KEYS, data_url, fields

MORE = "the kite comes down"
# Two encodings of one frame are this near, of 255.
SAME = 4.0
# A cut is a step that is far larger than those of a whole second before it.
BEFORE, STEPS = 24, 3.0
IGNORED = "x-studio-ignored-params"


@pytest.fixture
def order(server: httpx.Client) -> Iterator[Orders]:
    with ordering(server) as orders:
        yield orders


@pytest.fixture
def quick(target: Target, hall: Hall) -> Hall:
    """Long films, which are quick where nobody draws them."""
    target.crowd()
    return hall


@pytest.fixture(scope="module")
def extended(target: Target, server: httpx.Client) -> tuple[dict[str, Any], dict[str, Any]]:
    """The eight seconds, and they with four more."""
    source = long_video(target, server)
    body = {"video": {"id": source["id"]}, "prompt": MORE, "seconds": "4"}
    (video,) = wait_final(server, accepted(server.post("/videos/extensions", json=body))["id"])
    assert (video["status"], video["error"]) == ("completed", None)
    return source, video


def begins_with(whole: bytes, beginning: bytes) -> int:
    """Assert it frame by frame; how many frames that are."""
    count = 0
    for count, (one, other) in enumerate(zip(media.frames(beginning), media.frames(whole), strict=False), 1):
        assert media.difference(one, other) < SAME, f"frame {count} is not the source's"
    return count


@pytest.mark.c(85)
def test_an_extension_is_a_new_video_with_the_total_as_its_seconds(
    extended: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    source, video = extended

    assert set(video) >= KEYS
    assert video["id"] != source["id"]
    assert (video["seconds"], video["size"], video["model"]) == ("12", source["size"], source["model"])
    assert (video["prompt"], video["remixed_from_video_id"]) == (MORE, None)


@pytest.mark.c(85)
def test_its_file_is_as_long_as_both_parts_and_begins_with_the_source(
    server: httpx.Client, extended: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    source, whole = [server.get(f"/videos/{video['id']}/content").content for video in extended]

    facts = media.facts_of(whole)
    assert (facts.width, facts.height) == (1280, 720)
    assert facts.duration == pytest.approx(12, abs=1 / facts.fps)
    assert begins_with(whole, source) == media.facts_of(source).frames


@pytest.mark.c(85)
def test_it_goes_on_from_the_last_frame_without_a_jump(
    server: httpx.Client, extended: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    whole = server.get(f"/videos/{extended[1]['id']}/content").content
    seam = media.facts_of(whole).frames * 8 // 12

    around = list(islice(media.frames(whole), seam - BEFORE - 1, seam + 1))

    assert len(around) == BEFORE + 2
    *steps, step = [media.difference(one, other) for one, other in pairwise(around)]
    assert step < max(SAME, STEPS * statistics.median(steps)), f"{step:.1f} after steps of {steps}"


@pytest.mark.c(85)
def test_the_source_is_named_in_a_bracketed_form_too(order: Orders, finished: str) -> None:
    body = fields(prompt=MORE, seconds="4", **{"video[id]": finished})

    assert order("/videos/extensions", files=body)["seconds"] == "8"


@pytest.mark.c(86)
def test_an_extension_needs_seconds_a_prompt_and_a_video(server: httpx.Client, finished: str) -> None:
    whole = {"prompt": MORE, "seconds": "4", "video": {"id": finished}}
    for missing in whole:
        rest = {name: value for name, value in whole.items() if name != missing}
        answer = server.post("/videos/extensions", json=rest)
        message = refused(answer, 400, param=missing, code="missing_required_parameter")
        assert message == f"Missing required parameter: '{missing}'."


@pytest.mark.c(86)
def test_six_seconds_are_not_offered(server: httpx.Client, finished: str) -> None:
    body = {"prompt": MORE, "seconds": "6", "video": {"id": finished}}

    message = refused(server.post("/videos/extensions", json=body), 400, param="seconds", code="invalid_value")

    assert message.startswith("Invalid value: '6'. Supported values are: '4'")


@pytest.mark.c(86)
@pytest.mark.parametrize("seconds", [4, 8, 12, 16, 20])
def test_each_length_of_the_contract_is_taken(target: Target, order: Orders, finished: str, seconds: int) -> None:
    body = {"prompt": MORE, "seconds": str(seconds), "video": {"id": finished}}
    answer = order.client.post("/videos/extensions", json=body)
    if answer.status_code == 400 and seconds > 4 and not target.studio:
        refused(answer, 400, param="seconds", code="invalid_value")
        target.not_applicable(f"its models have no {seconds} seconds")

    video = accepted(answer)
    order.made.append(video["id"])
    assert video["seconds"] == str(4 + seconds)


@pytest.mark.c(86)
def test_the_source_must_exist_and_be_ready(server: httpx.Client, make: Maker) -> None:
    body = {"prompt": MORE, "seconds": "4"}
    unknown = server.post("/videos/extensions", json={**body, "video": {"id": "video_unknown"}})
    refused(unknown, 404, param="video", code="video_not_found")

    early = server.post("/videos/extensions", json={**body, "video": {"id": make(seconds="12")["id"]}})
    refused(early, 400, param="video", code="video_not_ready")


def chain(hall: Hall, video_id: str, steps: list[str]) -> str:
    """The last of extensions that all go well."""
    for seconds in steps:
        body = {"prompt": MORE, "seconds": seconds, "video": {"id": video_id}}
        made = accepted(hall.client.post("/videos/extensions", json=body))
        (video,) = wait_final(hall.client, made["id"])
        assert (video["status"], video["error"]) == ("completed", None)
        video_id = video["id"]
    return video_id


def refuses_more(hall: Hall, video_id: str, seconds: str) -> None:
    before = [it["id"] for it in hall.client.get("/videos", params={"limit": 100}).json()["data"]]
    body = {"prompt": MORE, "seconds": seconds, "video": {"id": video_id}}

    error = enveloped(hall.client.post("/videos/extensions", json=body), 400)

    assert error["type"] == "invalid_request_error"
    assert error["param"] in ("video", "seconds")
    assert [it["id"] for it in hall.client.get("/videos", params={"limit": 100}).json()["data"]] == before


@pytest.mark.c(87)
def test_a_seventh_extension_is_refused_and_nothing_queued(quick: Hall) -> None:
    last = chain(quick, quick.completed(seconds="4"), ["4"] * 6)
    assert quick.client.get(f"/videos/{last}").json()["seconds"] == "28"

    refuses_more(quick, last, "4")


@pytest.mark.c(87)
def test_more_than_two_minutes_are_refused_and_nothing_queued(quick: Hall) -> None:
    longest = chain(quick, quick.completed(seconds="20"), ["20"] * 5)
    assert quick.client.get(f"/videos/{longest}").json()["seconds"] == "120"

    refuses_more(quick, longest, "4")


EXTRAS: dict[str, Callable[[list[str]], Any]] = {
    "input_reference": lambda _: {"image_url": data_url(media.scene(("red", "white", "navy")))},
    "characters": lambda ids: [{"id": ids[0]}],
}


@pytest.mark.c(88)
@pytest.mark.parametrize("name", EXTRAS)
def test_what_an_extension_cannot_use_is_refused_or_said_to_be_ignored(
    order: Orders, finished: str, characters: list[str], name: str
) -> None:
    body = {"prompt": MORE, "seconds": "4", "video": {"id": finished}, name: EXTRAS[name](characters)}

    answer = order.client.post("/videos/extensions", json=body)

    if answer.status_code == 200:
        order.made.append(answer.json()["id"])
        assert name in answer.headers.get(IGNORED, "")
    else:
        assert (enveloped(answer, 400)["param"] or "").startswith(name)


@pytest.mark.c(89)
@pytest.mark.parametrize("maker", ["the server", "another"])
def test_an_upload_is_extended(order: Orders, film: bytes, maker: str) -> None:
    source = film if maker == "the server" else clip(seconds=4)
    video = order("/videos/extensions", data={"prompt": MORE, "seconds": "4"}, files=upload(source))
    assert (video["seconds"], video["size"]) == ("8", "1280x720")

    order.wait(video)

    whole = order.content(video)
    facts = media.facts_of(whole)
    assert facts.duration == pytest.approx(8, abs=1 / facts.fps)
    assert begins_with(whole, source) == media.facts_of(source).frames
