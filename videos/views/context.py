"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from videos import contract
from videos.models import User


def studio(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    match = request.resolver_match
    slug = match.kwargs.get("slug") if match else None
    workspaces = list(user.workspaces())
    current = next((workspace for workspace in workspaces if workspace.slug == slug), None)
    return {
        "workspaces": workspaces,
        "workspace": current or next(iter(workspaces), None),
        "prompt_max": contract.PROMPT_MAX_LENGTH,
        "reference_max": contract.REFERENCE_MAX_BYTES,
    }
