"""What a key may do, how fast, what it did, and receipts of what that has made."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import videos.models.api_key


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0002_refuse_illegal_moves"),
    ]

    operations = [
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
                (
                    "api_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="videos.apikey"
                    ),
                ),
            ],
            options={
                "verbose_name": "API request",
                "indexes": [models.Index(fields=["api_key", "-created_at", "-id"], name="request_log")],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("idempotency_key", models.CharField(max_length=255, null=True)),
                ("fingerprint", models.CharField(max_length=64)),
                ("object_id", models.CharField(blank=True, help_text="What was made.", max_length=80)),
                ("answer", models.JSONField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "api_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="videos.apikey"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="videos.workspace"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["api_key", "fingerprint", "-created_at"], name="receipt_by_fingerprint"),
                    models.Index(fields=["created_at"], name="receipt_by_age"),
                    models.Index(fields=["object_id"], name="receipt_by_object"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "idempotency_key"), name="one_receipt_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenBucket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tokens", models.FloatField()),
                ("filled_at", models.DateTimeField()),
                (
                    "api_key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bucket", to="videos.apikey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("tokens__gte", 0)), name="bucket_is_not_overdrawn")
                ],
            },
        ),
    ]
