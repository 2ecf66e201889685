from __future__ import annotations

from django.test import Client

from tests.factories import make_workspace
from videos.models import Membership, User, Workspace


def test_a_page_knows_the_workspaces_of_its_person(as_alice: Client, alice: User, workspace: Workspace) -> None:
    second = make_workspace("Orchard", owner=alice)

    keys, orchard = as_alice.get("/me/keys/"), as_alice.get("/w/orchard/create/")

    assert keys.context["workspaces"] == orchard.context["workspaces"] == [workspace, second]
    assert keys.context["workspace"] == workspace
    assert orchard.context["workspace"] == second


def test_a_page_of_nobody_knows_none(client: Client, db: None) -> None:
    response = client.get("/sign-in/")

    assert response.status_code == 200
    assert not response.context.get("workspaces")


def test_without_a_workspace_pages_still_work(as_alice: Client, alice: User, workspace: Workspace) -> None:
    Membership.objects.filter(user=alice).delete()

    response = as_alice.get("/me/keys/")

    assert (response.context["workspaces"], response.context["workspace"]) == ([], None)
