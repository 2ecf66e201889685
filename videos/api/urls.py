"""Routes under /v1, without trailing slashes: the SDKs send none."""

from __future__ import annotations

from django.urls import path

from videos.api import views
from videos.api.views import route

urlpatterns = [
    path("videos", route(POST=views.create, GET=views.listing)),
    *[path(f"videos/{word}", views.unknown) for word in ("generations", "edits", "extensions", "characters")],
    path("videos/<str:video_id>", route(GET=views.retrieve, DELETE=views.delete)),
    path("videos/<str:video_id>/content", route(GET=views.content)),
    path("videos/<str:video_id>/remix", route(POST=views.remix)),
    path("models", route(GET=views.models)),
    path("models/<path:name>", route(GET=views.model)),
]
