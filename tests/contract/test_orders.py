"""What both servers take as an order and what they refuse; the numbers are those of the contract's checklist."""

from __future__ import annotations

import base64

import httpx
import pytest

from tests import factories
from tests.contract.envelope import refused
from tests.live.server import API_KEY

BOUNDARY = "----------contract"


def form(*parts: tuple[str, str, bytes], kind: str = "form-data") -> bytes:
    """A multipart body; each part is (name, extra header text, content)."""
    lines = [
        f'--{BOUNDARY}\r\nContent-Disposition: {kind}; name="{name}"{extra}\r\n\r\n'.encode() + content + b"\r\n"
        for name, extra, content in parts
    ]
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize("body", [b"{", b"[1]", b"", b'"text"'])
def test_c9_malformed_json(server: httpx.Client, body: bytes) -> None:
    refused(server.post("/videos", content=body, headers={"Content-Type": "application/json"}), 400)


def test_c9_malformed_multipart(server: httpx.Client) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    refused(server.post("/videos", content=b"no parts at all", headers=headers), 400)


BAD_FIELDS = {
    "no prompt": ({}, "prompt", "missing_required_parameter"),
    "empty prompt": ({"prompt": ""}, "prompt", "invalid_value"),
    "long prompt": ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length"),
    "unknown model": ({"prompt": "p", "model": "nobody-9"}, "model", "model_not_found"),
    "unknown size": ({"prompt": "p", "size": "1024x1808"}, "size", "invalid_value"),
    "upper-case size": ({"prompt": "p", "size": "720X1280"}, "size", "invalid_value"),
    "unknown seconds": ({"prompt": "p", "seconds": "15"}, "seconds", "invalid_value"),
    "a number as prompt": ({"prompt": 7}, "prompt", "invalid_type"),
    "a string as reference": ({"prompt": "p", "input_reference": "x"}, "input_reference", "invalid_type"),
}


@pytest.mark.parametrize(("fields", "param", "code"), BAD_FIELDS.values(), ids=BAD_FIELDS.keys())
def test_c19_to_c24_bad_fields(server: httpx.Client, fields: dict[str, object], param: str, code: str) -> None:
    refused(server.post("/videos", json=fields), 400, param=param, code=code)


def test_c19_names_the_supported_seconds(server: httpx.Client) -> None:
    message = refused(
        server.post("/videos", json={"prompt": "p", "seconds": 15}), 400, param="seconds", code="invalid_value"
    )

    assert message == "Invalid value: '15'. Supported values are: '4', '8', '12', '16', and '20'."


def test_c22_32_000_characters_are_accepted(server: httpx.Client) -> None:
    made = server.post("/videos", json={"prompt": "ä" * 32_000})

    assert made.status_code == 200
    server.delete(f"/videos/{made.json()['id']}")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_c25_c26_references_are_known_by_their_bytes(server: httpx.Client, kind: str) -> None:
    file = ("upload", factories.image(kind, (720, 1280)), "application/octet-stream")
    made = server.post("/videos", data={"prompt": "p"}, files={"input_reference": file})

    assert made.status_code == 200, made.text
    server.delete(f"/videos/{made.json()['id']}")


def test_c27_c28_bad_references(server: httpx.Client) -> None:
    def post(data: bytes) -> httpx.Response:
        return server.post("/videos", data={"prompt": "p"}, files={"input_reference": ("x.png", data)})

    message = refused(post(factories.image(size=(640, 480))), 400)
    assert message == "Inpaint image must match the requested width and height"
    refused(post(b"GIF89a not welcome"), 400, param="input_reference", code="invalid_image_format")


def test_c29_c31_reference_as_data_url(server: httpx.Client) -> None:
    url = "data:image/png;base64," + base64.b64encode(factories.image(size=(720, 1280))).decode()
    made = server.post("/videos", json={"prompt": "p", "input_reference": {"image_url": url}})

    assert made.status_code == 200, made.text
    server.delete(f"/videos/{made.json()['id']}")
    refused(
        server.post("/videos", json={"prompt": "p", "input_reference": {}}),
        400,
        param="input_reference",
        code="invalid_value",
    )


def test_c34_chunked_multipart_without_a_length(server: httpx.Client) -> None:
    image = factories.image(size=(640, 480))
    body = form(("prompt", "", b"p"), ("input_reference", '; filename="a.png"', image))
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}

    answer = server.post("/videos", content=iter([body[:1000], body[1000:]]), headers=headers)

    # The refusal of its size proves that the file has arrived.
    assert "Inpaint image" in refused(answer, 400)


def test_c35_file_first_and_typed_text_parts(server: httpx.Client) -> None:
    image = factories.image(size=(640, 480))
    text = '\r\nContent-Type: text/plain; charset="utf-8"'
    body = form(("input_reference", '; filename="a.png"', image), ("prompt", text, b"p"), ("seconds", text, b"15"))
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}

    refused(server.post("/videos", content=body, headers=headers), 400, param="seconds", code="invalid_value")


def test_c36_a_json_header_over_a_multipart_body(studio_url: str) -> None:
    """An oddity of people's curl lines, for Studio alone: the engine's only client is Studio."""
    body = form(("prompt", "", b"A lamp"), ("seconds", "", b"8"), kind="attachment")
    headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": f"application/json; boundary={BOUNDARY}"}

    with httpx.Client(base_url=studio_url, headers=headers, timeout=60, trust_env=False) as studio:
        made = studio.post("/videos", content=body)

        assert made.status_code == 200, made.text
        assert (made.json()["prompt"], made.json()["seconds"]) == ("A lamp", "8")
        studio.delete(f"/videos/{made.json()['id']}")
