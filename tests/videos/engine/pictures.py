"""Reference images as clients send them."""

from __future__ import annotations

import base64
import io

from PIL import Image


def image(size=(720, 1280), kind="PNG", **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **options)
    return stream.getvalue()


def data_url(data):
    return "data:image/png;base64," + base64.b64encode(data).decode()
