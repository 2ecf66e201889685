"""The contract's error table (7.2), row by row: what is provoked here, and where the other rows are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.contract import media
from tests.contract.conftest import Maker
from tests.contract.envelope import refused
from tests.contract.sources import clip, upload
from tests.contract.target import Target
from tests.contract.wire import data_url, fields
from tests.contract.workshop import Workshop
from tests.live.server import wait_until
from videos.contract import REFERENCE_SIZE_MISMATCH

HERE = Path(__file__).parent


class Row(NamedTuple):
    """A request that is refused; `numbers` are the lines of the checklist that it belongs to."""

    numbers: tuple[int, ...]
    send: Callable[[httpx.Client], httpx.Response]
    status: int
    param: str | None
    code: str | None
    message: str = ".+"


def create(**body: Any) -> Callable[[httpx.Client], httpx.Response]:
    return lambda client: client.post("/videos", json={"prompt": "p", "size": "1280x720", **body})


def form(*parts: tuple[str, Any], **body: str) -> Callable[[httpx.Client], httpx.Response]:
    given = [*fields(prompt="p", **body).items(), *parts]
    return lambda client: client.post("/videos", files=given)


def raw(content: bytes, kind: str = "application/json") -> Callable[[httpx.Client], httpx.Response]:
    return lambda client: client.post("/videos", content=content, headers={"Content-Type": kind})


def get(path: str, **query: str) -> Callable[[httpx.Client], httpx.Response]:
    return lambda client: client.get(path, params=query)


def post(path: str, **body: Any) -> Callable[[httpx.Client], httpx.Response]:
    return lambda client: client.post(path, json=body)


PICTURE = media.scene(("red", "white", "navy"), (320, 180))
ANYTHING = {"prompt": "p", "video": {"id": "video_unknown"}}
CUT = "--cut\r\nContent-Disposition: form-data; name="
UNSUPPORTED = r"Invalid value: '{}'\. Supported values are: ('[^']+', )*('[^']+',? and )?'[^']+'\."

ROWS: dict[str, Row] = {
    "required field missing": Row(
        (22,), lambda it: it.post("/videos", json={}), 400, "prompt", "missing_required_parameter",
        r"Missing required parameter: 'prompt'\.",
    ),
    "required file missing": Row(
        (83,), post("/videos/edits", prompt="p"), 400, "video", "missing_required_parameter",
        r"Missing required parameter: 'video'\.",
    ),
    "empty prompt": Row((22,), create(prompt=""), 400, "prompt", "invalid_value"),
    "prompt too long": Row(
        (22,), create(prompt="x" * 32_001), 400, "prompt", "string_above_max_length",
        r"(?=.*\b32,?000\b)(?=.*\b32,?001\b).*",
    ),
    "seconds not supported": Row(
        (19,), create(seconds="15"), 400, "seconds", "invalid_value", UNSUPPORTED.format("15")
    ),
    "size not supported": Row(
        (21,), create(size="1024x1808"), 400, "size", "invalid_value", UNSUPPORTED.format("1024x1808")
    ),
    "order not supported": Row(
        (49,), get("/videos", order="sideways"), 400, "order", "invalid_value", UNSUPPORTED.format("sideways")
    ),
    "wrong JSON type of a text": Row((9,), create(prompt=7), 400, "prompt", "invalid_type", r".*string.*"),
    "wrong JSON type of a reference": Row((32,), create(input_reference=[1]), 400, "input_reference", "invalid_type"),
    "wrong JSON type in depth": Row(
        (32,), create(input_reference={"file_id": 7}), 400, "input_reference.file_id", "invalid_type"
    ),
    "reference is a text (JSON)": Row(
        (32,), create(input_reference="file-1"), 400, "input_reference", "invalid_type", r".*object.*"
    ),
    "reference is a text (form)": Row(
        (32,), form(input_reference="file-1"), 400, "input_reference", "invalid_type", r".*file.*"
    ),
    "reference of another size": Row(
        (27,), create(input_reference={"image_url": data_url(PICTURE)}), 400, None, None,
        re.escape(REFERENCE_SIZE_MISMATCH),
    ),
    "reference is no image": Row(
        (28,), form(("input_reference", ("x.png", b"no image"))), 400, "input_reference", "invalid_image_format"
    ),
    "image_url is no data URL that can be read": Row(
        (31,), create(input_reference={"image_url": "data:image/png;base64,%%%"}), 400, "input_reference.image_url",
        "invalid_image_url",
    ),
    "image_url is forbidden by policy": Row(
        (33,), create(input_reference={"image_url": "http://127.0.0.1:9/x.png"}), 400, "input_reference.image_url",
        "invalid_image_url",
    ),
    "unknown file_id": Row(
        (30,), create(input_reference={"file_id": "file-unknown"}), 400, "input_reference.file_id", "file_not_found"
    ),
    "unknown character": Row(
        (37,), create(characters=[{"id": "char_unknown"}]), 400, "characters[0].id", "character_not_found"
    ),
    "more than two characters": Row(
        (37,), create(characters=[{"id": f"char_{n}"} for n in range(3)]), 400, "characters", "array_above_max_length"
    ),
    "unknown model": Row((24,), create(model="nobody-9"), 400, "model", "model_not_found"),
    "malformed JSON": Row((9,), raw(b'{"prompt": '), 400, None, None),
    "JSON that is no object": Row((9,), raw(b'["prompt"]'), 400, None, None),
    "no body": Row((9,), raw(b""), 400, None, None),
    "malformed multipart": Row(
        (9,), raw(f'{CUT}"prompt"\r\n\r\nnever'.encode(), "multipart/form-data; boundary=cut"), 400, None, None
    ),
    "another content type": Row((9,), raw(b"<prompt/>", "application/xml"), 415, None, None),
    "unknown video": Row(
        (53,), get("/videos/video_unknown"), 404, None, "video_not_found", r"Video with id 'video_unknown' not found\."
    ),
    "unknown video (content)": Row((53,), get("/videos/video_unknown/content"), 404, None, "video_not_found"),
    "unknown video (remix)": Row((79,), post("/videos/video_unknown/remix", prompt="p"), 404, None, "video_not_found"),
    "unknown video (delete)": Row((63,), lambda it: it.delete("/videos/video_unknown"), 404, None, "video_not_found"),
    "unknown character (get)": Row((92,), get("/videos/characters/char_unknown"), 404, None, "character_not_found"),
    "unknown source of an edit": Row(
        (83,), post("/videos/edits", **ANYTHING), 404, "video", "video_not_found",
        r"Video with id 'video_unknown' not found\.",
    ),
    "unknown source of an extension": Row(
        (86,), post("/videos/extensions", **ANYTHING, seconds="4"), 404, "video", "video_not_found",
        r"Video with id 'video_unknown' not found\.",
    ),
    "wrong method": Row((4,), lambda it: it.put("/videos"), 405, None, "method_not_allowed"),
    "wrong method on content": Row((4,), post("/videos/video_x/content"), 405, None, "method_not_allowed"),
    "unknown route": Row(
        (3,), lambda it: it.post("/nothing/here"), 404, None, "unknown_url", r"Invalid URL \(POST /v1/nothing/here\).*"
    ),
}  # fmt: skip


PARAMETERS = [pytest.param(row, id=name, marks=pytest.mark.c(*row.numbers)) for name, row in ROWS.items()]


@pytest.mark.parametrize("row", PARAMETERS)
def test_a_row_answers_exactly_as_the_table_says(server: httpx.Client, row: Row) -> None:
    message = refused(row.send(server), row.status, param=row.param, code=row.code)

    assert re.fullmatch(row.message, message, re.DOTALL), message


@pytest.mark.c(71)
def test_a_variant_that_is_not_supported(server: httpx.Client, finished: str) -> None:
    answer = server.get(f"/videos/{finished}/content", params={"variant": "poster"})

    message = refused(answer, 400, param="variant", code="invalid_value")
    assert re.fullmatch(UNSUPPORTED.format("poster"), message)


@pytest.mark.c(4)
def test_a_wrong_method_says_which_are_right(server: httpx.Client) -> None:
    assert {"GET", "POST"} <= set(re.split(r", *", server.put("/videos").headers["Allow"]))


@pytest.mark.c(2)
def test_no_key_and_a_wrong_key(target: Target) -> None:
    with httpx.Client(base_url=target.url, trust_env=False) as nobody:
        assert refused(nobody.get("/videos"), 401)
        wrong = nobody.get("/videos", headers={"Authorization": "Bearer sk-studio-of-nobody-at-all"})
    assert "nobody-at-all" not in refused(wrong, 401, code="invalid_api_key")


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
def test_a_source_that_is_not_ready(server: httpx.Client, make: Maker) -> None:
    refuses_as_source(server, make(seconds="12")["id"], "video_not_ready")


@pytest.mark.c(79, 83, 86)
def test_a_source_that_has_failed(workshop: Workshop, bench: httpx.Client) -> None:
    failed = workshop.failed(bench, "A source that fails")

    refuses_as_source(bench, failed["id"], "video_failed")


@pytest.mark.c(79, 83, 86)
def test_a_source_that_has_expired(workshop: Workshop, bench: httpx.Client) -> None:
    video = workshop.completed(bench, "A source that expires", clip(4))
    wait_until_gone(bench, video["id"])

    refuses_as_source(bench, video["id"], "video_expired")


def wait_until_gone(client: httpx.Client, video_id: str) -> None:
    wait_until(lambda: client.get(f"/videos/{video_id}/content").status_code == 404, seconds=60, what="it expires")


@pytest.mark.c(91)
def test_a_film_that_is_none(server: httpx.Client) -> None:
    for path in ("/videos/edits", "/videos/characters"):
        answer = server.post(path, data={"prompt": "p", "name": "n"}, files=upload(b"no film"))
        refused(answer, 400, param="video", code="invalid_video")


# The rows that are looked at where their number is, and those that cannot be brought about.
ELSEWHERE = {
    "content before completion": "test_content.py::test_content_before_completion",
    "content of a failed job": "test_content.py::test_content_of_a_failed_video",
    "content after expiry": "test_content.py::test_content_of_an_expired_video",
    "body too large": "test_bodies.py::test_a_body_over_the_limit",
    "rate limit": "test_general.py::test_the_rate_limit",
    "our fault": "test_general.py::test_an_unhandled_exception_leaks_nothing",
    "file part without a name": "test_bodies.py::test_malformed_multipart",
    "unknown model (get)": "test_models.py::test_an_unknown_model_is_not_found",
    "another project's id": "test_general.py::test_another_projects_videos_are_unknown",
}
# Studio has no moderation of prompts at creation and no paid quota; it queues what its backend cannot take now.
NEVER_ANSWERED = ("moderation at creation", "quota spent", "queue full", "no backend able to take it now")


@pytest.mark.parametrize("row", ELSEWHERE)
def test_the_other_rows_are_where_this_table_says(row: str) -> None:
    file, name = ELSEWHERE[row].split("::")

    assert f"def {name}(" in (HERE / file).read_text()
