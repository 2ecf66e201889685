"""Who may appear in videos."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files import File as OpenFile
from django.core.files.storage import default_storage

from videos.actions.errors import ActionError
from videos.actions.sources import check_source
from videos.actions.uploads import digest_of, kept_if_committed, store
from videos.media import Clip
from videos.models import Asset, Character, User, Video, Workspace


def create_character(
    *,
    workspace: Workspace,
    by: User,
    name: str,
    source: Video | Clip,
    note: Callable[[Character], None] | None = None,
) -> Character:
    """From an uploaded clip, or from a video of the workspace, whose film is copied: deleting it changes nothing."""
    check_source(source)
    character = Character(workspace=workspace, created_by=by, name=name)
    if isinstance(source, Video):
        _copy_film(character, source)
    else:
        _store_clip(character, source)
    with kept_if_committed(str(character.file)):
        character.save(force_insert=True)
        if note:
            note(character)
    return character


def _store_clip(character: Character, clip: Clip) -> None:
    character.sha256 = digest_of(clip.file)
    character.file = store(clip.file, character.new_key())
    character.size = clip.file.size or 0
    character.width, character.height, character.duration = clip.probe.width, clip.probe.height, clip.probe.duration


def _copy_film(character: Character, video: Video) -> None:
    film = video.assets.filter(variant=Asset.Variant.VIDEO).first()
    if film is None:
        raise ActionError("video_expired", f"The files of video '{video.id}' are gone.", param="video")
    with default_storage.open(film.key) as stored:
        character.file = default_storage.save(character.new_key(), OpenFile(stored))
    character.sha256, character.size = film.sha256, film.size
    character.width, character.height = film.width or video.width, film.height or video.height
    character.duration = film.duration or float(video.seconds)
