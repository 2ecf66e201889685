"""API keys of the person who is signed in, and what programs did with them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from videos.forms import ApiKeyChangeForm, ApiKeyForm
from videos.models import ApiKey
from videos.models.api_key import REQUESTS_KEPT, SCOPES
from videos.models.sealed import seal, unseal
from videos.views.access import user_of

NEW_KEY = "new_key"
PAGE_SIZE = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = ApiKeyForm(user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        _, secret = ApiKey.issue(user=user, **form.cleaned_data)
        # For the one page that follows; sealed, for sessions are rows of the database.
        request.session[NEW_KEY] = seal(secret)
        return redirect("keys")
    mine = ApiKey.objects.filter(user=user, revoked_at=None).select_related("workspace").order_by("-created_at", "-pk")
    context = {"form": form, "keys": mine, "secret": _new_secret(request), **_facts()}
    context["base_url"] = request.build_absolute_uri("/v1")
    return render(request, "videos/keys.html", context, status=400 if form.is_bound else 200)


def _new_secret(request: HttpRequest) -> str:
    """The secret that was made a moment ago, this one time."""
    if request.method == "HEAD" or NEW_KEY not in request.session:
        return ""
    return unseal(request.session.pop(NEW_KEY))


def _facts() -> dict[str, int]:
    return {"scopes": len(SCOPES), "server_rate": settings.RATE_LIMIT, "kept": REQUESTS_KEPT}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, key_id: int) -> HttpResponse:
    found = _find(request, key_id)
    form = ApiKeyChangeForm(found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        ApiKey.objects.filter(pk=found.pk).update(**form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("key", found.pk)
    context = {"form": form, "key": found, **_facts(), **_requests(request, found)}
    return render(request, "videos/key.html", context, status=400 if form.is_bound else 200)


def _requests(request: HttpRequest, found: ApiKey) -> dict[str, Any]:
    errors_only = request.GET.get("show") == "errors"
    rows = found.requests.order_by("-created_at", "-pk")
    if errors_only:
        rows = rows.filter(status__gte=400)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return {"page": page, "errors_only": errors_only}


@login_required
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    found = _find(request, key_id)
    ApiKey.objects.filter(pk=found.pk).update(revoked_at=timezone.now())
    messages.success(request, f"The key “{found.name}” no longer works.")
    return redirect("keys")


def _find(request: HttpRequest, key_id: int) -> ApiKey:
    """One of the person's own: admins, too, have the administration for the keys of others."""
    mine = ApiKey.objects.filter(user=user_of(request), revoked_at=None).select_related("workspace")
    return get_object_or_404(mine, pk=key_id)
