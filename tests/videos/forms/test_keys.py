"""How forms look on their page, and what is said to a person, is in tests/videos/views/test_keys.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from videos.forms import ApiKeyChangeForm, ApiKeyForm
from videos.forms.keys import GROUPS, RATE_MAX
from videos.models import ApiKey, User, Workspace
from videos.models.api_key import SCOPES


@pytest.fixture
def key(alice: User, workspace: Workspace) -> ApiKey:
    return ApiKey.issue(workspace=workspace, user=alice, name="laptop")[0]


def asked(user: User, **fields: Any) -> ApiKeyForm:
    whole = {"name": "laptop", "access": "everything", "expires": "never"}
    return ApiKeyForm(user, whole | {"workspace": user.workspaces().get().pk} | fields)


def test_every_scope_stands_in_one_group() -> None:
    assert [scope for scopes in GROUPS.values() for scope in scopes] == [*SCOPES]


def test_a_form_gives_what_a_key_is_issued_with(alice: User, workspace: Workspace) -> None:
    form = asked(alice, rate=str(RATE_MAX))

    assert form.is_valid()
    assert form.cleaned_data == {
        "name": "laptop",
        "workspace": workspace,
        "scopes": [*SCOPES],
        "rate": RATE_MAX,
        "expires_at": None,
    }


def test_checkboxes_count_only_where_rights_are_custom(alice: User, workspace: Workspace) -> None:
    found = []
    for access in ("everything", "read", "custom"):
        form = asked(alice, access=access, scopes=["webhooks", "files"])
        assert form.is_valid()
        found.append(form.cleaned_data["scopes"])

    assert found == [[*SCOPES], ["videos:read"], ["files", "webhooks"]]


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_an_end_is_counted_from_now(alice: User, workspace: Workspace, days: int) -> None:
    form = asked(alice, expires=str(days), expires_on="2020-01-01")

    assert form.is_valid()
    assert abs(form.cleaned_data["expires_at"] - timezone.now() - timedelta(days=days)) < timedelta(minutes=1)


def test_today_is_the_earliest_last_day(alice: User, workspace: Workspace) -> None:
    today = timezone.now().date()

    assert asked(alice, expires="date", expires_on=str(today)).is_valid()
    assert not asked(alice, expires="date", expires_on=str(today - timedelta(days=1))).is_valid()


def test_each_mistake_is_told_once(alice: User, workspace: Workspace) -> None:
    form = asked(alice, access="custom", scopes=["admin"], expires="date", expires_on="soon")

    assert {field: len(errors) for field, errors in form.errors.items()} == {"scopes": 1, "expires_on": 1}


def test_a_key_that_has_expired_may_be_renamed_and_stays_expired(key: ApiKey) -> None:
    key.expires_at = datetime(2020, 3, 4, 5, 6, tzinfo=UTC)
    data = {"name": "old", "access": "read", "expires": "date", "expires_on": "2020-03-04"}

    form = ApiKeyChangeForm(key, data)

    assert form.is_valid()
    assert form.cleaned_data["expires_at"] == key.expires_at
