from __future__ import annotations

import ast
import json
import shlex

import openai
import pytest

from videos.api import openapi
from videos.views.examples import SAMPLES, examples

BASE = "http://studio.example/v1"
CALLS = {
    operation["operationId"]: (method.upper(), path)
    for path, item in openapi.document(BASE)["paths"].items()
    for method, operation in item.items()
}


def of(operation_id: str) -> dict[str, str]:
    return examples(operation_id, *CALLS[operation_id], BASE)


def test_every_operation_has_one_and_the_sdks_all_but_the_document_itself() -> None:
    assert CALLS.keys() - {"retrieve_openapi_document"} == SAMPLES.keys()
    assert list(of("create_video")) == ["curl", "python", "node"]
    assert list(of("retrieve_openapi_document")) == ["curl"]


@pytest.mark.parametrize("operation_id", SAMPLES)
def test_the_python_example_compiles_and_calls_what_the_sdk_has(operation_id: str) -> None:
    text = of(operation_id)["python"]

    ast.parse(text)
    with openai.OpenAI(api_key="sk-none", base_url=BASE) as client:
        found: object = client
        for name in SAMPLES[operation_id].call.split("."):
            found = getattr(found, name)
    assert callable(found)
    assert f'base_url="{BASE}"' in text


@pytest.mark.parametrize("operation_id", SAMPLES)
def test_the_curl_example_asks_that_path_by_that_method(operation_id: str) -> None:
    method, path = CALLS[operation_id]
    words = shlex.split(of(operation_id)["curl"].replace("\\\n", ""))

    (url,) = [word for word in words if word.startswith(BASE)]
    assert len(url.split("/")) == len(f"{BASE}{path}".split("/"))
    assert "{" not in url
    has_body = "-d" in words or "-F" in words
    assert ("-X" in words) == (method != "GET" and not has_body)
    if "-d" in words:
        assert json.loads(words[words.index("-d") + 1]) == SAMPLES[operation_id].fields


def test_a_file_is_opened_in_each_language() -> None:
    found = of("extend_video")

    assert '-F video="@clip.mp4"' in found["curl"]
    assert 'video=open("clip.mp4", "rb")' in found["python"]
    assert 'video: fs.createReadStream("clip.mp4")' in found["node"]
    assert found["node"].startswith('import fs from "node:fs";')


def test_bytes_are_saved() -> None:
    assert "downloadContent(" in of("download_video")["node"]
    assert 'write_to_file("cat.mp4")' in of("download_video")["python"]
    assert "-o cat.mp4" in of("download_video")["curl"]
