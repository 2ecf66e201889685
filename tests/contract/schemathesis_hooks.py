"""What a schema cannot say, for Schemathesis, which runs this file in an environment of its own.

Only requests that are meant to be accepted are helped; those that break the schema are sent as they are.
"""

from __future__ import annotations

import base64
import json
import os
import struct
import uuid
import zlib
from pathlib import Path
from typing import Any

import schemathesis  # type: ignore[import-not-found]  # it lives in an environment of its own
from schemathesis import Case, GenerationMode, HookContext, Response
from schemathesis.core.failures import Failure  # type: ignore[import-not-found]
from schemathesis.core.parameters import ParameterLocation  # type: ignore[import-not-found]
from schemathesis.transport.serialization import Binary  # type: ignore[import-not-found]

# Ids of things that are there: see `Facts` in test_openapi.py.
FACTS = json.loads(os.environ["SCHEMATHESIS_FACTS"])
CLIP = Path(FACTS["clip"]).read_bytes()
DEFAULT_SIZE = "720x1280"


# Texts that are longer than this and follow a pattern as well take Hypothesis seconds to draw.
LONG = 1000


@schemathesis.hook  # type: ignore[untyped-decorator]
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Prompts are drawn without their pattern; that blank ones are refused, and NUL, test_openapi_bodies.py checks."""
    _without_pattern(raw_schema["paths"])


def _without_pattern(node: Any) -> None:
    if isinstance(node, dict):
        if node.get("maxLength", 0) > LONG:
            node.pop("pattern", None)
        for inner in node.values():
            _without_pattern(inner)
    elif isinstance(node, list):
        for inner in node:
            _without_pattern(inner)


# What the state of things forbids, whatever a request looks like: no schema can say it.
FORBIDDEN_BY_STATE = {
    "webhook_endpoint_limit_reached",  # a workspace has at most so many
    "batch_limit_reached",  # and at most so many unfinished ones
    "webhook_endpoint_unreachable",  # who answers at an address, or does not, is not for Studio to say
    "batch_ended",  # it cannot be cancelled any more
}


@schemathesis.hook  # type: ignore[untyped-decorator]
def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """False for a refusal that is right; a server error never is."""
    if response.status_code != 400:
        return True
    return json.loads(response.content)["error"]["code"] not in FORBIDDEN_BY_STATE


@schemathesis.hook  # type: ignore[untyped-decorator]
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    _spare(case)
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    _headers(case)
    if case.operation.path.endswith("/remix"):
        # Only a completed video can be remixed, and all others here have failed.
        case.path_parameters["video_id"] = FACTS["video"]
    if isinstance(case.body, dict):
        case.body = _helped(case, dict(case.body))
        # Its validator takes no bytes; else it would call what is sent now a violation of the schema.
        case._meta.clear_dirty(ParameterLocation.BODY)


def _spare(case: Case) -> None:
    """What all requests lean on is not to be deleted by one of them."""
    if case.method != "DELETE":
        return
    for name, value in case.path_parameters.items():
        if value in (FACTS["video"], FACTS["batch_file"]):
            case.path_parameters[name] = f"{value}0"


def _headers(case: Case) -> None:
    """A schema cannot say that no key may come twice with another body, nor that strict mode refuses what it allows."""
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if "X-Studio-Strict" in case.headers:
        case.headers["X-Studio-Strict"] = "false"


def _helped(case: Case, body: dict[str, Any]) -> dict[str, Any]:
    if isinstance(body.get("prompt"), str):
        body["prompt"] = _worded(body["prompt"])
    if case.operation.path == "/videos/extensions":
        # They are described in order to be refused.
        unsuited = ("input_reference", "characters")
        body = {name: value for name, value in body.items() if name.split("[")[0] not in unsuited}
    else:
        _lead(body)
        _cast(body)
    if "video" in body and case.operation.path.startswith("/videos/"):
        body["video"] = Binary(CLIP) if case.media_type == "multipart/form-data" else _source(body["video"])
    if "input_file_id" in body:
        body["input_file_id"] = FACTS["batch_file"]
    if "url" in body:
        body["url"] = FACTS["receiver"]
    return body


def _worded(prompt: str) -> str:
    """What its pattern asks for, in the same length."""
    words = prompt.replace("\0", " ")
    return words if words.strip() else "." + words[1:]


def _source(given: Any) -> Any:
    return {"id": FACTS["video"]} if isinstance(given, dict) else FACTS["video"]


def _lead(body: dict[str, Any]) -> None:
    """One reference, a picture of the size of the video."""
    given = [name for name in body if name.split("[")[0] == "input_reference" and body[name] is not None]
    if not given:
        return
    image = _png(str(body.get("size") or DEFAULT_SIZE))
    for name in given:
        value = body.pop(name)
    if given[0] == "input_reference" and not isinstance(value, dict):
        body["input_reference"] = Binary(image)
        return
    url = "data:image/png;base64," + base64.b64encode(image).decode()
    if "[" in given[0]:
        body["input_reference[image_url]"] = url
    else:
        body["input_reference"] = {"image_url": {"url": url} if isinstance(value.get("image_url"), dict) else url}


def _cast(body: dict[str, Any]) -> None:
    """As many characters as were meant, but such as there are."""
    for name, item in (("characters", lambda found: {"id": found}), ("characters[][id]", str)):
        if body.get(name):
            body[name] = [item(found) for found in FACTS["characters"][: len(body[name])]]


def _png(size: str) -> bytes:
    """A black one."""
    width, height = map(int, size.split("x"))
    rows = (b"\0" * (3 * width + 1)) * height
    parts = [
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
