from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.factories import make_ready_video, make_video
from tests.videos.api.wire import post_json
from videos.api import openapi, schemas
from videos.api.operations import OPERATIONS
from videos.models import Batch, Character, File, Phase, User, WebhookEndpoint, Workspace
from videos.models.webhook import EVENT_TYPES, event_body

DOCUMENT = DRAFT202012.create_resource(openapi.document("http://studio.example/v1"))
REGISTRY: Registry[Any] = Registry().with_resource("urn:openapi", DOCUMENT)


CLIP = {"size": 1, "sha256": "0" * 64, "width": 320, "height": 180, "duration": 2.0}


def wrong(name: str, answer: Any) -> list[str]:
    """What of the answer the schema does not allow."""
    validator = Draft202012Validator({"$ref": f"urn:openapi#/components/schemas/{name}"}, registry=REGISTRY)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]


def get(api: Client, path: str) -> Any:
    answer = api.get(f"/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_every_answer_of_an_operation_has_a_schema() -> None:
    named = {operation.answer for operation in OPERATIONS} - {"Content"}

    assert named <= schemas.COMPONENTS.keys()


@pytest.mark.parametrize("name", schemas.COMPONENTS)
def test_a_schema_refuses_what_is_something_else(name: str) -> None:
    assert wrong(name, {})
    assert wrong(name, {"object": "cat"})


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.django_db
def test_a_video_in_any_phase(api: Client, workspace: Workspace, phase: Phase) -> None:
    video = make_video(workspace, phase=phase)

    assert wrong("Video", get(api, f"videos/{video.id}")) == []
    assert wrong("VideoList", get(api, "videos")) == []


@pytest.mark.django_db
def test_what_was_made_or_deleted(api: Client, workspace: Workspace) -> None:
    video = make_ready_video(workspace)

    assert wrong("Video", post_json(api, {"prompt": "A cat"}).json()) == []
    assert wrong("Video", post_json(api, {"prompt": "A dog"}, f"/v1/videos/{video.id}/remix").json()) == []
    assert wrong("VideoDeleted", api.delete(f"/v1/videos/{video.id}").json()) == []


@pytest.mark.django_db
def test_an_empty_list(api: Client) -> None:
    for path, name in (("videos", "Video"), ("files", "File"), ("batches", "Batch")):
        assert wrong(f"{name}List", get(api, path)) == []


@pytest.mark.django_db
def test_models(api: Client) -> None:
    models = get(api, "models")

    assert wrong("ModelList", models) == []
    assert wrong("Model", get(api, f"models/{models['data'][0]['id']}")) == []


@pytest.mark.django_db
def test_a_character(api: Client, workspace: Workspace, alice: User) -> None:
    character = Character.objects.create(workspace=workspace, created_by=alice, name="Ada", **CLIP)

    assert wrong("Character", get(api, f"videos/characters/{character.id}")) == []


@pytest.mark.django_db
def test_a_file(api: Client, workspace: Workspace) -> None:
    file = File.objects.create(workspace=workspace, purpose="batch", filename="a.jsonl", size=3, sha256="0" * 64)

    assert wrong("File", get(api, f"files/{file.id}")) == []
    assert wrong("FileList", get(api, "files")) == []
    assert wrong("FileDeleted", api.delete(f"/v1/files/{file.id}").json()) == []


@pytest.mark.django_db
def test_a_batch(api: Client, workspace: Workspace, alice: User) -> None:
    when = File(workspace=workspace).created_at
    fields = {"workspace": workspace, "created_by": alice, "input_file_id": "file-1", "expires_at": when}
    batch = Batch.objects.create(endpoint="/v1/videos", completion_window="24h", due_at=when, **fields)

    assert wrong("Batch", get(api, f"batches/{batch.id}")) == []
    assert wrong("BatchList", get(api, "batches")) == []


@pytest.mark.django_db
def test_a_batch_with_a_wrong_input(api: Client, workspace: Workspace, alice: User) -> None:
    when = File(workspace=workspace).created_at
    error = {"code": "invalid_json_line", "message": "This line is not valid JSON.", "param": None, "line": 1}
    fields = {"workspace": workspace, "created_by": alice, "input_file_id": "file-1", "expires_at": when}
    states = {"status": "failed", "failed_at": when, "due_at": None, "errors": [error]}
    batch = Batch.objects.create(endpoint="/v1/videos", completion_window="24h", **fields, **states)

    assert wrong("Batch", get(api, f"batches/{batch.id}")) == []


@pytest.mark.django_db
def test_a_webhook_endpoint(api: Client, workspace: Workspace) -> None:
    fields = {"name": "Us", "url": "https://studio.example/", "event_types": ["video.failed"]}
    endpoint = WebhookEndpoint.objects.create(workspace=workspace, **fields)
    path = f"webhook_endpoints/{endpoint.id}"

    assert wrong("WebhookEndpoint", get(api, path)) == []
    assert wrong("WebhookEndpointList", get(api, "webhook_endpoints")) == []
    rotated = post_json(api, {}, f"/v1/{path}/rotate_secret").json()
    assert wrong("WebhookEndpointWithSecret", rotated) == []
    assert wrong("WebhookEndpointWithSecret", get(api, path))
    assert wrong("WebhookEndpointDeleted", api.delete(f"/v1/{path}").json()) == []


@pytest.mark.django_db
def test_event_types(api: Client) -> None:
    assert wrong("WebhookEventTypeList", get(api, "webhook_event_types")) == []


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_events(event_type: str) -> None:
    assert wrong(f"Event.{event_type}", json.loads(event_body("evt_1", event_type, "video_1"))) == []


@pytest.mark.django_db
def test_errors(api: Client, client: Client) -> None:
    assert wrong("Error", api.get("/v1/videos/none").json()) == []
    assert wrong("Error", client.get("/v1/videos").json()) == []
    assert wrong("Error", post_json(api, {"prompt": ""}).json()) == []
