from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openai.types import Batch as SdkBatch

from tests.videos.api.wire import FORM, Part, error_of, multipart, post_json
from tests.videos.batch_input import line, make_batch, make_file, step
from videos.actions.batches import BATCHES_MAX
from videos.models import ApiKey, Batch, File, User, Workspace

Status = Batch.Status


@pytest.fixture
def file(workspace: Workspace) -> File:
    return make_file(workspace)


def order(client: Client, file: File, **fields: Any) -> Any:
    body = {"input_file_id": file.id, "endpoint": "/v1/videos", "completion_window": "24h", **fields}
    return post_json(client, {name: value for name, value in body.items() if value is not ...}, "/v1/batches")


def test_a_new_batch_has_every_field_and_parses_with_the_sdk(api: Client, file: File, alice: User) -> None:
    response = order(api, file, metadata={"of": "a test"})

    assert response.status_code == 200
    wire = response.json()
    batch = SdkBatch.model_validate(wire, strict=True)
    assert wire.keys() >= SdkBatch.model_fields.keys() - {"usage"}
    assert (batch.status, batch.endpoint, batch.completion_window) == ("validating", "/v1/videos", "24h")
    assert (batch.input_file_id, batch.metadata) == (file.id, {"of": "a test"})
    assert batch.request_counts
    assert batch.request_counts.to_dict() == {"total": 0, "completed": 0, "failed": 0}
    assert batch.expires_at == batch.created_at + 24 * 3600
    assert Batch.objects.get().created_by == alice
    assert api.get(f"/v1/batches/{batch.id}").json() == wire


def test_a_failed_batch_tells_its_errors_to_the_sdk(api: Client, workspace: Workspace, alice: User) -> None:
    made = step(make_batch(workspace, alice, line("one"), "no JSON"))

    batch = SdkBatch.model_validate(api.get(f"/v1/batches/{made.id}").json(), strict=True)
    assert batch.status == "failed"
    assert batch.errors
    assert batch.errors.object == "list"
    assert batch.errors.data
    assert (batch.errors.data[0].line, batch.errors.data[0].code) == (2, "invalid_json_line")
    assert batch.failed_at


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "no file": ({"input_file_id": ...}, "input_file_id", "missing_required_parameter"),
    "an unknown file": ({"input_file_id": "file-unknown"}, "input_file_id", "file_not_found"),
    "half a character": ({"input_file_id": "\ud800"}, "input_file_id", "file_not_found"),
    "a file that is a number": ({"input_file_id": 7}, "input_file_id", "invalid_type"),
    "no endpoint": ({"endpoint": ...}, "endpoint", "missing_required_parameter"),
    "another endpoint": ({"endpoint": "/v1/videos/edits"}, "endpoint", "invalid_value"),
    "no window": ({"completion_window": ...}, "completion_window", "missing_required_parameter"),
    "another window": ({"completion_window": "1h"}, "completion_window", "invalid_value"),
    "metadata that is text": ({"metadata": "text"}, "metadata", "invalid_type"),
    "metadata of numbers": ({"metadata": {"a": 1}}, "metadata.a", "invalid_type"),
    "too much metadata": (
        {"metadata": {str(n): "" for n in range(17)}},
        "metadata",
        "object_above_max_properties",
    ),
    "an output kept for too long": (
        {"output_expires_after": {"anchor": "created_at", "seconds": 2_592_001}},
        "output_expires_after.seconds",
        "invalid_value",
    ),
}


@pytest.mark.parametrize(("change", "param", "code"), BAD.values(), ids=BAD.keys())
def test_bad_orders_are_refused_at_once(api: Client, file: File, change: Any, param: str, code: str) -> None:
    error = error_of(order(api, file, **change))

    assert (error["param"], error["code"]) == (param, code)
    assert not Batch.objects.exists()


def test_a_file_of_another_purpose_or_workspace_is_refused(
    api: Client, api_of_charlie: Client, file: File, workspace: Workspace
) -> None:
    assert error_of(order(api, make_file(workspace, purpose="vision")))["code"] == "invalid_value"
    assert error_of(order(api_of_charlie, file))["code"] == "file_not_found"


def test_only_json_makes_a_batch(api: Client) -> None:
    error_of(api.post("/v1/batches", multipart(Part("endpoint", "/v1/videos")), content_type=FORM), 415)


