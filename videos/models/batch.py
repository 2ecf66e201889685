"""Many creates at once, from the lines of a file, worked off a few at a time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from videos.models.due import Due, OwnedAndDue
from videos.models.video import Video
from videos.models.webhook import announce
from videos.models.workspace import Membership, Workspace


def new_batch_id() -> str:
    return f"batch_{secrets.token_hex(16)}"


class BatchQuerySet(OwnedAndDue["Batch"]):
    def unfinished(self) -> BatchQuerySet:
        return self.exclude(status__in=Batch.ENDED)


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

    @property
    def may_go_on(self) -> bool:
        """While the one who has begun it may still make videos in its workspace."""
        person = Membership.objects.filter(workspace=self.workspace_id, user=self.created_by_id, user__is_active=True)
        return person.filter(role__in=Membership.MAKERS).exists()

    # --- moves of the machine ------------------------------------------------------------------

    def move(self, status: str, **changes: Any) -> None:
        """To another status, whose own time column is set with it. Whoever is to be told of an end is told."""
        now, ends = timezone.now(), status in self.ENDED
        with transaction.atomic():
            self._write(status=status, due_at=None if ends else now, **{f"{status}_at": now}, **changes)
            if ends:
                announce(self.workspace_id, f"batch.{status}", self.id)

    def look_again(self, after: timedelta) -> None:
        self._write(due_at=timezone.now() + after)

    def begin_line(self, line: BatchLine, video: Video) -> None:
        """Belongs into the transaction that makes the video: a worker that was overtaken makes none."""
        self.renew()
        line.write(video=video, body={})

    def answer(self, line: BatchLine, response: dict[str, Any]) -> None:
        with transaction.atomic():
            self._write(completed=self.completed + 1)
            line.write(response=response)

    def refuse(self, line: BatchLine, error: dict[str, Any]) -> None:
        with transaction.atomic():
            self._write(failed=self.failed + 1)
            line.write(error=error, body={})

    def note_failure(self, line: BatchLine) -> int:
        """How often the line has made trouble of our own by now."""
        failures = line.failures + 1
        with transaction.atomic():
            self.renew()
            line.write(failures=failures)
        return failures

    def refuse_the_rest(self, error: dict[str, Any]) -> None:
        with transaction.atomic():
            count = self.lines.open().update(error=error, body={})
            self._write(failed=self.failed + count)

    # --- moves of people -----------------------------------------------------------------------

    def begin_cancel(self) -> bool:
        """False if it has ended; one that is being cancelled already goes on so."""
        now = timezone.now()
        rows = Batch.objects.filter(pk=self.pk).exclude(status__in=(*self.ENDED, self.Status.CANCELLING))
        rows.update(status=self.Status.CANCELLING, cancelling_at=now, due_at=now, fence=F("fence") + 1)
        self.refresh_from_db()
        return self.status not in self.ENDED


class BatchLineQuerySet(models.QuerySet["BatchLine"]):
    def open(self) -> BatchLineQuerySet:
        return self.filter(response__isnull=True, error__isnull=True).order_by("number")

    def waiting(self) -> BatchLineQuerySet:
        return self.open().filter(video=None)

    def next(self) -> BatchLine | None:
        """Those that have made trouble come last, that they hold nothing up."""
        waiting = self.waiting()
        return waiting.filter(failures=0).first() or waiting.order_by("failures", "number").first()

    def running(self) -> BatchLineQuerySet:
        return self.open().filter(video__isnull=False).select_related("video")


class BatchLine(models.Model):
    """One line of the input, kept until the files are written; it is open until it has a response or an error.

    Its `body` is of no use any more, and gone, as soon as there is a video.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    custom_id = models.CharField(max_length=200)
    body = models.JSONField()
    video = models.OneToOneField(Video, models.PROTECT, null=True, related_name="batch_line")
    response = models.JSONField(null=True)
    error = models.JSONField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = BatchLineQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["batch", "number"],
                name="batch_line_open",
                condition=Q(response__isnull=True, error__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "custom_id"], name="one_line_per_custom_id"),
            models.UniqueConstraint(fields=["batch", "number"], name="one_line_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.custom_id} of {self.batch_id}"

    def write(self, **changes: Any) -> None:
        BatchLine.objects.filter(pk=self.pk).update(**changes)
