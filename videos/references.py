"""Judges an uploaded reference image by its bytes; name and declared type say nothing."""

from __future__ import annotations

import io
from typing import IO

from PIL import Image, ImageOps

from videos.contract import REFERENCE_MAX_BYTES, Reference

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
MAX_SIDE = 8192
MAX_PIXELS = 50_000_000
ORIENTATION = 0x0112
SIDEWAYS = {5, 6, 7, 8}
SIZE_MISMATCH = "size_mismatch"


class BadReference(ValueError):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class WrongSize(BadReference):
    """Not as many pixels as the video has, or more than any video has."""


def read_reference(file: IO[bytes], size: tuple[int, int]) -> Reference:
    """The image upright, without metadata, freshly encoded."""
    return _encode_again(judge(file.read(REFERENCE_MAX_BYTES + 1), size))


def judge(data: bytes, size: tuple[int, int]) -> Image.Image:
    """The image, decoded. Its header is judged before a pixel is decoded."""
    if len(data) > REFERENCE_MAX_BYTES:
        raise BadReference("image_too_large", "The reference image is larger than 20 MiB.")
    image = _open(data)
    if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    width, height = _upright_size(image)
    if (width, height) != size:
        raise WrongSize(
            SIZE_MISMATCH,
            f"The image measures {width}x{height} pixels; it leads the first shot, so it must measure "
            f"{size[0]}x{size[1]} like the video.",
        )
    try:
        image.load()
    except Exception as error:  # truncated and corrupt files show only now
        raise _not_an_image() from error
    return image


def content_type(image: Image.Image) -> str:
    return FORMATS.get(str(image.format), "image/jpeg")  # else MPO: the JPEG of many a phone


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=tuple(FORMATS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # Pillow's parsers raise whatever a hostile header makes them raise
        raise _not_an_image() from error


def _too_many_pixels() -> WrongSize:
    limits = f"at most {MAX_SIDE} a side and {MAX_PIXELS // 1_000_000} million in all are accepted"
    return WrongSize("image_too_large", f"The reference image has too many pixels; {limits}.")


def _not_an_image() -> BadReference:
    return BadReference("invalid_image_format", "The reference is not a readable JPEG, PNG or WebP image.")


def _upright_size(image: Image.Image) -> tuple[int, int]:
    try:
        turned = image.getexif().get(ORIENTATION) in SIDEWAYS  # of a PNG this decodes the pixels
    except Exception as error:
        raise _not_an_image() from error
    return (image.height, image.width) if turned else image.size


def _encode_again(image: Image.Image) -> Reference:
    """Drops metadata and whatever else rode in the file."""
    kind = "JPEG" if content_type(image) == "image/jpeg" else "PNG"
    out = io.BytesIO()
    try:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        if kind == "JPEG":
            upright.save(out, kind, quality=95)
        else:
            upright.save(out, kind, compress_level=1)
    except Exception as error:
        raise _not_an_image() from error
    return Reference(out.getvalue(), f"reference.{'jpg' if kind == 'JPEG' else 'png'}", FORMATS[kind])
