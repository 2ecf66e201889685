from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.factories import image, make_workspace
from videos.forms.fields import PartError
from videos.forms.references import find_reference
from videos.models import File, User, Workspace
from videos.outbound.errors import MESSAGE

PNG = image(size=(64, 36))


class Web(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/cat.png"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(PNG) if found else 0))
        self.end_headers()
        self.wfile.write(PNG if found else b"")

    def log_message(self, *args: Any) -> None:
        """Tests want no access log."""


@pytest.fixture
def web() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def stored_file(workspace: Workspace, data: bytes = PNG, **fields: Any) -> File:
    file = File(workspace=workspace, purpose="vision", filename="cat.png", size=len(data), sha256="0" * 64)
    file.file = default_storage.save(file.new_key(), ContentFile(data))
    for name, value in fields.items():
        setattr(file, name, value)
    file.save(force_insert=True)
    return file


@pytest.mark.django_db
def test_an_image_by_file_id(workspace: Workspace) -> None:
    assert find_reference({"file_id": stored_file(workspace).id}, workspace).read() == PNG


@pytest.mark.django_db
def test_files_of_others_and_deleted_ones_do_not_exist(workspace: Workspace, charlie: User) -> None:
    theirs = stored_file(make_workspace("Elsewhere", owner=charlie))
    gone = stored_file(workspace)
    File.objects.filter(pk=gone.pk).update(deleted_at=gone.created_at)

    for file_id in (theirs.id, gone.id, "file-unknown", "\x00"):
        with pytest.raises(PartError, match="not found") as refusal:
            find_reference({"file_id": file_id}, workspace)
        assert (refusal.value.code, refusal.value.param) == ("file_not_found", "input_reference.file_id")


@pytest.mark.django_db
def test_a_file_too_large_for_a_reference_is_not_read(workspace: Workspace) -> None:
    file = stored_file(workspace, size=20 * 1024 * 1024 + 1)

    with pytest.raises(PartError) as refusal:
        find_reference({"file_id": file.id}, workspace)

    assert refusal.value.code == "image_too_large"


@pytest.mark.parametrize("wrap", [lambda url: url, lambda url: {"url": url}], ids=["text", "chat style"])
def test_an_image_by_data_url(wrap: Any) -> None:
    url = "data:image/png;base64," + base64.b64encode(PNG).decode()

    assert find_reference({"image_url": wrap(url), "type": "input_image"}, Workspace()).read() == PNG


def test_an_image_from_the_web(settings, web: str) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]

    assert find_reference({"image_url": f"{web}/cat.png"}, Workspace()).read() == PNG


@pytest.mark.parametrize("allowed", [[], ["127.0.0.1"]], ids=["forbidden", "not there"])
def test_what_may_not_be_fetched_and_what_is_not_there_sound_the_same(settings, web: str, allowed: list[str]) -> None:
    settings.OUTBOUND_ALLOWED = allowed

    with pytest.raises(PartError) as refusal:
        find_reference({"image_url": f"{web}/dog.png"}, Workspace())

    assert (refusal.value.code, refusal.value.param) == ("invalid_image_url", "input_reference.image_url")
    assert refusal.value.messages == [MESSAGE]


@pytest.mark.parametrize(
    ("given", "param", "code"),
    [
        ({}, "", "invalid_value"),
        ({"image_url": "data:,", "file_id": "file-1"}, "", "invalid_value"),
        ({"file_id": 7}, "input_reference.file_id", "invalid_type"),
        ({"image_url": 7}, "input_reference.image_url", "invalid_type"),
        ({"image_url": {"url": None}}, "input_reference.image_url", "invalid_type"),
        ({"image_url": "data:image/png;base64,§"}, "input_reference.image_url", "invalid_image_url"),
        ({"image_url": "data:" + "x" * 20_971_520}, "input_reference.image_url", "string_above_max_length"),
        ({"image_url": "ftp://example.org/cat.png"}, "input_reference.image_url", "invalid_image_url"),
        ({"image_url": ""}, "input_reference.image_url", "invalid_image_url"),
    ],
)
def test_what_names_no_image_is_refused(given: dict[str, Any], param: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        find_reference(given, Workspace())

    assert (getattr(refusal.value, "param", ""), refusal.value.code) == (param, code)
