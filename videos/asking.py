"""What a backend is asked for a video: the operation itself where it can, else a create that comes near it."""

from __future__ import annotations

from pathlib import Path

from videos import contract, media
from videos.backends import Backend
from videos.contract import Reference, VideoRequest
from videos.models import Character, Video
from videos.stored import fetch, fetch_source, read_reference

Operation, Emulated = Video.Operation, Video.Emulated


def request_for(video: Video, backend: Backend, folder: Path, *, afresh: bool = False) -> VideoRequest:
    """`afresh`: the backend says that it no longer has what it had, so it is sent again. Files go through `folder`."""
    if video.emulated:
        return _emulated(video, folder)
    if video.operation == Operation.CREATE:
        ids = tuple(_character_id(character, backend, video.backend, folder, afresh) for character in _cast(video))
        return _request(video, reference=read_reference(video), characters=ids)
    return _derived(video, backend, folder, afresh=afresh)


def _derived(video: Video, backend: Backend, folder: Path, *, afresh: bool) -> VideoRequest:
    operation = video.operation
    if operation == Operation.REMIX and (afresh or not backend.supports_remix):
        operation = Operation.EDIT
    if operation == Operation.EDIT and not backend.supports_edits:
        if afresh:
            video.emulate(Emulated(video.operation))
            return _emulated(video, folder)
        operation = Operation.REMIX
    source = video.source
    if source and source.is_whole_at(video.backend) and not afresh:
        return _request(video, operation=operation, source_id=source.backend_video_id)
    return _request(video, operation=operation, clip=fetch_source(video, folder))


def _emulated(video: Video, folder: Path) -> VideoRequest:
    match video.emulated:
        case Emulated.CHARACTERS:
            names = " and ".join(character.name for character in _cast(video))
            prompt = f"{video.prompt}\n\nThe picture shows {names}."
            return _request(video, prompt=prompt, reference=_still_of_cast(video, folder))
        case Emulated.EXTEND:
            last = media.frame(fetch_source(video, folder), "last", video.size, folder / "last.png")
            return _request(video, prompt=_with_source(video, "And then"), reference=_png(last))
        case _:
            first = media.frame(fetch_source(video, folder), "first", video.size, folder / "first.png")
            change = _with_source(video, "The same again, with this change")
            return _request(video, prompt=change, reference=_png(first))


def _with_source(video: Video, link: str) -> str:
    """Both prompts, as far as the source has one and there is room for it."""
    before = video.source.prompt if video.source else ""
    both = f"{before}\n\n{link}: {video.prompt}"
    return both if before and len(both) <= contract.PROMPT_MAX_LENGTH else video.prompt


def _request(
    video: Video,
    *,
    prompt: str | None = None,
    operation: str = Operation.CREATE,
    reference: Reference | None = None,
    source_id: str | None = None,
    clip: Path | None = None,
    characters: tuple[str, ...] = (),
) -> VideoRequest:
    return VideoRequest(
        prompt=prompt or video.prompt,
        model=video.backend_model,
        size=video.size,
        seconds=video.added_seconds or video.seconds,
        seed=video.seed,
        reference=reference,
        operation=str(operation),
        source_id=source_id,
        clip=clip,
        characters=characters,
    )


def _cast(video: Video) -> list[Character]:
    return list(video.characters.order_by("appearance__pk"))


def _character_id(character: Character, backend: Backend, alias: str, folder: Path, afresh: bool) -> str:
    """The backend's own id; it is told of a character the first time that one appears."""
    known = character.backend_ids.get(alias)
    if known and not afresh:
        return str(known)
    told = backend.create_character(character.name, fetch(str(character.file), folder / f"{character.id}.mp4"))
    character.backend_ids = {**character.backend_ids, alias: told}
    character.save(update_fields=["backend_ids"])
    return told


def _still_of_cast(video: Video, folder: Path) -> Reference:
    clips = [fetch(str(one.file), folder / f"{one.id}.mp4") for one in _cast(video)]
    out = folder / "cast.png"
    if len(clips) == 1:
        return _png(media.frame(clips[0], "middle", video.size, out))
    return _png(media.frames_beside((clips[0], clips[1]), video.size, out))


def _png(path: Path) -> Reference:
    return Reference(path.read_bytes(), path.name, "image/png")
