"""What programs do with files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile

from videos.actions.uploads import digest_of, kept_if_committed, store
from videos.models import File, User, Workspace

PURGE_BATCH = 100
logger = logging.getLogger(__name__)


def upload_file(
    *,
    workspace: Workspace,
    by: User,
    file: UploadedFile[bytes],
    filename: str,
    purpose: str,
    keep: timedelta | None = None,
    note: Callable[[File], None] | None = None,
) -> File:
    """`filename` is only shown; where the bytes lie is for us to say."""
    row = File(workspace=workspace, created_by=by, purpose=purpose, filename=filename, size=file.size or 0)
    row.sha256 = digest_of(file)
    row.expires_at = row.created_at + keep if keep else None
    row.file = store(file, row.new_key())
    with kept_if_committed(str(row.file)):
        row.save(force_insert=True)
        if note:
            note(row)
    return row


def delete_file(file: File) -> None:
    """Gone for every door at once; what was made with it has copies of its own."""
    file.delete_softly()


def purge_files() -> None:
    """Remove the bytes of files that were deleted or kept long enough; their rows stay, for lists to stand on."""
    # In any order, so that rows whose bytes cannot be removed do not stand before the others for good.
    for file in File.objects.to_purge().order_by("?")[:PURGE_BATCH]:
        try:
            file.purge()
        # Each storage has errors of its own.
        except Exception as error:
            logger.warning("the bytes of %s stay for now: %r", file.id, error)
