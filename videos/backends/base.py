"""The port: four verbs, the flags that say what a backend can do, and three errors that decide everything.

BackendError
├── BackendUnavailable   try again later; `ambiguous` if the request may have been accepted all the same
├── BackendRejected      it will never work; `code` and `message` are for the person who asked
└── BackendLost          the backend does not know this video (any more)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from videos.contract import VideoRequest, VideoResource


class BackendError(Exception):
    pass


class BackendUnavailable(BackendError):
    def __init__(self, message: str, *, ambiguous: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.ambiguous = ambiguous
        self.retry_after = retry_after


class BackendRejected(BackendError):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class BackendLost(BackendError):
    pass


@dataclass(frozen=True)
class Content:
    """A file on its way: `length` in bytes if promised, `headers` in lower case, `chunks` to be read once."""

    length: int | None
    headers: dict[str, str]
    chunks: Iterator[bytes]


class Backend(Protocol):
    # It can remix one of its own videos.
    supports_remix: bool
    # It can edit one of its own videos, or a film that is sent along.
    supports_edits: bool
    # It can extend one of its own videos, or a film that is sent along.
    supports_extensions: bool
    # It can be told of characters, and let them appear.
    supports_characters: bool
    # It serves thumbnail and spritesheet; otherwise Studio makes them from the mp4.
    supports_variants: bool
    # A create repeated with the same key makes no second video: an unknown outcome may simply be asked again.
    supports_idempotency: bool
    # What it lost may be started again at no cost.
    supports_restart: bool

    def create(self, request: VideoRequest, *, key: str) -> VideoResource:
        """Ask for a video, once. `key` is the same in every repetition of one intent.

        BackendLost if it no longer has the source or a character that the request names.
        """

    def create_character(self, name: str, clip: Path) -> str:
        """Tell it of a character, who is seen in the mp4; its own id."""

    def retrieve(self, video_id: str) -> VideoResource:
        """How far it is."""

    def content(self, video_id: str, variant: str) -> AbstractContextManager[Content]:
        """Open one file of a completed video."""

    def delete(self, video_id: str) -> None:
        """Stop and forget it; silent if the backend does not know it."""

    def check(self) -> None:
        """Quietly returns if the backend answers, else BackendUnavailable."""
