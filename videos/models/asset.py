"""A stored file: an uploaded reference, or a variant of a finished video."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from videos.models.video import Video

EXTENSIONS = {
    "video/mp4": "mp4",
    "image/webp": "webp",
    "image/jpeg": "jpg",
    "image/png": "png",
}


class Asset(models.Model):
    """Sizes are bytes and pixels, `duration` seconds; `columns` and `frames` say how a spritesheet is laid out."""

    class Variant(models.TextChoices):
        VIDEO = "video"
        THUMBNAIL = "thumbnail"
        SPRITESHEET = "spritesheet"
        REFERENCE = "reference"
        SOURCE = "source"  # an uploaded film to edit or extend

    video = models.ForeignKey(Video, models.CASCADE, related_name="assets")
    variant = models.CharField(max_length=12, choices=Variant)
    file = models.FileField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration = models.FloatField(null=True)
    columns = models.PositiveSmallIntegerField(null=True)
    frames = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "variant"], name="one_asset_per_variant"),
            models.CheckConstraint(
                condition=models.Q(variant__in=["video", "thumbnail", "spritesheet", "reference", "source"]),
                name="known_variant",
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="asset_has_bytes"),
        ]

    def __str__(self) -> str:
        return f"{self.variant} of {self.video_id}"

    @property
    def key(self) -> str:
        """Its name in the storage."""
        return str(self.file.name)

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]

    @property
    def filename(self) -> str:
        """The name a download is saved under."""
        suffix = "" if self.variant == self.Variant.VIDEO else f"-{self.variant}"
        return f"{self.video_id}{suffix}.{self.extension}"

    @staticmethod
    def new_key(video_id: str, content_type: str, variant: str) -> str:
        """A storage key that was never used: two workers can never write over each other."""
        return f"{Asset.folder(video_id)}/{variant}-{secrets.token_hex(8)}.{EXTENSIONS[content_type]}"

    @staticmethod
    def folder(video_id: str) -> str:
        return f"videos/{video_id}"
