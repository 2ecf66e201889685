"""Bytes that no row knows: a process was killed after it stored them, and before its transaction ended."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from videos.models import Character, File, Video

# Each folder of the storage holds one folder for each row, named by its id.
FOLDERS: dict[str, type[models.Model]] = {"files": File, "characters": Character, "videos": Video}
# What is younger may belong to a row that is just being made.
AGE = timedelta(days=1)
# How many ids the database is asked about at a time.
PORTION = 500
# How many folders are removed in one go; the next go takes up the rest.
REMOVED_MAX = 1000
logger = logging.getLogger(__name__)


def remove_orphans() -> None:
    """To be done now and then, not often: it lists all that the storage holds."""
    for folder, model in FOLDERS.items():
        for orphan in _without_row(model, _listed(folder)[0])[:REMOVED_MAX]:
            try:
                _remove(f"{folder}/{orphan}")
            # Each storage has errors of its own.
            except Exception as error:
                logger.warning("%s/%s belongs to nothing, and stays for now: %r", folder, orphan, error)


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """Folders and files. On a disk what was never used does not exist."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return list(folders), list(files)


def _without_row(model: type[models.Model], ids: list[str]) -> list[str]:
    rows: Any = model._default_manager
    orphans: list[str] = []
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        known = set(rows.filter(pk__in=portion).values_list("pk", flat=True))
        orphans += [it for it in portion if it not in known]
    return orphans


def _remove(folder: str) -> None:
    keys = [f"{folder}/{name}" for name in _listed(folder)[1]]
    if not keys or any(default_storage.get_modified_time(key) > timezone.now() - AGE for key in keys):
        return
    for key in keys:
        default_storage.delete(key)
    # On a disk the folder itself remains; a bucket has none.
    default_storage.delete(folder)
    logger.warning("%s belonged to nothing: %d files removed", folder, len(keys))
