"""In and out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from videos.models import SignInLink
from videos.views.access import user_of


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the place where work begins."""
    workspace = user_of(request).workspaces().first()
    if workspace is None:
        messages.error(request, "You are not a member of any workspace yet. Ask an owner to add you.")
        return redirect("keys")
    return redirect("create", slug=workspace.slug)


@never_cache
@require_GET  # whoever only looks at the link with HEAD must not use it up
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link, as `make run` prints it."""
    user = SignInLink.redeem(token)
    if user is None:
        if request.user.is_authenticated:
            return redirect("home")
        messages.error(request, "This sign-in link was used or has expired. The command “make link” prints a new one.")
        return redirect("sign_in")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")
