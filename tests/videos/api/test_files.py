from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openai.types import FileDeleted, FileObject

from tests.videos.api.wire import FORM, Part, error_of, multipart
from tests.videos.batch_input import make_file
from videos import tasks
from videos.forms import files as file_forms
from videos.models import ApiKey, File, Receipt, User, Workspace

DATA = b'{"any": "bytes"}\n' * 3
on_disk = pytest.mark.usefixtures("disk")


def send(client: Client, *parts: Part, **headers: str) -> Any:
    return client.post("/v1/files", multipart(*parts), content_type=FORM, headers=headers)


def upload(client: Client, data: bytes = DATA, purpose: str = "batch", filename: str = "notes.jsonl") -> Any:
    return send(client, Part("purpose", purpose), Part("file", data, filename))


def page(client: Client, **query: Any) -> dict[str, Any]:
    response = client.get("/v1/files", query)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    assert body.keys() == {"object", "data", "first_id", "last_id", "has_more"}
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [file["id"] for file in body["data"]]


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- upload ------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", ["assistants", "batch", "fine-tune", "vision", "user_data"])
def test_an_upload_is_a_file_for_the_sdk_and_processed_at_once(api: Client, purpose: str) -> None:
    response = upload(api, purpose=purpose)

    assert response.status_code == 200
    wire = response.json()
    parsed = FileObject.model_validate(wire, strict=True)
    assert (parsed.bytes, parsed.filename, parsed.purpose) == (len(DATA), "notes.jsonl", purpose)
    assert (parsed.status, parsed.expires_at) == ("processed", None)
    assert wire.keys() == {"id", "object", "bytes", "created_at", "expires_at", "filename", "purpose", "status"}
    assert api.get(f"/v1/files/{parsed.id}").json() == wire


def test_it_belongs_to_the_keys_person_and_workspace(api: Client, alice: User, workspace: Workspace) -> None:
    upload(api)

    row = File.objects.get()
    assert (row.workspace, row.created_by) == (workspace, alice)
    assert row.sha256 == hashlib.sha256(DATA).hexdigest()


def test_a_large_file_comes_before_its_purpose(api: Client) -> None:
    data = bytes(range(256)) * 20_000

    response = send(api, Part("file", data, "upload"), Part("purpose", "evals"))

    assert (response.status_code, response.json()["bytes"]) == (200, len(data))
    with default_storage.open(str(File.objects.get().file)) as stored:
        assert stored.read() == data


def test_a_file_may_be_empty_or_have_a_lifetime(api: Client) -> None:
    lifetime = [Part("expires_after[anchor]", "created_at"), Part("expires_after[seconds]", "3600")]

    response = send(api, Part("purpose", "batch"), Part("file", b"", "empty"), *lifetime)

    made = response.json()
    assert (made["bytes"], made["expires_at"]) == (0, made["created_at"] + 3600)


NAMES = {
    "../../etc/passwd": "passwd",
    "日本 é.jsonl": "日本 é.jsonl",
    "turned\u202egpj.exe": "turnedgpj.exe",
    "C:\\temp\\x.txt": "x.txt",
}


@pytest.mark.parametrize(("sent", "shown"), NAMES.items())
def test_a_filename_is_shown_and_never_a_path(api: Client, sent: str, shown: str) -> None:
    made = upload(api, filename=sent).json()

    assert made["filename"] == shown
    assert str(File.objects.get().file).startswith(f"files/{made['id']}/")
    assert shown not in str(File.objects.get().file)


