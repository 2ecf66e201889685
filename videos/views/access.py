"""Who may see what. Another workspace's id answers like an unknown one, on every page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from videos.models import Membership, User, Video, Workspace


def user_of(request: HttpRequest) -> User:
    """The person behind a request that `login_required` let through."""
    assert isinstance(request.user, User)
    return request.user


def find_workspace(request: HttpRequest, slug: str) -> Workspace:
    return get_object_or_404(user_of(request).workspaces(), slug=slug)


def find_video(request: HttpRequest, video_id: str) -> Video:
    seen = Video.objects.in_workspace(user_of(request).workspaces())
    # PostgreSQL has no text with NUL.
    video = seen.named(video_id).select_related("workspace", "created_by").first()
    if video is None:
        raise Http404("No such video.")
    return video


def can_make(user: Any, workspace: Workspace) -> bool:
    return workspace.role_of(user) in Membership.MAKERS


def require_maker(request: HttpRequest, workspace: Workspace) -> None:
    if not can_make(user_of(request), workspace):
        raise PermissionDenied("Viewers can look, but not make or delete. Ask an owner of the workspace for a role.")
