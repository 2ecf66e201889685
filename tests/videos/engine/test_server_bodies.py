"""The bodies that the server reads: their kinds, their damage, their size."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from tests.videos.engine.answers import refused
from videos.engine.answers import Refusal
from videos.engine.bodies import read_fields


def test_forms_of_both_kinds_are_read(created):
    multipart = created(files={"prompt": (None, "A fox"), "seconds": (None, "8"), "seed": (None, "5")}).json()
    encoded = created(data={"prompt": "A fox", "seconds": "8", "seed": "5"}).json()

    assert (multipart["seconds"], multipart["seed"]) == (encoded["seconds"], encoded["seed"]) == ("8", 5)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"  ", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"seconds": ' + b"9" * 10_000 + b"}", "application/json"),
        (b"not multipart", "multipart/form-data; boundary=b"),
        (b"--b\r\n", "multipart/form-data; boundary=b"),
        (b"--b\r\nX: y\r\n\r\nz\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        (b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\ncut', "multipart/form-data; boundary=b"),
        (
            b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx\r\n--b--', "multipart/form-data"),
    ],
)
def test_a_malformed_body_is_refused(client, content, kind):
    refused(client.post("/videos", content=content, headers={"Content-Type": kind}), 400, None)


def test_other_content_types_are_refused(client):
    refused(client.post("/videos", content=b"x", headers={"Content-Type": "text/plain"}), 415, None)


def test_text_is_held_only_up_to_a_size(client):
    for path in ("/videos", "/videos/edits", "/videos/characters"):
        files = {"prompt": (None, b"x" * 12 * 1024**2), "name": (None, b"x" * 10 * 1024**2)}
        refused(client.post(path, files=files), 413, "request_too_large")


def test_a_refused_body_leaves_no_file_open():
    def part(name, size):
        head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\n\r\n'
        return head.encode() + b"x" * size + b"\r\n"

    def spooled():
        links = [os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        return sum(link.endswith("(deleted)") for link in links)

    body = part("a[]", 2 * 1024**2) + part("video", 2 * 1024**2) + part("video", 2 * 1024**2) + b"--b--\r\n"
    environ = {"CONTENT_TYPE": "multipart/form-data; boundary=b", "wsgi.input": io.BytesIO(body)}
    before = spooled()

    with pytest.raises(Refusal, match="More than one file") as refusal:
        read_fields(environ, with_clip=True)

    assert refusal.traceback
    assert spooled() == before


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(client, chunked):
    def pieces():
        for _ in range(33):
            yield b" " * 1024 * 1024

    content = pieces() if chunked else b"".join(pieces())
    refused(client.post("/videos", content=content), 413, "request_too_large")
    assert client.get("/models").status_code == 200
