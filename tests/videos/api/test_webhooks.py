from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openai.types import webhooks as sdk

from tests.live.server import free_port
from tests.videos.api.wire import FORM, Part, error_of, multipart, post_json
from tests.videos.hooks import attempt, make_delivery, make_endpoint, unwrap
from tests.videos.outbound.servers import serving
from videos import webhooks
from videos.actions.webhooks import ENDPOINTS_MAX
from videos.models import ApiKey, Receipt, User, WebhookEndpoint, Workspace

PATH = "/v1/webhook_endpoints"
WHOLE: dict[str, Any] = {"name": "Hook", "url": "https://hooks.example.org/in", "event_types": ["video.completed"]}
KEYS = {
    "id", "object", "name", "url", "event_types", "created_at", "updated_at", "signing_secret_hint", "disabled_at",
}  # fmt: skip


def at(endpoint: WebhookEndpoint, call: str = "") -> str:
    return f"{PATH}/{endpoint.id}{call}"


# --- create ------------------------------------------------------------------------------------


def test_an_endpoint_is_made_and_its_secret_is_told_this_once(api: Client, workspace: Workspace) -> None:
    answer = post_json(api, WHOLE, PATH).json()

    assert answer.keys() == KEYS | {"signing_secret"}
    assert {name: answer[name] for name in WHOLE} == WHOLE
    assert sdk.WebhookEndpointWithSecret.model_validate(answer, strict=True).object == "webhook_endpoint"
    row = WebhookEndpoint.objects.get(workspace=workspace)
    assert (answer["id"], answer["signing_secret"]) == (row.id, row.signing_secret)
    assert answer["created_at"] == answer["updated_at"]
    for seen in (api.get(PATH).json()["data"][0], api.get(at(row)).json()):
        assert seen.keys() == KEYS
        assert row.signing_secret not in str(seen)


@pytest.mark.parametrize("name", WHOLE)
def test_nothing_may_be_missing(api: Client, name: str) -> None:
    error = error_of(post_json(api, {key: value for key, value in WHOLE.items() if key != name}, PATH))

    assert (error["param"], error["code"]) == (name, "missing_required_parameter")


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"name": 7}, "name", "invalid_type"),
        ({"name": ""}, "name", "invalid_value"),
        ({"name": "n" * 81}, "name", "string_above_max_length"),
        ({"url": "http://hooks.example.org/"}, "url", "invalid_url"),
        ({"url": "https://localhost/"}, "url", "invalid_url"),
        ({"event_types": "video.completed"}, "event_types", "invalid_type"),
        ({"event_types": []}, "event_types", "invalid_value"),
        ({"event_types": ["video.started"]}, "event_types[0]", "invalid_value"),
        ({"event_types": [None]}, "event_types[0]", "invalid_type"),
    ],
)
def test_bad_input_is_named(api: Client, change: dict[str, Any], param: str, code: str) -> None:
    error = error_of(post_json(api, WHOLE | change, PATH))

    assert (error["param"], error["code"]) == (param, code)
    assert not WebhookEndpoint.objects.exists()


def test_bodies_are_json(api: Client) -> None:
    assert api.post(PATH, multipart(Part("name", "Hook")), content_type=FORM).status_code == 415
    error_of(api.post(PATH, multipart(Part("name", "Hook")), content_type=FORM), 415)
    error_of(post_json(api, b"[]", PATH))
    error_of(post_json(api, b"", PATH))


def test_a_workspace_has_at_most_twenty(api: Client, workspace: Workspace) -> None:
    for _ in range(ENDPOINTS_MAX):
        make_endpoint(workspace)

    assert error_of(post_json(api, WHOLE, PATH))["code"] == "webhook_endpoint_limit_reached"


def test_the_same_key_makes_one_endpoint_and_its_receipt_holds_no_secret(api: Client) -> None:
    headers = {"Idempotency-Key": "once"}
    first, second = (
        api.post(PATH, WHOLE, content_type="application/json", headers=headers, query_params={}) for _ in range(2)
    )

    row = WebhookEndpoint.objects.get()
    assert first.json() == second.json()
    assert second.json()["signing_secret"] == row.signing_secret
    assert row.signing_secret not in str(Receipt.objects.get().answer)


# --- list --------------------------------------------------------------------------------------


