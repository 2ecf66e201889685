"""Films that come from outside: an upload, or a video that is there already, named by its id."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from videos import contract, media
from videos.forms.fields import echo
from videos.models import Video, Workspace

# Of less there is nothing to edit, to go on from, or to know somebody by.
SECONDS_MIN = 0.5


def read_clip(file: UploadedFile[bytes]) -> media.Clip:
    """Looked into, and within the limits; ValidationError `invalid_video` or `video_too_large` otherwise."""
    if (file.size or 0) > contract.CLIP_MAX_BYTES:
        raise ValidationError(f"The film is larger than {contract.CLIP_MAX_BYTES // 2**20} MiB.", "video_too_large")
    try:
        clip = media.Clip(file, _probe(file))
    except media.NotAWholeVideo as error:
        raise ValidationError(f"The file is no usable mp4: {error}.", "invalid_video") from error
    _check_limits(clip.probe)
    return clip


def _probe(file: UploadedFile[bytes]) -> media.Probe:
    if isinstance(file, TemporaryUploadedFile):
        return media.probe(Path(file.temporary_file_path()))
    with tempfile.NamedTemporaryFile(suffix=".mp4") as copy:
        copy.writelines(file.chunks())
        copy.flush()
        file.seek(0)
        return media.probe(Path(copy.name))


def _check_limits(probe: media.Probe) -> None:
    if probe.duration < SECONDS_MIN:
        message = f"The film lasts {probe.duration:g} s; at least {SECONDS_MIN:g} are needed."
        raise ValidationError(message, "invalid_video")
    if probe.duration > contract.CLIP_MAX_SECONDS:
        message = f"The film lasts {probe.duration:g} s; at most {contract.CLIP_MAX_SECONDS} are accepted."
        raise ValidationError(message, "video_too_large")
    if max(probe.width, probe.height) > contract.CLIP_MAX_SIDE:
        message = (
            f"The film measures {probe.width}x{probe.height}; at most {contract.CLIP_MAX_SIDE} a side are accepted."
        )
        raise ValidationError(message, "video_too_large")
    if probe.width % 2 or probe.height % 2:
        message = f"The film measures {probe.width}x{probe.height}; width and height must be even."
        raise ValidationError(message, "invalid_video")


def read_source(given: Any, file: UploadedFile[bytes] | None, workspace: Workspace) -> Video | media.Clip:
    """What the field `video` names: `{"id": …}`, the bare id, or an upload."""
    if file is not None:
        return read_clip(file)
    video_id = given.get("id") if isinstance(given, dict) else given
    if video_id is None or video_id == "":
        raise ValidationError("'video' takes an object with the id of a video, or an mp4.", "invalid_value")
    if not isinstance(video_id, str):
        raise ValidationError("Invalid type for 'video.id': expected a string.", "invalid_type")
    video = Video.objects.in_workspace(workspace).named(video_id).first()
    if video is None:
        raise ValidationError(f"Video with id '{echo(video_id)}' not found.", "video_not_found")
    return video
