"""Characters, C90 to C92."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.contract import media, sources
from tests.contract.envelope import accepted, enveloped, refused
from tests.contract.sources import clip, upload
from tests.contract.wire import FORM, Part, chunked, multipart

NAME = "Mossy the tortoise"


@pytest.fixture(scope="module")
def character(server: httpx.Client) -> dict[str, Any]:
    return sources.character(server, NAME)


def is_character(made: dict[str, Any]) -> bool:
    return (
        bool(made["id"])
        and isinstance(made["id"], str)
        and made["name"] == NAME
        and isinstance(made["created_at"], int)
        and abs(made["created_at"] - time.time()) < 300
        and made.get("object", "character") == "character"
    )


@pytest.mark.c(90)
def test_a_name_and_a_clip_make_a_character(character: dict[str, Any]) -> None:
    assert set(character) >= {"id", "name", "created_at"}
    assert is_character(character)


@pytest.mark.c(90)
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)], ids=["16:9", "9:16"])
def test_clips_of_both_shapes_and_in_chunks_are_taken(
    server: httpx.Client, character: dict[str, Any], size: tuple[int, int]
) -> None:
    body = multipart(Part("video", clip(size=size), "upload", "application/octet-stream"), Part("name", NAME))

    answer = server.post("/videos/characters", content=chunked(body, 50_000), headers={"Content-Type": FORM})

    made = accepted(answer)
    assert is_character(made)
    assert made["id"] != character["id"]


@pytest.mark.c(91)
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("", {"invalid_value", "string_below_min_length"}),
        ("x" * 81, {"string_above_max_length", "invalid_value"}),
        (None, {"missing_required_parameter"}),
    ],
    ids=["empty", "81 characters", "none"],
)
def test_bad_names_are_refused(
    server: httpx.Client, character: dict[str, Any], name: str | None, codes: set[str]
) -> None:
    answer = server.post("/videos/characters", data={} if name is None else {"name": name}, files=upload(clip()))

    error = enveloped(answer, 400)
    assert (error["type"], error["param"]) == ("invalid_request_error", "name")
    assert error["code"] in codes


@pytest.mark.c(91)
def test_a_name_of_80_characters_is_taken(server: httpx.Client, character: dict[str, Any]) -> None:
    name = "🐢" * 80

    assert sources.character(server, name)["name"] == name


@pytest.mark.c(91)
def test_a_character_needs_a_clip(server: httpx.Client, character: dict[str, Any]) -> None:
    answer = server.post("/videos/characters", files={"name": (None, NAME)})

    message = refused(answer, 400, param="video", code="missing_required_parameter")
    assert message == "Missing required parameter: 'video'."


@pytest.mark.c(91)
@pytest.mark.parametrize(
    "data",
    [lambda: b"no film", lambda: b"", lambda: media.scene(("red", "white", "navy")), lambda: clip()[:2000]],
    ids=["text", "empty", "a picture", "the head of an mp4"],
)
def test_what_is_no_film_is_refused(server: httpx.Client, character: dict[str, Any], data: Callable[[], bytes]) -> None:
    error = enveloped(server.post("/videos/characters", data={"name": NAME}, files=upload(data())), 400)

    assert (error["type"], error["param"]) == ("invalid_request_error", "video")
    assert error["code"]


@pytest.mark.c(92)
def test_get_returns_the_same_object(server: httpx.Client, character: dict[str, Any]) -> None:
    answer = server.get(f"/videos/characters/{character['id']}")

    assert answer.status_code == 200
    assert answer.json() == character


@pytest.mark.c(92)
def test_an_unknown_character_is_not_found(server: httpx.Client, character: dict[str, Any]) -> None:
    message = refused(server.get("/videos/characters/char_unknown"), 404, code="character_not_found")

    assert "char_unknown" in message


@pytest.mark.c(92)
def test_the_bare_route_is_no_video_of_that_name(server: httpx.Client, character: dict[str, Any]) -> None:
    answer = server.get("/videos/characters")

    assert answer.status_code in (404, 405)
    error = enveloped(answer, answer.status_code)
    assert error["code"] in ("unknown_url", "method_not_allowed")
    assert "Video with id" not in (error["message"] or "")


@pytest.mark.c(92)
def test_a_video_is_no_character_and_a_character_no_video(
    server: httpx.Client, character: dict[str, Any], finished: str
) -> None:
    assert server.get(f"/videos/characters/{finished}").status_code == 404
    assert server.get(f"/videos/{character['id']}").status_code == 404
