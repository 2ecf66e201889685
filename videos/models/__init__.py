"""The rows, one file per noun."""

from __future__ import annotations

from videos.models.api_key import ApiKey, ApiRequest, Receipt, TokenBucket
from videos.models.asset import Asset
from videos.models.batch import Batch, BatchLine
from videos.models.character import Character
from videos.models.claims import kept
from videos.models.due import Stale
from videos.models.file import File
from videos.models.heartbeat import Heartbeat
from videos.models.phases import Phase, Trouble
from videos.models.video import Appearance, Video
from videos.models.webhook import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from videos.models.workspace import Membership, SignInLink, User, Workspace

__all__ = [
    "ApiKey",
    "ApiRequest",
    "Appearance",
    "Asset",
    "Batch",
    "BatchLine",
    "Character",
    "File",
    "Heartbeat",
    "Membership",
    "Phase",
    "Receipt",
    "SignInLink",
    "Stale",
    "TokenBucket",
    "Trouble",
    "User",
    "Video",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "Workspace",
    "kept",
]
