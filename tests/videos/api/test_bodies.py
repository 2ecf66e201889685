from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.factories import image, make_ready_video
from tests.videos.api.wire import BOUNDARY, FORM, Part, error_of, multipart, post_json, send
from videos.api.bodies import DEPTH_MAX
from videos.models import Asset, Video, Workspace

PICTURE = image("PNG", (720, 1280))
URL = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
PROMPT = Part("prompt", "A cat")
JSON_FORM = f"application/json; boundary={BOUNDARY}"
FILE = Part("input_reference", PICTURE, "upload", "application/octet-stream")


def attached(part: Part) -> Part:
    return part._replace(disposition="attachment")


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"inner": value}
    return value


# Every way to say the same: a prompt, eight seconds, and nothing else.
TEXTS: dict[str, tuple[bytes, str]] = {
    "JSON": (b'{"prompt": "A cat", "seconds": "8"}', "application/json"),
    "JSON with charset": (b'{"prompt": "A cat", "seconds": "8"}', "application/json; charset=utf-8"),
    "JSON with a number": (b'{"prompt": "A cat", "seconds": 8}', "application/json"),
    "JSON without a type": (b'{"prompt": "A cat", "seconds": 8}', ""),
    "JSON with nulls": (
        b'{"prompt": "A cat", "seconds": 8, "model": null, "size": null, "seed": null, "input_reference": null}',
        "application/json",
    ),
    "JSON with unknown fields": (
        b'{"prompt": "A cat", "seconds": 8, "fps": 24, "num_frames": [1], "quality": {"a": 1}, "n": null}',
        "application/json",
    ),
    "urlencoded": (b"prompt=A+cat&seconds=8", "application/x-www-form-urlencoded"),
    "multipart": (multipart(PROMPT, Part("seconds", "8")), FORM),
    "multipart with a quoted boundary": (
        multipart(PROMPT, Part("seconds", "8")),
        FORM.replace(BOUNDARY, f'"{BOUNDARY}"'),
    ),
    "multipart of text/plain": (
        multipart(
            *(Part(name, text, content_type="text/plain") for name, text in (("seconds", "8"), ("prompt", "A cat")))
        ),
        FORM,
    ),
    "multipart with unknown fields": (
        multipart(PROMPT, Part("seconds", "8"), Part("fps", "24"), Part("a[b]", "c"), Part("extra", b"\xff", "x.bin")),
        FORM,
    ),
    "multipart of a browser without a file": (
        multipart(PROMPT, Part("seconds", "8"), Part("input_reference", "", "", "application/octet-stream")),
        FORM,
    ),
    "the documented curl line": (multipart(attached(PROMPT), attached(Part("seconds", "8"))), JSON_FORM),
    "multipart under a plain JSON header": (multipart(PROMPT, Part("seconds", "8")), "application/json"),
}


@pytest.mark.parametrize(("body", "content_type"), TEXTS.values(), ids=TEXTS.keys())
def test_every_encoding_says_the_same(api: Client, body: bytes, content_type: str) -> None:
    response = api.post("/v1/videos", body, content_type=content_type)

    assert response.status_code == 200, response.content
    video = response.json()
    assert (video["prompt"], video["seconds"], video["size"], video["model"]) == ("A cat", "8", "720x1280", "sora-2")
    assert not Asset.objects.exists()


REFERENCES: dict[str, tuple[bytes, str]] = {
    "a file": (multipart(PROMPT, FILE), FORM),
    "a file before the texts": (multipart(FILE, PROMPT), FORM),
    "a file under another name and type": (
        multipart(PROMPT, FILE._replace(filename="a.txt", content_type="text/plain")),
        FORM,
    ),
    "a file by the documented curl line": (multipart(attached(PROMPT), attached(FILE)), JSON_FORM),
    "a bracketed data URL": (multipart(PROMPT, Part("input_reference[image_url]", URL)), FORM),
    "a bracketed data URL, chat style": (multipart(PROMPT, Part("input_reference[image_url][url]", URL)), FORM),
    "an object as text": (multipart(PROMPT, Part("input_reference", json.dumps({"image_url": URL}))), FORM),
    "a JSON object": (json.dumps({"prompt": "x", "input_reference": {"image_url": URL}}).encode(), "application/json"),
    "a JSON object with more keys": (
        json.dumps(
            {"prompt": "x", "input_reference": {"type": "image_url", "image_url": URL, "file_id": None}}
        ).encode(),
        "application/json",
    ),
    "a JSON object, chat style": (
        json.dumps({"prompt": "x", "input_reference": {"image_url": {"url": URL}}}).encode(),
        "application/json",
    ),
    "urlencoded": (
        urlencode({"prompt": "x", "input_reference[image_url]": URL}).encode(),
        "application/x-www-form-urlencoded",
    ),
}


