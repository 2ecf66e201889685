"""The bodies that the server reads: their kinds, their damage, their size."""

from __future__ import annotations

import pytest

from tests.videos.engine.answers import refused


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


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(client, chunked):
    def pieces():
        for _ in range(33):
            yield b" " * 1024 * 1024

    content = pieces() if chunked else b"".join(pieces())
    refused(client.post("/videos", content=content), 413, "request_too_large")
    assert client.get("/models").status_code == 200
