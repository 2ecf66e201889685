"""Three includes: the admin, the Videos API, the pages."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("v1/", include("videos.api.urls")),
    path("", include("videos.urls")),
]
