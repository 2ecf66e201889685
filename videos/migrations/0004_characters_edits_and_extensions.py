"""Characters, uploaded sources, lengths of extensions, and what was emulated."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import videos.models.character

GUARD = import_module("videos.migrations.0002_refuse_illegal_moves").SQLITE


def guard_again(apps: Any, schema_editor: Any) -> None:
    """SQLite makes the table of videos anew, and its triggers are gone with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS video_phase_moves")
        schema_editor.execute(GUARD)


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0003_keys_limits_and_receipts"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
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
        migrations.RemoveConstraint(
            model_name="asset",
            name="known_variant",
        ),
        migrations.RemoveConstraint(
            model_name="video",
            name="derived_video_has_source",
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
            model_name="appearance",
            name="video",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="videos.video"),
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
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("expires_at__isnull", False)),
                fields=["expires_at"],
                name="video_expires",
            ),
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
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
