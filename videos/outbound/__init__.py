"""The one way out to addresses that people name: images to fetch, receivers of webhooks."""

from __future__ import annotations

from videos.outbound.client import Answer, fetch_image, judge_url, post_webhook
from videos.outbound.errors import Forbidden, OutboundError, Unreachable

__all__ = ["Answer", "Forbidden", "OutboundError", "Unreachable", "fetch_image", "judge_url", "post_webhook"]
