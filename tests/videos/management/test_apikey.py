from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from tests.factories import make_workspace
from videos.models import ApiKey, User, Workspace


def issue(*arguments: str) -> str:
    found: str = call_command("apikey", *arguments)
    return found


def test_the_key_opens_the_api_and_is_not_kept(alice: User, workspace: Workspace) -> None:
    secret = issue("my program", "--email", alice.email.upper())

    answer = Client().get("/v1/videos", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    key = ApiKey.objects.get()
    assert (key.name, key.user, key.workspace) == ("my program", alice, workspace)
    assert secret not in {str(value) for value in vars(key).values()}


def test_a_workspace_may_be_named(alice: User, workspace: Workspace) -> None:
    other = make_workspace("Other", owner=alice)

    issue("--email", alice.email, "--workspace", other.slug)

    assert ApiKey.objects.get().workspace == other


def test_nobody_gets_a_key_for_the_workspace_of_others(charlie: User, workspace: Workspace) -> None:
    with pytest.raises(CommandError, match="not a member"):
        issue("--email", charlie.email, "--workspace", workspace.slug)
    with pytest.raises(CommandError, match="no active user"):
        issue("--email", "nobody@example.org")

    assert not ApiKey.objects.exists()