def test_the_same_key_twice_makes_one_batch(api: Client, file: File) -> None:
    body = {"input_file_id": file.id, "endpoint": "/v1/videos", "completion_window": "24h"}

    answers = [
        api.post("/v1/batches", body, content_type="application/json", headers={"Idempotency-Key": "once"})
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert Batch.objects.count() == 1


def test_batches_are_listed_newest_first(api: Client, workspace: Workspace, alice: User) -> None:
    made = [make_batch(workspace, alice, line("one")) for _ in range(3)]
    for age, batch in enumerate(made):
        Batch.objects.filter(pk=batch.pk).update(created_at=timezone.now() - timedelta(minutes=age))

    first = api.get("/v1/batches", {"limit": 2}).json()
    assert first.keys() == {"object", "data", "first_id", "last_id", "has_more"}
    assert ([it["id"] for it in first["data"]], first["has_more"]) == ([made[0].id, made[1].id], True)
    rest = api.get("/v1/batches", {"after": first["last_id"]}).json()
    assert ([it["id"] for it in rest["data"]], rest["has_more"]) == ([made[2].id], False)


@pytest.mark.parametrize("limit", ["0", "101", "x"])
def test_a_limit_out_of_range_is_refused(api: Client, limit: str) -> None:
    assert error_of(api.get("/v1/batches", {"limit": limit}))["param"] == "limit"


def test_cancelling_shows_at_once_and_twice_is_no_error(api: Client, workspace: Workspace, alice: User) -> None:
    batch = make_batch(workspace, alice, line("one"))

    called = [api.post(f"/v1/batches/{batch.id}/cancel", content_type="application/json") for _ in range(2)]

    assert [it.status_code for it in called] == [200, 200]
    assert called[0].json()["status"] == "cancelling"
    assert called[0].json()["cancelling_at"] == called[1].json()["cancelling_at"] is not None
    step(batch)
    assert api.get(f"/v1/batches/{batch.id}").json()["status"] == "cancelled"


def test_an_ended_batch_cannot_be_cancelled(api: Client, workspace: Workspace, alice: User) -> None:
    batch = step(make_batch(workspace, alice, "no JSON"))

    assert error_of(api.post(f"/v1/batches/{batch.id}/cancel"))["code"] == "batch_ended"
    assert api.get(f"/v1/batches/{batch.id}").json()["status"] == "failed"


def test_a_key_of_another_workspace_sees_nothing(api_of_charlie: Client, workspace: Workspace, alice: User) -> None:
    batch = make_batch(workspace, alice, line("one"))

    for response in (
        api_of_charlie.get(f"/v1/batches/{batch.id}"),
        api_of_charlie.post(f"/v1/batches/{batch.id}/cancel"),
        api_of_charlie.get("/v1/batches/batch_unknown"),
    ):
        assert error_of(response, 404)["code"] == "batch_not_found"
    assert api_of_charlie.get("/v1/batches").json()["data"] == []
    batch.refresh_from_db()
    assert batch.status == Status.VALIDATING


def test_a_key_without_the_scope_is_told_so(alice: User, workspace: Workspace, file: File) -> None:
    _, secret = ApiKey.issue(workspace=workspace, user=alice, name="narrow", scopes=["files"])
    narrow = Client(headers={"Authorization": f"Bearer {secret}"})

    assert error_of(order(narrow, file), 403)["code"] == "permission_denied"


def test_who_may_make_no_video_may_make_no_batch(alice: User, workspace: Workspace, file: File) -> None:
    _, secret = ApiKey.issue(workspace=workspace, user=alice, name="narrow", scopes=["files", "batches"])
    narrow = Client(headers={"Authorization": f"Bearer {secret}"})

    error = error_of(order(narrow, file), 403)

    assert (error["code"], error["message"]) == ("permission_denied", "This key lacks the scope 'videos:write'.")
    assert not Batch.objects.exists()
    assert narrow.get("/v1/batches").status_code == 200


def test_too_many_unfinished_batches_are_refused(api: Client, workspace: Workspace, alice: User, file: File) -> None:
    for _ in range(BATCHES_MAX):
        make_batch(workspace, alice, line("one"))

    assert error_of(order(api, file))["code"] == "batch_limit_reached"
