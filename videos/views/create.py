"""The composer: a prompt becomes a queued video."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from videos import actions, catalog
from videos.forms import ComposerForm
from videos.models import Video, Workspace
from videos.views.access import can_make, find_workspace, require_maker, user_of

LATEST = 12


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = find_workspace(request, slug)
    if request.method != "POST":
        recipe_video = _recipe_video(request, workspace)
        form = ComposerForm(initial=_initial(request, recipe_video), workspace=workspace)
        return _page(request, workspace, form, recipe_video=recipe_video)
    require_maker(request, workspace)
    form = ComposerForm(request.POST, request.FILES, workspace=workspace)
    if not form.is_valid():
        return _page(request, workspace, form, status=400)
    video = actions.create_video(workspace=workspace, by=user_of(request), **form.cleaned_data)
    if "open" in request.POST:
        return redirect("video", video_id=video.id)
    messages.success(request, "Queued. It starts as soon as the backend is free.")
    return redirect("create", slug=slug)


def _recipe_video(request: HttpRequest, workspace: Workspace) -> Video | None:
    """The video named by `from`, of this workspace only."""
    return Video.objects.in_workspace(workspace).named(request.GET.get("from", "")).first()


def _initial(request: HttpRequest, again: Video | None) -> dict[str, Any]:
    """The default recipe, that of a video to make again, or what else stands in the address."""
    model = catalog.own_models()[0]
    size = "1280x720" if "1280x720" in model.sizes else model.sizes[0]
    recipe: dict[str, Any] = {"model": model.name, "size": size, "seconds": str(model.seconds[0])}
    if again:
        recipe = {"prompt": again.prompt, "size": again.size, "seconds": str(again.seconds), "seed": again.seed}
        recipe["model"] = again.backend_model
    given = {name: request.GET[name] for name in ("prompt", "model", "size", "seconds", "seed") if name in request.GET}
    return recipe | given


def _page(
    request: HttpRequest,
    workspace: Workspace,
    form: ComposerForm,
    *,
    status: int = 200,
    recipe_video: Video | None = None,
) -> HttpResponse:
    latest = Video.objects.in_workspace(workspace).page().prefetch_related("assets")
    context = {
        "workspace": workspace,
        "form": form,
        "recipe_video": recipe_video,
        "models": catalog.own_models(),
        "latest": latest[:LATEST],
        "can_make": can_make(request.user, workspace),
    }
    return render(request, "videos/create.html", context, status=status)
