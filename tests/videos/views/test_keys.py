from __future__ import annotations

import html

import pytest
from django.test import Client

from videos.models import ApiKey, User, Workspace
from videos.models.workspace import digest

PAGE = "/me/keys/"


def make(client: Client, workspace: Workspace, name: str = "laptop") -> str:
    response = client.post(PAGE, {"name": name, "workspace": workspace.pk})
    assert response.status_code == 200
    return str(response.context["secret"])


def test_a_key_is_shown_once_and_stored_as_a_digest(as_alice: Client, alice: User, workspace: Workspace) -> None:
    response = as_alice.post(PAGE, {"name": "laptop", "workspace": workspace.pk})

    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    key = ApiKey.objects.get()
    assert (key.name, key.user, key.workspace, key.digest) == ("laptop", alice, workspace, digest(secret))
    assert secret not in str(ApiKey.objects.values_list().get())
    again = as_alice.get(PAGE)
    assert secret not in again.content.decode()
    assert list(again.context["keys"]) == [key]


def test_a_new_key_opens_the_api(as_alice: Client, workspace: Workspace) -> None:
    secret = make(as_alice, workspace)

    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/v1/videos").status_code == 200


@pytest.mark.parametrize("fields", [{}, {"name": ""}, {"name": "x" * 81}, {"name": "a\x00b"}, {"workspace": "x"}])
def test_a_wrong_form_makes_no_key_and_keeps_the_name(
    as_alice: Client, workspace: Workspace, fields: dict[str, str]
) -> None:
    data = {"name": "laptop", "workspace": str(workspace.pk)} | fields if fields else {}

    response = as_alice.post(PAGE, data)

    assert response.status_code == 400
    form = response.context["form"]
    assert form.errors
    assert form["name"].value() == data.get("name")
    for error in form.errors.get("name", ()):
        assert error in html.unescape(response.content.decode())
    assert not ApiKey.objects.exists()


def test_no_key_for_somebody_elses_workspace(as_charlie: Client, workspace: Workspace) -> None:
    assert as_charlie.post(PAGE, {"name": "x", "workspace": workspace.pk}).status_code == 400
    assert not ApiKey.objects.exists()


def test_a_revoked_key_no_longer_works(as_alice: Client, workspace: Workspace) -> None:
    secret = make(as_alice, workspace)

    response = as_alice.post(f"/me/keys/{ApiKey.objects.get().pk}/revoke/")

    assert response.headers["Location"] == PAGE
    assert list(as_alice.get(PAGE).context["keys"]) == []
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/v1/videos").status_code == 401
    assert as_alice.post(f"/me/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 404


def test_nobody_revokes_or_sees_anothers_key(
    as_alice: Client, as_bob: Client, as_charlie: Client, workspace: Workspace
) -> None:
    make(as_alice, workspace, "a key of alice")
    key = ApiKey.objects.get()

    for client in (as_bob, as_charlie):
        assert client.post(f"/me/keys/{key.pk}/revoke/").status_code == 404
        assert "a key of alice" not in client.get(PAGE).content.decode()
    assert ApiKey.objects.get().revoked_at is None


def test_revoking_takes_a_post_and_a_real_key(as_alice: Client, workspace: Workspace) -> None:
    make(as_alice, workspace)

    assert as_alice.get(f"/me/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 405
    assert as_alice.post(f"/me/keys/{2**70}/revoke/").status_code == 404


def test_the_page_tells_where_the_api_is(as_alice: Client) -> None:
    assert "http://testserver/v1" in as_alice.get(PAGE).content.decode()
