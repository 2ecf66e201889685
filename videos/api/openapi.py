"""The OpenAPI 3.1 document of /v1, made from the table that also makes the routes."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from videos import contract
from videos.api import openapi_answers, schemas
from videos.api.bodies import STRICT_HEADER
from videos.api.errors import ApiError
from videos.api.openapi_answers import answers, makes_once
from videos.api.openapi_bodies import request_body
from videos.api.operations import SECTIONS
from videos.api.receipts import KEY_MAX_LENGTH
from videos.api.routing import Operation
from videos.forms.shapes import Schema
from videos.models.api_key import SCOPES
from videos.models.webhook import EVENT_TYPES

# The image that is shipped holds no pyproject.toml; a test compares the two.
VERSION = "0.2.0"
PATH = "openapi.json"
ABOUT = """\
Videos from prompts. Official clients of the Videos API work here unchanged: give them this address and a key.

Every answer carries an `x-request-id`, every error the same envelope. A method that a path does not have is answered
with 405 and `Allow`, an unknown path with 404. A job that fails is no error of HTTP: its `status` says so."""
SECTION_WORDS = {
    "Videos": "A video is asked for, awaited, and downloaded. What starts from another video names it as its source.",
    "Characters": "Somebody from a clip, who can appear in videos; name them in the prompt.",
    "Files": "Uploaded for later: as references, or as the input of a batch.",
    "Batches": "Many creates at once, from the lines of a file, worked off a few at a time.",
    "Models": "What can be asked for, and what each can make.",
    "Webhooks": "Addresses that are told of what happened, in signed messages (Standard Webhooks).",
    "Document": "This description.",
}
PATTERNS = {
    "video_id": "^video_[0-9A-Za-z]+$",
    "character_id": "^char_[0-9A-Za-z]+$",
    "file_id": "^file-[0-9A-Za-z]+$",
    "batch_id": "^batch_[0-9A-Za-z]+$",
    "endpoint_id": "^whe_[0-9A-Za-z]+$",
    "name": "^[0-9A-Za-z][0-9A-Za-z._/-]*$",
}
EVENT_WORDS = {"video": "A video {}. Ask for it by its id.", "batch": "A batch {}. Ask for it by its id."}
SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")


@csrf_exempt
def view(request: HttpRequest) -> HttpResponseBase:
    """Anyone may read it: it says what can be asked, not what there is."""
    if request.method not in ("GET", "HEAD"):
        message = f"Method {request.method} is not allowed here; allowed: GET, HEAD."
        return ApiError(405, message, code="method_not_allowed", headers={"Allow": "GET, HEAD"}).response()
    return JsonResponse(document(request.build_absolute_uri("/v1")))


def document(base_url: str) -> dict[str, Any]:
    """`base_url` ends in /v1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Studio: the Videos API",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": base_url}],
        "tags": [{"name": name, "description": words} for name, words in SECTION_WORDS.items()],
        "security": [{"bearer": []}],
        "paths": _paths(),
        "webhooks": {event: {"post": _webhook(event)} for event in EVENT_TYPES},
        "components": {
            "schemas": dict(schemas.COMPONENTS),
            "responses": openapi_answers.error_components(),
            "headers": openapi_answers.header_components(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": f"A key. Scopes: {_scopes()}."}
            },
        },
    }


def _scopes() -> str:
    return ", ".join(f"`{scope}`" for scope in SCOPES)


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for section, operations in SECTIONS.items():
        for operation in operations:
            found = paths.setdefault(f"/{operation.path}", {})
            found[operation.method.lower()] = _operation(operation, section)
    paths[f"/{PATH}"] = {"get": _own()}
    return paths


def operation_id(operation: Operation) -> str:
    """`Retrieve a video` is retrieve_video, `Download a file of a video` download_video."""
    words = re.sub(r"\b(a|the|file of a|secret of a)\b ", "", operation.summary.replace("file of a video", "video"))
    return words.lower().replace(" ", "_")


def _operation(operation: Operation, section: str) -> Schema:
    found: Schema = {
        "operationId": operation_id(operation),
        "tags": [section],
        "summary": operation.summary,
        "description": f"Scope: `{operation.scope}`." if operation.scope else "Any key may.",
        "security": [{"bearer": [operation.scope] if operation.scope else []}],
        "parameters": [*_path_parameters(operation), *operation.query, *_header_parameters(operation)],
        "responses": answers(operation),
    }
    if operation.body:
        found["requestBody"] = request_body(operation.body)
    return found


def _path_parameters(operation: Operation) -> list[Schema]:
    names = re.findall(r"\{(\w+)\}", operation.path)
    schema = {"type": "string", "minLength": 1}
    return [
        {"name": name, "in": "path", "required": True, "schema": {**schema, "pattern": PATTERNS[name]}}
        for name in names
    ]


def _header_parameters(operation: Operation) -> list[Schema]:
    found = []
    if makes_once(operation):
        once = f"The same key and request within {contract.IDEMPOTENCY_HOURS} hours makes one thing."
        schema: Schema = {"type": "string", "maxLength": KEY_MAX_LENGTH}
        found.append(_header(contract.IDEMPOTENCY_HEADER, once, schema))
    if operation.body:
        strict = "`true`: fields that are not known are refused, not ignored."
        found.append(_header(STRICT_HEADER, strict, {"type": "string"}))
    return found


def _header(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def _own() -> Schema:
    return {
        "operationId": "retrieve_openapi_document",
        "tags": ["Document"],
        "summary": "Retrieve this document",
        "description": "Nobody needs a key for it.",
        "security": [],
        "responses": {
            "200": {
                "description": "An OpenAPI 3.1 document.",
                "headers": openapi_answers.headers(),
                "content": {"application/json": {"schema": {"type": "object", "required": ["openapi"]}}},
            },
        },
    }


def _webhook(event: str) -> Schema:
    noun, what = event.split(".")
    words = EVENT_WORDS[noun].format("failed" if what == "failed" else f"was {what}")
    signed = [_header(name, "As Standard Webhooks says.", {"type": "string"}) | {"required": True} for name in SIGNED]
    return {
        "operationId": event.replace(".", "_"),
        "tags": ["Webhooks"],
        "summary": words,
        "security": [],
        "parameters": signed,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schemas.ref(f"Event.{event}")}},
        },
        "responses": {"2XX": {"description": "Heard. Anything else is tried again, for three days."}},
    }
