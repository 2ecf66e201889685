"""What Studio asks of addresses that people name: fetch an image, post a webhook, judge a URL in a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpcore
import httpx

from videos.contract import REFERENCE_MAX_BYTES
from videos.outbound import policy
from videos.outbound.allowlist import AllowList
from videos.outbound.errors import Forbidden, Unreachable
from videos.outbound.transport import Deadline, Guard, Resolver, exchange, read_at_most, system_resolver

IMAGE_SECONDS = 15.0
WEBHOOK_SECONDS = 10.0
ANSWER_MAX_BYTES = 4096
MAX_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Answer:
    """A receiver's: any status, the start of its body."""

    status: int
    body: bytes = field(repr=False)


def judge_url(url: str, *, https_only: bool = False) -> None:
    """Forbidden if the URL can never be called; says nothing of what its name resolves to, which may change."""
    policy.parse_url(url, allowed=AllowList.from_settings(), https_only=https_only)


def fetch_image(url: str, *, seconds: float = IMAGE_SECONDS, resolve: Resolver = system_resolver) -> bytes:
    """The bytes, as they were sent; whether they are an image is for `references` to say."""
    allowed = AllowList.from_settings()
    guard = Guard(allowed=allowed, deadline=Deadline(seconds), resolve=resolve)
    for _ in range(MAX_REDIRECTS + 1):
        target = policy.parse_url(url, allowed=allowed)
        with exchange("GET", target, guard=guard, headers={"Accept": "image/*"}) as answer:
            if answer.status not in REDIRECTS:
                return _image(answer)
            url = _location(target, answer)
    raise Unreachable("too many redirects")


def post_webhook(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    https_only: bool,
    seconds: float = WEBHOOK_SECONDS,
    resolve: Resolver = system_resolver,
) -> Answer:
    """Posts these very bytes, since they are signed. Any status is an answer, also a redirect: none is followed."""
    allowed = AllowList.from_settings()
    target = policy.parse_url(url, allowed=allowed, https_only=https_only)
    guard = Guard(allowed=allowed, deadline=Deadline(seconds), resolve=resolve)
    sent = httpx.Headers({"Content-Type": "application/json"})
    sent.update(headers)
    with exchange("POST", target, guard=guard, headers=sent, body=body) as answer:
        return Answer(answer.status, read_at_most(answer, ANSWER_MAX_BYTES))


def _image(answer: httpcore.Response) -> bytes:
    if answer.status != 200:
        raise Unreachable(f"HTTP {answer.status}")
    data = read_at_most(answer, REFERENCE_MAX_BYTES + 1)
    if len(data) > REFERENCE_MAX_BYTES:
        raise Unreachable("larger than a reference may be")
    return data


def _location(url: httpx.URL, answer: httpcore.Response) -> str:
    """Where a redirect leads; spelt as strictly as what a person types, and judged again by the caller."""
    found = [value for name, value in answer.headers if name.lower() == b"location"]
    if len(found) != 1:
        raise Unreachable("a redirect that does not say where to")
    try:
        text = found[0].decode()
        policy.judge_spelling(text)
        return str(url.join(text))
    except (httpx.InvalidURL, ValueError) as error:
        raise Forbidden("a redirect to what is no URL") from error
