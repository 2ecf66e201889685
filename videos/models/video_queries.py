"""How rows of videos are found: by owner, id, status, and in the order of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from videos import contract
from videos.models.due import OwnedAndDue
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


class VideoQuerySet(OwnedAndDue["Video"]):
    def in_workspace(self, workspace: Workspace | models.QuerySet[Workspace]) -> Self:
        """What belongs to the workspace, is not deleted and not hidden."""
        return super().in_workspace(workspace).filter(deleted_at=None, hidden_at=None)

    def with_status(self, status: str) -> Self:
        return self.filter(STATUS[status])

    def page(self, *, order: str = "desc", after: Video | None = None) -> Self:
        return page_of(self, order=order, after=after)
