"""The row is the job is the resource. Every legal move of a video is a method of this file, and of no other."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from videos import contract
from videos.models.character import Character
from videos.models.due import LEASE, Due, Stale
from videos.models.phases import AT_BACKEND, TERMINAL, TRANSITIONS, Phase, Trouble
from videos.models.video_queries import VideoQuerySet
from videos.models.webhook import VIDEO_COMPLETED, VIDEO_FAILED, announce
from videos.models.workspace import Workspace

# Nothing is wrong (any more).
CALM: dict[str, Any] = {"trouble": "", "failures": 0}


class IllegalMove(Exception):
    """The code asked for a move that TRANSITIONS does not have: a defect."""


def new_video_id() -> str:
    return f"video_{secrets.token_hex(24)}"


def new_seed() -> int:
    return secrets.randbelow(contract.SEED_MAX + 1)


class Video(Due):
    """A row that is due while there is something left to do; a write names the fence and the phase that it saw."""

    class Operation(models.TextChoices):
        CREATE = "create"
        REMIX = "remix"
        EDIT = "edit"
        EXTEND = "extend"

    class Emulated(models.TextChoices):
        REMIX = "remix"
        EDIT = "edit"
        EXTEND = "extend"
        CHARACTERS = "characters"

    Stale = Stale

    id = models.CharField(max_length=60, primary_key=True, default=new_video_id, editable=False)
    # Protected: a workspace must not take away rows whose files and renders nobody would then remove.
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="videos")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="videos")

    model = models.CharField(max_length=120, help_text="As the client asked; echoed back.")
    prompt = models.TextField()
    size = models.CharField(max_length=11)
    seconds = models.PositiveSmallIntegerField()
    seed = models.PositiveBigIntegerField(default=new_seed)
    operation = models.CharField(max_length=6, choices=Operation, default=Operation.CREATE)
    # None for an edit or extension of an uploaded film, which is then an asset of its own.
    source = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="derived")
    added_seconds = models.PositiveSmallIntegerField(null=True, help_text="Length of an extension's new part.")
    characters = models.ManyToManyField(Character, through="Appearance", related_name="videos")
    emulated = models.CharField(
        max_length=12, choices=Emulated, blank=True, help_text="What the backend lacked, and Studio put together."
    )

    phase = models.CharField(max_length=10, choices=Phase, default=Phase.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)

    backend = models.CharField(max_length=120, help_text="Alias in VIDEO_BACKENDS.")
    backend_model = models.CharField(max_length=120)
    backend_video_id = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Renders that the backend has lost.")
    trouble = models.CharField(max_length=11, choices=Trouble, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="Troubles of this kind in a row.")

    created_at = models.DateTimeField(default=timezone.now)
    phase_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = VideoQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="video_library"),
            models.Index(fields=["due_at"], name="video_due", condition=Q(due_at__isnull=False)),
            models.Index(
                fields=["expires_at"], name="video_expires", condition=Q(expires_at__isnull=False, deleted_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="known_phase"),
            models.CheckConstraint(
                condition=Q(operation__in=["create", "remix", "edit", "extend"]), name="known_operation"
            ),
            models.CheckConstraint(
                condition=Q(operation="create", source=None)
                | Q(operation="remix", source__isnull=False)
                | Q(operation__in=("edit", "extend")),
                name="remix_has_source",
            ),
            models.CheckConstraint(
                condition=Q(operation="extend", added_seconds__gt=0) | (~Q(operation="extend") & Q(added_seconds=None)),
                name="extension_says_how_long",
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="video_has_length"),
            models.CheckConstraint(
                condition=Q(phase=Phase.READY, progress=100) | (~Q(phase=Phase.READY) & Q(progress__lte=99)),
                name="only_ready_is_100_percent",
            ),
            models.CheckConstraint(
                condition=Q(phase__in=TERMINAL, completed_at__isnull=False)
                | (~Q(phase__in=TERMINAL) & Q(completed_at=None)),
                name="ended_iff_completed_at",
            ),
            models.CheckConstraint(
                condition=(Q(phase__in=(Phase.FAILED, Phase.CANCELLED)) & ~Q(error_code=""))
                | (~Q(phase__in=(Phase.FAILED, Phase.CANCELLED)) & Q(error_code="")),
                name="failed_iff_error_code",
            ),
            models.CheckConstraint(
                condition=~Q(phase__in=AT_BACKEND) | ~Q(backend_video_id=""), name="at_backend_has_backend_id"
            ),
            models.CheckConstraint(
                condition=~Q(phase__in=(Phase.GENERATING, Phase.COLLECTING)) | Q(started_at__isnull=False),
                name="generating_has_started",
            ),
            # Due exactly while there is something left to do: to finish it, or to remove what was deleted.
            models.CheckConstraint(
                condition=(
                    (~Q(phase__in=TERMINAL) | Q(deleted_at__isnull=False, purged_at=None)) & Q(due_at__isnull=False)
                )
                | (Q(phase__in=TERMINAL) & (Q(deleted_at=None) | Q(purged_at__isnull=False)) & Q(due_at=None)),
                name="due_iff_unfinished",
            ),
            models.CheckConstraint(condition=Q(purged_at=None) | Q(deleted_at__isnull=False), name="purged_is_deleted"),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_by=None) | Q(hidden_at__isnull=False, hidden_by__isnull=False),
                name="hidden_at_with_hidden_by",
            ),
            models.UniqueConstraint(
                fields=["backend", "backend_video_id"],
                condition=~Q(backend_video_id=""),
                name="one_video_per_backend_video",
            ),
        ]

    def __str__(self) -> str:
        return self.id

    # --- what it is ------------------------------------------------------------------------

    @property
    def status(self) -> str:
        """The contract's word; STATUS says the same as a query."""
        match self.phase:
            case Phase.READY:
                return contract.COMPLETED
            case Phase.FAILED | Phase.CANCELLED:
                return contract.FAILED
        return contract.IN_PROGRESS if self.started_at else contract.QUEUED

    @property
    def is_final(self) -> bool:
        return self.phase in TERMINAL

    @property
    def width(self) -> int:
        return contract.parse_size(self.size)[0]

    @property
    def height(self) -> int:
        return contract.parse_size(self.size)[1]

    def is_whole_at(self, backend: str) -> bool:
        """Whether that backend has this very film: of an emulated extension it has the new part alone."""
        return self.backend == backend and bool(self.backend_video_id) and self.emulated != self.Emulated.EXTEND

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def create_key(self) -> str:
        """What the idempotency keys of its create requests begin with: the same until the backend has lost it."""
        return f"{self.id}-{self.attempts}"

    # --- moves of the machine ------------------------------------------------------------------

    def in_a_row(self, trouble: Trouble) -> int:
        """How often it would have happened if it happened now."""
        return self.failures + 1 if self.trouble == trouble else 1

    def look_again(self, after: timedelta, *, trouble: Trouble | None = None) -> None:
        self._write(due_at=timezone.now() + after, **self._count(trouble))

    def _count(self, trouble: Trouble | None) -> dict[str, Any]:
        return {"trouble": trouble, "failures": self.in_a_row(trouble)} if trouble else dict(CALM)

    def begin_create(self) -> None:
        """Store the intent before the request goes out."""
        self._move(Phase.CREATING, due_at=timezone.now() + LEASE)

    def doubt(self) -> None:
        self._move(Phase.UNKNOWN)

    def submitted(self, backend_video_id: str, *, look_after: timedelta) -> None:
        due_at = timezone.now() + look_after
        self._move(Phase.SUBMITTED, backend_video_id=backend_video_id, due_at=due_at, **CALM)

    def report(self, progress: int, *, look_after: timedelta) -> None:
        """The backend works on it. Progress never falls, and 100 is for ready alone."""
        changes: dict[str, Any] = {**CALM, "due_at": timezone.now() + look_after}
        changes["progress"] = max(self.progress, min(progress, 99))
        if self.phase == Phase.SUBMITTED:
            self._move(Phase.GENERATING, started_at=self.started_at or timezone.now(), **changes)
        else:
            self._write(**changes)

    def begin_collect(self) -> None:
        self._move(
            Phase.COLLECTING,
            started_at=self.started_at or timezone.now(),
            progress=max(self.progress, 99),
            due_at=timezone.now() + LEASE,
            **CALM,
        )

    def ready(self) -> None:
        now, kept = timezone.now(), settings.KEEP_HOURS
        expires_at = now + timedelta(hours=kept) if kept else None
        self._end(Phase.READY, VIDEO_COMPLETED, progress=100, completed_at=now, expires_at=expires_at)

    def fail(self, code: str, message: str) -> None:
        """`code` and `message` may be a backend's own words: cut to what the columns hold."""
        ending = {"error_code": code[:60] or "generation_failed", "error_message": message[:2000]}
        self._end(Phase.FAILED, VIDEO_FAILED, completed_at=timezone.now(), **ending)

    def _end(self, phase: Phase, event: str, **changes: Any) -> None:
        """Whoever is to be told is told by the transaction that makes it true."""
        with transaction.atomic():
            self._move(phase, due_at=None, **changes)
            announce(self.workspace_id, event, self.id)

    def emulate(self, what: str) -> None:
        """The backend turned out to lack it."""
        self._write(emulated=what)

    def requeue(self, *, after: timedelta, trouble: Trouble | None = None) -> None:
        """Start again from the queue: it never reached the backend, or the backend lost it."""
        self._move(
            Phase.QUEUED,
            backend_video_id="",
            attempts=self.attempts + bool(self.backend_video_id),
            due_at=timezone.now() + after,
            **self._count(trouble),
        )

    def purged(self) -> None:
        """The bytes of a deleted video are gone; the row stays as a tombstone for lists that stand on it."""
        changes: dict[str, Any] = {"purged_at": timezone.now(), "due_at": None, "prompt": ""}
        if self.is_final:
            self._write(**changes)
        else:
            ending = {"error_code": "cancelled", "error_message": "Deleted.", "completed_at": timezone.now()}
            self._move(Phase.CANCELLED, **ending, **changes)

    # --- moves of people -----------------------------------------------------------------------

    def delete_softly(self) -> bool:
        """Out of sight at once; the machine removes the bytes. False if it was deleted already."""
        now = timezone.now()
        rows = Video.objects.filter(pk=self.pk, deleted_at=None)
        return bool(rows.update(deleted_at=now, due_at=now, fence=F("fence") + 1))

    # --- compare and swap ------------------------------------------------------------------------

    def _move(self, phase: Phase, **changes: Any) -> None:
        if phase not in TRANSITIONS[Phase(self.phase)]:
            raise IllegalMove(f"{self.phase} → {phase}")
        self._write(phase=phase, phase_at=timezone.now(), **changes)

    def _write(self, **changes: Any) -> None:
        self._swap({"pk": self.pk, "fence": self.fence, "phase": self.phase}, changes)


class Appearance(models.Model):
    """A character that was asked for in a video."""

    video = models.ForeignKey(Video, models.CASCADE)
    character = models.ForeignKey(Character, models.PROTECT)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["video", "character"], name="one_appearance_per_character")]

    def __str__(self) -> str:
        return f"{self.character_id} in {self.video_id}"
