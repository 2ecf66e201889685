"""What the job store and the judge of films refuse, in the words of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from videos.contract import EXTENDED_SECONDS_MAX, EXTENSIONS_MAX, FAILED, IDEMPOTENCY_HEADER
from videos.engine.answers import Refusal
from videos.engine.characters import UnknownCharacter
from videos.engine.child import ToolsBusy
from videos.engine.job import KeyReused
from videos.engine.jobs import QueueFull, SameName, SourceExpired, SourceNotReady, TooLong, UnknownJob


@contextmanager
def film_as_field() -> Iterator[None]:
    """A video that is named in a field, and not in the address, is refused by that field's name."""
    try:
        yield
    except UnknownJob as unknown:
        raise not_found(str(unknown), param="video") from None


@contextmanager
def refusals() -> Iterator[None]:
    """What the job store refuses, in the words of the contract."""
    try:
        yield
    except KeyReused:
        message = f"This {IDEMPOTENCY_HEADER} was used before with another request."
        raise Refusal(message, code="idempotency_key_reused") from None
    except SourceNotReady as source:
        failed = source.status == FAILED
        raise Refusal(
            "The source video failed." if failed else "The source video is not ready yet.",
            param="video",
            code="video_failed" if failed else "video_not_ready",
        ) from None
    except SourceExpired:
        raise Refusal("The files of the source video have expired.", param="video", code="video_expired") from None
    except TooLong as long:
        message = f"At most {EXTENSIONS_MAX} extensions and {EXTENDED_SECONDS_MAX} seconds in all, not {long}."
        raise Refusal(message, param="seconds", code="invalid_value") from None
    except UnknownCharacter as unknown:
        message, param = f"Character with id '{unknown.id[:100]}' not found.", f"characters[{unknown.place}].id"
        raise Refusal(message, param=param, code="character_not_found") from None
    except SameName:
        message = "Invalid 'characters': two characters have the same name."
        raise Refusal(message, param="characters", code="invalid_value") from None
    except (QueueFull, ToolsBusy):
        message, headers = "Too many videos are waiting.", {"Retry-After": "30"}
        raise Refusal(message, status=429, code="queue_full", headers=headers) from None


def no_clip(reason: str) -> Refusal:
    return Refusal(f"The file is no video that can be used: {reason}.", param="video", code="invalid_video")


def not_found(video_id: str, *, param: str | None = None) -> Refusal:
    return Refusal(f"Video with id '{video_id[:100]}' not found.", status=404, param=param, code="video_not_found")
