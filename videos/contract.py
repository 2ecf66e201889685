"""The words of the Videos API (`/v1/videos`) as plain values; imports nothing of ours.

Source: the published OpenAPI document of the API and the official SDKs, as collected in docs/api.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

QUEUED, IN_PROGRESS, COMPLETED, FAILED = STATUSES = ("queued", "in_progress", "completed", "failed")

# What GET /videos/{id}/content serves for each `variant`.
VARIANTS = {"video": "video/mp4", "thumbnail": "image/webp", "spritesheet": "image/jpeg"}

PROMPT_MAX_LENGTH = 32_000
REFERENCE_MAX_BYTES = 20 * 1024 * 1024
DATA_URL_MAX_LENGTH = 20_971_520
SEED_MAX = 2**31 - 1
# Seconds and steps of a chain of extensions; `seconds` of an extension is the length of the new part.
EXTENSIONS_MAX = 6
EXTENDED_SECONDS_MAX = 120
CHARACTERS_MAX = 2
CHARACTER_NAME_MAX_LENGTH = 80
# An uploaded film, to edit, extend or take a character from: bytes, seconds, pixels a side.
CLIP_MAX_BYTES = 100 * 1024 * 1024
CLIP_MAX_SECONDS = 60
CLIP_MAX_SIDE = 4096
# How long a key that a client sent with a create stands for that create, in hours.
IDEMPOTENCY_HOURS = 24
# What the hosted service answered to a reference that is not as large as the video.
REFERENCE_SIZE_MISMATCH = "Inpaint image must match the requested width and height"

DEFAULT_MODEL = "sora-2"
DEFAULT_SIZE = "720x1280"
DEFAULT_SECONDS = 4

SIZES = ("720x1280", "1280x720", "1024x1792", "1792x1024", "1080x1920", "1920x1080")
SECONDS = (4, 8, 12, 16, 20)

# Names that existing programs send, with the sizes each of them had on the hosted service.
HOSTED_MODELS: dict[str, tuple[str, ...]] = {
    "sora-2": SIZES[:4],
    "sora-2-2025-10-06": SIZES[:4],
    "sora-2-2025-12-08": SIZES[:4],
    "sora-2-pro": SIZES,
    "sora-2-pro-2025-10-06": SIZES,
}

POLL_AFTER_HEADER = "openai-poll-after-ms"
REQUEST_ID_HEADER = "x-request-id"
IDEMPOTENCY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
RETRY_COUNT_HEADER = "X-Stainless-Retry-Count"
SHOULD_RETRY_HEADER = "x-should-retry"
IGNORED_HEADER = "x-studio-ignored-params"
# How a spritesheet is laid out: all tiles of one size, row by row, the last row may be short.
SPRITESHEET_HEADERS = {
    "columns": "x-spritesheet-columns",
    "rows": "x-spritesheet-rows",
    "frames": "x-spritesheet-frames",
}


@dataclass(frozen=True)
class Reference:
    """An image that leads the first shot; its pixel size equals the size of the video."""

    data: bytes = field(repr=False)
    filename: str
    content_type: str


@dataclass(frozen=True)
class VideoRequest:
    """What a backend is asked to make.

    `operation` is create, remix, edit or extend. The source of the last three is `source_id`, the backend's own id
    of a video, or for edit and extend `clip`, an mp4 to upload. `seconds` of an extend is the length of the new part.
    `characters` are the backend's own ids, at most two, for create only.
    """

    prompt: str
    model: str
    size: str
    seconds: int
    seed: int | None = None
    reference: Reference | None = None
    operation: str = "create"
    source_id: str | None = None
    clip: Path | None = None
    characters: tuple[str, ...] = ()


@dataclass(frozen=True)
class VideoError:
    code: str
    message: str


@dataclass(frozen=True)
class VideoResource:
    """The `video` object. Times are Unix seconds, `progress` is a whole percentage."""

    id: str
    model: str
    status: str
    progress: int
    created_at: int
    prompt: str | None
    size: str
    seconds: int
    completed_at: int | None = None
    expires_at: int | None = None
    remixed_from_video_id: str | None = None
    error: VideoError | None = None
    extras: dict[str, Any] = field(default_factory=dict)

    def to_wire(self) -> dict[str, Any]:
        """All keys that the contract requires, our extras, and the constant `quality` of old clients."""
        error = {"code": self.error.code, "message": self.error.message} if self.error else None
        return {
            "id": self.id,
            "object": "video",
            "model": self.model,
            "status": self.status,
            "progress": self.progress,
            "created_at": self.created_at,
            "completed_at": self.completed_at,
            "expires_at": self.expires_at,
            "prompt": self.prompt,
            "size": self.size,
            "seconds": str(self.seconds),
            "remixed_from_video_id": self.remixed_from_video_id,
            "error": error,
            "quality": "standard",
            **self.extras,
        }


def parse_size(size: str) -> tuple[int, int]:
    """`1280x720` → (1280, 720), in pixels; ValueError for anything else."""
    width, height = size.split("x")
    return int(width), int(height)


def error_body(
    message: str, *, kind: str = "invalid_request_error", param: str | None = None, code: str | None = None
) -> dict[str, dict[str, str | None]]:
    """The error envelope; all four inner keys are always there."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def supported_values(value: object, supported: list[str]) -> str:
    """The sentence the hosted service answered to a value outside a closed set."""
    quoted = [f"'{item}'" for item in supported]
    listed = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f", and {quoted[-1]}"
    return f"Invalid value: '{value}'. Supported values are: {listed}."
