"""Row → contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from videos import catalog, contract
from videos.catalog import Model
from videos.contract import VideoError, VideoResource
from videos.models import Character, Video

# What a model does itself; the rest of the operations is put together by Studio.
FEATURES = ("remix", "edits", "extensions", "characters", "seed")


def unix(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None


def video(row: Video) -> dict[str, Any]:
    failed = row.status == contract.FAILED
    is_remix = row.operation in (Video.Operation.REMIX, Video.Operation.EDIT)
    return VideoResource(
        id=row.id,
        model=row.model,
        status=row.status,
        progress=row.progress,
        created_at=int(row.created_at.timestamp()),
        completed_at=unix(row.completed_at),
        expires_at=unix(row.expires_at),
        prompt=row.prompt,
        size=row.size,
        seconds=row.seconds,
        remixed_from_video_id=row.source_id if is_remix else None,
        error=VideoError(row.error_code, row.error_message) if failed else None,
        extras={
            "operation": row.operation,
            "source_video_id": row.source_id,
            "seed": row.seed,
            "emulated": row.emulated or None,
        },
    ).to_wire()


def character(row: Character) -> dict[str, Any]:
    return {
        "id": row.id,
        "object": "character",
        "name": row.name,
        "created_at": int(row.created_at.timestamp()),
    }


def deleted(noun: str, object_id: str, *, suffix: str = ".deleted") -> dict[str, Any]:
    """The SDKs' types know no suffix of a file."""
    return {"id": object_id, "object": f"{noun}{suffix}", "deleted": True}


def page(rows: Sequence[Any], to_wire: Callable[[Any], dict[str, Any]], *, has_more: bool) -> dict[str, Any]:
    return {
        "object": "list",
        "data": [to_wire(row) for row in rows],
        "first_id": rows[0].pk if rows else None,
        "last_id": rows[-1].pk if rows else None,
        "has_more": has_more,
    }


def model(entry: Model) -> dict[str, Any]:
    return {
        "id": entry.name,
        "object": "model",
        "created": 0,
        "owned_by": "studio",
        "backend_model": entry.backend_model,
        "sizes": list(entry.sizes),
        "seconds": [str(seconds) for seconds in entry.seconds],
        "features": [name for name in FEATURES if catalog.can(entry.backend, name)],
    }
