from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from tests.videos.api.wire import error_of, post_json
from videos import contract
from videos.api import file_shapes
from videos.api.openapi_bodies import EXAMPLES, of_form, of_json, request_body
from videos.api.operations import OPERATIONS
from videos.api.routing import Operation
from videos.forms import shapes

ACCEPTED: list[dict[str, Any]] = [
    {"prompt": "A cat"},
    {"prompt": "A cat", "seconds": 8, "size": "1280x720"},
    {"prompt": "A cat", "seconds": "8", "size": None, "model": ""},
    {"prompt": "A cat", "seconds": 8.0, "seed": 7.0},
    {"prompt": "A cat", "seed": "7", "fps": 30},
    {"prompt": "A cat", "model": "sora-2-pro", "size": "1920x1080"},
    {"prompt": "ä" * contract.PROMPT_MAX_LENGTH},
]
REFUSED: list[dict[str, Any]] = [
    {},
    {"prompt": ""},
    {"prompt": " \n"},
    {"prompt": None},
    {"prompt": 7},
    {"prompt": "A\0cat"},
    {"prompt": "ä" * (contract.PROMPT_MAX_LENGTH + 1)},
    {"prompt": "A cat", "seconds": 5},
    {"prompt": "A cat", "seconds": True},
    {"prompt": "A cat", "size": "1920x1080"},
    {"prompt": "A cat", "size": "720X1280"},
    {"prompt": "A cat", "model": "nobody"},
    {"prompt": "A cat", "seed": -1},
    {"prompt": "A cat", "seed": 1.5},
    {"prompt": "A cat", "seed": contract.SEED_MAX + 1},
    {"prompt": "A cat", "input_reference": "file-1"},
    {"prompt": "A cat", "input_reference": {}},
    {"prompt": "A cat", "input_reference": {"file_id": "file-1", "image_url": "https://studio.example/"}},
    {"prompt": "A cat", "characters": "char_1"},
    {"prompt": "A cat", "characters": [{"id": "char_1"}] * 3},
]


def says(body: dict[str, Any]) -> bool:
    return Draft202012Validator(of_json(shapes.CREATE)).is_valid(body)


@pytest.mark.parametrize("body", ACCEPTED, ids=lambda body: str(body)[:60])
@pytest.mark.django_db
def test_what_the_schema_allows_is_accepted(api: Client, body: dict[str, Any]) -> None:
    assert says(body)
    assert post_json(api, body).status_code == 200


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: str(body)[:60])
@pytest.mark.django_db
def test_what_the_schema_forbids_is_refused(api: Client, body: dict[str, Any]) -> None:
    assert not says(body)
    assert error_of(post_json(api, body))["type"] == "invalid_request_error"


def test_sizes_and_lengths_are_those_of_the_catalog(settings) -> None:
    settings.VIDEO_MODELS = {"tiny-1": {"backend": "embedded", "sizes": ["64x64"], "seconds": [4]}}
    settings.VIDEO_MODEL_ALIASES = {}
    schema = of_json(shapes.CREATE)

    assert schema["properties"]["model"]["enum"] == ["tiny-1", None, ""]
    assert "1280x720" not in schema["properties"]["size"]["enum"]
    assert "64x64" in schema["properties"]["size"]["enum"]
    assert 8 not in schema["properties"]["seconds"]["enum"]


def test_every_encoding_that_a_shape_takes_is_named() -> None:
    assert [kind.split("/")[1] for kind in request_body(shapes.CREATE)["content"]] == [
        "json",
        "form-data",
        "x-www-form-urlencoded",
    ]
    assert list(request_body(file_shapes.BATCH)["content"]) == ["application/json"]
    # A file can only be a part of a form.
    assert list(request_body(file_shapes.UPLOAD)["content"]) == ["multipart/form-data"]


def test_a_form_names_nested_values_with_brackets_and_files_as_bytes() -> None:
    form = of_form(shapes.CREATE, files=True)["properties"]

    assert form["input_reference"]["format"] == "binary"
    assert {"input_reference[image_url]", "input_reference[file_id]", "characters[][id]"} <= form.keys()
    assert "input_reference" not in of_form(shapes.CREATE, files=False)["properties"]
    assert set(form["seconds"]["enum"]) == {"", *map(str, contract.SECONDS)}


@pytest.mark.django_db
def test_what_is_no_json_is_refused_though_python_reads_it(api: Client) -> None:
    answer = api.post("/v1/videos", b'{"prompt": "A cat", "seed": NaN}', content_type="application/json")

    assert error_of(answer)["message"] == "The body is not valid JSON."


@pytest.mark.parametrize("operation", [it for it in OPERATIONS if it.body], ids=lambda it: it.path)
def test_examples_are_what_the_schema_allows(operation: Operation) -> None:
    assert operation.body
    content = request_body(operation.body)["content"].get("application/json", {})

    if "example" in content:
        assert Draft202012Validator(content["schema"]).is_valid(content["example"])
    else:
        assert operation.body.name not in EXAMPLES


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/videos", {"prompt": "\ud800"}),
        ("/v1/videos/characters", {"name": "\ud800", "video": "video_none"}),
        (
            "/v1/webhook_endpoints",
            {"name": "\ud800", "url": "https://studio.example/", "event_types": ["video.failed"]},
        ),
    ],
)
@pytest.mark.django_db
def test_half_a_character_is_refused_wherever_it_stands(api: Client, path: str, body: dict[str, Any]) -> None:
    error = error_of(api.post(path, json.dumps(body), content_type="application/json"))

    assert (error["param"], error["code"]) == ("prompt" if "prompt" in body else "name", "invalid_value")
