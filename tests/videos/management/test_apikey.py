from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from tests.factories import make_workspace
from videos.models import ApiKey, User, Workspace
from videos.models.api_key import SCOPES


def issue(*arguments: str) -> tuple[str, str]:
    """What stands on stdout and on stderr."""
    out, err = io.StringIO(), io.StringIO()
    call_command("apikey", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_key_alone_is_printed_opens_the_api_and_is_not_kept(alice: User, workspace: Workspace) -> None:
    out, err = issue("--name", "my program", "--email", alice.email.upper())

    secret = out.removesuffix("\n")
    assert secret.startswith("sk-studio-")
    assert secret.isprintable()
    assert secret not in err
    assert alice.email in err
    answer = Client().get("/v1/videos", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    key = ApiKey.objects.get()
    assert (key.name, key.user, key.workspace) == ("my program", alice, workspace)
    assert (key.scopes, key.rate, key.expires_at) == ([*SCOPES], None, None)
    assert secret not in {str(value) for value in vars(key).values()}


def test_a_workspace_may_be_named(alice: User, workspace: Workspace) -> None:
    other = make_workspace("Other", owner=alice)

    issue("--email", alice.email, "--workspace", other.slug)

    assert ApiKey.objects.get().workspace == other


def test_scopes_rate_and_days_may_be_given(alice: User, workspace: Workspace) -> None:
    given = ("--scopes", "files, videos:read", "--rate", "0", "--expires-days", "3")

    issue("--email", alice.email, *given)

    key = ApiKey.objects.get()
    assert (key.scopes, key.rate) == (["videos:read", "files"], 0)
    assert key.expires_at
    assert timedelta(0) <= timezone.now() + timedelta(days=3) - key.expires_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--scopes", "videos:read,all"], "--scopes: .*all.*Known are: videos:read, "),
        (["--scopes", ""], "--scopes: "),
        (["--rate", "-1"], "--rate: "),
        (["--rate", "many"], "--rate"),
        (["--expires-days", "0"], "--expires-days: "),
        (["--expires-days", "99999999"], "--expires-days: "),
        (["--name", "x" * 81], "--name: "),
        (["--name", ""], "--name: "),
    ],
)
def test_a_wrong_option_is_named_and_makes_no_key(
    alice: User, workspace: Workspace, given: list[str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        issue("--email", alice.email, *given)

    assert not ApiKey.objects.exists()


def test_nobody_gets_a_key_for_the_workspace_of_others(charlie: User, workspace: Workspace) -> None:
    with pytest.raises(CommandError, match="not a member"):
        issue("--email", charlie.email, "--workspace", workspace.slug)
    with pytest.raises(CommandError, match="no active user"):
        issue("--email", "nobody@example.org")

    assert not ApiKey.objects.exists()
