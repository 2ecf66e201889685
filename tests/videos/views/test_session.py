from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from videos.models import Membership, SignInLink, User, Workspace

PASSWORD = "a long password of alice"
FORM = {"username": "alice@example.org", "password": PASSWORD}


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def words(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_link_signs_in_once(client: Client, alice: User, workspace: Workspace) -> None:
    link = f"/sign-in/{SignInLink.issue(alice)}/"

    response = client.get(link)

    assert response.headers["Location"] == "/"
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get("/").headers["Location"] == "/w/meadow/create/"
    another = Client()
    refused = another.get(link, follow=True)
    assert refused.redirect_chain == [("/sign-in/", 302)]
    assert "was used or has expired" in words(refused)[0]
    assert not signed_in(another)


def test_a_used_link_leads_home_whoever_is_in_already(as_alice: Client, alice: User) -> None:
    link = f"/sign-in/{SignInLink.issue(alice)}/"

    assert [as_alice.get(link).headers["Location"] for _ in range(2)] == ["/", "/"]


@pytest.mark.parametrize("token", ["unknown", "x" * 500, "%00", "🐈"])
def test_an_unknown_link_signs_nobody_in(client: Client, alice: User, token: str) -> None:
    assert client.get(f"/sign-in/{token}/").headers["Location"] == "/sign-in/"
    assert not signed_in(client)


def test_an_expired_link_signs_nobody_in(client: Client, alice: User) -> None:
    token = SignInLink.issue(alice)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    client.get(f"/sign-in/{token}/")

    assert not signed_in(client)


def test_the_link_of_an_inactive_person_signs_nobody_in(client: Client, alice: User) -> None:
    token = SignInLink.issue(alice)
    User.objects.update(is_active=False)

    client.get(f"/sign-in/{token}/")

    assert not signed_in(client)


@pytest.mark.parametrize("method", ["head", "post", "options"])
def test_only_opening_a_link_uses_it_up(client: Client, alice: User, method: str) -> None:
    link = f"/sign-in/{SignInLink.issue(alice)}/"

    assert getattr(client, method)(link).status_code == 405

    client.get(link)
    assert signed_in(client)


def test_only_a_links_digest_is_stored(alice: User) -> None:
    token = SignInLink.issue(alice)

    (row,) = SignInLink.objects.values_list()
    assert token not in str(row)


def test_a_password_signs_in(client: Client, alice: User, workspace: Workspace) -> None:
    response = client.post("/sign-in/", FORM)

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert signed_in(client)


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"password": ""}, {"username": "nobody@example.org"}, {"username": "x" * 300}]
)
def test_a_wrong_password_keeps_the_address_and_not_the_password(
    client: Client, alice: User, wrong: dict[str, str]
) -> None:
    typed = FORM | wrong

    response = client.post("/sign-in/", typed)

    form = response.context["form"]
    assert form.errors
    page = response.content.decode()
    assert str(next(iter(form.errors.values()))[0]) in page
    assert form["username"].value() == typed["username"]
    assert f'value="{typed["username"]}"' in page
    assert PASSWORD not in page
    assert not signed_in(client)


def test_an_inactive_person_is_not_let_in(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)

    client.post("/sign-in/", FORM)

    assert not signed_in(client)


def test_signing_in_leads_where_one_wanted_to_go(client: Client, alice: User, workspace: Workspace) -> None:
    assert 'value="/w/meadow/library/"' in client.get("/sign-in/?next=/w/meadow/library/").content.decode()

    response = client.post("/sign-in/", FORM | {"next": "/w/meadow/library/"})

    assert response.headers["Location"] == "/w/meadow/library/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil", "/\\e"]
)
def test_signing_in_never_leads_away(client: Client, alice: User, target: str) -> None:
    response = client.post(f"/sign-in/?next={target}", FORM | {"next": target})

    assert response.headers["Location"] == "/"


def test_who_is_in_needs_not_sign_in(as_alice: Client) -> None:
    assert as_alice.get("/sign-in/").headers["Location"] == "/"


def test_signing_out_takes_a_post(as_alice: Client) -> None:
    assert as_alice.get("/sign-out/").status_code == 405
    assert signed_in(as_alice)

    assert as_alice.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert not signed_in(as_alice)


def test_home_without_a_workspace_says_what_to_do(as_alice: Client, alice: User) -> None:
    Membership.objects.filter(user=alice).delete()

    response = as_alice.get("/", follow=True)

    assert response.redirect_chain == [("/me/keys/", 302)]
    assert "Ask an owner" in words(response)[0]
