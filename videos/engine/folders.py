"""The disk half of the job store: one folder per job, kept over a restart once its record is written."""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from videos.contract import COMPLETED, parse_size
from videos.engine.job import Job

FILES = {"video": "video.mp4", "thumbnail": "thumbnail.webp", "spritesheet": "spritesheet.jpg"}
_RECORD, _ORDER, _PLAN, _REFERENCE = "job.json", "order.json", "plan.json", "reference"
_CLAIM_PATIENCE = 1.5
_ROOM_BYTES = 64 * 1024 * 1024

logger = logging.getLogger("videos.engine")


class DataInUse(RuntimeError):
    """Another engine works in this data folder."""


class Folders:
    def __init__(self, data: Path) -> None:
        self._root = data / "jobs"
        self._root.mkdir(parents=True, exist_ok=True)
        self._claim = (data / "lock").open("w")
        self._lock_claim()

    def of(self, job_id: str) -> Path:
        return self._root / job_id

    def media(self, job_id: str, variant: str) -> Path:
        return self.of(job_id) / FILES[variant]

    def open_order(self, job: Job, reference: bytes | None) -> None:
        """Make the folder that a render child works in; nothing is left if the disk refuses."""
        folder = self.of(job.id)
        folder.mkdir()
        try:
            if job.source_id:
                reference = self._reference_of(job.source_id)
            if reference:
                (folder / _REFERENCE).write_bytes(reference)
            (folder / _ORDER).write_text(json.dumps(self._order(job)))
        except BaseException:
            self.clear(job.id)
            raise

    def record(self, job: Job) -> None:
        """Write down a job that ended; from now on it survives a restart."""
        folder = self.of(job.id)
        partial = folder / f".{_RECORD}.partial"
        partial.write_text(json.dumps(asdict(job)))
        partial.replace(folder / _RECORD)

    def has_room(self) -> bool:
        """Whether a render would find space for its files."""
        return shutil.disk_usage(self._root).free > _ROOM_BYTES

    def load(self) -> Iterator[Job]:
        """The recorded jobs; folders of jobs that were cut short are removed."""
        for folder in self._root.iterdir():
            job = self._recorded(folder)
            if job:
                yield job
            else:
                shutil.rmtree(folder, ignore_errors=True)

    def drop_media(self, job_id: str) -> None:
        for variant in FILES:
            self.media(job_id, variant).unlink(missing_ok=True)

    def clear(self, job_id: str) -> None:
        shutil.rmtree(self.of(job_id), ignore_errors=True)

    def close(self) -> None:
        self._claim.close()

    def _order(self, job: Job) -> dict[str, Any]:
        plan = self.of(job.source_id) / _PLAN if job.source_id else None
        return {
            "prompt": job.prompt,
            "seed": job.seed,
            "size": parse_size(job.size),
            "seconds": job.seconds,
            "source_plan": json.loads(plan.read_text()) if plan else None,
        }

    def _reference_of(self, source_id: str) -> bytes | None:
        path = self.of(source_id) / _REFERENCE
        return path.read_bytes() if path.exists() else None

    def _recorded(self, folder: Path) -> Job | None:
        try:
            stored = json.loads((folder / _RECORD).read_text())
            job = Job(**{each.name: stored[each.name] for each in fields(Job)})
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
            return None
        if job.id != folder.name or (job.status == COMPLETED and not (folder / _PLAN).exists()):
            return None
        return job

    def _lock_claim(self) -> None:
        deadline = time.monotonic() + _CLAIM_PATIENCE
        while True:
            try:
                fcntl.flock(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                # The engine before us may still be on its way out.
                if time.monotonic() > deadline:
                    self._claim.close()
                    raise DataInUse(f"another engine works in {self._root.parent}") from None
                time.sleep(0.05)
