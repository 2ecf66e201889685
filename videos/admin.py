"""The moderation desk. Machine fields are read-only: only the machine may move a video."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from videos import actions
from videos.models import (
    ApiKey,
    Asset,
    Batch,
    Character,
    File,
    Heartbeat,
    Membership,
    SignInLink,
    User,
    Video,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    Workspace,
)
from videos.models.api_key import SCOPES, all_scopes
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


class ScopesForm(forms.ModelForm[ApiKey]):
    scopes = forms.MultipleChoiceField(
        choices=[*SCOPES.items()], initial=all_scopes, required=False, widget=forms.CheckboxSelectMultiple
    )


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    form = ScopesForm
    list_display = (
        "name",
        "prefix",
        "workspace",
        "user",
        "access",
        "limit",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = ("workspace", "revoked_at")
    search_fields = ("name", "prefix", "user__email")
    autocomplete_fields = ("user", "workspace")
    readonly_fields = ("prefix", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        issued, secret = ApiKey.issue(
            workspace=obj.workspace,
            user=obj.user,
            name=obj.name,
            scopes=obj.scopes,
            rate=obj.rate,
            expires_at=obj.expires_at,
        )
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


# --- webhooks ----------------------------------------------------------------------------------


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnly):
    """No secrets here: neither the signing secret, nor what a path or query may hold."""

    list_display = ("name", "id", "host", "workspace", "created_at", "disabled_at")
    list_filter = (("disabled_at", admin.EmptyFieldListFilter), "workspace")
    search_fields = ("id", "name")
    list_select_related = ("workspace",)
    ordering = ("-created_at",)
    fields = ("id", "name", "host", "event_types", "workspace", "created_at", "updated_at", "disabled_at", "log")
    actions = ("enable", "disable")
    log_lines = 50

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[WebhookEndpoint]:
        return super().get_queryset(request).filter(deleted_at=None)

    @admin.display
    def host(self, endpoint: WebhookEndpoint) -> str:
        url = urlsplit(endpoint.url)
        return f"{url.scheme}://{url.netloc}"

    @admin.display
    def log(self, endpoint: WebhookEndpoint) -> SafeString:
        """Its latest attempts, and the way to all its deliveries."""
        attempts = WebhookAttempt.objects.filter(delivery__endpoint=endpoint).select_related("delivery")
        lines = (
            (f"{it.at:%Y-%m-%d %H:%M:%S}", it.delivery.event_type, it.delivery.event_id, it, it.milliseconds)
            for it in attempts.order_by("-pk")[: self.log_lines]
        )
        rows = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{} ms</td></tr>", lines)
        deliveries = f"{reverse('admin:videos_webhookdelivery_changelist')}?endpoint__id__exact={endpoint.pk}"
        return format_html('<a href="{}">All deliveries</a><table>{}</table>', deliveries, rows)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("videos.change_webhookendpoint")

    @admin.action(description="Enable selected endpoints", permissions=["operate"])
    def enable(self, request: HttpRequest, queryset: models.QuerySet[WebhookEndpoint]) -> None:
        messages.success(request, f"{sum(endpoint.enable() for endpoint in queryset)} endpoints enabled.")

    @admin.action(description="Disable selected endpoints, and give up what waits", permissions=["operate"])
    def disable(self, request: HttpRequest, queryset: models.QuerySet[WebhookEndpoint]) -> None:
        messages.success(request, f"{sum(endpoint.disable() for endpoint in queryset)} endpoints disabled.")


class WebhookAttemptInline(admin.TabularInline[WebhookAttempt, WebhookDelivery]):
    model = WebhookAttempt
    fields = readonly_fields = ("at", "status", "error", "milliseconds")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly):
    list_display = (
        "event_id",
        "event_type",
        "endpoint",
        "attempts",
        "created_at",
        "due_at",
        "delivered_at",
        "given_up_at",
    )
    list_filter = (
        "event_type",
        ("delivered_at", admin.EmptyFieldListFilter),
        ("given_up_at", admin.EmptyFieldListFilter),
        ("endpoint", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("event_id", "body", "endpoint__id", "endpoint__name")
    list_select_related = ("endpoint",)
    ordering = ("-pk",)
    date_hierarchy = "created_at"
    inlines = (WebhookAttemptInline,)
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[WebhookDelivery]:
        return super().get_queryset(request).filter(endpoint__deleted_at=None)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("videos.change_webhookdelivery")

    @admin.action(description="Send again", permissions=["operate"])
    def send_again(self, request: HttpRequest, queryset: models.QuerySet[WebhookDelivery]) -> None:
        sent = [actions.replay_delivery(delivery) for delivery in queryset]
        messages.success(request, f"{sum(sent)} deliveries will be sent again.")
        if not all(sent):
            messages.warning(request, f"{sent.count(False)} not: their endpoint is disabled.")


@admin.register(File)
class FileAdmin(ReadOnly):
    list_display = ("id", "filename", "purpose", "size", "workspace", "created_at", "expires_at", "deleted_at")
    list_filter = ("purpose", "workspace", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("id", "filename", "sha256", "created_by__email")
    list_select_related = ("workspace",)
    ordering = ("-created_at",)


@admin.register(Character)
class CharacterAdmin(ReadOnly):
    list_display = ("id", "name", "workspace", "created_by", "duration", "created_at")
    list_filter = ("workspace",)
    search_fields = ("id", "name", "created_by__email")
    list_select_related = ("workspace", "created_by")
    ordering = ("-created_at",)


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    list_display = ("id", "status", "model", "total", "completed", "failed", "workspace", "created_at", "due_at")
    list_filter = ("status", "workspace")
    search_fields = ("id", "input_file_id", "created_by__email")
    list_select_related = ("workspace",)
    ordering = ("-created_at",)
