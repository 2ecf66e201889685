"""The keys of programs, how fast each may be used, and what each was used for."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone

from videos.models.workspace import User, Workspace, digest

KEY_SCHEME = "sk-studio-"
LAST_USED_PRECISION = timedelta(minutes=1)
RECEIPT_LIFETIME = timedelta(days=3)
# What a key may be allowed, in the order in which pages list it.
SCOPES = {
    "videos:read": "See videos and download them",
    "videos:write": "Make, remix, edit and extend videos",
    "videos:delete": "Delete videos",
    "characters": "Make and see characters",
    "files": "Upload, see and delete files",
    "batches": "Run and cancel batches",
    "webhooks": "Manage webhook endpoints and their secrets",
}
READ_ONLY = ["videos:read"]
# What people have written, in an answer.
WORDS = ("prompt",)
# How many requests of a key are kept.
REQUESTS_KEPT = 200


def all_scopes() -> list[str]:
    return list(SCOPES)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> ApiKeyQuerySet:
        """Keys that still open the door: not revoked, not expired, their person active and still a member."""
        return self.alive().filter(user__is_active=True, user__memberships__workspace=F("workspace"))

    def alive(self) -> ApiKeyQuerySet:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


class ApiKey(models.Model):
    """A program's credential. Only its digest and the first characters are stored: it is shown once."""

    name = models.CharField(max_length=80)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=20, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=all_scopes, blank=True)
    rate = models.PositiveIntegerField(
        null=True, blank=True, help_text="Creates a minute; empty for the server's own limit, 0 for none."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(condition=Exact(Length("digest"), 64), name="api_key_is_stored_as_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(
        cls,
        *,
        workspace: Workspace,
        user: User,
        name: str,
        secret: str | None = None,
        scopes: list[str] | None = None,
        rate: int | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """The row and the secret, which is nowhere to be had again."""
        secret = secret or KEY_SCHEME + secrets.token_urlsafe(32)
        key = cls.objects.create(
            workspace=workspace,
            user=user,
            name=name,
            # Never show more than a third: a key given by hand may be short.
            prefix=secret[: min(len(KEY_SCHEME) + 4, len(secret) // 3)],
            digest=digest(secret),
            scopes=all_scopes() if scopes is None else scopes,
            rate=rate,
            expires_at=expires_at,
        )
        return key, secret

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def limit(self) -> int:
        """Creates a minute; 0 for no limit."""
        return settings.RATE_LIMIT if self.rate is None else self.rate

    @property
    def access(self) -> str:
        """The scopes in a word: `everything`, `read`, or `custom`."""
        if set(self.scopes) >= set(SCOPES):
            return "everything"
        return "read" if self.scopes == READ_ONLY else "custom"

    @property
    def allowed(self) -> list[str]:
        """The scopes in words, in the order in which pages list them."""
        return [words for scope, words in SCOPES.items() if scope in self.scopes]

    def touch(self) -> None:
        """Note the use, at most once a minute: a busy program must not write a row per request."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > LAST_USED_PRECISION:
            ApiKey.objects.filter(pk=self.pk).update(last_used_at=now)


class TokenBucket(models.Model):
    """How much of its rate a key has left: it holds a minute's worth of creates and refills steadily."""

    api_key = models.OneToOneField(ApiKey, models.CASCADE, related_name="bucket")
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tokens__gte=0), name="bucket_is_not_overdrawn")]

    def __str__(self) -> str:
        return f"bucket of {self.api_key_id}"


class ApiRequest(models.Model):
    """One request of a program, for the person who wonders what it did. Polls that went well are not noted."""

    api_key = models.ForeignKey(ApiKey, models.CASCADE, related_name="requests")
    request_id = models.CharField(max_length=40, unique=True)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    milliseconds = models.PositiveIntegerField()
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=300, blank=True)
    client = models.CharField(max_length=80, blank=True, help_text="User-Agent")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "API request"
        indexes = [models.Index(fields=["api_key", "-created_at", "-id"], name="request_log")]

    def __str__(self) -> str:
        return self.request_id

    @classmethod
    def trim(cls, key: ApiKey) -> None:
        """Keep the newest only."""
        newest_first = cls.objects.filter(api_key=key).order_by("-created_at", "-pk")
        for oldest in newest_first[REQUESTS_KEPT - 1 : REQUESTS_KEPT]:
            cls.objects.filter(api_key=key, pk__lt=oldest.pk).delete()


class Receipt(models.Model):
    """What a request has made, kept so that the same request sent again makes nothing more.

    With a key of the client's own it is found by that key; without, by its fingerprint, for the SDKs' retries.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="receipts")
    api_key = models.ForeignKey(ApiKey, models.CASCADE, related_name="receipts")
    idempotency_key = models.CharField(max_length=255, null=True)
    fingerprint = models.CharField(max_length=64)
    object_id = models.CharField(max_length=80, blank=True, help_text="What was made.")
    answer = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "idempotency_key"], name="one_receipt_per_key"),
        ]
        indexes = [
            models.Index(fields=["api_key", "fingerprint", "-created_at"], name="receipt_by_fingerprint"),
            models.Index(fields=["created_at"], name="receipt_by_age"),
            models.Index(fields=["object_id"], name="receipt_by_object"),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"

    @classmethod
    def forget(cls, object_id: str) -> None:
        """Of what is gone for good the words go, too. The rest stays: the same request still makes nothing more."""
        for receipt in cls.objects.filter(object_id=object_id):
            told = {name: value if name not in WORDS else None for name, value in receipt.answer.items()}
            cls.objects.filter(pk=receipt.pk).update(answer=told)

    @classmethod
    def tidy(cls) -> None:
        cls.objects.filter(created_at__lt=timezone.now() - RECEIPT_LIFETIME).delete()
