"""Characters, files, batches, webhooks, and what is known of a program's requests."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import videos.models.api_key
import videos.models.batch
import videos.models.character
import videos.models.file
import videos.models.sealed
import videos.models.webhook

GUARD = import_module("videos.migrations.0002_refuse_illegal_moves").SQLITE


def guard_again(apps: Any, schema_editor: Any) -> None:
    """SQLite makes the table of videos anew, and its triggers are gone with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS video_phase_moves")
        schema_editor.execute(GUARD)


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0002_refuse_illegal_moves"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.CreateModel(
            name="ApiRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_id", models.CharField(max_length=40, unique=True)),
                ("method", models.CharField(max_length=10)),
                ("path", models.CharField(max_length=200)),
                ("status", models.PositiveSmallIntegerField()),
                ("milliseconds", models.PositiveIntegerField()),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("error_message", models.CharField(blank=True, max_length=300)),
                ("client", models.CharField(blank=True, help_text="User-Agent", max_length=80)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "API request",
            },
        ),
        migrations.CreateModel(
            name="Appearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ("fence", models.PositiveBigIntegerField(default=0)),
                (
                    "id",
                    models.CharField(
                        default=videos.models.batch.new_batch_id,
                        editable=False,
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("input_file_id", models.CharField(max_length=40)),
                ("endpoint", models.CharField(max_length=40)),
                ("completion_window", models.CharField(max_length=10)),
                ("metadata", models.JSONField(null=True)),
                (
                    "output_seconds",
                    models.PositiveIntegerField(help_text="How long the output files are kept.", null=True),
                ),
                ("model", models.CharField(blank=True, max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("validating", "Validating"),
                            ("failed", "Failed"),
                            ("in_progress", "In Progress"),
                            ("finalizing", "Finalizing"),
                            ("completed", "Completed"),
                            ("expired", "Expired"),
                            ("cancelling", "Cancelling"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="validating",
                        max_length=12,
                    ),
                ),
                ("errors", models.JSONField(null=True)),
                ("output_file_id", models.CharField(blank=True, max_length=40)),
                ("error_file_id", models.CharField(blank=True, max_length=40)),
                ("total", models.PositiveIntegerField(default=0)),
                ("completed", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("in_progress_at", models.DateTimeField(null=True)),
                ("finalizing_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("expired_at", models.DateTimeField(null=True)),
                ("cancelling_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "batches",
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("custom_id", models.CharField(max_length=200)),
                ("body", models.JSONField()),
                ("response", models.JSONField(null=True)),
                ("error", models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Character",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=videos.models.character.new_character_id,
                        editable=False,
                        max_length=60,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("file", models.FileField(max_length=200, upload_to="")),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("duration", models.FloatField()),
                ("backend_ids", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=videos.models.file.new_file_id,
                        editable=False,
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("assistants", "Assistants"),
                            ("batch", "Batch"),
                            ("batch_output", "Batch Output"),
                            ("fine-tune", "Fine Tune"),
                            ("vision", "Vision"),
                            ("user_data", "User Data"),
                            ("evals", "Evals"),
                        ],
                        max_length=20,
                    ),
                ),
                ("filename", models.CharField(max_length=255)),
                ("file", models.FileField(max_length=200, upload_to="")),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("idempotency_key", models.CharField(max_length=255, null=True)),
                ("fingerprint", models.CharField(max_length=64)),
                ("answer", models.JSONField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="TokenBucket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tokens", models.FloatField()),
                ("filled_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                ("milliseconds", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ("fence", models.PositiveBigIntegerField(default=0)),
                ("event_id", models.CharField(max_length=40)),
                ("event_type", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=videos.models.webhook.new_endpoint_id,
                        editable=False,
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("url", models.CharField(max_length=2000)),
                ("event_types", models.JSONField(default=list)),
                ("signing_secret", videos.models.sealed.SealedField(default=videos.models.webhook.new_signing_secret)),
                ("old_secret", videos.models.sealed.SealedField(blank=True)),
                ("old_secret_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "disabled_at",
                    models.DateTimeField(
                        blank=True, help_text="It failed for too long, or was switched off.", null=True
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="asset",
            name="known_variant",
        ),
        migrations.RemoveConstraint(
            model_name="video",
            name="derived_video_has_source",
        ),
        migrations.AddField(
            model_name="apikey",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="rate",
            field=models.PositiveIntegerField(
                blank=True, help_text="Creates a minute; empty for the server's own limit, 0 for none.", null=True
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="scopes",
            field=models.JSONField(blank=True, default=videos.models.api_key.all_scopes),
        ),
        migrations.AddField(
            model_name="video",
            name="added_seconds",
            field=models.PositiveSmallIntegerField(help_text="Length of an extension's new part.", null=True),
        ),
        migrations.AddField(
            model_name="video",
            name="emulated",
            field=models.CharField(
                blank=True,
                choices=[("remix", "Remix"), ("edit", "Edit"), ("extend", "Extend"), ("characters", "Characters")],
                help_text="What the backend lacked, and Studio put together.",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="asset",
            name="variant",
            field=models.CharField(
                choices=[
                    ("video", "Video"),
                    ("thumbnail", "Thumbnail"),
                    ("spritesheet", "Spritesheet"),
                    ("reference", "Reference"),
                    ("source", "Source"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(("variant__in", ["video", "thumbnail", "spritesheet", "reference", "source"])),
                name="known_variant",
            ),
        ),
        migrations.AddField(
            model_name="apirequest",
            name="api_key",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="videos.apikey"
            ),
        ),
        migrations.AddField(
            model_name="appearance",
            name="video",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="videos.video"),
        ),
        migrations.AddField(
            model_name="batch",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="videos.workspace"
            ),
        ),
        migrations.AddField(
            model_name="batchline",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="videos.batch"
            ),
        ),
        migrations.AddField(
            model_name="batchline",
            name="video",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="batch_line", to="videos.video"
            ),
        ),
        migrations.AddField(
            model_name="character",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="character",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="characters", to="videos.workspace"
            ),
        ),
        migrations.AddField(
            model_name="appearance",
            name="character",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="videos.character"),
        ),
        migrations.AddField(
            model_name="video",
            name="characters",
            field=models.ManyToManyField(related_name="videos", through="videos.Appearance", to="videos.character"),
        ),
        migrations.AddConstraint(
            model_name="video",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("operation", "create"), ("source", None)),
                    models.Q(("operation", "remix"), ("source__isnull", False)),
                    ("operation__in", ("edit", "extend")),
                    _connector="OR",
                ),
                name="remix_has_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="video",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("added_seconds__gt", 0), ("operation", "extend")),
                    models.Q(models.Q(("operation", "extend"), _negated=True), ("added_seconds", None)),
                    _connector="OR",
                ),
                name="extension_says_how_long",
            ),
        ),
        migrations.AddField(
            model_name="file",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="file",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="videos.workspace"
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="api_key",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="videos.apikey"
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="videos.workspace"
            ),
        ),
        migrations.AddField(
            model_name="tokenbucket",
            name="api_key",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="bucket", to="videos.apikey"
            ),
        ),
        migrations.AddField(
            model_name="webhookattempt",
            name="delivery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="log", to="videos.webhookdelivery"
            ),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="webhook_endpoints", to="videos.workspace"
            ),
        ),
        migrations.AddField(
            model_name="webhookdelivery",
            name="endpoint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="videos.webhookendpoint"
            ),
        ),
        migrations.AddIndex(
            model_name="apirequest",
            index=models.Index(fields=["api_key", "-created_at", "-id"], name="request_log"),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["workspace", "-created_at", "-id"], name="batch_list"),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="batch_due"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at", None), ("status__in", ("failed", "completed", "expired", "cancelled"))),
                    models.Q(
                        models.Q(("status__in", ("failed", "completed", "expired", "cancelled")), _negated=True),
                        ("due_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="batch_due_iff_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total__gte",
                        django.db.models.expressions.CombinedExpression(models.F("completed"), "+", models.F("failed")),
                    )
                ),
                name="batch_counts_add_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(fields=("batch", "custom_id"), name="one_line_per_custom_id"),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="one_line_per_number"),
        ),
        migrations.AddConstraint(
            model_name="character",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="character_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="appearance",
            constraint=models.UniqueConstraint(fields=("video", "character"), name="one_appearance_per_character"),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(fields=["workspace", "-created_at", "-id"], name="file_list"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["api_key", "fingerprint", "-created_at"], name="receipt_by_fingerprint"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("workspace", "idempotency_key"), name="one_receipt_per_key"),
        ),
        migrations.AddConstraint(
            model_name="tokenbucket",
            constraint=models.CheckConstraint(condition=models.Q(("tokens__gte", 0)), name="bucket_is_not_overdrawn"),
        ),
        migrations.AddIndex(
            model_name="webhookendpoint",
            index=models.Index(fields=["workspace", "-created_at", "-id"], name="webhook_endpoint_list"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="webhook_due"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                fields=("endpoint", "event_id"), name="one_delivery_per_event_and_endpoint"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at", None), ("due_at__isnull", False), ("given_up_at", None)),
                    models.Q(
                        ("due_at", None),
                        models.Q(("delivered_at__isnull", False), ("given_up_at__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="delivery_due_iff_open",
            ),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
