from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.videos.api.wire import error_of
from videos.api import openapi, schemas
from videos.api.operations import OPERATIONS
from videos.api.urls import urlpatterns
from videos.models import Workspace
from videos.models.webhook import EVENT_TYPES

BASE = "http://studio.example/v1"
PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document(BASE)


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_it_names_the_projects_version(document: dict[str, Any]) -> None:
    assert f'version = "{document["info"]["version"]}"' in PROJECT.read_text()


def test_it_holds_every_operation_and_no_other(document: dict[str, Any]) -> None:
    expected = {f"{it.method} /{it.path}" for it in OPERATIONS}

    assert operations(document).keys() == expected | {"GET /openapi.json"}


def test_it_holds_every_route_and_no_other(document: dict[str, Any]) -> None:
    routes = {"/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(it.pattern)) for it in urlpatterns}

    # A word of other servers, which is answered like an unknown path.
    assert routes - {"/videos/generations"} == document["paths"].keys()


def test_operation_ids_are_names_and_each_is_used_once(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in operations(document).values()]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z_]+", name) for name in ids)


def test_links_lead_to_operations_with_such_a_parameter(document: dict[str, Any]) -> None:
    by_id = {operation["operationId"]: operation for operation in operations(document).values()}
    links = [link for operation in by_id.values() for link in operation["responses"]["200"].get("links", {}).values()]

    assert links
    for link in links:
        parameters = {it["name"] for it in by_id[link["operationId"]]["parameters"]}
        assert link["parameters"].keys() <= parameters


def test_each_operation_tells_its_scope(document: dict[str, Any]) -> None:
    for operation in OPERATIONS:
        found = operations(document)[f"{operation.method} /{operation.path}"]["security"]
        assert found == [{"bearer": [operation.scope] if operation.scope else []}]
    assert operations(document)["GET /openapi.json"]["security"] == []


def test_every_event_has_a_webhook_with_the_signed_headers(document: dict[str, Any]) -> None:
    assert document["webhooks"].keys() == set(EVENT_TYPES)
    for event, item in document["webhooks"].items():
        assert [it["name"] for it in item["post"]["parameters"]] == list(openapi.SIGNED)
        (kind,) = item["post"]["requestBody"]["content"].values()
        assert kind["schema"] == schemas.ref(f"Event.{event}")


def test_anyone_may_read_it_and_it_names_the_address_it_was_asked_at(client: Client) -> None:
    answer = client.get("/v1/openapi.json", headers={"Host": "localhost:8123"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["x-request-id"]
    assert answer.json() == openapi.document("http://localhost:8123/v1")
    assert client.head("/v1/openapi.json").status_code == 200


def test_it_can_only_be_read(client: Client) -> None:
    answer = client.post("/v1/openapi.json")

    assert error_of(answer, 405)["code"] == "method_not_allowed"
    assert answer.headers["Allow"] == "GET, HEAD"


# --- what it says is true -------------------------------------------------------------------------

BODIES = {
    "/videos": {"prompt": "A cat"},
    "/videos/edits": {"prompt": "A cat", "video": "video_none"},
    "/videos/extensions": {"prompt": "A cat", "video": "video_none", "seconds": 4},
    "/videos/characters": {"name": "Ada", "video": "video_none"},
    "/batches": {"input_file_id": "file-none", "endpoint": "/v1/videos", "completion_window": "24h"},
    "/webhook_endpoints": {"name": "Us", "url": "https://studio.example/", "event_types": ["video.failed"]},
}


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.django_db
def test_the_header_of_a_key_is_described_where_it_is_honoured(
    api: Client, document: dict[str, Any], path: str
) -> None:
    headers = {"Idempotency-Key": "k" * 256}
    answer = api.post(f"/v1{path}", BODIES[path], content_type="application/json", headers=headers)

    assert "Idempotency-Key" in error_of(answer)["message"]
    described = operations(document)[f"POST {path}"]["parameters"]
    (header,) = [it for it in described if it["name"] == "Idempotency-Key"]
    assert header["schema"]["maxLength"] == 255


@pytest.mark.django_db
def test_each_operation_answers_a_wrong_key_as_described(
    client: Client, workspace: Workspace, document: dict[str, Any]
) -> None:
    for name, operation in operations(document).items():
        if not operation["security"]:
            continue
        method, path = name.split()
        path = re.sub(r"\{\w+\}", "none", path)
        answer = client.generic(method, f"/v1{path}", headers={"Authorization": "Bearer sk-wrong"})
        assert (name, str(answer.status_code)) == (name, "401")
        assert "401" in operation["responses"]
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
def test_what_does_not_exist_is_answered_as_described(api: Client, document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        method, path = name.split()
        if "{" not in path or "requestBody" in operation:
            continue
        answer = api.generic(method, "/v1" + re.sub(r"\{\w+\}", "none", path))
        assert (name, answer.status_code) == (name, 404)
        assert "404" in operation["responses"]
