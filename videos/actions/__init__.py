"""What people do. Doors call these after the form has judged; nothing here touches a backend."""

from __future__ import annotations

from videos.actions.batches import cancel_batch, create_batch
from videos.actions.characters import create_character
from videos.actions.errors import ActionError
from videos.actions.files import delete_file, purge_files, upload_file
from videos.actions.moderation import hide_video, restore_video
from videos.actions.orphans import remove_orphans
from videos.actions.videos import create_video, delete_video, edit_video, extend_video, remix_video
from videos.actions.webhooks import (
    create_endpoint,
    delete_endpoint,
    replay_delivery,
    rotate_secret,
    update_endpoint,
)
from videos.actions.workspaces import open_workspace

__all__ = [
    "ActionError",
    "cancel_batch",
    "create_batch",
    "create_character",
    "create_endpoint",
    "create_video",
    "delete_endpoint",
    "delete_file",
    "delete_video",
    "edit_video",
    "extend_video",
    "hide_video",
    "open_workspace",
    "purge_files",
    "remix_video",
    "remove_orphans",
    "replay_delivery",
    "restore_video",
    "upload_file",
    "rotate_secret",
    "update_endpoint",
]
