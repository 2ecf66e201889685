"""The job store: what was ordered and how far it is; jobs are rendered in order by child processes."""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections import deque
from dataclasses import replace
from functools import partial
from pathlib import Path

from videos.contract import COMPLETED, EXTENDED_SECONDS_MAX, EXTENSIONS_MAX, FAILED, IN_PROGRESS, VideoRequest
from videos.engine.characters import Characters
from videos.engine.child import RenderChild
from videos.engine.clips import Clip
from videos.engine.folders import Folders, Material
from videos.engine.job import IDEMPOTENCY_SECONDS, Job, KeyReused, fingerprint_of
from videos.engine.lineage import extensions_of

MAX_QUEUED = 1000
_SWEEP_SECONDS = 60
_ID = re.compile(r"video_[0-9a-f]{48}")
_ROOM_PAUSE = 2.0
_CRASHED = {"code": "generation_failed", "message": "The engine could not render this video."}

logger = logging.getLogger("videos.engine")


class JobError(Exception):
    """
    JobError
    ├── UnknownJob        there is none of this id
    ├── SourceNotReady    the video to start from is not completed
    ├── SourceExpired     its film is no longer kept
    ├── TooLong           an extension too many, or of too many seconds
    ├── SameName          two characters of one name
    └── QueueFull
    """


class UnknownJob(JobError):
    pass


class SourceNotReady(JobError):
    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class SourceExpired(JobError):
    pass


class TooLong(JobError):
    pass


class SameName(JobError):
    pass


class QueueFull(JobError):
    pass


