"""One video: watch, remix, download, delete."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from videos import actions, contract
from videos.delivery import NotDeliverable, deliver
from videos.forms import RemixComposerForm
from videos.models import Asset, Video
from videos.views.access import can_make, find_video, require_maker, user_of


@login_required
@require_safe
def video(request: HttpRequest, video_id: str) -> HttpResponse:
    row = find_video(request, video_id)
    return render(request, "videos/video.html", _context(request, row, RemixComposerForm()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remix(request: HttpRequest, video_id: str) -> HttpResponse:
    source = find_video(request, video_id)
    if request.method != "POST":
        return render(request, "videos/remix.html", _context(request, source, RemixComposerForm()))
    require_maker(request, source.workspace)
    form = RemixComposerForm(request.POST)
    try:
        if form.is_valid():
            made = actions.remix_video(source, by=user_of(request), **form.cleaned_data)
            return redirect("video", video_id=made.id)
    except actions.ActionError as error:
        form.add_error(None, error.message)
    return render(request, "videos/remix.html", _context(request, source, form), status=400)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, video_id: str) -> HttpResponse:
    doomed = find_video(request, video_id)
    require_maker(request, doomed.workspace)
    if request.method != "POST":
        return render(request, "videos/delete.html", {"video": doomed, "workspace": doomed.workspace})
    actions.delete_video(doomed)
    messages.success(request, "The video was deleted.")
    return redirect("library", slug=doomed.workspace.slug)


@login_required
@require_safe
def media(request: HttpRequest, video_id: str, variant: str) -> HttpResponseBase:
    """For players and images on our pages."""
    return _deliver(request, video_id, variant, download=False)


@login_required
@require_safe
def download(request: HttpRequest, video_id: str, variant: str) -> HttpResponseBase:
    return _deliver(request, video_id, variant, download=True)


def _deliver(request: HttpRequest, video_id: str, variant: str, *, download: bool) -> HttpResponseBase:
    if variant not in Asset.Variant.values:
        raise Http404("No such variant.")
    row = find_video(request, video_id)
    if row.is_expired:
        raise Http404("The files of this video have expired.")
    try:
        return deliver(request, row, variant, download=download)
    except NotDeliverable as error:
        raise Http404("This file does not exist.") from error


def _context(request: HttpRequest, row: Video, form: RemixComposerForm) -> dict[str, object]:
    seen = Video.objects.in_workspace(row.workspace)
    return {
        "workspace": row.workspace,
        "video": row,
        "form": form,
        "assets": row.assets.all(),
        # The source may be deleted or hidden since: then its id is all that is left.
        "source": seen.filter(pk=row.source_id).first() if row.source_id else None,
        "remixes": seen.filter(source=row).page().prefetch_related("assets")[:12],
        "can_make": can_make(request.user, row.workspace),
        "can_remix": row.status == contract.COMPLETED and not row.is_expired,
    }
