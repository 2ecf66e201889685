"""What makers do with videos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from videos import catalog, contract, dispatch
from videos.actions.errors import ActionError
from videos.actions.sources import check_source
from videos.actions.uploads import kept_if_committed, store_reference, store_source
from videos.contract import Reference
from videos.media import Clip
from videos.models import Asset, Character, User, Video, Workspace

Operation, Emulated = Video.Operation, Video.Emulated
# Called in the transaction that makes the video, so that both stand or neither.
Note = Callable[[Video], None]


def create_video(
    *,
    workspace: Workspace,
    by: User,
    prompt: str,
    model: catalog.Model,
    size: str,
    seconds: int,
    seed: int | None = None,
    input_reference: Reference | None = None,
    characters: Sequence[Character] = (),
    note: Note | None = None,
) -> Video:
    video = _draft(workspace, by, prompt, model, seed, size=size, seconds=seconds)
    if characters and not catalog.can(model.backend, "characters"):
        if input_reference:
            message = f"The model '{model.name}' takes either characters or a reference, not both."
            raise ActionError("unsupported_parameter", message, param="input_reference")
        video.emulated = Emulated.CHARACTERS
    assets = [store_reference(video, input_reference)] if input_reference else []
    return _accept(video, assets, characters, note=note)


def remix_video(source: Video, *, by: User, prompt: str, seed: int | None = None, note: Note | None = None) -> Video:
    """A new video that keeps the source's scene, model, size and length."""
    model = catalog.find(source.model) or catalog.default_for_programs()
    return _change(Operation.REMIX, source.workspace, by, source, prompt, model, seed, note)


def edit_video(
    *,
    workspace: Workspace,
    by: User,
    source: Video | Clip,
    prompt: str,
    model: catalog.Model,
    seed: int | None = None,
    note: Note | None = None,
) -> Video:
    """As a remix, but also of an uploaded film, and perhaps by another model."""
    return _change(Operation.EDIT, workspace, by, source, prompt, model, seed, note)


def _change(
    operation: str,
    workspace: Workspace,
    by: User,
    source: Video | Clip,
    prompt: str,
    model: catalog.Model,
    seed: int | None,
    note: Note | None,
) -> Video:
    check_source(source)
    video = _draft(workspace, by, prompt, model, seed, operation=operation, **_shape(source), **_lineage(source))
    if not _is_offered(video, source):
        _check_possible(model, video.size, video.seconds, param="video")
        video.emulated = Emulated(operation)
    return _accept(video, _films(video, source), note=note)


def extend_video(
    *,
    workspace: Workspace,
    by: User,
    source: Video | Clip,
    prompt: str,
    seconds: int,
    model: catalog.Model,
    seed: int | None = None,
    note: Note | None = None,
) -> Video:
    """A film that begins with the source's frames and goes on for `seconds`."""
    check_source(source)
    shape = _shape(source)
    shape["seconds"] += seconds
    _check_chain(source, shape["seconds"])
    extras = {"operation": Operation.EXTEND, "added_seconds": seconds}
    video = _draft(workspace, by, prompt, model, seed, **extras, **shape, **_lineage(source))
    if not catalog.can(video.backend, "extensions"):
        _check_possible(model, video.size, seconds, param="seconds")
        video.emulated = Emulated.EXTEND
    elif seconds not in model.seconds:
        raise _unsupported_seconds(model, seconds, param="seconds")
    return _accept(video, _films(video, source), note=note)


def _draft(workspace: Workspace, by: User, prompt: str, model: catalog.Model, seed: int | None, **fields: Any) -> Video:
    video = Video(
        workspace=workspace,
        created_by=by,
        prompt=prompt,
        model=model.name,
        backend=model.backend,
        backend_model=model.backend_model,
        **fields,
    )
    if seed is not None:
        video.seed = seed
    elif video.source:
        video.seed = video.source.seed
    return video


def _shape(source: Video | Clip) -> dict[str, Any]:
    if isinstance(source, Video):
        return {"size": source.size, "seconds": source.seconds}
    probe = source.probe
    return {"size": f"{probe.width}x{probe.height}", "seconds": max(1, round(probe.duration))}


def _lineage(source: Video | Clip) -> dict[str, object]:
    return {"source": source} if isinstance(source, Video) else {}


def _films(video: Video, source: Video | Clip) -> list[Asset]:
    return [] if isinstance(source, Video) else [store_source(video, source)]


def _is_offered(video: Video, source: Video | Clip) -> bool:
    """Whether the backend can do it itself: a remix of its own video, or an edit of any film."""
    if catalog.can(video.backend, "edits"):
        return True
    known = isinstance(source, Video) and source.is_whole_at(video.backend)
    return known and catalog.can(video.backend, "remix")


def _check_chain(source: Video | Clip, total: int) -> None:
    steps, video = 1, source if isinstance(source, Video) else None
    while video and video.operation == Operation.EXTEND:
        steps, video = steps + 1, video.source
    if steps > contract.EXTENSIONS_MAX:
        message = f"A video can be extended {contract.EXTENSIONS_MAX} times; this would be the next."
        raise ActionError("invalid_value", message, param="video")
    if total > contract.EXTENDED_SECONDS_MAX:
        message = f"The video would last {total} s; at most {contract.EXTENDED_SECONDS_MAX} are possible."
        raise ActionError("invalid_value", message, param="seconds")


def _check_possible(model: catalog.Model, size: str, seconds: int, *, param: str) -> None:
    """What Studio puts together begins with a create, so the model must have its size and length."""
    if size not in model.sizes:
        message = f"The model '{model.name}' makes no videos of {size}, the size of this source."
        raise ActionError("unsupported_value", message, param="video")
    if seconds not in model.seconds:
        raise _unsupported_seconds(model, seconds, param=param)


def _unsupported_seconds(model: catalog.Model, seconds: int, *, param: str) -> ActionError:
    """`param` is what the client can change: the length of a new part, or the film whose length is kept."""
    supported = contract.supported_values(seconds, [str(value) for value in model.seconds])
    return ActionError("invalid_value", supported, param=param)


def _accept(video: Video, assets: Sequence[Asset], characters: Sequence[Character] = (), *, note: Note | None) -> Video:
    with kept_if_committed(*(asset.key for asset in assets)):
        video.save(force_insert=True)
        for asset in assets:
            asset.save(force_insert=True)
        for character in characters:
            video.characters.add(character)
        if note:
            note(video)
        transaction.on_commit(lambda: dispatch.wake(video.id))
    return video


def delete_video(video: Video) -> None:
    """Gone for every door at once; a running job is stopped, and the bytes follow."""
    if video.delete_softly():
        transaction.on_commit(lambda: dispatch.wake(video.id))
