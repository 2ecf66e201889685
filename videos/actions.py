"""What people do. Doors call these after the form has judged; nothing here touches a backend."""

from __future__ import annotations

import hashlib
import io
import re
import secrets

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from videos import catalog, contract, dispatch
from videos.contract import Reference
from videos.models import Asset, Membership, User, Video, Workspace


class ActionError(Exception):
    """The state forbids what was asked. `code` and `param` are for programs, the text is for people."""

    def __init__(self, code: str, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param


def create_video(
    *,
    workspace: Workspace,
    by: User,
    prompt: str,
    model: catalog.Model,
    size: str,
    seconds: int,
    seed: int | None = None,
    input_reference: Reference | None = None,
) -> Video:
    video = Video(
        workspace=workspace,
        created_by=by,
        prompt=prompt,
        model=model.name,
        backend=model.backend,
        backend_model=model.backend_model,
        size=size,
        seconds=seconds,
        **_seed(seed),
    )
    reference = _store_reference(video, input_reference) if input_reference else None
    return _accept(video, reference)


def remix_video(source: Video, *, by: User, prompt: str, seed: int | None = None) -> Video:
    """A new video that keeps the source's scene, model, size and length."""
    if source.status != contract.COMPLETED:
        code = "video_failed" if source.status == contract.FAILED else "video_not_ready"
        raise ActionError(code, f"Video '{source.id}' is not completed, so it cannot be remixed.", param="video")
    if not catalog.can_remix(source.backend):
        raise ActionError("unsupported_value", f"The backend of '{source.id}' cannot remix.", param="video")
    video = Video(
        workspace=source.workspace,
        created_by=by,
        operation=Video.Operation.REMIX,
        source=source,
        prompt=prompt,
        model=source.model,
        backend=source.backend,
        backend_model=source.backend_model,
        size=source.size,
        seconds=source.seconds,
        **_seed(source.seed if seed is None else seed),
    )
    return _accept(video)


def _seed(seed: int | None) -> dict[str, int]:
    return {} if seed is None else {"seed": seed}


def _store_reference(video: Video, image: Reference) -> Asset:
    """Its bytes go to storage before the transaction: no row may wait for a storage server."""
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


def _accept(video: Video, reference: Asset | None = None) -> Video:
    try:
        with transaction.atomic():
            video.save(force_insert=True)
            if reference:
                reference.save(force_insert=True)
            transaction.on_commit(lambda: dispatch.wake(video.id))
    except BaseException:
        if reference:
            default_storage.delete(reference.key)
        raise
    return video


def delete_video(video: Video) -> None:
    """Gone for every door at once; a running job is stopped, and the bytes follow."""
    if video.delete_softly():
        transaction.on_commit(lambda: dispatch.wake(video.id))


def hide_video(video: Video, *, by: User) -> bool:
    """Moderation: out of sight for everybody but staff. False if it was hidden already."""
    return bool(Video.objects.filter(pk=video.pk, hidden_at=None).update(hidden_at=timezone.now(), hidden_by=by))


def restore_video(video: Video) -> bool:
    return bool(Video.objects.filter(pk=video.pk).exclude(hidden_at=None).update(hidden_at=None, hidden_by=None))


def open_workspace(*, name: str, owner: User) -> Workspace:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "studio"
    if Workspace.objects.filter(slug=slug).exists():
        slug = f"{slug}-{secrets.token_hex(4)}"
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name, slug=slug)
        Membership.objects.create(workspace=workspace, user=owner, role=Membership.Role.OWNER)
    return workspace
