"""Any server that speaks `/v1/videos`; the only backend that knows httpx."""

from __future__ import annotations

import email.utils
import json
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import httpx

from videos import contract
from videos.backends.base import BackendLost, BackendRejected, BackendUnavailable, Content
from videos.backends.words import public
from videos.contract import VideoError, VideoRequest, VideoResource

# Seconds of silence. A create may take its time; everything else is asked again soon.
CREATE_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
TIMEOUT = httpx.Timeout(20.0, connect=5.0)
CHECK_SECONDS = 5.0
CHUNK_BYTES = 256 * 1024
FEATURES = ("remix", "edits", "extensions", "characters", "variants", "seed", "idempotency", "restart")
MAX_ID_LENGTH = 200
MAX_RETRY_AFTER = 300.0

# Raised before a byte of the request has left: nothing can have been created.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# `httpx.TransportError` would also catch our own mistakes, such as a key that cannot be a header.
BROKEN = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)
TRY_LATER = {402, 429}
NOT_DELETED = {401, 403, 408, 429}
LOST_CODES = {"video_not_found", "video_expired", "character_not_found"}
NOT_READY = {400, 404, 409, 422, 425}

STATUS_WORDS = {
    contract.QUEUED: "queued pending submitted created",
    contract.COMPLETED: "completed succeeded success done finished",
    contract.FAILED: "failed error rejected cancelled canceled expired deleted",
}
STATUS_OF = {word: status for status, words in STATUS_WORDS.items() for word in words.split()}


class HttpBackend:
    def __init__(self, *, base_url: str, api_key: str = "", features: Sequence[str] = ()) -> None:
        unknown = set(features) - set(FEATURES)
        if unknown:
            raise ValueError(f"unknown backend features: {', '.join(sorted(unknown))}; known: {', '.join(FEATURES)}")
        self.supports_remix = "remix" in features
        self.supports_edits = "edits" in features
        self.supports_extensions = "extensions" in features
        self.supports_characters = "characters" in features
        self.supports_variants = "variants" in features
        self.supports_idempotency = "idempotency" in features
        self.supports_restart = "restart" in features
        self._sends_seed = "seed" in features
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(base_url=base_url, headers=headers, timeout=TIMEOUT, trust_env=False)
        # A kept connection that the server has just closed would make the outcome of a create unknown.
        self._create_client = httpx.Client(
            base_url=base_url,
            headers=headers,
            timeout=CREATE_TIMEOUT,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def create(self, request: VideoRequest, *, key: str) -> VideoResource:
        headers = {contract.IDEMPOTENCY_HEADER: key}
        with _parts(request, with_seed=self._sends_seed) as parts:
            response = self._post(_path(request), parts, headers)
        if request.source_id or request.characters:
            _raise_if_lost(response, request)
        return _created(response)

    def create_character(self, name: str, clip: Path) -> str:
        with clip.open("rb") as file:
            parts = [("name", (None, name)), ("video", ("character.mp4", file, "video/mp4"))]
            response = self._post("/videos/characters", parts, {})
        if response.status_code not in (200, 201):
            _refuse(response, ambiguous=False)
        body = _body(response)
        if not isinstance(body.get("id"), str) or not 0 < len(body["id"]) <= MAX_ID_LENGTH:
            raise BackendUnavailable("the answer is no character object")
        return str(body["id"])

    def _post(self, path: str, parts: list[tuple[str, Any]], headers: dict[str, str]) -> httpx.Response:
        try:
            return self._create_client.post(path, files=parts, headers=headers)
        except NOT_SENT as error:
            raise BackendUnavailable(_reason(error)) from error
        except BROKEN as error:
            raise BackendUnavailable(_reason(error), ambiguous=True) from error

    def retrieve(self, video_id: str) -> VideoResource:
        response = self._get(f"/videos/{quote(video_id, safe='')}")
        if response.status_code == 200 or _is_video(response):
            return _resource(response)
        if response.status_code == 404:
            raise BackendLost(video_id)
        raise BackendUnavailable(f"HTTP {response.status_code}", retry_after=_retry_after(response))

    @contextmanager
    def content(self, video_id: str, variant: str) -> Iterator[Content]:
        params = {} if variant == "video" else {"variant": variant}
        path = f"/videos/{quote(video_id, safe='')}/content"
        try:
            # Packed bytes would not be as many as Content-Length says.
            headers = {"Accept-Encoding": "identity"}
            with self._client.stream("GET", path, params=params, headers=headers, follow_redirects=True) as response:
                if response.status_code in NOT_READY or response.status_code == 410:
                    raise BackendLost(video_id)
                if response.status_code != 200:
                    raise BackendUnavailable(f"HTTP {response.status_code}", retry_after=_retry_after(response))
                length = response.headers.get("content-length")
                yield Content(int(length) if length else None, _headers(response), response.iter_raw(CHUNK_BYTES))
        except BROKEN as error:
            raise BackendUnavailable(_reason(error)) from error

    def delete(self, video_id: str) -> None:
        try:
            # Refused, absent or unknown: all count as asked.
            response = self._client.delete(f"/videos/{quote(video_id, safe='')}")
        except BROKEN as error:
            raise BackendUnavailable(_reason(error)) from error
        if response.status_code in NOT_DELETED or response.status_code >= 500:
            raise BackendUnavailable(f"HTTP {response.status_code}", retry_after=_retry_after(response))

    def check(self) -> None:
        response = self._get("/models", timeout=CHECK_SECONDS)
        # Not every server lists its models, but each says so in JSON: a stranger's web page does not.
        if response.status_code != 200 and not (response.status_code == 404 and _body(response)):
            raise BackendUnavailable(f"HTTP {response.status_code}")

    def _get(self, path: str, *, timeout: float | httpx.Timeout = TIMEOUT) -> httpx.Response:
        try:
            return self._client.get(path, timeout=timeout)
        except BROKEN as error:
            raise BackendUnavailable(_reason(error)) from error


def _path(request: VideoRequest) -> str:
    match request.operation:
        case "remix":
            return f"/videos/{quote(request.source_id or '', safe='')}/remix"
        case "edit":
            return "/videos/edits"
        case "extend":
            return "/videos/extensions"
    return "/videos"


@contextmanager
def _parts(request: VideoRequest, *, with_seed: bool) -> Iterator[list[tuple[str, Any]]]:
    """Always multipart, which every known server takes; the file last."""
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in _fields(request, with_seed).items()]
    if request.reference:
        image = request.reference
        parts.append(("input_reference", (image.filename, image.data, image.content_type)))
    if request.clip is None:
        yield parts
        return
    with request.clip.open("rb") as file:
        yield [*parts, ("video", ("source.mp4", file, "video/mp4"))]


