"""What each answer looks like, as components of the OpenAPI document. `resources` makes what is described here."""

from __future__ import annotations

from typing import Any

from videos import contract
from videos.forms.shapes import Schema
from videos.models import Batch, File, Video
from videos.models.webhook import EVENT_TYPES
from videos.resources import FEATURES


def text(description: str = "", **more: Any) -> Schema:
    return _described({"type": "string", **more}, description)


def whole(description: str = "", **more: Any) -> Schema:
    return _described({"type": "integer", "minimum": 0, **more}, description)


def moment(description: str) -> Schema:
    return whole(f"{description} Unix seconds.")


def nullable(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def constant(value: Any) -> Schema:
    return {"const": value}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _described(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description} if description else schema


def thing(properties: dict[str, Schema], *, optional: tuple[str, ...] = (), description: str = "") -> Schema:
    """An object that holds all of these keys but the optional ones; later versions may add keys."""
    required = [name for name in properties if name not in optional]
    return _described({"type": "object", "required": required, "properties": properties}, description)


def page_of(noun: str) -> Schema:
    return thing(
        {
            "object": constant("list"),
            "data": {"type": "array", "items": ref(noun)},
            "first_id": nullable(text("Id of the first item of this page.")),
            "last_id": nullable(text("Id of the last item: the `after` of the next page.")),
            "has_more": {"type": "boolean"},
        }
    )


def all_of(items: Schema) -> Schema:
    """A list without pages."""
    return thing({"object": constant("list"), "data": {"type": "array", "items": items}})


def gone(noun: str) -> Schema:
    return thing({"id": text(), "object": constant(noun), "deleted": constant(True)})


ERROR = thing(
    {
        "error": thing(
            {
                "message": text("For people."),
                "type": text("`invalid_request_error`, `requests` (too many) or `server_error`."),
                "param": nullable(text("The field that is wrong.")),
                "code": nullable(text("For programs.")),
            }
        )
    },
    description="Every error has this shape.",
)
SECONDS = text("Length of the whole film, as text.", pattern="^[1-9][0-9]{0,3}$")
VIDEO = thing(
    {
        "id": text(pattern="^video_"),
        "object": constant("video"),
        "model": text("As it was asked for."),
        "status": text("Nothing follows `completed` and `failed`.", enum=list(contract.STATUSES)),
        "progress": whole("A whole percentage; 100 when completed, and not before.", maximum=100),
        "created_at": moment("When it was asked for."),
        "completed_at": nullable(moment("When it ended, well or not.")),
        "expires_at": nullable(moment("When its files go away; null if they stay.")),
        "prompt": nullable(text()),
        "size": text("Pixels, width first.", pattern="^[1-9][0-9]*x[1-9][0-9]*$"),
        "seconds": SECONDS,
        "remixed_from_video_id": nullable(text("The video that this one remixes or edits.")),
        "error": {
            "anyOf": [thing({"code": text(), "message": text()}), {"type": "null"}],
            "description": "Why it failed. A failed video is still answered with 200.",
        },
        "quality": {"const": "standard", "description": "For old clients."},
        "operation": text("How it came to be.", enum=["create", "remix", "edit", "extend"]),
        "source_video_id": nullable(text("The video that it was made from.")),
        "seed": nullable(whole("The seed that was asked for, or drawn.", maximum=contract.SEED_MAX)),
        "emulated": {
            "enum": [*Video.Emulated.values, None],
            "description": "What Studio put together because the backend cannot do it itself.",
        },
    }
)
CHARACTER = thing(
    {
        "id": text(pattern="^char_"),
        "object": constant("character"),
        "name": text("How prompts call it."),
        "created_at": moment("When it was made."),
    }
)
MODEL = thing(
    {
        "id": text("What requests say in `model`; it may hold slashes."),
        "object": constant("model"),
        "created": whole("Not known: always 0."),
        "owned_by": text(),
        "backend_model": text("What the backend is asked for; another name than `id` where that is an alias."),
        "sizes": {"type": "array", "items": text(), "description": "Sizes that it can make."},
        "seconds": {"type": "array", "items": text(), "description": "Lengths that it can make."},
        "features": {
            "type": "array",
            "items": text(enum=list(FEATURES)),
            "description": "What the backend does itself; Studio puts the rest of the operations together.",
        },
    }
)
FILE = thing(
    {
        "id": text(pattern="^file-"),
        "object": constant("file"),
        "bytes": whole("Its size."),
        "created_at": moment("When it was uploaded."),
        "expires_at": nullable(moment("When it goes away; null if it stays.")),
        "filename": text("As it was uploaded; nothing but a caption."),
        "purpose": text(enum=list(File.Purpose.values)),
        "status": {"const": "processed", "description": "Files can be used at once."},
    },
    optional=("expires_at",),
)
BATCH_ERROR = thing(
    {
        "code": nullable(text()),
        "message": text(),
        "param": nullable(text()),
        "line": nullable(whole("The line of the input, from 1.")),
    }
)
BATCH_TIMES = [f"{status}_at" for status in Batch.Status.values if status != Batch.Status.VALIDATING]
BATCH = thing(
    {
        "id": text(pattern="^batch_"),
        "object": constant("batch"),
        "endpoint": constant("/v1/videos"),
        "model": nullable(text("Known as soon as the input has been read.")),
        "errors": {
            "anyOf": [all_of(BATCH_ERROR), {"type": "null"}],
            "description": "What was wrong with the input of a failed batch.",
        },
        "input_file_id": text(),
        "completion_window": constant("24h"),
        "status": text(enum=list(Batch.Status.values)),
        "output_file_id": nullable(text("One line of JSON for each video that ended.")),
        "error_file_id": nullable(text("One line of JSON for each line that was refused.")),
        "created_at": moment("When it was asked for."),
        "expires_at": nullable(moment("What is not begun by then never will be.")),
        **{name: nullable(whole("Unix seconds.")) for name in BATCH_TIMES},
        "request_counts": thing({"total": whole(), "completed": whole(), "failed": whole()}),
        "metadata": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
    }
)
EVENT_TYPE = text(enum=list(EVENT_TYPES))
WEBHOOK_ENDPOINT = thing(
    {
        "id": text(pattern="^whe_"),
        "object": constant("webhook_endpoint"),
        "name": text(),
        "url": text("Where events are sent."),
        "event_types": {"type": "array", "items": EVENT_TYPE},
        "created_at": moment("When it was made."),
        "updated_at": moment("When it was last changed."),
        "signing_secret_hint": text("The end of its secret."),
        "disabled_at": nullable(moment("When Studio stopped sending to it; null while it is served.")),
    }
)
WITH_SECRET = thing({"signing_secret": text("Shown in this answer alone.", pattern="^whsec_")})
WEBHOOK_TEST = thing(
    {
        "object": constant("webhook_endpoint.test"),
        "event_type": EVENT_TYPE,
        "status_code": whole("What the receiver answered."),
        "success": {"type": "boolean", "description": "The event was sent, and answered."},
        "webhook_endpoint_id": text(),
    }
)


def event(*types: str) -> Schema:
    """What a receiver is sent: only an id, for the rest is asked for."""
    return thing(
        {
            "id": text("The same in every attempt.", pattern="^evt_"),
            "object": constant("event"),
            "created_at": moment("When it happened."),
            "type": text(enum=list(types)),
            "data": thing({"id": text("Of the video or batch.")}),
        }
    )


COMPONENTS: dict[str, Schema] = {
    "Error": ERROR,
    "Video": VIDEO,
    "VideoList": page_of("Video"),
    "VideoDeleted": gone("video.deleted"),
    "Character": CHARACTER,
    "Model": MODEL,
    "ModelList": all_of(ref("Model")),
    "File": FILE,
    "FileList": page_of("File"),
    "FileDeleted": gone("file"),
    "Batch": BATCH,
    "BatchList": page_of("Batch"),
    "WebhookEndpoint": WEBHOOK_ENDPOINT,
    "WebhookEndpointWithSecret": {"allOf": [ref("WebhookEndpoint"), WITH_SECRET]},
    "WebhookEndpointList": page_of("WebhookEndpoint"),
    "WebhookEndpointDeleted": gone("webhook_endpoint.deleted"),
    "WebhookEndpointTest": WEBHOOK_TEST,
    "WebhookEventTypeList": all_of(EVENT_TYPE),
    **{f"Event.{name}": event(name) for name in EVENT_TYPES},
}
