"""Answers of the OpenAPI document: what went well, each error that an operation can give, and their headers."""

from __future__ import annotations

from typing import Any

from videos import contract
from videos.api.routing import Operation
from videos.api.schemas import ref
from videos.forms.shapes import Schema

STATUSES = {
    "400": "Something in the request is wrong: `param` names it, `code` says how.",
    "401": "No key, or one that does not exist (any more).",
    "403": "The key lacks the scope, or its owner may only look on.",
    "404": "There is no such thing, or it belongs to somebody else.",
    "413": "The body is too large.",
    "415": "The body is of a type that is not understood.",
    "416": "The file does not have the range that was asked for.",
    "429": "Too many requests for this key; `Retry-After` says when the next one may come.",
    "500": "A mistake of this server.",
}
TEXT: Schema = {"type": "string"}
DIGITS: Schema = {"type": "string", "pattern": "^[0-9]+$"}
RATE = ("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests")
# name → (what it says, its schema); they are components.
HEADERS: dict[str, tuple[str, Schema]] = {
    contract.REQUEST_ID_HEADER: ("Names this request in the server's log.", {"type": "string", "pattern": "^req_"}),
    contract.POLL_AFTER_HEADER: ("Milliseconds to wait before asking again; absent when the video ended.", DIGITS),
    "x-ratelimit-limit-requests": ("Requests a minute that this key may make; absent if there is no limit.", DIGITS),
    "x-ratelimit-remaining-requests": ("How many of them are left.", DIGITS),
    "x-ratelimit-reset-requests": ("How long until all of them are back, as `12ms`, `1s` or `6m0s`.", TEXT),
    "Retry-After": ("Seconds to wait.", DIGITS),
    contract.REPLAYED_HEADER: (
        "This is the answer to an earlier request with the same key.",
        {"type": "string", "enum": ["true"]},
    ),
    contract.IGNORED_HEADER: ("Names of fields that were not understood, and left aside.", TEXT),
    contract.SPRITESHEET_HEADERS["columns"]: ("Tiles side by side.", DIGITS),
    contract.SPRITESHEET_HEADERS["rows"]: ("Rows of tiles.", DIGITS),
    contract.SPRITESHEET_HEADERS["frames"]: ("Tiles in all; the last row may be short.", DIGITS),
    "Content-Range": ("Which bytes these are, and of how many.", TEXT),
    "WWW-Authenticate": ("How to say who is asking.", TEXT),
}


def header_components() -> dict[str, Schema]:
    return {
        name: {
            "description": description,
            "schema": schema,
            **({"required": True} if name == contract.REQUEST_ID_HEADER else {}),
        }
        for name, (description, schema) in HEADERS.items()
    }


def headers(*names: str) -> Schema:
    names = (contract.REQUEST_ID_HEADER, *names)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def error_components() -> dict[str, Schema]:
    extra = {"401": ("WWW-Authenticate",), "429": ("Retry-After", *RATE), "416": ("Content-Range",)}
    return {
        f"Error{status}": {
            "description": description,
            "headers": headers(*extra.get(status, ())),
            "content": {"application/json": {"schema": ref("Error")}},
        }
        for status, description in STATUSES.items()
    }


def answers(operation: Operation) -> dict[str, Any]:
    errors = {status: {"$ref": f"#/components/responses/Error{status}"} for status in _errors(operation)}
    return _good(operation) | errors


def _errors(operation: Operation) -> list[str]:
    """Those that this operation can really give."""
    found = ["401", "500"]
    if operation.body or operation.query or operation.path.endswith("/cancel"):
        found.append("400")
    if operation.scope or operation.method not in ("GET", "HEAD"):
        found.append("403")
    if "{" in operation.path or _names_another(operation):
        found.append("404")
    if operation.body:
        found += ["413", "415"]
    if operation.answer == "Content":
        found.append("416")
    if operation.makes:
        found.append("429")
    return sorted(found)


# Bodies of what may be repeated, so that no receipt is kept of it.
REPEATABLE = {"UpdateWebhookEndpoint", "RotateWebhookSecret", "TestWebhookEndpoint"}


def makes_once(operation: Operation) -> bool:
    """It honours the header `Idempotency-Key`."""
    return operation.body is not None and operation.body.name not in REPEATABLE


def _names_another(operation: Operation) -> bool:
    """A video in the body that may not exist."""
    return bool(operation.body and "video" in operation.body.by_name)


def _good(operation: Operation) -> dict[str, Any]:
    if operation.answer == "Content":
        return _bytes(operation)
    names: tuple[str, ...] = ()
    if operation.makes:
        names += RATE
    if makes_once(operation):
        names += (contract.REPLAYED_HEADER, contract.IGNORED_HEADER)
    if operation.answer == "Video" and operation.method == "GET":
        names += (contract.POLL_AFTER_HEADER,)
    content = {"application/json": {"schema": ref(operation.answer)}}
    answer: Schema = {"description": "Done.", "headers": headers(*names), "content": content}
    if links := LINKS.get(operation.answer):
        answer["links"] = {title: dict(link) for title, link in links.items()}
    return {"200": answer}


def _bytes(operation: Operation) -> dict[str, Any]:
    is_video = operation.path.startswith("videos/")
    kinds = list(contract.VARIANTS.values()) if is_video else ["application/octet-stream", "application/jsonl"]
    names = tuple(contract.SPRITESHEET_HEADERS.values()) if is_video else ()
    content: Schema = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {
        "200": {"description": "The bytes.", "headers": headers(*names), "content": content},
        "206": {"description": "Part of them.", "headers": headers("Content-Range", *names), "content": content},
        "302": {"description": "Where they are: a signed address in the bucket, if there is one."},
        "304": {"description": "The client has them already: it sent their `ETag`."},
    }


def _link(operation_id: str, parameter: str) -> Schema:
    return {"operationId": operation_id, "parameters": {parameter: "$response.body#/id"}}


# What can be done with the thing that was answered.
LINKS: dict[str, dict[str, Schema]] = {
    "Video": {
        "retrieve": _link("retrieve_video", "video_id"),
        "content": _link("download_video", "video_id"),
        "remix": _link("remix_video", "video_id"),
        "delete": _link("delete_video", "video_id"),
    },
    "Character": {"retrieve": _link("retrieve_character", "character_id")},
    "File": {
        "retrieve": _link("retrieve_file", "file_id"),
        "content": _link("download_file", "file_id"),
        "delete": _link("delete_file", "file_id"),
    },
    "Batch": {"retrieve": _link("retrieve_batch", "batch_id"), "cancel": _link("cancel_batch", "batch_id")},
    "WebhookEndpointWithSecret": {
        name: _link(operation, "endpoint_id")
        for name, operation in (
            ("retrieve", "retrieve_webhook_endpoint"),
            ("update", "update_webhook_endpoint"),
            ("test", "send_test_event"),
            ("delete", "delete_webhook_endpoint"),
        )
    },
}