def _fields(request: VideoRequest, with_seed: bool) -> dict[str, str]:
    fields = {"prompt": request.prompt}
    match request.operation:
        case "create":
            fields |= {"model": request.model, "size": request.size, "seconds": str(request.seconds)}
        case "extend":
            fields |= {"model": request.model, "seconds": str(request.seconds)}
        case "edit":
            fields |= {"model": request.model}
    if request.source_id and request.operation != "remix":
        fields["video[id]"] = request.source_id
    if request.characters:
        fields["characters"] = json.dumps([{"id": character} for character in request.characters])
    if with_seed and request.seed is not None:
        fields["seed"] = str(request.seed)
    return fields


def _raise_if_lost(response: httpx.Response, request: VideoRequest) -> None:
    """It no longer has what the request refers to."""
    code = _message(response)[0] if response.status_code in (400, 404) else ""
    if (response.status_code == 404 and request.source_id) or code in LOST_CODES:
        raise BackendLost(request.source_id or ", ".join(request.characters))


def _created(response: httpx.Response) -> VideoResource:
    if response.status_code not in (200, 201, 202):
        _refuse(response, ambiguous=response.status_code in (408, 409) or response.status_code >= 500)
    try:
        return _resource(response)
    except BackendUnavailable as error:
        raise BackendUnavailable(str(error), ambiguous=True) from error


def _headers(response: httpx.Response) -> dict[str, str]:
    """Those of a redirect count too: storage knows nothing of a spritesheet's layout."""
    answers = (*response.history, response)
    return {name.lower(): value for answer in answers for name, value in answer.headers.items()}


def _reason(error: Exception) -> str:
    return type(error).__name__


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _is_video(response: httpx.Response) -> bool:
    """Some servers answer a failed job with a 4xx or 5xx whose body is the job."""
    return _body(response).get("object") == "video"


def _resource(response: httpx.Response) -> VideoResource:
    body = _body(response)
    if not isinstance(body.get("id"), str) or not 0 < len(body["id"]) <= MAX_ID_LENGTH:
        raise BackendUnavailable("the answer is no video object")
    status = STATUS_OF.get(str(body.get("status", "")).lower(), contract.IN_PROGRESS)
    return VideoResource(
        id=body["id"],
        model=str(body.get("model") or ""),
        status=status,
        progress=0 if status == contract.QUEUED else _percent(body.get("progress")),
        created_at=int(_number(body.get("created_at"))),
        prompt=body.get("prompt"),
        size=str(body.get("size") or ""),
        seconds=int(_number(body.get("seconds"))),
        expires_at=int(_number(body.get("expires_at"))) or None,
        error=_error(body.get("error")) if status == contract.FAILED else None,
    )


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0


def _percent(value: object) -> int:
    number = _number(value)
    if isinstance(value, float) and 0 < number < 1:
        number *= 100
    return max(0, min(100, int(number)))


def _error(value: object) -> VideoError:
    """An object, an object without code, a code that is a number, or a bare sentence."""
    if isinstance(value, dict):
        return VideoError(str(value.get("code") or "generation_failed"), public(str(value.get("message") or "")))
    return VideoError("generation_failed", public(str(value or "")))


def _message(response: httpx.Response) -> tuple[str, str]:
    """Code and message of a refusal: the envelope, `{"detail": …}` or `{"error": "text"}`."""
    body = _body(response)
    error = body.get("error", body.get("detail"))
    if isinstance(error, dict):
        return str(error.get("code") or "generation_failed"), public(str(error.get("message") or ""))
    return "generation_failed", public(str(error or f"The backend refused the request (HTTP {response.status_code})."))


def _refuse(response: httpx.Response, *, ambiguous: bool) -> NoReturn:
    status = response.status_code
    if status in TRY_LATER or ambiguous:
        raise BackendUnavailable(f"HTTP {status}", ambiguous=ambiguous, retry_after=_retry_after(response))
    if status in (401, 403):
        raise BackendUnavailable(f"HTTP {status}: the backend does not accept Studio's key")
    raise BackendRejected(*_message(response))


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, from either form of the header; at most five minutes, whatever it says."""
    value = response.headers.get("retry-after")
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER) if math.isfinite(seconds) else None