@pytest.mark.parametrize(("body", "content_type"), REFERENCES.values(), ids=REFERENCES.keys())
def test_a_reference_comes_in_every_wrapping(api: Client, body: bytes, content_type: str) -> None:
    response = api.post("/v1/videos", body, content_type=content_type)

    assert response.status_code == 200, response.content
    asset = Asset.objects.get()
    assert (asset.video_id, asset.variant) == (response.json()["id"], "reference")


# Of a field that no operation knows, and of one that may hold JSON as text.
DEEP: dict[str, tuple[bytes, str]] = {
    "brackets": (f"prompt=x&a{'[b]' * 1000}=c".encode(), "application/x-www-form-urlencoded"),
    "indexes": (f"prompt=x&a{'[0]' * 1000}=c".encode(), "application/x-www-form-urlencoded"),
    "brackets in a part": (multipart(PROMPT, Part("a" + "[b]" * 300, "c")), FORM),
    "JSON objects": (b'{"prompt": "x", "a": ' + b'{"b": ' * 900 + b"1" + b"}" * 900 + b"}", "application/json"),
    "JSON arrays": (b'{"prompt": "x", "a": ' + b"[" * 900 + b"]" * 900 + b"}", "application/json"),
    "JSON in a part": (multipart(PROMPT, Part("characters", "[" * 900 + "]" * 900)), FORM),
    "a little too deep": (json.dumps({"prompt": "x", "a": nested(DEPTH_MAX)}).encode(), "application/json"),
}


@pytest.mark.parametrize(("body", "content_type"), DEEP.values(), ids=DEEP.keys())
def test_what_is_nested_too_deeply_is_refused(api: Client, body: bytes, content_type: str) -> None:
    error = error_of(api.post("/v1/videos", body, content_type=content_type))

    assert error["message"] == f"The body is nested more than {DEPTH_MAX} levels deep."
    assert not Video.objects.exists()


def test_what_is_unknown_may_be_nested(api: Client) -> None:
    assert post_json(api, {"prompt": "x", "a": nested(DEPTH_MAX - 1), "b": []}).status_code == 200


