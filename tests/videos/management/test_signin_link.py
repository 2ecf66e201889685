from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from videos.models import User


def link(*arguments: str) -> str:
    found: str = call_command("signin_link", *arguments)
    return found


def test_the_link_signs_in_once(settings, alice: User) -> None:
    address = link(alice.email.upper())

    assert address.startswith(f"{settings.SITE_URL}/sign-in/")
    path = address.removeprefix(settings.SITE_URL)
    first, second = Client(), Client()
    first.get(path)
    second.get(path)
    assert first.session["_auth_user_id"] == str(alice.pk)
    assert "_auth_user_id" not in second.session


def test_the_first_owner_is_meant_when_nobody_is_named(settings, db: None) -> None:
    with pytest.raises(CommandError, match=settings.ADMIN_EMAIL):
        link()
    User.objects.create_superuser(settings.ADMIN_EMAIL, None)

    assert link()


def test_nobody_who_left_gets_one(alice: User) -> None:
    alice.is_active = False
    alice.save()

    for email in (alice.email, "nobody@example.org"):
        with pytest.raises(CommandError, match=f"no active user {email}"):
            link(email)
