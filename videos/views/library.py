"""The library: the workspace's videos, newest first, by keyset pages; and the endpoint that keeps cards fresh."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from videos import contract
from videos.models import Video, Workspace
from videos.models.video_queries import VideoQuerySet
from videos.views.access import can_make, find_workspace

PAGE_SIZE = 24
LIVE_MAX = 100
PARTS = {"card": "components/video_card.html", "stage": "components/video_stage.html"}


@login_required
@require_safe
def library(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = find_workspace(request, slug)
    status, query = request.GET.get("status", ""), request.GET.get("q", "").replace("\x00", "").strip()
    found = _search(workspace, status, query)
    after = _cursor(workspace, request.GET.get("after", ""))
    rows = list(found.page(after=after).prefetch_related("assets")[: PAGE_SIZE + 1])
    filters = {name: value for name, value in (("status", status), ("q", query)) if value}
    context = {
        "workspace": workspace,
        "videos": rows[:PAGE_SIZE],
        "status": status,
        "q": query,
        "filters": filters,
        "statuses": contract.STATUSES,
        "is_first_page": after is None,
        "first_page": "?" + urlencode(filters),
        "next_page": "?" + urlencode({**filters, "after": rows[PAGE_SIZE - 1].id}) if len(rows) > PAGE_SIZE else "",
        "is_empty": not rows and not filters and after is None,
        "can_make": can_make(request.user, workspace),
    }
    return render(request, "videos/library.html", context)


def _search(workspace: Workspace, status: str, query: str) -> VideoQuerySet:
    """An unknown status filters nothing: an old bookmark must still show a page."""
    found = Video.objects.in_workspace(workspace)
    if status in contract.STATUSES:
        found = found.with_status(status)
    for word in query.split():
        found = found.filter(prompt__icontains=word)
    return found


def _cursor(workspace: Workspace, video_id: str) -> Video | None:
    return Video.objects.filter(workspace=workspace).named(video_id).first() if video_id else None


@login_required
@require_safe
def live(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Fresh HTML for the videos that a page shows; 304 while nothing has changed."""
    workspace = find_workspace(request, slug)
    part = request.GET.get("part", "card")
    ids = request.GET.get("ids", "").replace("\x00", "").split(",")[:LIVE_MAX]
    shown = Video.objects.in_workspace(workspace).filter(pk__in=ids).select_related("workspace")
    rows = list(shown.prefetch_related("assets"))
    etag = _etag(part, rows)
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    template = PARTS.get(part, PARTS["card"])
    may = can_make(request.user, workspace)
    cards = {row.id: _card(request, template, row, may) for row in rows}
    # An id that is not among the answers is gone: deleted, or hidden.
    return JsonResponse({"videos": cards}, headers={"ETag": etag, "Cache-Control": "private, no-cache"})


def _card(request: HttpRequest, template: str, row: Video, may: bool) -> dict[str, Any]:
    html = render_to_string(template, {"video": row, "can_make": may}, request)
    return {"html": html, "status": row.status, "progress": row.progress, "final": row.is_final}


def _etag(part: str, rows: list[Video]) -> str:
    state = part + "".join(f"{row.id}{row.phase}{row.progress};" for row in rows)
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'
