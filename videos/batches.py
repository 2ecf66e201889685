"""What the machine does next with a batch that a worker has claimed: validate, make videos, write its files, end."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File as OpenFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from videos import actions, resources
from videos.actions import ActionError
from videos.actions.uploads import kept_if_committed
from videos.forms import VideoForm, batch_lines, shapes
from videos.forms.batch_lines import Line
from videos.forms.refusals import Refusal, of_form
from videos.models import Batch, BatchLine, File, Stale, Video, Workspace, kept
from videos.stored import fetch, storage_trouble, temporary_folder

logger = logging.getLogger(__name__)

# Unfinished videos of one batch at a time: what people wait for at a page goes first.
AT_ONCE = 4
PAUSE = timedelta(seconds=1)
TROUBLE_PAUSE = timedelta(seconds=10)
# So often may one line make trouble of our own before it is refused.
FAILURES_MAX = 8
# After so long a step ends, that a cancelled batch is not worked on for long.
STEP_SECONDS = 10.0
# Lines that are written to the database in one go: so many, of so many bytes together.
CHUNK_LINES, CHUNK_BYTES = 500, 4 * 1024 * 1024
OUTPUT_LIFETIME = timedelta(days=30)
Status = Batch.Status
# What lines are told that were not finished when the batch ended so.
UNFINISHED = {
    Status.EXPIRED: Refusal("The batch expired before this line was finished.", code="batch_expired"),
    Status.CANCELLED: Refusal("The batch was cancelled before this line was finished.", code="batch_cancelled"),
}
DELETED = Refusal("The video was deleted before it was finished.", code="video_deleted")
OUR_FAULT = Refusal("Studio could not make a video of this line.", code="server_error")


def advance(batch: Batch) -> None:
    """One step. A trouble of our own is in the log, and costs a pause; the end of the window ends it in any case."""
    try:
        _step(batch)
    except Stale:
        logger.info("%s was moved by somebody else", batch.id)
    except Exception:
        logger.warning("%s: trouble", batch.id, exc_info=True)
        with suppress(Stale):
            batch.look_again(TROUBLE_PAUSE)


def _step(batch: Batch) -> None:
    overdue = batch.expires_at <= timezone.now()
    match batch.status:
        case Status.VALIDATING | Status.IN_PROGRESS if overdue:
            wind_up(batch, Status.EXPIRED)
        case Status.VALIDATING:
            validate(batch)
        case Status.IN_PROGRESS:
            work(batch)
        case Status.FINALIZING:
            finish(batch, Status.COMPLETED)
        case Status.CANCELLING:
            wind_up(batch, Status.CANCELLED)


# --- validating ----------------------------------------------------------------------------------


def validate(batch: Batch) -> None:
    """All of the input is judged before the first video is made."""
    file = File.objects.in_workspace(batch.workspace).named(batch.input_file_id).first()
    with temporary_folder() as folder:
        with kept(batch):
            path, found = _judged(file, folder)
        if found.errors:
            return batch.move(Status.FAILED, errors=found.errors)
        _store_lines(batch, path)
    batch.move(Status.IN_PROGRESS, total=found.total, model=found.model[:120])


def _judged(file: File | None, folder: Path) -> tuple[Path, batch_lines.Findings]:
    """A copy of the input, and what was found in it."""
    path, found = folder / "input.jsonl", batch_lines.Findings()
    if file is None:
        found.refuse(Refusal("The input file is gone.", "input_file_id", "file_not_found"))
    elif file.size > batch_lines.INPUT_MAX_BYTES:
        message = f"The input file is larger than {batch_lines.INPUT_MAX_BYTES // 2**20} MiB."
        found.refuse(Refusal(message, "input_file_id", "file_too_large"))
    else:
        with fetch(str(file.file), path).open("rb") as lines:
            found = batch_lines.judge(lines)
    return path, found


def _store_lines(batch: Batch, path: Path) -> None:
    """Lines that are there already are those of a worker that was killed in the midst of it."""
    with transaction.atomic():
        batch.renew()
        batch.lines.all().delete()
    with path.open("rb") as lines:
        for chunk in _chunks(batch_lines.read(lines)):
            rows = [BatchLine(batch=batch, number=it.number, custom_id=it.custom_id, body=it.body) for it in chunk]
            with transaction.atomic():
                batch.renew()
                BatchLine.objects.bulk_create(rows)


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    weight = 0
    for line in lines:
        chunk.append(line)
        weight += len(json.dumps(line.body))
        if len(chunk) >= CHUNK_LINES or weight >= CHUNK_BYTES:
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk


# --- in progress ---------------------------------------------------------------------------------


def work(batch: Batch) -> None:
    if not batch.may_go_on:
        logger.info("%s is cancelled: its creator may make no videos here any more", batch.id)
        return batch.move(Status.CANCELLING)
    _gather(batch)
    _make_more(batch)
    if batch.completed + batch.failed < batch.total:
        batch.look_again(PAUSE)
    else:
        batch.move(Status.FINALIZING)


def _gather(batch: Batch) -> None:
    """The results of the videos that have ended, well or not."""
    for line in batch.lines.running():
        video = line.video
        assert video
        if video.deleted_at:
            batch.refuse(line, _error(DELETED))
        elif video.is_final:
            batch.answer(line, _response(video))


def _response(video: Video) -> dict[str, Any]:
    return {"status_code": 200, "request_id": f"req_{secrets.token_hex(16)}", "body": resources.video(video)}


def _error(refusal: Refusal) -> dict[str, Any]:
    return {"code": refusal.code, "message": refusal.message, "param": refusal.param}


def _make_more(batch: Batch) -> None:
    free, until = AT_ONCE - batch.lines.running().count(), time.monotonic() + STEP_SECONDS
    while free > 0 and time.monotonic() < until and (line := batch.lines.next()):
        if refusal := _made_or_refused(batch, line):
            batch.refuse(line, _error(refusal))
        else:
            free -= 1


def _made_or_refused(batch: Batch, line: BatchLine) -> Refusal | None:
    """As `_make`; trouble with a line costs the batch a pause, and in the end the line."""
    try:
        return _make(batch, line)
    except Stale:
        raise
    except Exception:
        if batch.note_failure(line) < FAILURES_MAX:
            raise
        logger.exception("%s: line %s is refused", batch.id, line.number)
        return OUR_FAULT


def _make(batch: Batch, line: BatchLine) -> Refusal | None:
    """A video, as if the line had come alone; or why not."""
    with kept(batch):
        asked = _asked(line.body, batch.workspace)
    if isinstance(asked, Refusal):
        return asked

    def begin(video: Video) -> None:
        batch.begin_line(line, video)

    try:
        actions.create_video(workspace=batch.workspace, by=batch.created_by, note=begin, **asked)
    except ActionError as error:
        return Refusal(error.message, error.param, error.code)
    return None


def _asked(body: dict[str, Any], workspace: Workspace) -> dict[str, Any] | Refusal:
    # `null` means "not given", as at the door.
    data = {name: value for name, value in body.items() if value is not None}
    if refusal := shapes.CREATE.mistyped(data):
        return refusal
    form = VideoForm(data, MultiValueDict(), workspace=workspace)
    return form.cleaned_data if form.is_valid() else of_form(form, data, required=shapes.CREATE.required)


# --- the end -------------------------------------------------------------------------------------


def wind_up(batch: Batch, ending: Batch.Status) -> None:
    """Before its work is done: what is finished is kept, what is under way is stopped."""
    if not batch.total:
        # It was not even validated.
        with transaction.atomic():
            batch.move(ending)
            batch.lines.all().delete()
        return
    _gather(batch)
    error = _error(UNFINISHED[ending])
    for line in batch.lines.running():
        assert line.video
        with transaction.atomic():
            batch.refuse(line, error)
            actions.delete_video(line.video)
    batch.refuse_the_rest(error)
    finish(batch, ending)


def finish(batch: Batch, ending: Batch.Status) -> None:
    """Files, end and news of it in one transaction; the lines are in the files by then."""
    with temporary_folder() as folder:
        with kept(batch):
            files = _output_files(batch, folder)
        with kept_if_committed(*(str(file.file) for file in files.values())):
            File.objects.bulk_create(files.values())
            batch.move(ending, **{f"{kind}_file_id": file.id for kind, file in files.items()})
            batch.lines.all().delete()


def _output_files(batch: Batch, folder: Path) -> dict[str, File]:
    """Stored, but no rows yet. One without lines is not made."""
    files: dict[str, File] = {}
    answered = batch.lines.filter(response__isnull=False).order_by("number")
    refused = batch.lines.filter(error__isnull=False).order_by("number")
    try:
        for kind, lines in (("output", answered), ("error", refused)):
            path = folder / kind
            if _write(path, lines.iterator(CHUNK_LINES)):
                files[kind] = _stored(batch, path)
    except BaseException:
        for file in files.values():
            default_storage.delete(str(file.file))
        raise
    return files


def _write(path: Path, lines: Iterable[BatchLine]) -> int:
    """How many bytes it came to."""
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            entry = {
                "id": f"batch_req_{secrets.token_hex(16)}",
                "custom_id": line.custom_id,
                "response": line.response,
                "error": line.error,
            }
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return path.stat().st_size


def _stored(batch: Batch, path: Path) -> File:
    row = File(workspace=batch.workspace, created_by=batch.created_by, purpose=File.Purpose.BATCH_OUTPUT)
    row.filename = f"{batch.id}_{path.name}.jsonl"
    row.size = path.stat().st_size
    keep = timedelta(seconds=batch.output_seconds) if batch.output_seconds else OUTPUT_LIFETIME
    row.expires_at = row.created_at + keep
    with storage_trouble(), path.open("rb") as file:
        row.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        row.file = default_storage.save(row.new_key(), OpenFile(file))
    return row
