"""The input of batches, and the worker that works on them, by hand."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from videos import actions, batches
from videos.models import Batch, File, User, Workspace

Line = dict[str, Any]


def line(custom_id: str, **body: Any) -> Line:
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/videos", "body": {"prompt": "A fox", **body}}


def jsonl(*lines: Line | str) -> bytes:
    return "\n".join(it if isinstance(it, str) else json.dumps(it) for it in lines).encode()


def make_file(workspace: Workspace, data: bytes = b"bytes", *, purpose: str = "batch", **fields: Any) -> File:
    file = File(workspace=workspace, purpose=purpose, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    for name, value in {"filename": "orders.jsonl", **fields}.items():
        setattr(file, name, value)
    file.file = default_storage.save(file.new_key(), ContentFile(data))
    file.save(force_insert=True)
    return file


def make_batch(workspace: Workspace, by: User, *lines: Line | str, **options: Any) -> Batch:
    return actions.create_batch(
        workspace=workspace,
        by=by,
        input_file_id=make_file(workspace, jsonl(*lines)).id,
        endpoint="/v1/videos",
        completion_window="24h",
        **options,
    )


def step(batch: Batch, *, times: int = 1) -> Batch:
    """What the worker does when the batch is due."""
    for _ in range(times):
        Batch.objects.filter(pk=batch.pk, due_at__isnull=False).update(due_at=timezone.now())
        claimed = Batch.claim(batch.pk)
        if claimed:
            batches.advance(claimed)
    return Batch.objects.get(pk=batch.pk)


def lines_of(file_id: str) -> dict[str, Line]:
    """Of an output file, by custom_id."""
    with default_storage.open(str(File.objects.get(pk=file_id).file)) as file:
        found = [json.loads(text) for text in file.read().decode().splitlines()]
    return {it["custom_id"]: it for it in found}
