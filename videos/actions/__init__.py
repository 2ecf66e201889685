"""What people do. Doors call these after the form has judged; nothing here touches a backend."""

from __future__ import annotations

from videos.actions.characters import create_character
from videos.actions.errors import ActionError
from videos.actions.moderation import hide_video, restore_video
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
    "create_character",
    "create_endpoint",
    "create_video",
    "delete_endpoint",
    "delete_video",
    "edit_video",
    "extend_video",
    "hide_video",
    "open_workspace",
    "remix_video",
    "replay_delivery",
    "restore_video",
    "rotate_secret",
    "update_endpoint",
]
