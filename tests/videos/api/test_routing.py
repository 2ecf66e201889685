"""Every operation at once: what its key must be allowed, and who may use it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_video
from tests.videos.api.wire import error_of, post_json
from videos.api.operations import AFTER, OPERATIONS
from videos.api.routing import Operation
from videos.models import ApiKey, Membership, User, Workspace
from videos.models.api_key import SCOPES

pytestmark = pytest.mark.django_db
# Half a character, half of a sequence, NUL, what is right to left, a line break.
ODD_IDS = ["%00", "video_%00", "%ED%A0%80", "%F0%9F", "%E2%80%AE", "a%0Ab", "x" * 1000]
SCOPED = [operation for operation in OPERATIONS if operation.scope]


def name(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def ask(operation: Operation, client: Client):
    path = "/v1/" + re.sub(r"\{\w+\}", "unknown", operation.path)
    return client.generic(operation.method, path, b"{}", content_type="application/json")


def client_with(scopes: list[str], workspace: Workspace, user: User) -> Client:
    _, secret = ApiKey.issue(workspace=workspace, user=user, name="tests", scopes=scopes, rate=0)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_every_operation_but_the_list_of_models_names_a_scope_that_there_is() -> None:
    assert {operation.path for operation in OPERATIONS if not operation.scope} == {"models", "models/{name}"}
    assert {operation.scope for operation in SCOPED} == set(SCOPES)


@pytest.mark.parametrize("operation", SCOPED, ids=name)
def test_all_other_scopes_together_do_not_open_it(operation: Operation, workspace: Workspace, alice: User) -> None:
    client = client_with([scope for scope in SCOPES if scope != operation.scope], workspace, alice)

    error = error_of(ask(operation, client), 403)

    assert error["code"] == "permission_denied"
    assert f"'{operation.scope}'" in error["message"]


@pytest.mark.parametrize("operation", SCOPED, ids=name)
def test_its_own_scope_alone_opens_it(operation: Operation, workspace: Workspace, alice: User) -> None:
    answer = ask(operation, client_with([operation.scope], workspace, alice))

    assert answer.status_code in (200, 400, 404), answer.content


@pytest.mark.parametrize("operation", [it for it in OPERATIONS if it.method != "GET"], ids=name)
def test_the_key_of_a_viewer_changes_nothing(operation: Operation, workspace: Workspace, bob: User) -> None:
    Membership.objects.filter(user=bob, workspace=workspace).update(role="viewer")

    error = error_of(ask(operation, client_with(list(SCOPES), workspace, bob)), 403)

    assert error["message"].endswith("its owner is a viewer.")


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_nothing_opens_without_a_key(operation: Operation) -> None:
    error_of(ask(operation, Client()), 401)
    error = error_of(ask(operation, Client(headers={"Authorization": "Bearer sk-studio-wrong-key"})), 401)
    assert error["code"] == "invalid_api_key"


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_what_makes_something_says_what_is_left_of_the_rate(
    operation: Operation, workspace: Workspace, alice: User
) -> None:
    _, secret = ApiKey.issue(workspace=workspace, user=alice, name="tests", rate=10)

    answer = ask(operation, Client(headers={"Authorization": f"Bearer {secret}"}))

    assert (answer.headers.get("x-ratelimit-remaining-requests") == "9") == operation.makes
    assert operation.makes <= (operation.method == "POST")


def test_what_is_left_of_the_rate_is_said_to_the_refused_too(workspace: Workspace, alice: User) -> None:
    _, secret = ApiKey.issue(workspace=workspace, user=alice, name="tests", rate=10)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    unfinished = make_video(workspace)

    answer = post_json(client, {"prompt": "At night"}, f"/v1/videos/{unfinished.id}/remix")

    error_of(answer, 400)
    assert answer.headers["x-ratelimit-remaining-requests"] == "9"


@pytest.mark.parametrize("odd", ODD_IDS)
@pytest.mark.parametrize("operation", [it for it in OPERATIONS if "{" in it.path], ids=name)
def test_an_id_that_no_database_holds_is_not_found(
    operation: Operation, odd: str, workspace: Workspace, alice: User
) -> None:
    client = client_with(list(SCOPES), workspace, alice)
    path = "/v1/" + re.sub(r"\{\w+\}", odd, operation.path)

    answer = client.generic(operation.method, path, b'{"prompt": "x"}', content_type="application/json")

    error_of(answer, 404)


@pytest.mark.parametrize("odd", ODD_IDS)
@pytest.mark.parametrize("operation", [it for it in OPERATIONS if AFTER in it.query], ids=name)
def test_the_page_behind_such_an_id_is_empty(operation: Operation, odd: str, workspace: Workspace, alice: User) -> None:
    answer = client_with(list(SCOPES), workspace, alice).get(f"/v1/{operation.path}?after={odd}")

    assert (answer.status_code, answer.json()["data"]) == (200, [])


@pytest.mark.parametrize("odd", ["\0", "\ud800"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("videos/edits", {"prompt": "x", "video": "ODD"}),
        ("videos/extensions", {"prompt": "x", "seconds": "4", "video": {"id": "ODD"}}),
        ("videos/characters", {"name": "Luna", "video": {"id": "ODD"}}),
        ("videos", {"prompt": "x", "characters": [{"id": "ODD"}]}),
        ("videos", {"prompt": "x", "input_reference": {"file_id": "ODD"}}),
        ("videos", {"prompt": "x", "model": "ODD"}),
        ("batches", {"input_file_id": "ODD", "endpoint": "/v1/videos", "completion_window": "24h"}),
    ],
)
def test_an_odd_id_in_a_body_is_refused(path: str, body: dict[str, Any], odd: str, api: Client) -> None:
    raw = json.dumps(body).replace("ODD", json.dumps(odd).strip('"'))

    answer = api.generic("POST", f"/v1/{path}", raw.encode(), content_type="application/json")

    error_of(answer, answer.status_code)
    assert answer.status_code in (400, 404)
