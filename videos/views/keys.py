"""API keys of the person who is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from videos.forms import ApiKeyForm
from videos.models import ApiKey
from videos.views.access import user_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = ApiKeyForm(user, request.POST if request.method == "POST" else None)
    secret = None
    if request.method == "POST" and form.is_valid():
        _, secret = ApiKey.issue(user=user, **form.cleaned_data)
        form = ApiKeyForm(user)
    mine = ApiKey.objects.filter(user=user, revoked_at=None).select_related("workspace").order_by("-created_at")
    # The secret stands in this one answer and is never stored.
    context = {"form": form, "keys": mine, "secret": secret, "base_url": request.build_absolute_uri("/v1")}
    return render(request, "videos/keys.html", context, status=400 if form.is_bound else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=key_id, user=user_of(request), revoked_at=None)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    messages.success(request, f"The key “{key.name}” no longer works.")
    return redirect("keys")
