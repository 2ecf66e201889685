"""Brings a finished video home: stream, verify, store, and only then call it ready."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from videos import contract, media
from videos.backends import Backend, BackendLost
from videos.models import Asset, Video, kept
from videos.stored import fetch_source, storage_trouble, temporary_folder

# Containers round to milliseconds.
ROUNDING = 0.002
COLUMNS, FRAMES = contract.SPRITESHEET_HEADERS["columns"], contract.SPRITESHEET_HEADERS["frames"]


class BadCopy(Exception):
    """The bytes are not what was promised."""


def collect(video: Video, backend: Backend) -> None:
    """Fetch and verify all three variants; the row is ready in the same transaction that knows its assets."""
    with temporary_folder() as folder:
        with kept(video):
            _remove_strays(video)
            assets = _fetch(video, backend, folder)
        with _stored(video, assets, folder), transaction.atomic():
            video.ready()
            Asset.objects.bulk_create(assets)


def remove_assets(video: Video) -> None:
    """Bytes first: if that fails, the rows still know where they are."""
    for asset in video.assets.all():
        asset.file.delete(save=False)
        asset.delete()
    _remove_strays(video)
    default_storage.delete(Asset.folder(video.id))  # on a disk an empty folder is left; in a bucket nothing


def _remove_strays(video: Video) -> None:
    """Files of a worker that was killed between storing and knowing: no row names them."""
    folder = Asset.folder(video.id)
    known = {asset.key for asset in video.assets.all()}
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for key in {f"{folder}/{name}" for name in names} - known:
        default_storage.delete(key)


def _fetch(video: Video, backend: Backend, folder: Path) -> list[Asset]:
    """Assets not yet saved, whose `file.name` is still the name of a file in `folder`."""
    path = folder / "video.mp4"
    _download(video, backend, "video", path)
    if video.emulated == Video.Emulated.EXTEND:
        path = _join_to_source(video, path, folder)
    probe = _verify(video, path, video.seconds)
    shape = {"width": probe.width, "height": probe.height, "duration": probe.duration}
    return [_asset(video, "video", path, **shape), *_stills(video, backend, folder)]


def _join_to_source(video: Video, path: Path, folder: Path) -> Path:
    """The backend made the new part alone; the film is the source's frames and then these."""
    _verify(video, path, video.added_seconds or 0)
    part = path.rename(folder / "part.mp4")
    try:
        return media.join(fetch_source(video, folder), part, path)
    except media.NotAWholeVideo as error:
        raise BadCopy(f"it cannot be joined to its source: {error}") from error


def _verify(video: Video, path: Path, seconds: float) -> media.Probe:
    try:
        probe = media.probe(path)
    except media.NotAWholeVideo as error:
        raise BadCopy(str(error)) from error
    if (probe.width, probe.height) != (video.width, video.height):
        raise BadCopy(f"it measures {probe.width}x{probe.height} pixels, not {video.size}")
    # A film from outside need not last whole seconds: then `seconds` is its length, rounded.
    whole = video.operation == Video.Operation.CREATE
    if abs(probe.duration - seconds) > 1 / probe.fps + ROUNDING + (0.0 if whole else 0.5):
        raise BadCopy(f"it lasts {probe.duration:g} s, not {seconds:g}")
    return probe


def _stills(video: Video, backend: Backend, folder: Path) -> list[Asset]:
    joined = video.emulated == Video.Emulated.EXTEND
    stills = None if joined else _stills_of_backend(video, backend, folder)
    if stills is None:
        stills = media.make_stills(folder / "video.mp4", folder)
    return [
        _asset(video, "thumbnail", stills.thumbnail, **_shape(stills.thumbnail)),
        _asset(
            video,
            "spritesheet",
            stills.spritesheet,
            columns=stills.columns,
            frames=stills.frames,
            **_shape(stills.spritesheet),
        ),
    ]


def _stills_of_backend(video: Video, backend: Backend, folder: Path) -> media.Stills | None:
    """None if it has none, or does not say how its sheet is laid out."""
    if not backend.supports_variants:
        return None
    stills = folder / "thumbnail.webp", folder / "spritesheet.jpg"
    try:
        _download(video, backend, "thumbnail", stills[0])
        headers = _download(video, backend, "spritesheet", stills[1])
        layout = int(headers.get(COLUMNS, 0)), int(headers.get(FRAMES, 0))
        media.image_size(stills[0])
        media.image_size(stills[1])
    except (BackendLost, ValueError):
        return None
    return media.Stills(*stills, *layout) if all(layout) else None


def _download(video: Video, backend: Backend, variant: str, path: Path) -> dict[str, str]:
    """Stream one file to disk in constant memory; gives the answer's headers."""
    with backend.content(video.backend_video_id, variant) as content, path.open("wb") as file:
        for chunk in content.chunks:
            file.write(chunk)
    if content.length not in (None, path.stat().st_size):
        raise BadCopy(f"{path.stat().st_size} bytes arrived, not {content.length}")
    return content.headers


def _shape(path: Path) -> dict[str, int]:
    width, height = media.image_size(path)
    return {"width": width, "height": height}


def _asset(video: Video, variant: str, path: Path, **facts: Any) -> Asset:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Asset(
        video=video,
        variant=variant,
        file=path.name,
        size=path.stat().st_size,
        sha256=sha256,
        content_type=contract.VARIANTS[variant],
        **facts,
    )


@contextmanager
def _stored(video: Video, assets: Sequence[Asset], folder: Path) -> Iterator[None]:
    """Put the files into storage; take them out again if the block fails, so that none is left without a row."""
    keys: list[str] = []
    try:
        with kept(video):
            for asset in assets:
                keys.append(_save(asset, folder / asset.key))
                asset.file.name = keys[-1]
        yield
    except BaseException:
        for key in keys:
            default_storage.delete(key)
        raise


def _save(asset: Asset, path: Path) -> str:
    """Into storage; gives the key."""
    key = Asset.new_key(asset.video_id, asset.content_type, asset.variant)
    with storage_trouble(), path.open("rb") as file:
        return default_storage.save(key, File(file))
