"""The phases of a video, which move may follow which, and the kinds of trouble on the way."""

from __future__ import annotations

from django.db import models


class Phase(models.TextChoices):
    """The machine's word for where a video stands; the contract's `status` is derived from it."""

    QUEUED = "queued"
    CREATING = "creating"  # the intent is stored, the request may be on the wire
    UNKNOWN = "unknown"  # it may or may not have reached the backend
    HELD = "held"  # waits for a person
    SUBMITTED = "submitted"
    GENERATING = "generating"
    COLLECTING = "collecting"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Trouble(models.TextChoices):
    """What went wrong last; `failures` counts how often in a row."""

    UNAVAILABLE = "unavailable"  # the backend does not answer, or says: later
    LOST = "lost"  # the backend says that it does not know the video
    COPY = "copy"  # the file that came is not what was promised
    STORAGE = "storage"  # our own disk or bucket
    OWN = "own"  # a defect of ours, or of the settings


TERMINAL = (Phase.READY, Phase.FAILED, Phase.CANCELLED)
AT_BACKEND = (Phase.SUBMITTED, Phase.GENERATING, Phase.COLLECTING, Phase.READY)

# Anything else is refused: by `Video._move`, in the database by a trigger that a test holds to this table.
TRANSITIONS: dict[Phase, tuple[Phase, ...]] = {
    Phase.QUEUED: (Phase.CREATING, Phase.HELD, Phase.FAILED, Phase.CANCELLED),
    Phase.CREATING: (Phase.SUBMITTED, Phase.QUEUED, Phase.UNKNOWN, Phase.FAILED, Phase.CANCELLED),
    Phase.UNKNOWN: (Phase.SUBMITTED, Phase.QUEUED, Phase.HELD, Phase.FAILED, Phase.CANCELLED),
    Phase.HELD: (Phase.QUEUED, Phase.SUBMITTED, Phase.FAILED, Phase.CANCELLED),
    # Back to the queue only when a backend that may be asked again has forgotten the job.
    Phase.SUBMITTED: (Phase.GENERATING, Phase.COLLECTING, Phase.QUEUED, Phase.HELD, Phase.FAILED, Phase.CANCELLED),
    Phase.GENERATING: (Phase.COLLECTING, Phase.QUEUED, Phase.HELD, Phase.FAILED, Phase.CANCELLED),
    Phase.COLLECTING: (Phase.READY, Phase.QUEUED, Phase.FAILED, Phase.CANCELLED),
    Phase.READY: (),
    Phase.FAILED: (),
    Phase.CANCELLED: (),
}
