"""Bytes on their way into storage. They go there before the transaction: no row may wait for a storage server."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from videos.contract import Reference
from videos.media import Clip
from videos.models import Asset, Video


def digest_of(file: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def store(file: UploadedFile[bytes], key: str) -> str:
    """The name under which the storage keeps it."""
    file.seek(0)
    return str(default_storage.save(key, file))


def store_reference(video: Video, image: Reference) -> Asset:
    key = Asset.new_key(video.id, image.content_type, Asset.Variant.REFERENCE)
    return Asset(
        video=video,
        variant=Asset.Variant.REFERENCE,
        file=default_storage.save(key, io.BytesIO(image.data)),
        size=len(image.data),
        sha256=hashlib.sha256(image.data).hexdigest(),
        content_type=image.content_type,
        width=video.width,
        height=video.height,
    )


def store_source(video: Video, clip: Clip) -> Asset:
    return Asset(
        video=video,
        variant=Asset.Variant.SOURCE,
        sha256=digest_of(clip.file),
        file=store(clip.file, Asset.new_key(video.id, "video/mp4", Asset.Variant.SOURCE)),
        size=clip.file.size or 0,
        content_type="video/mp4",
        width=clip.probe.width,
        height=clip.probe.height,
        duration=clip.probe.duration,
    )


@contextmanager
def kept_if_committed(*keys: str) -> Iterator[None]:
    """A transaction whose failure takes the stored bytes away again."""
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for key in keys:
            default_storage.delete(key)
        raise
