"""How fast a key may make things: a bucket of tokens in the database, so that it holds for all processes.

A bucket holds a minute's worth of creates and refills steadily.
"""

from __future__ import annotations

import math

from django.utils import timezone

from videos.api.errors import ApiError
from videos.models import ApiKey, TokenBucket

MINUTE = 60


def take(key: ApiKey) -> dict[str, str]:
    """Use one token; the headers that say what is left, or 429."""
    rate = key.limit
    if not rate:
        return {}
    # Whoever loses the swap has seen another take a token, so this ends: at the latest with an empty bucket.
    while True:
        bucket = _bucket(key, rate)
        # The clock of another machine may be ahead of ours.
        now = max(timezone.now(), bucket.filled_at)
        tokens = min(rate, bucket.tokens + (now - bucket.filled_at).total_seconds() * rate / MINUTE)
        if tokens < 1:
            raise _refusal(rate, tokens)
        untouched = TokenBucket.objects.filter(pk=bucket.pk, tokens=bucket.tokens, filled_at=bucket.filled_at)
        if untouched.update(tokens=tokens - 1, filled_at=now):
            return _headers(rate, tokens - 1)


def _bucket(key: ApiKey, rate: int) -> TokenBucket:
    full = {"tokens": rate, "filled_at": timezone.now()}
    return TokenBucket.objects.get_or_create(api_key=key, defaults=full)[0]


def _headers(rate: int, tokens: float) -> dict[str, str]:
    """The reset is the moment at which the bucket is full again."""
    return {
        "x-ratelimit-limit-requests": str(rate),
        "x-ratelimit-remaining-requests": str(int(tokens)),
        "x-ratelimit-reset-requests": duration((rate - tokens) * MINUTE / rate),
    }


def _refusal(rate: int, tokens: float) -> ApiError:
    seconds = (1 - tokens) * MINUTE / rate
    headers = {"Retry-After": str(math.ceil(seconds)), "retry-after-ms": str(math.ceil(seconds * 1000))}
    message = f"Rate limit reached for this key: {rate} a minute. Please try again in {duration(seconds)}."
    code = "rate_limit_exceeded"
    return ApiError(429, message, kind="requests", code=code, headers=headers | _headers(rate, tokens))


def duration(seconds: float) -> str:
    """`12ms`, `1s`, `6m0s`: rounded up, so that nobody comes too early."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(math.ceil(seconds), MINUTE)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
