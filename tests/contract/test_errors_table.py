"""The contract's error table (7.2), row by row: what is provoked here, and where the other rows are."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

from tests.contract.conftest import Maker
from tests.contract.envelope import refused
from tests.contract.sources import clip, upload
from tests.contract.target import Target
from tests.contract.workshop import Workshop


class Row(NamedTuple):
    """A request that is refused; `numbers` are the lines of the checklist that it belongs to."""

    numbers: tuple[int, ...]
    send: Callable[[Target, httpx.Client], httpx.Response]
    status: int
    param: str | None
    code: str | None
    message: str = ".+"


def create(**body: Any) -> Callable[[Target, httpx.Client], httpx.Response]:
    given = {"prompt": "p", "size": "1280x720", **body}
    return lambda target, client: client.post("/videos", json=target.plain(**given))


def get(path: str, **query: str) -> Callable[[Target, httpx.Client], httpx.Response]:
    return lambda _, client: client.get(path, params=query)


def post(path: str, **body: Any) -> Callable[[Target, httpx.Client], httpx.Response]:
    return lambda _, client: client.post(path, json=body)


ANYTHING = {"prompt": "p", "video": {"id": "video_unknown"}}
UNSUPPORTED = r"Invalid value: '{}'\. Supported values are: ('[^']+', )*('[^']+',? and )?'[^']+'\."

ROWS: dict[str, Row] = {
    "prompt too long": Row(
        (22,), create(prompt="x" * 32_001), 400, "prompt", "string_above_max_length",
        r"(?=.*\b32,?000\b)(?=.*\b32,?001\b).*",
    ),
    "order not supported": Row(
        (49,), get("/videos", order="sideways"), 400, "order", "invalid_value", UNSUPPORTED.format("sideways")
    ),
    "wrong JSON type of a text": Row((9,), create(prompt=7), 400, "prompt", "invalid_type", r".*string.*"),
    "wrong JSON type of a reference": Row((32,), create(input_reference=[1]), 400, "input_reference", "invalid_type"),
    "wrong JSON type in depth": Row(
        (32,), create(input_reference={"file_id": 7}), 400, "input_reference.file_id", "invalid_type"
    ),
    "image_url is no data URL that can be read": Row(
        (31,), create(input_reference={"image_url": "data:image/png;base64,%%%"}), 400, "input_reference.image_url",
        "invalid_image_url",
    ),
    "image_url is forbidden by policy": Row(
        (33,), create(input_reference={"image_url": "http://127.0.0.1:9/x.png"}), 400, "input_reference.image_url",
        "invalid_image_url",
    ),
    "unknown source of an extension": Row(
        (86,), post("/videos/extensions", **ANYTHING, seconds="4"), 404, "video", "video_not_found",
        r"Video with id 'video_unknown' not found\.",
    ),
}  # fmt: skip


PARAMETERS = [pytest.param(row, id=name, marks=pytest.mark.c(*row.numbers)) for name, row in ROWS.items()]


@pytest.mark.parametrize("row", PARAMETERS)
def test_a_row_answers_exactly_as_the_table_says(target: Target, server: httpx.Client, row: Row) -> None:
    message = refused(row.send(target, server), row.status, param=row.param, code=row.code)

    assert re.fullmatch(row.message, message, re.DOTALL), message


@pytest.mark.c(2)
def test_a_key_without_the_scope_is_forbidden(target: Target) -> None:
    with target.client(target.issue_key(scopes="videos:read")) as reader:
        assert reader.get("/videos").status_code == 200
        refused(reader.post("/videos", json=target.order()), 403, code="permission_denied")


@pytest.mark.c(38)
def test_an_unknown_field_is_refused_in_strict_mode_only(target: Target, server: httpx.Client, make: Maker) -> None:
    target.own("a strict mode is Studio's own")
    make(colour="red")
    answer = server.post("/videos", json=target.order(colour="red"), headers={"X-Studio-Strict": "1"})

    assert "colour" in refused(answer, 400, param="colour", code="unknown_parameter")


SOURCES: dict[str, Callable[[str], tuple[str, dict[str, Any]]]] = {
    "remix": lambda it: (f"/videos/{it}/remix", {"prompt": "p"}),
    "edit": lambda it: ("/videos/edits", {"prompt": "p", "video": {"id": it}}),
    "extend": lambda it: ("/videos/extensions", {"prompt": "p", "video": {"id": it}, "seconds": "4"}),
}


def refuses_as_source(client: httpx.Client, video_id: str, code: str) -> None:
    for of in SOURCES.values():
        path, body = of(video_id)
        refused(client.post(path, json=body), 400, param="video", code=code)


@pytest.mark.c(79, 83, 86)
def test_a_source_that_has_failed(workshop: Workshop, bench: httpx.Client) -> None:
    failed = workshop.failed(bench, "A source that fails")

    refuses_as_source(bench, failed["id"], "video_failed")


@pytest.mark.c(79, 83, 86)
def test_a_source_that_has_expired(workshop: Workshop, bench: httpx.Client) -> None:
    video = workshop.completed(bench, "A source that expires", clip(4))
    workshop.expire(video["id"])

    refuses_as_source(bench, video["id"], "video_expired")


@pytest.mark.c(91)
def test_a_film_that_is_none(server: httpx.Client) -> None:
    for path in ("/videos/edits", "/videos/characters"):
        answer = server.post(path, data={"prompt": "p", "name": "n"}, files=upload(b"no film"))
        refused(answer, 400, param="video", code="invalid_video")


# The other rows: where each is looked at, and as which number. Studio has no moderation of prompts at creation and no
# paid quota, and it queues what its backend cannot take now: it never answers the rows of those.
ELSEWHERE: dict[str, tuple[int, str, str]] = {
    "no key": (2, "general", "test_no_route_opens_without_a_key"),
    "wrong key": (2, "general", "test_no_route_of_either_room_opens_without_a_key"),
    "required field missing": (22, "create", "test_bad_prompts"),
    "required file missing": (83, "edits", "test_an_edit_needs_a_video"),
    "empty prompt": (22, "create", "test_bad_prompts_by_multipart"),
    "seconds not supported": (19, "create", "test_unsupported_seconds"),
    "size not supported": (21, "create", "test_sizes_that_do_not_exist"),
    "variant not supported": (71, "content", "test_unknown_variants"),
    "reference is a text": (32, "references", "test_a_text_as_reference"),
    "reference of another size": (27, "references", "test_a_reference_of_another_size"),
    "reference is no image": (28, "references", "test_files_that_are_no_images"),
    "unknown file_id": (30, "references", "test_unknown_files"),
    "characters": (37, "orders", "test_too_many_and_unknown_characters"),
    "unknown model": (24, "create", "test_unknown_models"),
    "unknown model (get)": (102, "models", "test_an_unknown_model_is_not_found"),
    "malformed JSON": (9, "bodies", "test_malformed_json"),
    "malformed multipart": (9, "bodies", "test_malformed_multipart"),
    "another content type": (9, "bodies", "test_a_content_type_that_nobody_sends"),
    "body too large": (10, "bodies", "test_a_body_over_the_limit"),
    "unknown video": (53, "lifecycle", "test_unknown_ids"),
    "unknown video (other routes)": (53, "lifecycle", "test_unknown_ids_on_the_other_routes"),
    "unknown character": (92, "characters", "test_an_unknown_character_is_not_found"),
    "source not ready (remix)": (79, "remix", "test_an_unfinished_source_is_refused_with_a_status_that_no_sdk_repeats"),
    "source not ready (edit)": (83, "edits", "test_a_source_that_is_not_ready_is_refused"),
    "source not ready (extension)": (86, "extensions", "test_the_source_must_exist_and_be_ready"),
    "unknown source of an edit": (83, "edits", "test_an_unknown_source_is_not_found_however_it_is_named"),
    "wrong method": (4, "general", "test_wrong_methods"),
    "unknown route": (3, "general", "test_unknown_routes"),
    "content before completion": (72, "content", "test_content_before_completion"),
    "content of a failed job": (73, "content", "test_content_of_a_failed_video"),
    "content after expiry": (73, "content", "test_content_of_an_expired_video"),
    "another project's id": (8, "general", "test_another_projects_videos_are_unknown"),
    "rate limit": (11, "general", "test_the_rate_limit"),
    "our fault": (7, "general", "test_an_unhandled_exception_leaks_nothing"),
}


@pytest.mark.parametrize("row", ELSEWHERE)
def test_the_other_rows_are_where_this_table_says(row: str) -> None:
    number, module, name = ELSEWHERE[row]

    check = getattr(importlib.import_module(f"tests.contract.test_{module}"), name)

    marks = [*getattr(check, "pytestmark", []), *_of_module(check)]
    assert number in [it for mark in marks if mark.name == "c" for it in mark.args]


def _of_module(check: Callable[..., None]) -> list[pytest.Mark]:
    found = getattr(importlib.import_module(check.__module__), "pytestmark", [])
    return [mark.mark for mark in (found if isinstance(found, list) else [found])]
