from __future__ import annotations

import pytest
from django.db import connection

from tests.videos.hooks import make_endpoint
from videos.models import WebhookEndpoint, Workspace
from videos.models.sealed import Unreadable


def stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT signing_secret, old_secret FROM videos_webhookendpoint")
        return list(cursor.fetchone())


def test_the_database_alone_gives_no_secret_away(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)

    sealed, empty = stored()
    assert endpoint.signing_secret.startswith("whsec_")
    assert endpoint.signing_secret.removeprefix("whsec_") not in sealed
    assert "whsec_" not in sealed
    assert empty == ""
    read = WebhookEndpoint.objects.get()
    assert (read.signing_secret, read.old_secret) == (endpoint.signing_secret, "")


def test_the_same_secret_is_never_sealed_the_same_way(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)
    first, _ = stored()
    endpoint.save()

    assert stored()[0] != first


def test_a_former_key_still_opens_and_the_new_one_seals(workspace: Workspace, settings) -> None:
    secret, old = make_endpoint(workspace).signing_secret, settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [old]

    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.signing_secret == secret
    endpoint.save()
    settings.SECRET_KEY_FALLBACKS = []
    assert WebhookEndpoint.objects.get().signing_secret == secret


def test_under_a_foreign_key_it_cannot_be_read(workspace: Workspace, settings) -> None:
    make_endpoint(workspace)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a foreign key", []

    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.signing_secret == ""
    with pytest.raises(Unreadable):
        list(endpoint.secrets)
