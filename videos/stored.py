"""Our own files, and a folder to work on copies of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from videos.contract import Reference
from videos.models import Asset, Video


class StorageTrouble(Exception):
    """Our own disk or bucket refuses."""


class SourceGone(Exception):
    """Neither the backend nor our storage has the film any more."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    temps = settings.DATA_DIR / "tmp"
    try:
        temps.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=temps) as name:
            yield Path(name)
    except OSError as error:  # above all: no space left
        raise StorageTrouble(str(error)) from error


@contextmanager
def storage_trouble() -> Iterator[None]:
    """Each storage has errors of its own; here they get one name."""
    try:
        yield
    except Exception as error:
        raise StorageTrouble(str(error)) from error


def read_reference(video: Video) -> Reference | None:
    asset = video.assets.filter(variant=Asset.Variant.REFERENCE).first()
    if asset is None:
        return None
    with storage_trouble(), default_storage.open(asset.key) as file:
        return Reference(file.read(), f"reference.{asset.extension}", asset.content_type)


def source_film(video: Video) -> Asset:
    """The film that is edited or extended, as it lies in our storage."""
    own = video.assets.filter(variant=Asset.Variant.SOURCE).first()
    film = own or (video.source and video.source.assets.filter(variant=Asset.Variant.VIDEO).first())
    if not film:
        raise SourceGone(video.id)
    return film


def fetch_source(video: Video, folder: Path) -> Path:
    return fetch(source_film(video).key, folder / "source.mp4")


def fetch(key: str, path: Path) -> Path:
    with storage_trouble(), default_storage.open(key) as stored, path.open("wb") as file:
        while chunk := stored.read(1024 * 1024):
            file.write(chunk)
    return path
