"""The moderation desk. Machine fields are read-only: only the machine may move a video."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from videos import actions
from videos.models import ApiKey, Asset, Heartbeat, Membership, SignInLink, User, Video, Workspace
from videos.views.access import user_of

admin.site.site_header = admin.site.site_title = "Studio administration"


class ReadOnly(admin.ModelAdmin[Any]):
    """To look at: the machine makes, changes and removes these rows."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class MembershipInline(admin.TabularInline[Membership, Any]):
    model = Membership
    extra = 0
    autocomplete_fields = ("user", "workspace")


class AssetInline(admin.TabularInline[Asset, Video]):
    model = Asset
    fields = readonly_fields = ("variant", "file", "size", "width", "height", "duration", "sha256")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active")
    search_fields = ("email", "first_name", "last_name")
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("first_name", "last_name")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Times", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin[Workspace]):
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    list_filter = ("created_at",)
    readonly_fields = ("created_at",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ("user", "workspace", "role")
    list_filter = ("role", "workspace")
    search_fields = ("user__email", "workspace__name")
    autocomplete_fields = ("user", "workspace")


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    list_display = ("name", "prefix", "workspace", "user", "created_at", "last_used_at", "revoked_at")
    list_filter = ("workspace", "revoked_at")
    search_fields = ("name", "prefix", "user__email")
    autocomplete_fields = ("user", "workspace")
    readonly_fields = ("prefix", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        issued, secret = ApiKey.issue(workspace=obj.workspace, user=obj.user, name=obj.name)
        obj.pk = issued.pk
        messages.warning(request, f"Copy the key now, it is shown only once: {secret}")

    @admin.action(description="Revoke selected keys", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: models.QuerySet[ApiKey]) -> None:
        count = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        messages.success(request, f"{count} keys revoked.")


@admin.register(SignInLink)
class SignInLinkAdmin(ReadOnly):
    list_display = ("user", "expires_at", "used_at")
    list_filter = ("used_at",)
    search_fields = ("user__email",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ("name", "seen_at")
    list_filter = ("seen_at",)
    search_fields = ("name",)


@admin.register(Video)
class VideoAdmin(ReadOnly):
    list_display = ("id", "short_prompt", "workspace", "created_by", "phase", "progress", "model", "backend", "hidden")
    list_filter = (
        "phase",
        "operation",
        "backend",
        "backend_model",
        "workspace",
        ("hidden_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("id", "prompt", "backend_video_id", "created_by__email", "error_code")
    list_select_related = ("workspace", "created_by")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    inlines = (AssetInline,)
    actions = ("hide", "restore", "delete_videos")

    @admin.display(description="prompt")
    def short_prompt(self, video: Video) -> str:
        return video.prompt if len(video.prompt) <= 80 else f"{video.prompt[:79]}…"

    @admin.display(boolean=True)
    def hidden(self, video: Video) -> bool:
        return video.hidden_at is not None

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("videos.change_video")

    @admin.action(description="Hide selected videos", permissions=["moderate"])
    def hide(self, request: HttpRequest, queryset: models.QuerySet[Video]) -> None:
        count = sum(actions.hide_video(video, by=user_of(request)) for video in queryset)
        messages.success(request, f"{count} videos hidden.")

    @admin.action(description="Restore selected videos", permissions=["moderate"])
    def restore(self, request: HttpRequest, queryset: models.QuerySet[Video]) -> None:
        count = sum(actions.restore_video(video) for video in queryset)
        messages.success(request, f"{count} videos restored.")

    @admin.action(description="Delete selected videos, with their files", permissions=["moderate"])
    def delete_videos(self, request: HttpRequest, queryset: models.QuerySet[Video]) -> None:
        for video in queryset:
            actions.delete_video(video)
        messages.success(request, f"{queryset.count()} videos deleted.")


@admin.register(Asset)
class AssetAdmin(ReadOnly):
    list_display = ("video", "variant", "content_type", "size", "width", "height", "created_at")
    list_filter = ("variant", "content_type")
    search_fields = ("video__id", "file", "sha256")
    list_select_related = ("video",)
