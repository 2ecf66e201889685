"""Uploaded files, and many creates from the lines of one."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import videos.models.batch
import videos.models.file


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0004_characters_edits_and_extensions"),
    ]

    operations = [
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
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="videos.workspace"
                    ),
                ),
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
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="videos.batch"
                    ),
                ),
                (
                    "video",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batch_line",
                        to="videos.video",
                    ),
                ),
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
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="videos.workspace"
                    ),
                ),
            ],
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
        migrations.AddIndex(
            model_name="batchline",
            index=models.Index(
                condition=models.Q(("error__isnull", True), ("response__isnull", True)),
                fields=["batch", "number"],
                name="batch_line_open",
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
        migrations.AddIndex(
            model_name="file",
            index=models.Index(fields=["workspace", "-created_at", "-id"], name="file_list"),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                condition=models.Q(
                    models.Q(("file", ""), _negated=True),
                    models.Q(("deleted_at__isnull", False), ("expires_at__isnull", False), _connector="OR"),
                ),
                fields=["expires_at"],
                name="file_to_purge",
            ),
        ),
    ]
