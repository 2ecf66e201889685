"""Routes of the pages."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from videos.api import openapi
from videos.views import create, health, keys, library, reference, session, video

urlpatterns = [
    path("", session.home, name="home"),
    path("sign-in/", LoginView.as_view(redirect_authenticated_user=True), name="sign_in"),
    path("sign-in/<str:token>/", session.sign_in_link, name="sign_in_link"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("w/<slug:slug>/create/", create.create, name="create"),
    path("w/<slug:slug>/library/", library.library, name="library"),
    path("w/<slug:slug>/live/", library.live, name="live"),
    path("v/<str:video_id>/", video.video, name="video"),
    path("v/<str:video_id>/remix/", video.remix, name="remix"),
    path("v/<str:video_id>/delete/", video.delete, name="delete"),
    path("v/<str:video_id>/media/<str:variant>", video.media, name="media"),
    path("v/<str:video_id>/download/<str:variant>/", video.download, name="download"),
    path("me/keys/", keys.keys, name="keys"),
    path("me/keys/<int:key_id>/", keys.key, name="key"),
    path("me/keys/<int:key_id>/revoke/", keys.revoke, name="revoke_key"),
    path("docs/api/", reference.reference, {"document": openapi.document}, name="api_reference"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