def test_the_list_has_the_newest_first_and_pages(api: Client, workspace: Workspace) -> None:
    now = timezone.now()
    rows = [make_endpoint(workspace, created_at=now - timedelta(minutes=age)) for age in range(5)]

    first = api.get(PATH, {"limit": 2}).json()
    rest = api.get(PATH, {"after": first["last_id"]}).json()

    sdk.WebhookEndpointList.model_validate(first, strict=True)
    assert [it["id"] for it in first["data"] + rest["data"]] == [row.id for row in rows]
    assert (first["object"], first["first_id"], first["has_more"], rest["has_more"]) == (
        "list",
        rows[0].id,
        True,
        False,
    )


def test_twenty_stand_on_a_page_unless_asked_otherwise(api: Client, workspace: Workspace) -> None:
    for _ in range(21):
        make_endpoint(workspace)

    assert len(api.get(PATH).json()["data"]) == 20
    assert len(api.get(PATH, {"limit": 100}).json()["data"]) == 21


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_a_limit_is_from_1_to_100(api: Client, limit: str) -> None:
    assert error_of(api.get(PATH, {"limit": limit}))["param"] == "limit"


# --- one endpoint ------------------------------------------------------------------------------


def test_an_update_changes_what_it_names(api: Client, workspace: Workspace) -> None:
    row = make_endpoint(
        workspace, created_at=timezone.now() - timedelta(days=1), updated_at=timezone.now() - timedelta(days=1)
    )

    same = post_json(api, {"name": row.name}, at(row)).json()
    new = post_json(api, {"event_types": ["batch.failed"]}, at(row)).json()

    sdk.WebhookEndpoint.model_validate(new, strict=True)
    assert same["updated_at"] == same["created_at"]
    assert new["updated_at"] > same["updated_at"]
    assert (new["name"], new["url"], new["event_types"]) == (row.name, row.url, ["batch.failed"])
    assert "signing_secret" not in new
    assert error_of(post_json(api, {"url": "http://example.org/"}, at(row)))["code"] == "invalid_url"
    assert api.get(at(row)).json() == new


def test_a_deleted_endpoint_is_gone_and_told_nothing_more(api: Client, workspace: Workspace) -> None:
    row = make_endpoint(workspace)
    make_delivery(row)

    answer = api.delete(at(row)).json()

    assert answer == {"id": row.id, "object": "webhook_endpoint.deleted", "deleted": True}
    sdk.DeletedWebhookEndpoint.model_validate(answer, strict=True)
    assert webhooks.waiting() == []
    for response in (api.get(at(row)), api.delete(at(row)), post_json(api, {"name": "Back"}, at(row))):
        error_of(response, 404)
    assert not api.get(PATH).json()["data"]
    assert not api.get(PATH, {"after": row.id}).json()["data"]


def test_an_id_that_no_database_holds_is_unknown(api: Client) -> None:
    assert error_of(api.get(f"{PATH}/%00"), 404)["code"] == "webhook_endpoint_not_found"
    assert not api.get(f"{PATH}?after=%00").json()["data"]


@pytest.mark.parametrize("keep", [True, "true", False, "false", None])
def test_a_rotated_secret_is_told_once_and_the_old_one_kept_if_asked(
    api: Client, workspace: Workspace, keep: bool | str | None
) -> None:
    row = make_endpoint(workspace)
    body = {} if keep is None else {"keep_old_secret_active_for_24_hours": keep}

    answer = post_json(api, body, at(row, "/rotate_secret")).json()

    sdk.WebhookEndpointWithSecret.model_validate(answer, strict=True)
    changed = WebhookEndpoint.objects.get()
    assert answer["signing_secret"] == changed.signing_secret != row.signing_secret
    assert changed.secrets[1:] == ([row.signing_secret] if keep in (True, "true") else [])
    assert "signing_secret" not in api.get(at(row)).json()


def test_a_rotation_needs_no_body(api: Client, workspace: Workspace) -> None:
    row = make_endpoint(workspace)

    assert api.generic("POST", at(row, "/rotate_secret")).status_code == 200
    assert WebhookEndpoint.objects.get().signing_secret != row.signing_secret
    error = error_of(post_json(api, {"keep_old_secret_active_for_24_hours": 3}, at(row, "/rotate_secret")))
    assert error["code"] == "invalid_type"


