"""Who asks: people, and the workspaces that own their videos."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

LINK_LIFETIME = timedelta(hours=24)


def digest(secret: str) -> str:
    """What is stored of a secret. The secrets are random and long, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)  # None makes it unusable: the sign-in link is then the way in
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        """Signing in does not depend on capitals."""
        return self.get(email__iexact=email or "")

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(AbstractUser):
    """A person, known by an e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[assignment,misc]

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def workspaces(self) -> models.QuerySet[Workspace]:
        return Workspace.objects.filter(memberships__user=self).order_by("created_at", "pk")


class Workspace(models.Model):
    """What a team owns together: videos, keys, assets."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=50, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    members = models.ManyToManyField(User, through="Membership")

    def __str__(self) -> str:
        return self.name

    def role_of(self, user: User) -> str | None:
        return self.memberships.filter(user=user).values_list("role", flat=True).first()


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner"
        EDITOR = "editor"
        VIEWER = "viewer"

    # Who may make, remix and delete; viewers only look.
    MAKERS = (Role.OWNER, Role.EDITOR)

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.EDITOR)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_person"),
            models.CheckConstraint(condition=models.Q(role__in=["owner", "editor", "viewer"]), name="known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace}"


class SignInLink(models.Model):
    """A link that signs one person in, once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link for {self.user}"

    @classmethod
    def issue(cls, user: User) -> str:
        token = secrets.token_urlsafe(24)
        cls.objects.create(user=user, digest=digest(token), expires_at=timezone.now() + LINK_LIFETIME)
        return token

    @classmethod
    def redeem(cls, token: str) -> User | None:
        """The person of an unused link, which is used from now on; None for any other token."""
        now = timezone.now()
        link = cls.objects.filter(digest=digest(token), used_at=None, expires_at__gt=now, user__is_active=True)
        row = link.select_related("user").first()
        return row.user if row and link.update(used_at=now) else None
