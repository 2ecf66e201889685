"""What owners do."""

from __future__ import annotations

import re
import secrets

from django.db import transaction

from videos.models import Membership, User, Workspace


def open_workspace(*, name: str, owner: User) -> Workspace:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "studio"
    if Workspace.objects.filter(slug=slug).exists():
        slug = f"{slug}-{secrets.token_hex(4)}"
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name, slug=slug)
        Membership.objects.create(workspace=workspace, user=owner, role=Membership.Role.OWNER)
    return workspace