class JobStore:
    """Safe to call from any thread; the jobs it hands out are snapshots."""

    def __init__(self, data: Path, *, workers: int = 1, keep_hours: float = 24) -> None:
        self._folders = Folders(data)
        self.inbox = self._folders.inbox
        self.characters = Characters(data)
        self._keep_seconds = int(keep_hours * 3600)
        self._lock = threading.RLock()
        self._work = threading.Condition(self._lock)
        self._jobs = {job.id: job for job in self._folders.load()}
        self._keys = {job.idempotency_key: job.id for job in self._jobs.values() if job.idempotency_key}
        self._queue: deque[str] = deque()
        self._children: dict[str, RenderChild] = {}
        self._closed = threading.Event()
        self._last_stamp = max((int(each[6:22], 16) for each in self._jobs), default=0)
        # A child dies with the thread that started it, so these threads live as long as the store.
        self._threads = [threading.Thread(target=self._render_forever, daemon=True) for _ in range(workers)]
        self._threads.append(threading.Thread(target=self._sweep_forever, daemon=True))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop all work; what is queued or running is gone, as after a crash."""
        with self._lock:
            self._closed.set()
            self._work.notify_all()
            for child in self._children.values():
                child.kill()
        for thread in self._threads:
            thread.join()
        self._folders.close()

    def submit(self, request: VideoRequest, *, key: str | None = None, clip: Clip | None = None) -> Job:
        """Queue what is ordered; the same key with the same order gives the job that is already there.

        `clip` is the film that was sent with it; its file is taken away.
        """
        fingerprint = fingerprint_of(request)
        with self._lock:
            if key and (earlier := self._earlier(key)):
                if earlier.fingerprint != fingerprint:
                    raise KeyReused
                return earlier
            if len(self._queue) >= MAX_QUEUED:
                raise QueueFull
            material = self._material(request, clip)
            job = replace(self._new_job(request, material), idempotency_key=key, fingerprint=fingerprint)
            try:
                self._folders.open_order(job, material)
            except FileNotFoundError:
                if material.source is None:
                    raise
                raise SourceExpired from None  # since it was checked
            self._jobs[job.id] = job
            if key:
                self._keys[key] = job.id
            self._queue.append(job.id)
            self._work.notify()
            return job

    def get(self, job_id: str) -> Job:
        with self._lock:
            if job_id not in self._jobs:
                raise UnknownJob(job_id)
            return self._jobs[job_id]

    def page(self, *, after: str | None, limit: int, newest_first: bool) -> tuple[list[Job], bool]:
        """Jobs by age, and whether more follow; ids begin with their time, so a deleted `after` still marks a place."""
        with self._lock:
            ids = sorted(self._jobs, reverse=newest_first)
            if after is not None:
                known = _ID.fullmatch(after) is not None
                ids = [each for each in ids if known and (each < after if newest_first else each > after)]
            return [self._jobs[each] for each in ids[:limit]], 0 < limit < len(ids)

    def delete(self, job_id: str) -> None:
        """Forget a job and its files; a running render is killed."""
        with self._lock:
            job = self.get(job_id)
            del self._jobs[job_id]
            if job.idempotency_key:
                self._keys.pop(job.idempotency_key, None)
            if child := self._children.get(job_id):
                # Its thread clears the folder once the child is gone.
                child.kill()
                return
            if job_id in self._queue:
                self._queue.remove(job_id)
            self._folders.clear(job_id)

    def media(self, job: Job, variant: str) -> Path:
        return self._folders.media(job.id, variant)

    def film_of(self, job_id: str) -> Path:
        """The film of a completed video."""
        source = self._source(job_id)
        self._check_kept(source, "extend")
        return self._folders.media(source.id, "video")

    def drop_expired(self) -> None:
        with self._lock:
            expired = [job.id for job in self._jobs.values() if job.expired]
        for job_id in expired:
            self._folders.drop_media(job_id)

    def _earlier(self, key: str) -> Job | None:
        job = self._jobs.get(self._keys.get(key, ""))
        return job if job and job.created_at > time.time() - IDEMPOTENCY_SECONDS else None

    def _material(self, request: VideoRequest, clip: Clip | None) -> Material:
        source = self._source(request.source_id) if request.source_id else None
        if source:
            self._check_kept(source, request.operation)
        named = [self.characters.get(each, place=place) for place, each in enumerate(request.characters)]
        if len({each.name.casefold() for each in named}) < len(set(request.characters)):
            raise SameName
        cards = {character.name: self.characters.card(character) for character in named}
        return Material(request.reference.data if request.reference else None, cards, clip, source)

    def _new_job(self, request: VideoRequest, material: Material) -> Job:
        source, clip = material.source, material.clip
        seconds = source.seconds if source else max(1, round(clip.seconds)) if clip else request.seconds
        job = Job(
            id=self._new_id(),
            model=source.model if source else request.model,
            prompt=request.prompt,
            size=source.size if source else "{}x{}".format(*clip.size) if clip else request.size,
            seconds=seconds,
            seed=_seed(request, material),
            operation=request.operation,
            created_at=self._last_stamp // 1_000_000,
            source_id=request.source_id,
            extensions=source.extensions if source else extensions_of(clip.steps) if clip else 0,
            from_film=source.from_film if source else bool(clip and not clip.plan),
        )
        if job.operation != "extend":
            return job
        return _extended(job, request.seconds, round((clip.seconds if clip else seconds) + request.seconds))

    def _new_id(self) -> str:
        self._last_stamp = max(self._last_stamp + 1, time.time_ns() // 1000)
        return f"video_{self._last_stamp:016x}{secrets.token_hex(16)}"

    def _source(self, source_id: str) -> Job:
        source = self.get(source_id)
        if source.status != COMPLETED:
            raise SourceNotReady(source.status)
        return source

    def _check_kept(self, source: Job, operation: str) -> None:
        films = self._folders.films(source, operation)
        if films and (source.expired or not all(film.exists() for film in films.values())):
            raise SourceExpired

    def _render_forever(self) -> None:
        while found := self._next():
            job_id, child = found
            layout = None
            try:
                layout = child.follow(partial(self._advance, job_id))
            except Exception:
                logger.exception("the render of %s could not be followed", job_id)
            self._end(job_id, layout)

    def _next(self) -> tuple[str, RenderChild] | None:
        """Wait for the oldest queued job and start its child; None when the store closes."""
        with self._work:
            while not self._closed.is_set():
                if not self._queue:
                    self._work.wait()
                    continue
                if not self._folders.has_room():
                    self._work.wait(_ROOM_PAUSE)  # a full disk costs time, and no job
                    continue
                job_id = self._queue.popleft()
                try:
                    child = self._children[job_id] = RenderChild(self._folders.of(job_id))
                except OSError:
                    logger.exception("no process for the render of %s", job_id)
                    self._fail(job_id)
                    continue
                self._jobs[job_id] = replace(self._jobs[job_id], status=IN_PROGRESS)
                return job_id, child
        return None

    def _advance(self, job_id: str, percent: int) -> None:
        with self._lock:
            if job := self._jobs.get(job_id):
                self._jobs[job_id] = replace(job, progress=max(job.progress, min(percent, 99)))

    def _end(self, job_id: str, layout: dict[str, int] | None) -> None:
        with self._lock:
            del self._children[job_id]
            if self._closed.is_set():
                return
            if job_id not in self._jobs:
                self._folders.clear(job_id)
            elif layout and self._complete(job_id, layout):
                self._folders.drop_source(job_id)
            else:
                self._fail(job_id)

    def _complete(self, job_id: str, layout: dict[str, int]) -> bool:
        now = int(time.time())
        completed = replace(self._jobs[job_id], status=COMPLETED, progress=100, completed_at=now, layout=layout)
        expires_at = now + self._keep_seconds if self._keep_seconds else None
        return self._record(replace(completed, expires_at=expires_at))

    def _fail(self, job_id: str) -> None:
        failed = replace(self._jobs[job_id], status=FAILED, completed_at=int(time.time()), error=_CRASHED)
        self._folders.drop_work(job_id)
        # Failed it is, whether or not a full disk lets us write that down.
        self._record(failed)
        self._jobs[job_id] = failed

    def _record(self, job: Job) -> bool:
        try:
            self._folders.record(job)
        except OSError:
            logger.exception("%s could not be recorded", job.id)
            return False
        self._jobs[job.id] = job
        return True

    def _sweep_forever(self) -> None:
        while not self._closed.wait(_SWEEP_SECONDS):
            self.drop_expired()


def _seed(request: VideoRequest, material: Material) -> int:
    """As ordered; otherwise that of the source, whose scene is kept."""
    if request.seed is not None:
        return request.seed
    if material.source:
        return material.source.seed
    steps = material.clip.steps if material.clip and material.clip.plan else []
    return int(steps[-1]["seed"]) if steps else secrets.randbits(31)


def _extended(job: Job, added: int, total: int) -> Job:
    """The job with its new part counted, unless that makes it too long."""
    steps = job.extensions + 1
    if total > EXTENDED_SECONDS_MAX or steps > EXTENSIONS_MAX:
        raise TooLong(f"{total} seconds in {steps} extensions")
    return replace(job, seconds=total, added_seconds=added, extensions=steps)
