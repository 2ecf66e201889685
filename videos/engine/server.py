"""The engine's door: a WSGI application that speaks the Videos API over the job store."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl

from videos.contract import (
    COMPLETED,
    FAILED,
    IDEMPOTENCY_HEADER,
    POLL_AFTER_HEADER,
    REQUEST_ID_HEADER,
    SECONDS,
    SIZES,
    SPRITESHEET_HEADERS,
    VARIANTS,
    VideoRequest,
    supported_values,
)
from videos.engine.answers import Answer, Headers, Refusal, file_answer, json_answer
from videos.engine.bodies import Fields, Upload, close_uploads, read_fields
from videos.engine.characters import UnknownCharacter
from videos.engine.child import ToolFailed
from videos.engine.clips import Clip, NotAClip, judge_clip
from videos.engine.job import Job
from videos.engine.jobs import JobStore, SourceExpired, UnknownJob
from videos.engine.orders import (
    MODEL,
    character_name,
    create_request,
    edit_request,
    extension_request,
    page_request,
    remix_request,
    source_of,
)
from videos.engine.refusals import film_as_field, no_clip, not_found, refusals

POLL_AFTER_MS = {"queued": "1000", "in_progress": "500"}
# Words of the API that are not ids of videos.
_RESERVED = {"edits", "extensions", "characters", "generations"}
_MODEL = {
    "id": MODEL,
    "object": "model",
    "created": 1_793_232_000,
    "owned_by": "studio",
    "sizes": list(SIZES),
    "seconds": list(SECONDS),
    "supports": [
        "input_reference", "remix", "edits", "extensions", "characters",
        "seed", "thumbnail", "spritesheet", "idempotency_key",
    ],
}  # fmt: skip

logger = logging.getLogger("videos.engine")

Handler = Callable[["Request"], Answer]


@dataclass(frozen=True)
class Request:
    environ: Mapping[str, Any]

    @property
    def method(self) -> str:
        return str(self.environ["REQUEST_METHOD"])

    @property
    def path(self) -> str:
        return str(self.environ["PATH_INFO"])

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.environ.get("QUERY_STRING", ""), keep_blank_values=True))

    def header(self, name: str) -> str | None:
        value = self.environ.get("HTTP_" + name.upper().replace("-", "_"))
        return None if value is None else str(value)


class Server:
    """A WSGI application; `key` None opens it to everybody who can reach it."""

    def __init__(self, store: JobStore, *, key: str | None) -> None:
        self._store = store
        self._key = key

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request_id = f"req_{secrets.token_hex(16)}"
        answer = self._answer(Request(environ), request_id)
        start_response(answer.status_line, [*answer.headers.items(), (REQUEST_ID_HEADER, request_id)])
        return answer.body

    def _answer(self, request: Request, request_id: str) -> Answer:
        try:
            return self._dispatch(request)
        except Refusal as refusal:
            return refusal.answer()
        except UnknownJob as unknown:
            return not_found(str(unknown)).answer()
        except Exception:
            logger.exception("%s %s failed (%s)", request.method, request.path, request_id)
            return Refusal("The engine had an error of its own.", status=500, kind="server_error").answer()

    def _dispatch(self, request: Request) -> Answer:
        match request.path.strip("/").split("/"):
            case ["healthz"]:
                return _by_method(request, GET=lambda _: json_answer({"status": "ok"}))
            case ["v1", *rest]:
                self._check_key(request)
                return self._dispatch_api(request, rest)
        raise _unknown_url(request)

    def _dispatch_api(self, request: Request, path: list[str]) -> Answer:
        match path:
            case ["models"]:
                return _by_method(request, GET=lambda _: json_answer({"object": "list", "data": [_MODEL]}))
            case ["models", *name]:
                return _by_method(request, GET=lambda _: _model("/".join(name)))
            case ["videos"]:
                return _by_method(request, GET=self._list, POST=self._create)
            case ["videos", "edits"]:
                return _by_method(request, POST=lambda r: self._submit_with_film(r, edit_request))
            case ["videos", "extensions"]:
                return _by_method(request, POST=lambda r: self._submit_with_film(r, extension_request))
            case ["videos", "characters"]:
                return _by_method(request, POST=self._add_character)
            case ["videos", "characters", character_id]:
                return _by_method(request, GET=lambda _: self._character(character_id))
            case ["videos", word, *_] if word in _RESERVED:
                raise _unknown_url(request)
            case ["videos", video_id]:
                return _by_method(
                    request, GET=lambda _: self._retrieve(video_id), DELETE=lambda _: self._delete(video_id)
                )
            case ["videos", video_id, "content"]:
                return _by_method(
                    request, GET=lambda r: self._content(r, video_id), HEAD=lambda r: self._content(r, video_id)
                )
            case ["videos", video_id, "remix"]:
                return _by_method(request, POST=lambda r: self._remix(r, video_id))
        raise _unknown_url(request)

    def _check_key(self, request: Request) -> None:
        if self._key is None:
            _refuse_browsers(request)
            return
        scheme, _, given = (request.header("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            message = "Missing API key: send it as 'Authorization: Bearer <key>'."
            raise Refusal(message, status=401, headers={"WWW-Authenticate": "Bearer"})
        if not hmac.compare_digest(given.strip().encode(), self._key.encode()):
            raise Refusal(
                "Incorrect API key provided.",
                status=401,
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )

    def _create(self, request: Request) -> Answer:
        with _fields_of(request) as fields:
            return self._submit(request, create_request(fields))

    def _remix(self, request: Request, video_id: str) -> Answer:
        with _fields_of(request) as fields:
            return self._submit(request, remix_request(fields, video_id))

    def _submit_with_film(self, request: Request, order: Callable[[Fields], VideoRequest]) -> Answer:
        with _fields_of(request, with_clip=True) as fields, self._inbox() as inbox, film_as_field(), refusals():
            ordered = order(fields)
            if ordered.source_id is not None:
                return self._submit(request, ordered)
            clip = _received(fields, inbox)
            return self._submit(request, replace(ordered, clip=clip.path), clip)

    def _submit(self, request: Request, ordered: VideoRequest, clip: Clip | None = None) -> Answer:
        with refusals():
            return _video(self._store.submit(ordered, key=request.header(IDEMPOTENCY_HEADER), clip=clip))

    def _add_character(self, request: Request) -> Answer:
        with _fields_of(request, with_clip=True) as fields, self._inbox() as inbox, film_as_field(), refusals():
            name, source = character_name(fields), source_of(fields)
            film = self._store.film_of(source) if isinstance(source, str) else _received(fields, inbox).path
            try:
                key = request.header(IDEMPOTENCY_HEADER)
                return json_answer(self._store.characters.add(name, film, key=key).to_wire())
            except FileNotFoundError:
                raise SourceExpired from None  # since it was looked for
            except ToolFailed as failed:
                raise no_clip(str(failed)) from None

    def _character(self, character_id: str) -> Answer:
        try:
            return json_answer(self._store.characters.get(character_id).to_wire())
        except UnknownCharacter:
            message = f"Character with id '{character_id[:100]}' not found."
            raise Refusal(message, status=404, code="character_not_found") from None

    def _inbox(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory(dir=self._store.inbox)

    def _list(self, request: Request) -> Answer:
        jobs, has_more = self._store.page(**page_request(request.query))
        ids = [job.id for job in jobs]
        return json_answer(
            {
                "object": "list",
                "data": [job.to_wire() for job in jobs],
                "first_id": ids[0] if ids else None,
                "last_id": ids[-1] if ids else None,
                "has_more": has_more,
            }
        )

    def _retrieve(self, video_id: str) -> Answer:
        return _video(self._store.get(video_id))

    def _delete(self, video_id: str) -> Answer:
        self._store.delete(video_id)
        return json_answer({"id": video_id, "object": "video.deleted", "deleted": True})

    def _content(self, request: Request, video_id: str) -> Answer:
        job = self._store.get(video_id)
        variant = request.query.get("variant", "video")
        if variant not in VARIANTS:
            message = supported_values(variant[:100], list(VARIANTS))
            raise Refusal(message, param="variant", code="invalid_value")
        _check_ready(job)
        try:
            return file_answer(
                self._store.media(job, variant),
                _content_headers(job, variant),
                wanted=request.header("Range"),
                condition=request.header("If-Range"),
                head=request.method == "HEAD",
            )
        except FileNotFoundError:
            raise _expired() from None


@contextmanager
def _fields_of(request: Request, *, with_clip: bool = False) -> Iterator[Fields]:
    """The fields of a request, whose files are gone at the end."""
    fields = read_fields(request.environ, with_clip=with_clip)
    try:
        yield fields
    finally:
        close_uploads(fields)


def _received(fields: Fields, inbox: str) -> Clip:
    """The film in the field `video`, moved to a file and judged."""
    upload = source_of(fields)
    assert isinstance(upload, Upload)
    path = Path(inbox) / "clip.mp4"
    upload.save(path)
    try:
        return judge_clip(path)
    except NotAClip as refused:
        raise no_clip(str(refused)) from None


def _refuse_browsers(request: Request) -> None:
    """Without a key any web page its user visits could order videos; only browsers send this header."""
    if request.header("Origin"):
        raise Refusal("Without an API key this engine does not serve web pages.", status=403, code="permission_denied")


def _by_method(request: Request, **handlers: Handler) -> Answer:
    if request.method not in handlers:
        raise Refusal(
            f"Method {request.method[:20]} is not allowed here.",
            status=405,
            code="method_not_allowed",
            headers={"Allow": ", ".join(handlers)},
        )
    return handlers[request.method](request)


def _model(name: str) -> Answer:
    if name != MODEL:
        raise Refusal(f"The model '{name[:100]}' does not exist.", status=404, param="model", code="model_not_found")
    return json_answer(_MODEL)


def _video(job: Job) -> Answer:
    headers = {} if job.ended else {POLL_AFTER_HEADER: POLL_AFTER_MS[job.status]}
    return json_answer(job.to_wire(), headers=headers)


def _check_ready(job: Job) -> None:
    if job.status == FAILED and job.error:
        raise Refusal(job.error["message"], status=404, code="video_failed")
    if job.status != COMPLETED:
        message = "Video is not ready yet, use GET /v1/videos/{video_id} to check status"
        raise Refusal(message, status=404, code="video_not_ready")
    if job.expired:
        raise _expired()


def _content_headers(job: Job, variant: str) -> Headers:
    kind = VARIANTS[variant]
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f'attachment; filename="{job.id}.{kind.partition("/")[2].replace("jpeg", "jpg")}"',
    }
    if variant == "spritesheet":
        headers |= {name: str(job.layout[key]) for key, name in SPRITESHEET_HEADERS.items()}
    return headers


def _expired() -> Refusal:
    return Refusal("The files of this video have expired.", status=404, code="video_expired")


def _unknown_url(request: Request) -> Refusal:
    return Refusal(f"Invalid URL ({request.method} {request.path[:200]})", status=404, code="unknown_url")