def test_over_the_wire_both_secrets_verify_after_a_kept_rotation(api: Client, workspace: Workspace, settings) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    with serving(lambda exchange: exchange.answer(200)) as receiver:
        made = post_json(api, {**WHOLE, "url": receiver.url}, PATH).json()
        path = f"{PATH}/{made['id']}/rotate_secret"
        rotated = post_json(api, {"keep_old_secret_active_for_24_hours": True}, path).json()
        attempt(make_delivery(WebhookEndpoint.objects.get()))

    for secret in (made["signing_secret"], rotated["signing_secret"]):
        assert unwrap(receiver.requests[0], secret).type == "video.completed"


# --- test, event types -------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 301, 500])
def test_a_test_event_is_sent_at_once_and_its_answer_told(
    api: Client, workspace: Workspace, settings, status: int
) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    with serving(lambda exchange: exchange.answer(status)) as receiver:
        row = make_endpoint(workspace, url=receiver.url)
        answer = post_json(api, {"event_type": "batch.completed"}, at(row, "/test")).json()

    assert answer == {
        "object": "webhook_endpoint.test",
        "event_type": "batch.completed",
        "status_code": status,
        "success": True,
        "webhook_endpoint_id": row.id,
    }
    sdk.WebhookEndpointTestResult.model_validate(answer, strict=True)
    assert unwrap(receiver.requests[0], row.signing_secret).type == "batch.completed"


def test_a_receiver_that_does_not_answer_is_an_error_that_tells_nothing_of_it(
    api: Client, workspace: Workspace, settings
) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    refused, forbidden = (
        error_of(post_json(api, {"event_type": "video.failed"}, at(make_endpoint(workspace, url=url), "/test")))
        for url in (f"http://127.0.0.1:{free_port()}", "http://10.0.0.1/")
    )

    assert refused == forbidden
    assert refused["code"] == "webhook_endpoint_unreachable"


@pytest.mark.parametrize(
    ("body", "code"), [({}, "missing_required_parameter"), ({"event_type": "video.started"}, "invalid_value")]
)
def test_a_test_names_a_known_event(api: Client, workspace: Workspace, body: dict[str, str], code: str) -> None:
    error = error_of(post_json(api, body, at(make_endpoint(workspace), "/test")))

    assert (error["param"], error["code"]) == ("event_type", code)


def test_the_event_types_are_a_list_of_words(api: Client) -> None:
    answer = api.get("/v1/webhook_event_types").json()

    sdk.WebhookEventTypeList.model_validate(answer, strict=True)
    assert answer["object"] == "list"
    assert {"video.completed", "video.failed"} < {*answer["data"]}
    assert sum(name.startswith("batch.") for name in answer["data"]) == 4


# --- who may -----------------------------------------------------------------------------------

CALLS = [("get", ""), ("post", ""), ("delete", ""), ("post", "/rotate_secret"), ("post", "/test")]


@pytest.mark.parametrize(("method", "call"), CALLS)
def test_a_foreign_endpoint_answers_like_an_unknown_one(
    api_of_charlie: Client, workspace: Workspace, method: str, call: str
) -> None:
    row = make_endpoint(workspace)
    ask = getattr(api_of_charlie, method)

    foreign, unknown = (
        error_of(ask(f"{PATH}/{name}{call}", content_type="application/json"), 404) for name in (row.id, "whe_none")
    )

    assert foreign["code"] == unknown["code"] == "webhook_endpoint_not_found"
    assert foreign["message"].replace(row.id, "whe_none") == unknown["message"]
    row.refresh_from_db()
    assert not api_of_charlie.get(PATH).json()["data"]
    assert not api_of_charlie.get(PATH, {"after": row.id}).json()["data"]


def test_a_key_needs_the_scope(alice: User, workspace: Workspace) -> None:
    _, secret = ApiKey.issue(workspace=workspace, user=alice, name="reader", scopes=["videos:read"])
    reader = Client(headers={"Authorization": f"Bearer {secret}"})
    row = make_endpoint(workspace)

    for response in (reader.get(PATH), reader.get(at(row)), post_json(reader, WHOLE, PATH), reader.delete(at(row))):
        error_of(response, 403)
    error_of(Client().get(PATH), 401)
    error_of(reader.put(PATH), 405)
