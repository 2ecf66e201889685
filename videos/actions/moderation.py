"""What moderators do."""

from __future__ import annotations

from django.utils import timezone

from videos.models import User, Video


def hide_video(video: Video, *, by: User) -> bool:
    """Moderation: out of sight for everybody but staff. False if it was hidden already."""
    return bool(Video.objects.filter(pk=video.pk, hidden_at=None).update(hidden_at=timezone.now(), hidden_by=by))


def restore_video(video: Video) -> bool:
    return bool(Video.objects.filter(pk=video.pk).exclude(hidden_at=None).update(hidden_at=None, hidden_by=None))
