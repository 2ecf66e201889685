"""Every operation at once: what its key must be allowed, and who may use it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.videos.api.wire import error_of
from videos.api.operations import OPERATIONS
from videos.api.routing import Operation
from videos.models import ApiKey, Membership, User, Workspace
from videos.models.api_key import SCOPES

pytestmark = pytest.mark.django_db
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
