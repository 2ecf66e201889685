from __future__ import annotations

from django.utils import timezone

from tests.videos.hooks import make_endpoint
from videos.api.webhook_resources import webhook_endpoint, webhook_endpoint_with_secret
from videos.models import Workspace


def test_only_one_of_the_two_holds_the_secret(workspace: Workspace) -> None:
    row = make_endpoint(workspace)
    plain, whole = webhook_endpoint(row), webhook_endpoint_with_secret(row)

    assert whole == plain | {"signing_secret": row.signing_secret}
    assert row.signing_secret not in str(plain)
    assert plain["signing_secret_hint"].endswith(row.signing_secret[-4:])


def test_whoever_is_switched_off_can_see_since_when(workspace: Workspace) -> None:
    now = timezone.now()

    assert webhook_endpoint(make_endpoint(workspace))["disabled_at"] is None
    assert webhook_endpoint(make_endpoint(workspace, disabled_at=now))["disabled_at"] == int(now.timestamp())