FILE = Part("file", DATA, "notes.jsonl")
BAD: dict[str, tuple[list[Part], str, str]] = {
    "no file": ([Part("purpose", "batch")], "file", "missing_required_parameter"),
    "a text for a file": ([Part("purpose", "batch"), Part("file", "text")], "file", "invalid_type"),
    "two files": ([Part("purpose", "batch"), FILE, FILE], "file", "invalid_value"),
    "no purpose": ([FILE], "purpose", "missing_required_parameter"),
    "an unknown purpose": ([FILE, Part("purpose", "holidays")], "purpose", "invalid_value"),
    "the purpose of outputs": ([FILE, Part("purpose", "batch_output")], "purpose", "invalid_value"),
    "an unknown anchor": (
        [FILE, Part("purpose", "batch"), Part("expires_after[anchor]", "x")],
        "expires_after.anchor",
        "invalid_value",
    ),
    "a lifetime too short": (
        [FILE, Part("purpose", "batch"), Part("expires_after", '{"anchor": "created_at", "seconds": 9}')],
        "expires_after.seconds",
        "invalid_value",
    ),
    "a lifetime that is a number": ([FILE, Part("purpose", "batch"), Part("expires_after", "9")], "expires_after", ""),
}


@pytest.mark.parametrize(("parts", "param", "code"), BAD.values(), ids=BAD.keys())
def test_bad_uploads_are_refused(api: Client, parts: list[Part], param: str, code: str) -> None:
    error = error_of(send(api, *parts))

    assert (error["param"], error["code"]) == (param, code or "invalid_type")
    assert not File.objects.exists()


def test_a_file_beyond_the_limit_is_refused_with_413(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_forms, "FILE_MAX_BYTES", len(DATA) - 1)

    assert error_of(upload(api), 413)["code"] == "request_too_large"


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(api: Client) -> None:
    response = api.generic("POST", "/v1/files", b"x", content_type=FORM, CONTENT_LENGTH=str(517 * 2**20))

    assert error_of(response, 413)["code"] == "request_too_large"


def test_the_same_key_twice_makes_one_file(api: Client) -> None:
    parts = [Part("purpose", "batch"), FILE]

    first = send(api, *parts, **{"Idempotency-Key": "once"}).json()
    again = send(api, *parts, **{"Idempotency-Key": "once"})

    assert again.json() == first
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (File.objects.count(), Receipt.objects.count()) == (1, 1)


# --- list --------------------------------------------------------------------------------------


@pytest.fixture
def five(workspace: Workspace) -> list[str]:
    """The newest first."""
    now = timezone.now()
    return [make_file(workspace, created_at=now - timedelta(seconds=n)).id for n in range(5)]


def test_pages_follow_each_other_in_both_orders(api: Client, five: list[str]) -> None:
    first = page(api, limit=2)
    assert (ids(first), first["first_id"], first["last_id"]) == (five[:2], five[0], five[1])
    assert first["has_more"] is True

    assert ids(page(api, limit=2, after=five[1])) == five[2:4]
    assert ids(page(api)) == five
    assert ids(page(api, order="asc")) == five[::-1]


def test_one_may_delete_while_one_iterates(api: Client, five: list[str]) -> None:
    api.delete(f"/v1/files/{five[1]}")

    assert ids(page(api, after=five[1])) == five[2:]
    assert ids(page(api)) == [five[0], *five[2:]]
    assert ids(page(api, after="file-never")) == []


def test_a_list_of_one_purpose(api: Client, five: list[str], workspace: Workspace) -> None:
    other = make_file(workspace, purpose="vision").id

    assert ids(page(api, purpose="vision")) == [other]
    assert ids(page(api, purpose="batch")) == five
    assert ids(page(api, purpose="\0")) == []


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "10001"), ("limit", "x"), ("order", "sideways")])
def test_queries_out_of_range_are_refused(api: Client, name: str, value: str) -> None:
    assert error_of(api.get("/v1/files", {name: value}))["param"] == name


# --- bytes -------------------------------------------------------------------------------------


@on_disk
@pytest.mark.parametrize(
    ("purpose", "kind"), [("batch", "application/jsonl"), ("user_data", "application/octet-stream")]
)
def test_the_content_is_the_bytes_and_nothing_in_it_may_act(
    api: Client, workspace: Workspace, purpose: str, kind: str
) -> None:
    file = make_file(workspace, b"<script>alert(1)</script>", purpose=purpose, filename='a "page".html')

    response = api.get(f"/v1/files/{file.id}/content")

    assert (response.status_code, body_of(response)) == (200, b"<script>alert(1)</script>")
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Length"] == str(file.size)
    assert response.headers["Content-Disposition"] == 'attachment; filename="a \\"page\\".html"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@on_disk
