"""A file that a program has uploaded for later use, as a reference or as the input of a batch."""

from __future__ import annotations

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from videos.models.owned import Owned
from videos.models.workspace import Workspace

# Of most files neither is so.
ENDS = Q(deleted_at__isnull=False) | Q(expires_at__isnull=False)


def new_file_id() -> str:
    return f"file-{secrets.token_hex(16)}"


class FileQuerySet(Owned["File"]):
    def in_workspace(self, workspace: Workspace | models.QuerySet[Workspace]) -> Self:
        """What belongs to the workspace, is not deleted and not expired."""
        alive = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return super().in_workspace(workspace).filter(alive, deleted_at=None)

    def to_purge(self) -> Self:
        """Deleted or expired, and their bytes are still there."""
        over = Q(deleted_at__isnull=False) | Q(expires_at__lte=timezone.now())
        # `ENDS` adds nothing but the index: this is asked every few seconds.
        return self.exclude(file="").filter(ENDS).filter(over)


class File(models.Model):
    """`filename` is what the client called it, never a path of ours. A deleted row stays, for lists to stand on."""

    class Purpose(models.TextChoices):
        ASSISTANTS = "assistants"
        BATCH = "batch"
        BATCH_OUTPUT = "batch_output"
        FINE_TUNE = "fine-tune"
        VISION = "vision"
        USER_DATA = "user_data"
        EVALS = "evals"

    id = models.CharField(max_length=40, primary_key=True, default=new_file_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="files")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    filename = models.CharField(max_length=255)
    file = models.FileField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="file_list"),
            models.Index(fields=["expires_at"], name="file_to_purge", condition=~Q(file="") & ENDS),
        ]

    def __str__(self) -> str:
        return self.id

    def new_key(self) -> str:
        """A storage key that was never used."""
        return f"files/{self.id}/{secrets.token_hex(8)}"

    def delete_softly(self) -> bool:
        """Out of sight at once; the bytes follow. False if it was deleted already."""
        return bool(File.objects.filter(pk=self.pk, deleted_at=None).update(deleted_at=timezone.now()))

    def purge(self) -> None:
        """Bytes first: if that fails, the row still knows where they are."""
        self.file.delete(save=False)
        File.objects.filter(pk=self.pk).update(file="")
