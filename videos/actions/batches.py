"""What programs do with batches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from videos import dispatch
from videos.actions.errors import ActionError
from videos.models import Batch, User, Workspace

WINDOW = timedelta(hours=24)
# Unfinished ones of a workspace: each takes its turn at the workers.
BATCHES_MAX = 10


def create_batch(
    *,
    workspace: Workspace,
    by: User,
    input_file_id: str,
    endpoint: str,
    completion_window: str,
    metadata: dict[str, str] | None = None,
    keep_output: timedelta | None = None,
    note: Callable[[Batch], None] | None = None,
) -> Batch:
    batch = Batch(
        workspace=workspace,
        created_by=by,
        input_file_id=input_file_id,
        endpoint=endpoint,
        completion_window=completion_window,
        metadata=metadata,
        output_seconds=int(keep_output.total_seconds()) if keep_output else None,
    )
    batch.expires_at = batch.created_at + WINDOW
    with transaction.atomic():
        # One after the other, so that none slips through the count.
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        if Batch.objects.in_workspace(workspace).unfinished().count() >= BATCHES_MAX:
            message = f"A workspace has at most {BATCHES_MAX} unfinished batches; wait for one to end, or cancel one."
            raise ActionError("batch_limit_reached", message)
        batch.save(force_insert=True)
        if note:
            note(batch)
        transaction.on_commit(lambda: dispatch.wake_batch(batch.id))
    return batch


def cancel_batch(batch: Batch) -> None:
    """No further videos are begun; those under way are stopped, and what is finished is kept."""
    if not batch.begin_cancel():
        message = f"Batch '{batch.id}' has ended as '{batch.status}', so it cannot be cancelled."
        raise ActionError("batch_ended", message)
    transaction.on_commit(lambda: dispatch.wake_batch(batch.id))
