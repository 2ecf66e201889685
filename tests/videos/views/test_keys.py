from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now

from tests.factories import make_workspace
from videos.models import ApiKey, ApiRequest, User, Workspace
from videos.models.api_key import SCOPES
from videos.models.workspace import digest
from videos.views.keys import PAGE_SIZE

PAGE = "/me/keys/"
SECRET = re.compile(r"sk-studio-[\w-]{30,}")


def filled(workspace: Workspace, /, **fields: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return {
        "name": "laptop",
        "workspace": workspace.pk,
        "access": "everything",
        "expires": "never",
        "expires_on": "",
        "rate": "",
    } | fields


def make(client: Client, workspace: Workspace, **fields: Any) -> str:
    response = client.post(PAGE, filled(workspace, **fields))
    assert response.headers["Location"] == PAGE
    return str(client.get(PAGE).context["secret"])


def words_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def request_row(key: ApiKey, number: int, **fields: Any) -> ApiRequest:
    facts = {"method": "POST", "path": "/v1/videos", "status": 200, "milliseconds": 12, "client": "OpenAI/JS 7.55.0"}
    return ApiRequest.objects.create(api_key=key, request_id=f"req_{number:04}", **(facts | fields))


def test_a_key_is_shown_once_and_stored_as_a_digest(as_alice: Client, alice: User, workspace: Workspace) -> None:
    answer = as_alice.post(PAGE, filled(workspace))
    shown = as_alice.get(PAGE)
    again = as_alice.get(PAGE)

    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    secret = shown.context["secret"]
    assert SECRET.fullmatch(secret)
    assert secret in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    key = ApiKey.objects.get()
    assert (key.name, key.user, key.workspace, key.digest) == ("laptop", alice, workspace, digest(secret))
    assert (key.scopes, key.rate, key.expires_at) == ([*SCOPES], None, None)
    assert not SECRET.search(again.content.decode())
    assert list(again.context["keys"]) == [key]


def test_on_its_way_to_the_page_the_secret_is_readable_nowhere(as_alice: Client, workspace: Workspace) -> None:
    answer = as_alice.post(PAGE, filled(workspace))

    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    secret = as_alice.get(PAGE).context["secret"]
    assert any("new_key" in it for it in kept)
    assert not any(secret in it for it in kept)
    assert secret not in str(answer.cookies)
    assert secret not in str(ApiKey.objects.values_list().get())
    assert "new_key" not in as_alice.session


def test_a_look_at_the_head_does_not_use_the_secret_up(as_alice: Client, workspace: Workspace) -> None:
    as_alice.post(PAGE, filled(workspace))

    as_alice.head(PAGE)

    assert SECRET.fullmatch(as_alice.get(PAGE).context["secret"])


def test_a_secret_sealed_with_a_lost_key_is_not_shown(settings, as_alice: Client, workspace: Workspace) -> None:
    as_alice.post(PAGE, filled(workspace))
    session = as_alice.session
    session["new_key"] = "gAAAA-something-else"
    session.save()

    page = as_alice.get(PAGE)

    assert page.status_code == 200
    assert page.context["secret"] == ""


def test_a_new_key_opens_the_api(as_alice: Client, workspace: Workspace) -> None:
    secret = make(as_alice, workspace)

    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/v1/videos").status_code == 200


def test_a_key_that_may_only_read_makes_nothing(as_alice: Client, workspace: Workspace) -> None:
    secret = make(as_alice, workspace, access="read", scopes=["videos:write"])

    assert ApiKey.objects.get().scopes == ["videos:read"]
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/v1/videos").status_code == 200
    assert program.post("/v1/videos", {"prompt": "x"}, content_type="application/json").status_code == 403
    assert "read only" in words_of(as_alice.get(PAGE))


def test_rights_rate_and_end_can_be_chosen(as_alice: Client, workspace: Workspace) -> None:
    chosen = {"access": "custom", "scopes": ["files", "videos:write"], "rate": "20", "expires": "30"}

    make(as_alice, workspace, **chosen)

    key = ApiKey.objects.get()
    assert (key.scopes, key.rate) == (["videos:write", "files"], 20)
    assert key.expires_at
    assert timedelta(0) <= now() + timedelta(days=30) - key.expires_at < timedelta(minutes=1)
    page = words_of(as_alice.get(PAGE))
    for word in (f"2 of {len(SCOPES)} rights", "20 a minute", f'until <time datetime="{key.expires_at:%Y-%m-%d}'):
        assert word in page


def test_a_key_works_to_the_end_of_its_last_day(as_alice: Client, workspace: Workspace) -> None:
    make(as_alice, workspace, expires="date", expires_on="2099-12-31")

    assert ApiKey.objects.get().expires_at == datetime(2099, 12, 31, 23, 59, 59, 999999, UTC)


WRONG: list[dict[str, Any]] = [
    {"name": ""},
    {"name": "x" * 81},
    {"name": "a\x00b"},
    {"workspace": "x"},
    {"access": "all"},
    {"access": ""},
    {"access": "custom"},
    {"access": "custom", "scopes": ["admin"]},
    {"expires": "3"},
    {"expires": ""},
    {"expires": "date"},
    {"expires": "date", "expires_on": "soon"},
    {"expires": "date", "expires_on": "2020-01-01"},
    {"rate": "-1"},
    {"rate": "fast"},
    {"rate": "100001"},
]


@pytest.mark.parametrize("fields", WRONG, ids=str)
def test_a_wrong_form_makes_no_key_keeps_what_was_typed_and_says_why(
    as_alice: Client, workspace: Workspace, fields: dict[str, Any]
) -> None:
    data = filled(workspace, **fields)

    response = as_alice.post(PAGE, data)

    assert response.status_code == 400
    form = response.context["form"]
    assert [*form.errors] != []
    assert form["name"].value() == data["name"]
    if "workspace" not in fields:  # with one workspace only there is no field to stand beside
        assert all(error in words_of(response) for errors in form.errors.values() for error in errors)
    assert not ApiKey.objects.exists()


def test_an_empty_form_makes_no_key(as_alice: Client) -> None:
    assert as_alice.post(PAGE, {}).status_code == 400
    assert not ApiKey.objects.exists()


def test_no_key_for_somebody_elses_workspace(as_charlie: Client, workspace: Workspace) -> None:
    assert as_charlie.post(PAGE, filled(workspace)).status_code == 400
    assert not ApiKey.objects.exists()


def test_a_person_of_two_workspaces_chooses(as_alice: Client, alice: User, workspace: Workspace) -> None:
    other = make_workspace("Orchard", owner=alice)

    page = words_of(as_alice.get(PAGE))
    make(as_alice, other)

    assert f'<option value="{other.pk}"' in page
    assert ApiKey.objects.get().workspace == other


def test_a_person_without_a_workspace_is_told_so(alice: User) -> None:
    client = Client()
    client.force_login(alice)

    assert "you are in none yet" in words_of(client.get(PAGE))


def test_a_revoked_key_no_longer_works_and_is_gone(as_alice: Client, workspace: Workspace) -> None:
    secret = make(as_alice, workspace)
    address = f"/me/keys/{ApiKey.objects.get().pk}/"

    response = as_alice.post(f"{address}revoke/")

    assert response.headers["Location"] == PAGE
    assert list(as_alice.get(PAGE).context["keys"]) == []
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/v1/videos").status_code == 401
    assert as_alice.post(f"{address}revoke/").status_code == 404
    assert as_alice.get(address).status_code == 404


def test_an_expired_key_stays_in_the_list_and_is_marked(as_alice: Client, alice: User, workspace: Workspace) -> None:
    secret = make(as_alice, workspace)
    ApiKey.objects.update(expires_at=now() - timedelta(minutes=1))

    assert "Expired" in words_of(as_alice.get(PAGE))
    assert "Expired" in words_of(as_alice.get(f"{PAGE}{ApiKey.objects.get().pk}/"))
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/v1/videos").status_code == 401


def test_a_key_of_a_workspace_that_was_left_is_marked(as_alice: Client, workspace: Workspace) -> None:
    make(as_alice, workspace)
    assert "You left" not in words_of(as_alice.get(PAGE))

    workspace.memberships.all().delete()

    assert "You left Meadow" in words_of(as_alice.get(PAGE))


def test_nobody_revokes_sees_or_changes_anothers_key(
    as_alice: Client, as_bob: Client, as_charlie: Client, workspace: Workspace, alice: User
) -> None:
    make(as_alice, workspace, name="a key of alice")
    key = ApiKey.objects.get()
    root = Client()
    root.force_login(User.objects.create_superuser("root@example.org"))

    for client in (as_bob, as_charlie, root):
        assert client.get(f"/me/keys/{key.pk}/").status_code == 404
        assert client.post(f"/me/keys/{key.pk}/", filled(workspace, name="mine")).status_code == 404
        assert client.post(f"/me/keys/{key.pk}/revoke/").status_code == 404
        assert "a key of alice" not in client.get(PAGE).content.decode()
    assert ApiKey.objects.get(name="a key of alice").revoked_at is None
    assert Client().get(f"/me/keys/{key.pk}/").status_code == 302


def test_revoking_takes_a_post_and_a_real_key(as_alice: Client, workspace: Workspace) -> None:
    make(as_alice, workspace)

    assert as_alice.get(f"/me/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 405
    assert as_alice.post(f"/me/keys/{2**70}/revoke/").status_code == 404
    assert as_alice.get(f"/me/keys/{2**70}/").status_code == 404


def test_the_snippets_know_the_address_and_for_once_the_key(as_alice: Client, workspace: Workspace) -> None:
    as_alice.post(PAGE, filled(workspace))
    fresh, later = words_of(as_alice.get(PAGE)), words_of(as_alice.get(PAGE))

    secret = SECRET.search(fresh)
    assert secret
    for snippet in re.findall(r"<pre.*?</pre>", fresh, re.DOTALL):
        assert "http://testserver/v1" in snippet
        assert secret[0] in snippet
    snippets = re.findall(r"<pre.*?</pre>", later, re.DOTALL)
    assert len(snippets) == 4
    assert all("sk-studio-…" in snippet for snippet in snippets)


# --- the page of one key ---------------------------------------------------------------------------


@pytest.fixture
def key(alice: User, workspace: Workspace) -> ApiKey:
    return ApiKey.issue(workspace=workspace, user=alice, name="laptop")[0]


def page_of(key: ApiKey) -> str:
    return f"{PAGE}{key.pk}/"


def test_a_key_can_be_changed(as_alice: Client, workspace: Workspace, key: ApiKey) -> None:
    chosen = {"name": "desk", "access": "custom", "scopes": ["files"], "rate": "0", "expires": "7"}

    response = as_alice.post(page_of(key), filled(workspace, **chosen, workspace=999))

    assert response.headers["Location"] == page_of(key)
    changed = ApiKey.objects.get()
    assert (changed.name, changed.scopes, changed.rate) == ("desk", ["files"], 0)
    assert changed.expires_at
    assert (changed.digest, changed.workspace, changed.user) == (key.digest, workspace, key.user)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"scopes": ["videos:read"], "rate": 5},
        {"scopes": ["files", "batches"], "rate": 0},
        {"expires_at": datetime(2098, 3, 4, 5, 6, 7, 8, UTC)},
        {"expires_at": datetime(2020, 3, 4, 5, 6, 7, 8, UTC)},
    ],
    ids=str,
)
def test_a_form_sent_as_it_stands_changes_nothing(as_alice: Client, key: ApiKey, fields: dict[str, Any]) -> None:
    ApiKey.objects.update(**fields)
    before = ApiKey.objects.values().get()
    page = as_alice.get(page_of(key))
    form = page.context["form"]
    assert "expires_at" not in fields or f'value="{fields["expires_at"]:%Y-%m-%d}"' in page.content.decode()
    shown = {name: form[name].value() for name in form.fields}

    as_alice.post(page_of(key), {name: value for name, value in shown.items() if value is not None})

    assert ApiKey.objects.values().get() == before


