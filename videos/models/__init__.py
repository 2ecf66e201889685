"""The rows, one file per noun."""

from __future__ import annotations

from videos.models.asset import Asset
from videos.models.claims import kept
from videos.models.heartbeat import Heartbeat
from videos.models.phases import Phase, Trouble
from videos.models.video import Video
from videos.models.workspace import ApiKey, Membership, SignInLink, User, Workspace

__all__ = [
    "ApiKey",
    "Asset",
    "Heartbeat",
    "Membership",
    "Phase",
    "SignInLink",
    "Trouble",
    "User",
    "Video",
    "Workspace",
    "kept",
]
