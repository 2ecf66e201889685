"""The rows, one file per noun."""

from __future__ import annotations

from videos.models.asset import Asset
from videos.models.claims import kept
from videos.models.heartbeat import Heartbeat
from videos.models.video import Phase, Video
from videos.models.workspace import ApiKey, Membership, SignInLink, User, Workspace

__all__ = ["ApiKey", "Asset", "Heartbeat", "Membership", "Phase", "SignInLink", "User", "Video", "Workspace", "kept"]
