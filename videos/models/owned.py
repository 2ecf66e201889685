"""How the rows of a workspace are found: by their owner, and by the id that a client gives."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from videos.models.workspace import Workspace

Row = TypeVar("Row", bound=models.Model)


class Owned(models.QuerySet[Row]):
    def in_workspace(self, workspace: Workspace | models.QuerySet[Workspace]) -> Self:
        """The only way a door reads. Rows that are deleted or hidden leave themselves out in their own class."""
        if isinstance(workspace, Workspace):
            return self.filter(workspace=workspace)
        return self.filter(workspace__in=workspace)

    def named(self, row_id: str) -> Self:
        """The row of that id, if there is one. No database holds half a character, nor PostgreSQL a NUL."""
        return self.filter(pk=row_id) if row_id.isprintable() else self.none()