def test_a_wrong_change_changes_nothing_and_opens_the_form(as_alice: Client, workspace: Workspace, key: ApiKey) -> None:
    yesterday = (date.today() - timedelta(days=2)).isoformat()

    response = as_alice.post(page_of(key), filled(workspace, name="desk", expires="date", expires_on=yesterday))

    assert response.status_code == 400
    assert "This day is over." in words_of(response)
    assert re.search(r"<details [^>]*\bopen>\s*<summary[^>]*>Change this key", words_of(response))
    assert ApiKey.objects.get().name == "laptop"


def test_the_page_lists_what_the_key_did(as_alice: Client, key: ApiKey) -> None:
    request_row(key, 1)
    bad = {"status": 400, "error_code": "invalid_value", "error_message": "Invalid value: '<7>'."}
    request_row(key, 2, **bad)

    page = as_alice.get(page_of(key))

    assert [row.request_id for row in page.context["page"]] == ["req_0002", "req_0001"]
    for word in ("/v1/videos", "POST", "OpenAI/JS 7.55.0", "req_0001", "req_0002", "invalid_value"):
        assert word in page.content.decode()
    assert "Invalid value: &#x27;&lt;7&gt;&#x27;." in page.content.decode()


def test_only_errors_may_be_shown(as_alice: Client, key: ApiKey) -> None:
    request_row(key, 1)
    assert "No errors among the recent requests" in words_of(as_alice.get(page_of(key), {"show": "errors"}))

    request_row(key, 2, status=429, error_code="rate_limit_exceeded", error_message="Slow.")

    rows = as_alice.get(page_of(key), {"show": "errors"}).context["page"]
    assert [row.request_id for row in rows] == ["req_0002"]


