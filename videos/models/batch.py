"""Many creates at once, from the lines of a file, worked off behind what people wait for."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from videos.models.due import Due
from videos.models.video import Video
from videos.models.workspace import Workspace


def new_batch_id() -> str:
    return f"batch_{secrets.token_hex(16)}"


class BatchQuerySet(models.QuerySet["Batch"]):
    def in_workspace(self, workspace: Workspace) -> BatchQuerySet:
        return self.filter(workspace=workspace)

    def named(self, batch_id: str) -> BatchQuerySet:
        """The row of that id, if there is one. PostgreSQL's text holds no NUL, so no id does."""
        return self.none() if "\x00" in batch_id else self.filter(pk=batch_id)


class Batch(Due):
    """`total`, `completed` and `failed` count lines. Files are named by id only: deleting one breaks no batch."""

    class Status(models.TextChoices):
        VALIDATING = "validating"
        FAILED = "failed"
        IN_PROGRESS = "in_progress"
        FINALIZING = "finalizing"
        COMPLETED = "completed"
        EXPIRED = "expired"
        CANCELLING = "cancelling"
        CANCELLED = "cancelled"

    ENDED = (Status.FAILED, Status.COMPLETED, Status.EXPIRED, Status.CANCELLED)

    id = models.CharField(max_length=40, primary_key=True, default=new_batch_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="batches")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    input_file_id = models.CharField(max_length=40)
    endpoint = models.CharField(max_length=40)
    completion_window = models.CharField(max_length=10)
    metadata = models.JSONField(null=True)
    output_seconds = models.PositiveIntegerField(null=True, help_text="How long the output files are kept.")
    model = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.VALIDATING)
    errors = models.JSONField(null=True)
    output_file_id = models.CharField(max_length=40, blank=True)
    error_file_id = models.CharField(max_length=40, blank=True)
    total = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    in_progress_at = models.DateTimeField(null=True)
    finalizing_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    cancelling_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="batch_list"),
            models.Index(fields=["due_at"], name="batch_due", condition=Q(due_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("failed", "completed", "expired", "cancelled"), due_at=None)
                | (~Q(status__in=("failed", "completed", "expired", "cancelled")) & Q(due_at__isnull=False)),
                name="batch_due_iff_unfinished",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=models.F("completed") + models.F("failed")), name="batch_counts_add_up"
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def is_final(self) -> bool:
        return self.status in self.ENDED

    def move(self, status: str, **changes: Any) -> None:
        """To another status, whose own time column is set with it."""
        due_at = {"due_at": None} if status in self.ENDED else {}
        self._write(status=status, **{f"{status}_at": timezone.now()}, **due_at, **changes)

    def look_again(self, **changes: Any) -> None:
        self._write(**changes)


class BatchLine(models.Model):
    """One line of the input; it is open until it has a response or an error."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    custom_id = models.CharField(max_length=200)
    body = models.JSONField()
    video = models.OneToOneField(Video, models.PROTECT, null=True, related_name="batch_line")
    response = models.JSONField(null=True)
    error = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "custom_id"], name="one_line_per_custom_id"),
            models.UniqueConstraint(fields=["batch", "number"], name="one_line_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.custom_id} of {self.batch_id}"
