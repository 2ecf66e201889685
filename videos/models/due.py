"""Rows that the machine works off: `due_at` says when to look next, `fence` who may write."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F
from django.utils import timezone

from videos.models.owned import Owned, Row

LEASE = timedelta(seconds=30)


class Stale(Exception):
    """Somebody else moved the row: drop the work."""


class OwnedAndDue(Owned[Row]):
    def due(self) -> Self:
        """Whom to look at now, the longest waiting first."""
        return self.filter(due_at__lte=timezone.now()).order_by("due_at")


class Due(models.Model):
    """`due_at` is schedule, lease, back-off and crash recovery in one column.

    A worker claims a due row, which raises `fence`; each later write of that worker names the fence it saw and must
    change exactly one row, or the work is dropped as stale.
    """

    due_at = models.DateTimeField(null=True, default=timezone.now)
    fence = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, pk: Any, *, now: datetime | None = None) -> Self | None:
        """Take a due row for the length of a lease; None if it is gone, not due, or another worker was faster."""
        now = now or timezone.now()
        row = cls._default_manager.filter(pk=pk, due_at__lte=now).first()
        if row is None:
            return None
        taken = cls._default_manager.filter(pk=pk, fence=row.fence, due_at__lte=now)
        if not taken.update(fence=F("fence") + 1, due_at=now + LEASE):
            return None
        row.fence += 1
        row.due_at = now + LEASE
        return row

    def renew(self) -> None:
        """Keep the claim for another lease, during long work."""
        self._write(due_at=timezone.now() + LEASE)

    def _write(self, **changes: Any) -> None:
        self._swap({"pk": self.pk, "fence": self.fence}, changes)

    def _swap(self, seen: dict[str, Any], changes: dict[str, Any]) -> None:
        """Compare and swap."""
        if not type(self)._default_manager.filter(**seen).update(**changes):
            raise Stale(self.pk)
        for name, value in changes.items():
            setattr(self, name, value)
