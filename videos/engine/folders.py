"""The disk half of the job store: one folder per job, kept over a restart once its record is written."""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from videos.contract import COMPLETED, parse_size
from videos.engine.clips import Clip
from videos.engine.job import Job
from videos.engine.lineage import Step

FILES = {"video": "video.mp4", "thumbnail": "thumbnail.webp", "spritesheet": "spritesheet.jpg"}
_RECORD, ORDER, PLAN, REFERENCE = "job.json", "order.json", "plan.json", "reference"
# The film that an extension begins with; the one that was sent and is painted on; the cut-outs of characters.
SOURCE, FILM, CARDS = "source.mp4", "film.mp4", ("card-0.png", "card-1.png")
_CLAIM_PATIENCE = 1.5
_ROOM_BYTES = 64 * 1024 * 1024

Plan = dict[str, Any]

logger = logging.getLogger("videos.engine")


class DataInUse(RuntimeError):
    """Another engine works in this data folder."""


@dataclass(frozen=True)
class Material:
    """What a job is made of beside its own words: all that its folder has to hold for the render."""

    reference: bytes | None = None
    cards: dict[str, Path] = field(default_factory=dict)
    clip: Clip | None = None
    source: Job | None = None


class Folders:
    def __init__(self, data: Path) -> None:
        self._root, self.inbox = data / "jobs", data / "inbox"
        self._root.mkdir(parents=True, exist_ok=True)
        self._claim = (data / "lock").open("w")
        self._lock_claim()
        # What an engine before us had not finished to receive.
        shutil.rmtree(self.inbox, ignore_errors=True)
        self.inbox.mkdir()

    def of(self, job_id: str) -> Path:
        return self._root / job_id

    def media(self, job_id: str, variant: str) -> Path:
        return self.of(job_id) / FILES[variant]

    def open_order(self, job: Job, material: Material) -> None:
        """Make the folder that a render child works in; nothing is left if the disk refuses."""
        folder = self.of(job.id)
        folder.mkdir()
        try:
            if material.reference:
                (folder / REFERENCE).write_bytes(material.reference)
            for card, name in zip(material.cards.values(), CARDS, strict=False):
                _link(card, folder / name)
            if material.clip:
                self._take_clip(folder, job, material.clip)
            if material.source:
                self._take_over(folder, job, material.source)
            (folder / ORDER).write_text(json.dumps(self._order(job, material)))
        except BaseException:
            self.clear(job.id)
            raise

    def films(self, source: Job, operation: str) -> dict[str, Path]:
        """The films of a job without which nothing can be made of it in this way, by the names they get there."""
        films = {FILM: self.of(source.id) / FILM} if source.from_film else {}
        return films | ({SOURCE: self.media(source.id, "video")} if operation == "extend" else {})

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
        (self.of(job_id) / FILM).unlink(missing_ok=True)
        self.drop_source(job_id)

    def drop_work(self, job_id: str) -> None:
        """Of a job that failed only its record is kept."""
        with suppress(FileNotFoundError):
            for path in self.of(job_id).iterdir():
                if path.name != _RECORD:
                    path.unlink(missing_ok=True)

    def drop_source(self, job_id: str) -> None:
        """The film of an extension holds its source."""
        (self.of(job_id) / SOURCE).unlink(missing_ok=True)

    def clear(self, job_id: str) -> None:
        shutil.rmtree(self.of(job_id), ignore_errors=True)

    def close(self) -> None:
        self._claim.close()

    def _take_clip(self, folder: Path, job: Job, clip: Clip) -> None:
        if job.operation == "extend":
            _link(clip.path, folder / SOURCE)
        if job.from_film:
            _link(clip.path, folder / FILM)

    def _take_over(self, folder: Path, job: Job, source: Job) -> None:
        """What led the source leads this one, too."""
        pictures = {name: self.of(source.id) / name for name in (REFERENCE, *CARDS)}
        led = {name: path for name, path in pictures.items() if path.exists()}
        for name, path in (led | self.films(source, job.operation)).items():
            _link(path, folder / name)

    def _order(self, job: Job, material: Material) -> dict[str, Any]:
        before = self._order_of(material.source) if material.source else {}
        plan, film = self._start(material)
        names = list(material.cards) or before.get("characters", [])
        return {
            "operation": job.operation,
            "prompt": job.prompt,
            "seed": job.seed,
            "size": parse_size(job.size),
            "seconds": job.seconds,
            "added_seconds": job.added_seconds,
            "characters": names,
            "source_plan": plan,
            "film": film,
            "lineage": _story(job, material, before.get("lineage", [])),
        }

    def _start(self, material: Material) -> tuple[Plan | None, dict[str, Any] | None]:
        """The plan to go on from, or the rate and the frames of a film that has none."""
        if clip := material.clip:
            return (clip.plan, None) if clip.plan else (None, {"fps": clip.fps, "frames": clip.frames})
        if not material.source:
            return None, None
        return json.loads((self.of(material.source.id) / PLAN).read_text()), None

    def _order_of(self, source: Job) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.of(source.id) / ORDER).read_text())
        return found

    def _recorded(self, folder: Path) -> Job | None:
        try:
            stored = json.loads((folder / _RECORD).read_text())
            # A record of an earlier version knows less.
            job = Job(**{each.name: stored[each.name] for each in fields(Job) if each.name in stored})
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
            return None
        if job.id != folder.name or (job.status == COMPLETED and not (folder / PLAN).exists()):
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


def _story(job: Job, material: Material, before: list[Step]) -> list[Step]:
    """The steps that led to a job; none if those before it are not known."""
    step: Step = {"operation": job.operation, "prompt": job.prompt, "seed": job.seed}
    needs = {"reference": bool(material.reference), "characters": bool(material.cards)}
    if job.operation == "create":
        step |= {"size": parse_size(job.size), "seconds": job.seconds}
    if job.operation == "extend":
        step["seconds"] = job.added_seconds
    if material.clip:
        before = material.clip.steps
        needs["film"] = not material.clip.plan
    if lacking := [need for need, given in needs.items() if given]:
        step["needs"] = lacking
    return [*before, step] if before or not material.source else []


def _link(path: Path, target: Path) -> None:
    """The same file under a second name, where the disk can do that."""
    try:
        target.hardlink_to(path)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(path, target)
