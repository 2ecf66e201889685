"""One job of the engine as a value; every change of it is a new value."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from videos.contract import COMPLETED, FAILED, QUEUED, VideoError, VideoRequest, VideoResource

IDEMPOTENCY_SECONDS = 24 * 3600


class KeyReused(Exception):
    """The idempotency key came before with another order."""


@dataclass(frozen=True)
class Job:
    """JSON-able, so that it is its own record on disk."""

    id: str
    model: str
    prompt: str
    size: str
    seconds: int
    seed: int
    operation: str
    created_at: int
    source_id: str | None = None
    status: str = QUEUED
    progress: int = 0
    completed_at: int | None = None
    expires_at: int | None = None
    error: dict[str, str] | None = None
    layout: dict[str, int] = field(default_factory=dict)
    idempotency_key: str | None = None
    fingerprint: str = ""
    # An extension's share of the seconds, and how many of its kind its whole story has.
    added_seconds: int = 0
    extensions: int = 0
    # It goes back to a film that was uploaded, which no plan can paint again.
    from_film: bool = False

    @property
    def ended(self) -> bool:
        return self.status in {COMPLETED, FAILED}

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= time.time()

    def to_wire(self) -> dict[str, Any]:
        resource = VideoResource(
            id=self.id,
            model=self.model,
            status=self.status,
            progress=self.progress,
            created_at=self.created_at,
            prompt=self.prompt,
            size=self.size,
            seconds=self.seconds,
            completed_at=self.completed_at,
            expires_at=self.expires_at,
            # An extension is not another version of its source.
            remixed_from_video_id=None if self.operation == "extend" else self.source_id,
            error=VideoError(**self.error) if self.error else None,
            extras={"seed": self.seed, "operation": self.operation, "source_video_id": self.source_id},
        )
        return resource.to_wire()


def fingerprint_of(request: VideoRequest) -> str:
    """Tells orders apart by what they ask for, not by how the body was written."""
    reference = hashlib.sha256(request.reference.data).hexdigest() if request.reference else None
    asked = asdict(request) | {"reference": reference, "clip": digest(request.clip) if request.clip else None}
    return hashlib.sha256(repr(sorted(asked.items())).encode()).hexdigest()


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