def test_a_piece_of_the_content(api: Client, workspace: Workspace) -> None:
    file = make_file(workspace, bytes(range(256)))

    response = api.get(f"/v1/files/{file.id}/content", headers={"Range": "bytes=10-19"})

    assert (response.status_code, body_of(response)) == (206, bytes(range(10, 20)))


@on_disk
def test_bytes_that_are_gone_are_not_found(api: Client, workspace: Workspace) -> None:
    file = make_file(workspace)
    default_storage.delete(str(file.file))

    assert error_of(api.get(f"/v1/files/{file.id}/content"), 404)["code"] == "file_not_found"


# --- the end -----------------------------------------------------------------------------------


def paths(file_id: str) -> list[tuple[str, str]]:
    return [
        ("get", f"/v1/files/{file_id}"),
        ("get", f"/v1/files/{file_id}/content"),
        ("delete", f"/v1/files/{file_id}"),
    ]


def assert_unknown(client: Client, file_id: str) -> None:
    for method, path in paths(file_id):
        error = error_of(getattr(client, method)(path), 404)
        assert (error["code"], error["message"]) == ("file_not_found", f"File with id '{file_id}' not found.")


def test_a_deleted_file_is_gone_and_its_bytes_follow(api: Client, workspace: Workspace) -> None:
    file = make_file(workspace)

    deleted = api.delete(f"/v1/files/{file.id}", content_type="application/json")

    assert FileDeleted.model_validate(deleted.json(), strict=True).deleted
    assert deleted.json() == {"id": file.id, "object": "file", "deleted": True}
    assert_unknown(api, file.id)
    tasks.tidy()
    assert not default_storage.exists(str(file.file))


def test_an_expired_file_is_gone_and_its_bytes_follow(api: Client, workspace: Workspace) -> None:
    file = make_file(workspace, expires_at=timezone.now())

    assert_unknown(api, file.id)
    assert ids(page(api)) == []
    tasks.tidy()
    assert not default_storage.exists(str(file.file))


def test_a_key_of_another_workspace_sees_nothing(api_of_charlie: Client, workspace: Workspace) -> None:
    file = make_file(workspace)

    assert_unknown(api_of_charlie, file.id)
    assert ids(page(api_of_charlie)) == []
    assert ids(page(api_of_charlie, after=file.id)) == []
    assert not File.objects.get().deleted_at


@pytest.mark.parametrize("file_id", ["file-unknown", "\0"])
def test_an_unknown_file_is_not_found(api: Client, file_id: str) -> None:
    error_of(api.get(f"/v1/files/{file_id}"), 404)


def test_a_key_without_the_scope_is_told_so(alice: User, workspace: Workspace) -> None:
    _, secret = ApiKey.issue(workspace=workspace, user=alice, name="narrow", scopes=["batches"])
    narrow = Client(headers={"Authorization": f"Bearer {secret}"})

    assert error_of(narrow.get("/v1/files"), 403)["code"] == "permission_denied"
    assert error_of(upload(narrow), 403)["code"] == "permission_denied"


def test_a_viewers_key_may_look_but_not_upload(api_of_bob: Client, workspace: Workspace) -> None:
    file = make_file(workspace)

    assert api_of_bob.get(f"/v1/files/{file.id}").status_code == 200
    error_of(upload(api_of_bob), 403)
    error_of(api_of_bob.delete(f"/v1/files/{file.id}"), 403)


def test_an_upload_is_no_json(api: Client) -> None:
    response = api.post("/v1/files", {"purpose": "batch", "file": "text"}, content_type="application/json")

    assert (error_of(response)["param"], error_of(response)["code"]) == ("file", "invalid_type")


def test_a_client_library_that_posts_a_named_file(api: Client) -> None:
    file = SimpleUploadedFile("orders.jsonl", DATA, "text/plain")

    assert api.post("/v1/files", {"purpose": "batch", "file": file}).json()["filename"] == "orders.jsonl"
