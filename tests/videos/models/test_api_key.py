from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from videos.models import ApiKey, Receipt, TokenBucket, User, Workspace
from videos.models.api_key import LAST_USED_PRECISION, SCOPES


@pytest.fixture
def key(alice: User, workspace: Workspace) -> ApiKey:
    return ApiKey.issue(workspace=workspace, user=alice, name="laptop")[0]


@pytest.mark.parametrize(
    ("secret", "prefix"),
    [("sk-studio-" + "x" * 43, "sk-studio-xxxx"), ("sk-live-tests", "sk-l"), ("ab", "")],
)
def test_never_more_than_a_third_of_a_secret_is_shown(
    alice: User, workspace: Workspace, secret: str, prefix: str
) -> None:
    key, given = ApiKey.issue(workspace=workspace, user=alice, name="x", secret=secret)

    assert (key.prefix, given) == (prefix, secret)


@pytest.mark.parametrize(
    ("scopes", "access"),
    [
        ([*SCOPES], "everything"),
        ([*SCOPES, "a scope of old"], "everything"),
        (["videos:read"], "read"),
        (["videos:write"], "custom"),
        (["videos:read", "files"], "custom"),
        ([], "custom"),
    ],
)
def test_the_scopes_in_a_word(key: ApiKey, scopes: list[str], access: str) -> None:
    key.scopes = scopes

    assert key.access == access


def test_what_a_key_may_is_told_in_the_order_of_the_pages(key: ApiKey) -> None:
    key.scopes = ["webhooks", "videos:read", "unknown"]

    assert key.allowed == [SCOPES["videos:read"], SCOPES["webhooks"]]


@pytest.mark.parametrize(("own", "limit"), [(None, 7), (0, 0), (3, 3)])
def test_a_rate_of_its_own_comes_before_the_servers(settings, key: ApiKey, own: int | None, limit: int) -> None:
    settings.RATE_LIMIT = 7
    key.rate = own

    assert key.limit == limit


def test_an_expired_a_revoked_and_a_stranded_key_open_nothing(key: ApiKey, alice: User, workspace: Workspace) -> None:
    def works(**fields: object) -> bool:
        ApiKey.objects.update(**{"expires_at": None, "revoked_at": None} | fields)
        return ApiKey.objects.usable().exists()

    now = timezone.now()
    assert works()
    assert works(expires_at=now + timedelta(minutes=1))
    assert not works(expires_at=now)
    assert not works(revoked_at=now)
    workspace.memberships.all().delete()
    assert not works()


def test_a_use_is_noted_once_a_minute(key: ApiKey) -> None:
    def used() -> object:
        found = ApiKey.objects.get()
        found.touch()
        return ApiKey.objects.get().last_used_at

    first = used()
    assert first
    assert used() == first
    earlier = timezone.now() - LAST_USED_PRECISION - timedelta(seconds=1)
    ApiKey.objects.update(last_used_at=earlier)
    assert used() != earlier


def test_a_bucket_is_never_overdrawn(key: ApiKey) -> None:
    with pytest.raises(IntegrityError):
        TokenBucket.objects.create(api_key=key, tokens=-0.1, filled_at=timezone.now())


def test_a_receipt_forgets_the_words_of_what_is_gone_and_no_others(key: ApiKey) -> None:
    def receipt(fingerprint: str, answer: dict[str, Any]) -> Receipt:
        return Receipt.objects.create(
            workspace=key.workspace, api_key=key, fingerprint=fingerprint, answer=answer, object_id=answer["id"]
        )

    gone = receipt("1", {"id": "video_1", "prompt": "A secret", "seconds": "4"})
    kept = receipt("2", {"id": "video_2", "prompt": "A fox", "remixed_from_video_id": "video_1"})
    file = receipt("3", {"id": "file-1", "filename": "orders.jsonl"})

    for object_id in ("video_1", "file-1", "video_unknown"):
        Receipt.forget(object_id)

    for row in (gone, kept, file):
        row.refresh_from_db()
    assert gone.answer == {"id": "video_1", "prompt": None, "seconds": "4"}
    assert kept.answer["prompt"] == "A fox"
    assert file.answer == {"id": "file-1", "filename": "orders.jsonl"}


def test_old_receipts_are_found_by_their_age(key: ApiKey) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a handful of rows it would read all.
            cursor.execute("SET LOCAL enable_seqscan = off")

    assert "receipt_by_age" in Receipt.objects.filter(created_at__lt=timezone.now()).explain()
