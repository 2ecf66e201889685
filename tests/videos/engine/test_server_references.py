"""Reference images on their way into the server."""

from __future__ import annotations

import json
import struct
import time
import zlib

import pytest
from PIL import Image

from tests.videos.engine.answers import refused
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.pictures import data_url, image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_reference_is_known_by_its_bytes(created, kind):
    part = ("upload", image(kind=kind), "application/octet-stream")

    assert created(data=LONG_FIELDS | {"size": "720x1280"}, files={"input_reference": part}).status_code == 200


def test_a_reference_may_come_first_in_pieces_and_with_text_types(created):
    pieces = [
        b'--b\r\nContent-Disposition: form-data; name="input_reference"; filename="../x.png"\r\n\r\n',
        image(),
        b'\r\n--b\r\nContent-Disposition: form-data; name="prompt"\r\nContent-Type: text/plain\r\n\r\n',
        b"A fox\r\n--b--\r\n",
    ]
    answer = created(content=iter(pieces), headers={"Content-Type": "multipart/form-data; boundary=b"})

    assert answer.request.headers["transfer-encoding"] == "chunked"
    assert answer.status_code == 200


def test_a_reference_may_be_a_data_url(created):
    url = data_url(image())

    assert created(json={"prompt": "x", "input_reference": {"image_url": url, "type": "image"}}).status_code == 200
    assert created(json={"prompt": "x", "input_reference": {"image_url": {"url": url}}}).status_code == 200
    for name, value in (("input_reference[image_url]", url), ("input_reference", json.dumps({"image_url": url}))):
        assert created(files={"prompt": (None, "x"), name: (None, value)}).status_code == 200


def test_a_photo_is_measured_upright(created):
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = image((1280, 720), "JPEG", exif=exif)

    assert created(data={"prompt": "x"}, files={"input_reference": photo}).status_code == 200


def test_a_reference_of_another_size_is_refused_in_the_hosted_words(client):
    for size in ((1280, 720), (719, 1280)):
        answer = client.post("/videos", data={"prompt": "x"}, files={"input_reference": image(size)})
        message = refused(answer, 400, None)
        assert message == "Inpaint image must match the requested width and height"


def test_an_enormous_picture_is_refused_without_decoding_it(client):
    for side in (12_000, 60_000):
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000_000))
        started = time.monotonic()
        refused(client.post("/videos", data={"prompt": "x"}, files={"input_reference": bomb}), 400, None)
        assert time.monotonic() - started < 2


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a" + b"\0" * 100, image(kind="BMP"), image(kind="TIFF"), image()[:200], b"<svg/>"],
    ids=["empty", "gif", "bmp", "tiff", "cut", "svg"],
)
def test_a_reference_that_is_no_picture_is_refused(client, data):
    answer = client.post("/videos", data={"prompt": "x"}, files={"input_reference": ("x.png", data, "image/png")})

    refused(answer, 400, "invalid_image_format", "input_reference")


def test_a_reference_over_twenty_mebibytes_is_refused(client):
    part = image() + b"\0" * 20 * 1024 * 1024
    answer = client.post("/videos", data={"prompt": "x"}, files={"input_reference": part})

    refused(answer, 400, "image_too_large", "input_reference")


def test_two_files_of_one_name_are_refused(client):
    files = [("input_reference", ("a.png", image())), ("input_reference", ("b.png", image()))]

    refused(client.post("/videos", data={"prompt": "x"}, files=files), 400, None, "input_reference")
