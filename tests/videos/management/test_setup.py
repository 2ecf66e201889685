from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from videos.models import ApiKey, Membership, User, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_first_start(settings) -> None:
    settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD, settings.FIRST_API_KEY = "Owner@example.org", "", ""


def test_a_first_start_makes_an_owner_and_a_workspace() -> None:
    call_command("setup")

    owner = User.objects.get()
    assert (owner.email, owner.is_staff, owner.has_usable_password()) == ("owner@example.org", True, False)
    assert Workspace.objects.get().role_of(owner) == Membership.Role.OWNER
    assert not ApiKey.objects.exists()


def test_later_starts_find_what_is_there(settings) -> None:
    settings.FIRST_API_KEY = "sk-from-the-environment"
    for _ in range(2):
        call_command("setup")

    assert [model.objects.count() for model in (User, Workspace, ApiKey)] == [1, 1, 1]


def test_the_key_of_the_environment_opens_the_api(settings) -> None:
    settings.FIRST_API_KEY = "sk-from-the-environment"
    call_command("setup")

    answer = Client().get("/v1/videos", headers={"Authorization": "Bearer sk-from-the-environment"})

    assert answer.status_code == 200


def test_a_password_counts_at_the_first_start_only(settings) -> None:
    settings.ADMIN_PASSWORD = "the first password"
    call_command("setup")
    settings.ADMIN_PASSWORD = "another password"
    call_command("setup")

    assert User.objects.get().check_password("the first password")
