"""How rows of videos are found: by owner, id, status, and in the order of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from videos import contract
from videos.models.pages import page_of
from videos.models.phases import TERMINAL, Phase
from videos.models.workspace import Workspace

if TYPE_CHECKING:
    from videos.models.video import Video

# The contract's four words as conditions on the row. A video that was started never looks queued again.
STATUS: dict[str, Q] = {
    contract.COMPLETED: Q(phase=Phase.READY),
    contract.FAILED: Q(phase__in=(Phase.FAILED, Phase.CANCELLED)),
    contract.IN_PROGRESS: Q(started_at__isnull=False) & ~Q(phase__in=TERMINAL),
    contract.QUEUED: Q(started_at__isnull=True) & ~Q(phase__in=TERMINAL),
}


class VideoQuerySet(models.QuerySet["Video"]):
    def in_workspace(self, workspace: Workspace | models.QuerySet[Workspace]) -> VideoQuerySet:
        """The only way a door reads: what belongs to the workspace, is not deleted and not hidden."""
        owner = {"workspace": workspace} if isinstance(workspace, Workspace) else {"workspace__in": workspace}
        return self.filter(**owner, deleted_at=None, hidden_at=None)

    def named(self, video_id: str) -> VideoQuerySet:
        """The row of that id, if there is one. No database holds half a character, nor PostgreSQL a NUL."""
        return self.filter(pk=video_id) if video_id.isprintable() else self.none()

    def with_status(self, status: str) -> VideoQuerySet:
        return self.filter(STATUS[status])

    def due(self) -> VideoQuerySet:
        return self.filter(due_at__lte=timezone.now()).order_by("due_at")

    def page(self, *, order: str = "desc", after: Video | None = None) -> VideoQuerySet:
        return page_of(self, order=order, after=after)
