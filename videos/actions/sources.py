"""What another video, or a character, may be made from."""

from __future__ import annotations

from videos import contract
from videos.actions.errors import ActionError
from videos.media import Clip
from videos.models import Video


def check_source(source: Video | Clip) -> None:
    if not isinstance(source, Video):
        return
    if source.status != contract.COMPLETED:
        code = "video_failed" if source.status == contract.FAILED else "video_not_ready"
        raise ActionError(code, f"Video '{source.id}' is not completed, so it cannot be used.", param="video")
    if source.is_expired:
        raise ActionError("video_expired", f"The files of video '{source.id}' have expired.", param="video")