def test_a_key_that_was_never_used_says_so(as_alice: Client, key: ApiKey) -> None:
    assert "No requests yet." in words_of(as_alice.get(page_of(key)))


def test_requests_of_other_keys_are_not_among_them(as_alice: Client, alice: User, key: ApiKey) -> None:
    other = ApiKey.issue(workspace=key.workspace, user=alice, name="other")[0]
    request_row(other, 1)

    assert list(as_alice.get(page_of(key)).context["page"]) == []


@pytest.mark.parametrize(("asked", "rows"), [("", PAGE_SIZE), ("2", 3), ("99", 3), ("x", PAGE_SIZE), ("-1", 3)])
def test_older_requests_are_on_further_pages(as_alice: Client, key: ApiKey, asked: str, rows: int) -> None:
    for number in range(PAGE_SIZE + 3):
        request_row(key, number)

    page = as_alice.get(page_of(key), {"page": asked})

    assert len(page.context["page"]) == rows
    assert ("Older" in words_of(page)) is (rows == PAGE_SIZE)
    assert ("Newer" in words_of(page)) is (rows == 3)


def test_what_a_program_does_appears_on_the_page(as_alice: Client, api: Client) -> None:
    answer = api.get("/v1/videos/video_nowhere")

    page = words_of(as_alice.get(page_of(ApiKey.objects.get())))

    assert answer.headers["x-request-id"] in page
    assert "Video with id 'video_nowhere' not found." in page
