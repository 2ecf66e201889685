"""Bearer keys, and nothing else: a session cookie opens no door here, so there is nothing to forge."""

from __future__ import annotations

from django.http import HttpRequest

from videos.api.errors import ApiError
from videos.models import ApiKey, Membership
from videos.models.workspace import digest

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def authenticate(request: HttpRequest, scope: str) -> ApiKey:
    """The key of the request, if it is allowed `scope` (empty: any key is); 401 or 403 otherwise."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret:
        message = "You didn't provide an API key. Send it in the header `Authorization: Bearer YOUR_KEY`."
        raise ApiError(401, message, headers={"WWW-Authenticate": "Bearer"})
    named = ApiKey.objects.filter(digest=digest(secret)).select_related("workspace", "user")
    key = named.usable().first()
    if key is None:
        raise _refusal(secret, named.first())
    request.api_key = key  # type: ignore[attr-defined]  # for the log of requests
    if scope and scope not in key.scopes:
        raise ApiError(403, f"This key lacks the scope '{scope}'.", code="permission_denied")
    if request.method not in SAFE_METHODS and key.workspace.role_of(key.user) not in Membership.MAKERS:
        raise ApiError(403, "This key may only read: its owner is a viewer.", code="permission_denied")
    key.touch()
    return key


def _refusal(secret: str, former: ApiKey | None) -> ApiError:
    """Only who holds the whole secret learns what became of it."""
    message = f"Incorrect API key provided: {_masked(secret)}."
    if former and former.revoked_at:
        message = f"This API key was revoked: {_masked(secret)}."
    elif former and former.is_expired:
        message = f"This API key has expired: {_masked(secret)}."
    return ApiError(401, message, code="invalid_api_key", headers={"WWW-Authenticate": "Bearer"})


def _masked(secret: str) -> str:
    return f"{secret[:3]}***{secret[-2:]}" if len(secret) > 12 else "***"
