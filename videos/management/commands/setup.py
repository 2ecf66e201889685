"""First start: an owner, a workspace, and the key from the environment. Later starts find them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from videos import actions
from videos.models import ApiKey, User, Workspace
from videos.models.workspace import digest


class Command(BaseCommand):
    help = "Make the first owner and workspace, and the key of STUDIO_API_KEY, unless they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            owner = first_owner()
            workspace = owner.workspaces().first() or actions.open_workspace(name="Studio", owner=owner)
            first_key(workspace, owner)


def first_owner() -> User:
    """The person of STUDIO_ADMIN_EMAIL. A password is set at creation only: later it is that person's own."""
    owner = User.objects.filter(email=settings.ADMIN_EMAIL.lower()).first()
    if owner is None:
        owner = User.objects.create_superuser(settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD or None)
    return owner


def first_key(workspace: Workspace, owner: User) -> None:
    secret = settings.FIRST_API_KEY
    if secret and not ApiKey.objects.filter(digest=digest(secret)).exists():
        ApiKey.issue(workspace=workspace, user=owner, name="STUDIO_API_KEY", secret=secret)