@pytest.mark.parametrize("key", ["²", "٣", "¾"])
def test_a_digit_that_is_no_number_is_no_index(api: Client, key: str) -> None:
    form = {"prompt": "x", f"characters[{key}][id]": "char_1"}

    error = error_of(api.post("/v1/videos", urlencode(form), content_type="application/x-www-form-urlencoded"))

    assert (error["param"], error["code"]) == ("characters", "invalid_type")


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "no body": (b"", "application/json"),
    "blank body": (b" \n", "application/json"),
    "cut JSON": (b'{"prompt": "A cat"', "application/json"),
    "words": (b"prompt=A cat", "application/json"),
    "a JSON array": (b'["A cat"]', "application/json"),
    "a JSON string": (b'"A cat"', "application/json"),
    "a JSON null": (b"null", "application/json"),
    "JSON that is no text": (b'{"prompt": "\xff\xfe"}', "application/json"),
    "deep JSON": (b'{"prompt":' * 100_000, "application/json"),
    "deep JSON array": (b'{"a":' + b"[" * 100_000, "application/json"),
    "a number of 5,000 digits": (b'{"prompt": "x", "seed": ' + b"9" * 5000 + b"}", "application/json"),
    "multipart without a boundary": (multipart(PROMPT), "multipart/form-data"),
    "multipart with another boundary": (multipart(PROMPT), "multipart/form-data; boundary=other"),
    "multipart with an odd boundary": (multipart(PROMPT), "multipart/form-data; boundary=ü"),
    "multipart without a body": (b"", FORM),
    "multipart with no parts": (multipart(), FORM),
    "garbage as multipart": (b"\x00\x01 garbage \r\n\r\n", FORM),
    "multipart cut in a text": (multipart(PROMPT, Part("seconds", "8"))[:-30], FORM),
    "multipart cut in a file": (multipart(PROMPT, FILE)[:-500], FORM),
    "multipart cut before its end": (multipart(PROMPT).removesuffix(b"--\r\n"), FORM),
    "too many fields": (multipart(*[PROMPT] * 1100), FORM),
    "too many urlencoded fields": (b"a=1&" * 1100, "application/x-www-form-urlencoded"),
    "too many files": (multipart(PROMPT, *[Part("x", "x", "x")] * 120), FORM),
    "dashes under a JSON header": (b"--", "application/json"),
    "no fields": (b"", "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("path", ["/v1/videos", "/v1/videos/{id}/remix"])
@pytest.mark.parametrize(("body", "content_type"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_cannot_be_read_is_refused(
    api: Client, workspace: Workspace, path: str, body: bytes, content_type: str
) -> None:
    source = make_ready_video(workspace)

    response = api.post(path.format(id=source.id), body, content_type=content_type)

    error = error_of(response)
    if body or "urlencoded" not in content_type:
        assert (error["param"], error["code"]) == (None, None)
    assert Video.objects.count() == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/octet-stream", "multipart/mixed", "x"])
def test_other_content_types_are_not_supported(api: Client, kind: str) -> None:
    response = api.post("/v1/videos", b'{"prompt": "x"}', content_type=kind)

    assert kind in error_of(response, 415)["message"]


@pytest.mark.parametrize("value", [5, 1.5, True, ["x"], {"a": "x"}])
@pytest.mark.parametrize("field", ["prompt", "model", "size"])
def test_a_text_must_be_a_text(api: Client, field: str, value: Any) -> None:
    error = error_of(post_json(api, {"prompt": "x", field: value}))

    assert (error["param"], error["code"]) == (field, "invalid_type")


@pytest.mark.parametrize("value", [1.5, True, [4], {"a": 4}])
@pytest.mark.parametrize("field", ["seconds", "seed"])
def test_a_number_must_be_a_number_or_a_text(api: Client, field: str, value: Any) -> None:
    error = error_of(post_json(api, {"prompt": "x", field: value}))

    assert (error["param"], error["code"]) == (field, "invalid_type")


@pytest.mark.parametrize("field", ["prompt", "model", "size", "seconds", "seed"])
def test_a_text_field_takes_no_file_and_no_brackets(api: Client, field: str) -> None:
    others = [PROMPT] if field != "prompt" else []

    as_file = error_of(send(api, *others, Part(field, "4", "upload")))
    as_both = error_of(send(api, *others, Part(field, "4"), Part(field, "4", "upload")))
    in_brackets = error_of(send(api, *others, Part(f"{field}[text]", "4")))

    for error in (as_file, as_both, in_brackets):
        assert (error["param"], error["code"]) == (field, "invalid_type")
    assert "a file" in as_file["message"]
    assert not Video.objects.exists()


BAD_REFERENCES: dict[str, tuple[Any, str, str]] = {
    "a string": ("file-123", "input_reference", "invalid_type"),
    "an empty string": ("", "input_reference", "invalid_type"),
    "a list": ([URL], "input_reference", "invalid_type"),
    "a number": (5, "input_reference", "invalid_type"),
    "none of the two": ({}, "input_reference", "invalid_value"),
    "none of the two, but others": ({"type": "image_url"}, "input_reference", "invalid_value"),
    "both": ({"image_url": URL, "file_id": "file-1"}, "input_reference", "invalid_value"),
    "an unknown file": ({"file_id": "file-1"}, "input_reference.file_id", "file_not_found"),
    "no address": ({"image_url": "cat.png"}, "input_reference.image_url", "invalid_image_url"),
    "a web address": ({"image_url": "http://127.0.0.1/x.png"}, "input_reference.image_url", "invalid_image_url"),
    "a file address": ({"image_url": "file:///etc/passwd"}, "input_reference.image_url", "invalid_image_url"),
    "data that is not base64": ({"image_url": "data:image/png,x"}, "input_reference.image_url", "invalid_image_url"),
    "broken base64": ({"image_url": "data:image/png;base64,@@"}, "input_reference.image_url", "invalid_image_url"),
    "an address that is a number": ({"image_url": 5}, "input_reference.image_url", "invalid_type"),
    "an object without an address": ({"image_url": {}}, "input_reference.image_url", "invalid_type"),
}
bad_references = pytest.mark.parametrize(
    ("reference", "param", "code"), BAD_REFERENCES.values(), ids=BAD_REFERENCES.keys()
)


@bad_references
def test_a_wrong_reference_object_is_refused(api: Client, reference: Any, param: str, code: str) -> None:
    error = error_of(post_json(api, {"prompt": "x", "input_reference": reference}))

    assert (error["param"], error["code"]) == (param, code)
    assert not Video.objects.exists()


REFUSED_PARTS = {
    "a text": ([Part("input_reference", "file-123")], "input_reference", "invalid_type"),
    "half an object": ([Part("input_reference", '{"image_url": ')], "input_reference", "invalid_type"),
    "a file without a name": ([Part("input_reference", PICTURE)], "input_reference", "invalid_type"),
    "a file with an empty name": ([FILE._replace(filename="")], "input_reference", "invalid_type"),
    "two files": ([FILE, FILE], "input_reference", "invalid_value"),
    "a file and an object": ([FILE, Part("input_reference[image_url]", URL)], "input_reference", "invalid_value"),
    "a file in brackets": (
        [FILE._replace(name="input_reference[image_url]")],
        "input_reference[image_url]",
        "invalid_type",
    ),
    "bracketed and unknown": (
        [Part("input_reference[file_id]", "file-1")],
        "input_reference.file_id",
        "file_not_found",
    ),
    "bracketed both": (
        [Part("input_reference[file_id]", "file-1"), Part("input_reference[image_url]", URL)],
        "input_reference",
        "invalid_value",
    ),
    "characters": ([Part("characters[][id]", "char_1")], "characters[0].id", "character_not_found"),
    "three characters": ([Part("characters[][id]", f"c{n}") for n in range(3)], "characters", "array_above_max_length"),
}


@pytest.mark.parametrize(("parts", "param", "code"), REFUSED_PARTS.values(), ids=REFUSED_PARTS.keys())
def test_wrong_parts_are_refused(api: Client, parts: list[Part], param: str, code: str) -> None:
    error = error_of(send(api, PROMPT, *parts))

    assert (error["param"], error["code"]) == (param, code)
    assert not Video.objects.exists()


@pytest.mark.parametrize(
    "prompt", ["Ein Kätzchen 🐈‍⬛ spielt", "猫がピアノを弾く", "قطة تعزف على البيانو", "\ufffd", "a\nb\tc "]
)
def test_a_prompt_comes_back_unchanged(api: Client, prompt: str) -> None:
    answers = [
        post_json(api, {"prompt": prompt}),
        api.post("/v1/videos", json.dumps({"prompt": prompt}, ensure_ascii=False), content_type="application/json"),
        send(api, Part("prompt", prompt)),
        api.post("/v1/videos", urlencode({"prompt": prompt}), content_type="application/x-www-form-urlencoded"),
    ]

    assert [answer.json()["prompt"] for answer in answers] == [prompt] * 4
    assert [video.prompt for video in Video.objects.all()] == [prompt] * 4


@pytest.mark.parametrize("field", ["prompt", "model", "size", "seconds", "seed"])
def test_half_a_character_is_refused(api: Client, field: str) -> None:
    body = json.dumps({"prompt": "x", field: "\ud83d"})

    assert error_of(api.post("/v1/videos", body, content_type="application/json"))["param"] == field


def test_text_that_is_not_utf8_is_refused(api: Client) -> None:
    error = error_of(send(api, Part("prompt", "Kätzchen".encode("latin-1"))))

    assert (error["param"], error["code"]) == ("prompt", "invalid_type")
