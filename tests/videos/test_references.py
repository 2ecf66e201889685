from __future__ import annotations

import base64
import hashlib
import html
import io
import struct
import time
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.factories import image
from tests.videos.api.wire import Part, error_of, post_json, send
from videos.contract import DATA_URL_MAX_LENGTH, REFERENCE_MAX_BYTES
from videos.models import Asset, Video, Workspace
from videos.references import BadReference, read_reference

SIZE = (1280, 720)
HOSTED_SENTENCE = "Inpaint image must match the requested width and height"
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/png"}


def png_declaring(width: int, height: int) -> bytes:
    """A few bytes that promise many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg_declaring(width: int, height: int) -> bytes:
    data = bytearray(image("JPEG", (16, 16)))
    start_of_frame = data.index(b"\xff\xc0")
    data[start_of_frame + 5 : start_of_frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def turned(orientation: int, size: tuple[int, int]) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "a secret place"
    return image("JPEG", size, exif=exif)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"></svg>'
BAD: dict[str, tuple[bytes, str]] = {
    "no image": (b"just words", "invalid_image_format"),
    "no bytes": (b"", "invalid_image_format"),
    "a GIF": (image("GIF", SIZE), "invalid_image_format"),
    "an SVG": (SVG, "invalid_image_format"),
    "a truncated PNG": (image("PNG", SIZE)[:-600], "invalid_image_format"),
    "a truncated JPEG": (image("JPEG", SIZE)[:-600], "invalid_image_format"),
    "a truncated WebP": (image("WEBP", SIZE)[:-100], "invalid_image_format"),
    "a PNG's head alone": (image("PNG", SIZE)[:40], "invalid_image_format"),
    "more than 20 MiB": (image("PNG", SIZE) + bytes(REFERENCE_MAX_BYTES), "image_too_large"),
    "a PNG of 3.6 gigapixels": (png_declaring(60_000, 60_000), "image_too_large"),
    "a PNG of 100 megapixels": (png_declaring(10_000, 10_000), "image_too_large"),
    "a PNG of 64 megapixels": (png_declaring(8_000, 8_000), "image_too_large"),
    "a very long PNG": (png_declaring(8_193, 1), "image_too_large"),
    "a JPEG of 4.3 gigapixels": (jpeg_declaring(65_500, 65_500), "image_too_large"),
}
bad_images = pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())


@bad_images
def test_a_program_is_told_what_is_wrong_with_its_image(api: Client, data: bytes, code: str) -> None:
    response = send(api, Part("prompt", "A cat"), Part("size", "1280x720"), Part("input_reference", data, "upload"))

    error = error_of(response)
    assert (error["param"], error["code"]) == ("input_reference", code)
    assert not Video.objects.exists()
    assert not Asset.objects.exists()


@bad_images
def test_a_person_is_told_and_keeps_the_prompt(as_alice: Client, workspace: Workspace, data: bytes, code: str) -> None:
    typed = {"prompt": "A cat in the rain", "model": "animatic-1", "size": "1280x720", "seconds": "12", "seed": "3"}

    upload = SimpleUploadedFile("cat.png", data, "image/png")
    response = as_alice.post("/w/meadow/create/", typed | {"input_reference": upload})

    assert response.status_code == 400
    form = response.context["form"]
    assert form.errors.as_data()["input_reference"][0].code == code
    page = html.unescape(response.content.decode())
    assert form.errors["input_reference"][0] in page
    assert "A cat in the rain" in page
    assert {name: form[name].value() for name in typed} == typed
    assert not Video.objects.exists()


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    began = time.process_time()

    for bomb in (png_declaring(60_000, 60_000), jpeg_declaring(65_500, 65_500), png_declaring(8_000, 8_000)):
        assert len(bomb) < 1000
        with pytest.raises(BadReference, match="too many pixels"):
            read_reference(io.BytesIO(bomb), SIZE)

    assert time.process_time() - began < 0.2


def test_a_wrong_size_has_the_hosted_sentence_for_programs_and_a_clear_one_for_people(
    api: Client, as_alice: Client, workspace: Workspace
) -> None:
    data = image("PNG", (1279, 720))

    program = send(api, Part("prompt", "A cat"), Part("size", "1280x720"), Part("input_reference", data, "upload"))
    upload = SimpleUploadedFile("cat.png", data)
    fields = {"prompt": "A cat", "model": "animatic-1", "size": "1280x720", "seconds": "4"}
    person = as_alice.post("/w/meadow/create/", fields | {"input_reference": upload})

    assert error_of(program) == {
        "message": HOSTED_SENTENCE,
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
    assert person.status_code == 400
    assert "1279x720 pixels" in person.content.decode()
    assert not Video.objects.exists()


@pytest.mark.parametrize(("kind", "content_type"), FORMATS.items())
def test_an_image_is_stored_freshly_encoded(api: Client, kind: str, content_type: str) -> None:
    data = image(kind, SIZE) + b"a secret behind the picture"

    parts = (Part("input_reference", data, "upload", "application/octet-stream"), Part("prompt", "A cat"))
    response = send(api, *parts, Part("size", "1280x720"))

    assert response.status_code == 200
    asset = Asset.objects.get(variant="reference", video_id=response.json()["id"])
    with default_storage.open(asset.key) as file:
        stored = file.read()
    with Image.open(io.BytesIO(stored)) as picture:
        assert (picture.size, picture.format) == (SIZE, content_type.removeprefix("image/").upper())
    assert b"secret" not in stored
    assert (asset.content_type, asset.size, asset.width, asset.height) == (content_type, len(stored), *SIZE)
    assert asset.sha256 == hashlib.sha256(stored).hexdigest()


def test_a_browsers_image_is_stored_too(as_alice: Client, workspace: Workspace) -> None:
    upload = SimpleUploadedFile("../../cat.png", image("PNG", SIZE), "text/html")
    fields = {"prompt": "A cat", "model": "animatic-1", "size": "1280x720", "seconds": "4"}

    response = as_alice.post("/w/meadow/create/", fields | {"input_reference": upload})

    assert response.status_code == 302
    asset = Asset.objects.get()
    assert asset.key.startswith(f"videos/{Video.objects.get().id}/reference-")
    assert asset.key.endswith(".png")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_judged_and_stored_as_people_see_it(orientation: int) -> None:
    stored_size = (720, 1280) if orientation >= 5 else SIZE
    data = turned(orientation, stored_size)

    reference = read_reference(io.BytesIO(data), SIZE)

    with Image.open(io.BytesIO(reference.data)) as picture:
        assert picture.size == SIZE
        assert not picture.getexif()
    assert b"a secret place" not in reference.data


def test_a_photo_lying_on_its_side_is_turned_the_right_way() -> None:
    lying = Image.new("RGB", (720, 1280), "black")
    lying.paste("red", (0, 0, 720, 640))  # orientation 6: its top is the right side of what people see
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=exif)

    reference = read_reference(io.BytesIO(out.getvalue()), SIZE)

    with Image.open(io.BytesIO(reference.data)) as picture:
        left, right = picture.convert("RGB").getpixel((100, 360)), picture.convert("RGB").getpixel((1180, 360))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert (left[0] < 60, right[0] > 200) == (True, True)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1", "I;16", "CMYK"])
def test_every_colour_mode_becomes_plain_rgb(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, SIZE).save(out, "JPEG" if mode == "CMYK" else "PNG")

    reference = read_reference(io.BytesIO(out.getvalue()), SIZE)

    with Image.open(io.BytesIO(reference.data)) as picture:
        assert (picture.mode, picture.size) == ("RGB", SIZE)


def test_broken_metadata_spoils_no_picture() -> None:
    data = image("JPEG", SIZE, exif=b"Exif\0\0nonsense")

    reference = read_reference(io.BytesIO(data), SIZE)

    assert b"nonsense" not in reference.data


def data_url(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def test_a_data_url_is_judged_like_a_file(api: Client) -> None:
    for data, code in BAD.values():
        url = data_url(data)
        if not data or len(url) > DATA_URL_MAX_LENGTH:
            continue
        response = post_json(api, {"prompt": "x", "size": "1280x720", "input_reference": {"image_url": url}})

        assert error_of(response)["code"] == code


def test_a_data_url_has_a_longest_length(api: Client) -> None:
    url = "data:image/png;base64,".ljust(DATA_URL_MAX_LENGTH + 1, "A")

    response = post_json(api, {"prompt": "x", "input_reference": {"image_url": url}})

    error = error_of(response)
    assert (error["param"], error["code"]) == ("input_reference.image_url", "string_above_max_length")
