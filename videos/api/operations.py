"""All operations under /v1, in the order in which the reference lists them. Literal paths stand before patterns."""

from __future__ import annotations

from typing import Any

from videos import contract
from videos.api import batches, characters, file_shapes, files, models, videos, webhook_shapes, webhooks
from videos.api.routing import Operation
from videos.forms import shapes


def query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


AFTER = query("after", {"type": "string"}, "Id of the last item of the page before.")
ORDER = query("order", {"type": "string", "enum": ["asc", "desc"], "default": "desc"}, "By time of creation.")


def limit(smallest: int, largest: int, default: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": smallest, "maximum": largest, "default": default}
    return query("limit", schema, "Items a page.")


VARIANT = query("variant", {"type": "string", "enum": list(contract.VARIANTS), "default": "video"}, "Which file.")
VIDEO_PAGE = (limit(0, 100, 20), ORDER, AFTER)
READ, WRITE = "videos:read", "videos:write"

VIDEOS = (
    Operation("POST", "videos", videos.create, "Create a video", WRITE, "Video", shapes.CREATE, makes=True),
    Operation("GET", "videos", videos.listing, "List videos", READ, "VideoList", query=VIDEO_PAGE),
    Operation("POST", "videos/edits", videos.edit, "Edit a video", WRITE, "Video", shapes.EDIT, makes=True),
    Operation("POST", "videos/extensions", videos.extend, "Extend a video", WRITE, "Video", shapes.EXTEND, makes=True),
)
CHARACTERS = (
    Operation(
        "POST",
        "videos/characters",
        characters.create,
        "Create a character",
        "characters",
        "Character",
        shapes.CHARACTER,
        makes=True,
    ),
    Operation(
        "GET",
        "videos/characters/{character_id}",
        characters.retrieve,
        "Retrieve a character",
        "characters",
        "Character",
    ),
)
VIDEO = (
    Operation("GET", "videos/{video_id}", videos.retrieve, "Retrieve a video", READ, "Video"),
    Operation("DELETE", "videos/{video_id}", videos.delete, "Delete a video", "videos:delete", "VideoDeleted"),
    Operation(
        "GET",
        "videos/{video_id}/content",
        videos.content,
        "Download a file of a video",
        READ,
        "Content",
        query=(VARIANT,),
    ),
    Operation(
        "POST", "videos/{video_id}/remix", videos.remix, "Remix a video", WRITE, "Video", shapes.REMIX, makes=True
    ),
)
MODELS = (
    Operation("GET", "models", models.listing, "List models", "", "ModelList"),
    Operation("GET", "models/{name}", models.retrieve, "Retrieve a model", "", "Model"),
)
HOOKS = "webhook_endpoints"
HOOK = "webhook_endpoints/{endpoint_id}"
WEBHOOKS = (
    Operation(
        "POST",
        HOOKS,
        webhooks.create,
        "Create a webhook endpoint",
        "webhooks",
        "WebhookEndpointWithSecret",
        webhook_shapes.CREATE,
    ),
    Operation(
        "GET",
        HOOKS,
        webhooks.listing,
        "List webhook endpoints",
        "webhooks",
        "WebhookEndpointList",
        query=(limit(1, 100, 20), AFTER),
    ),
    Operation(
        "GET",
        "webhook_event_types",
        webhooks.event_types,
        "List webhook event types",
        "webhooks",
        "WebhookEventTypeList",
    ),
    Operation("GET", HOOK, webhooks.retrieve, "Retrieve a webhook endpoint", "webhooks", "WebhookEndpoint"),
    Operation(
        "POST",
        HOOK,
        webhooks.update,
        "Update a webhook endpoint",
        "webhooks",
        "WebhookEndpoint",
        webhook_shapes.UPDATE,
    ),
    Operation("DELETE", HOOK, webhooks.delete, "Delete a webhook endpoint", "webhooks", "WebhookEndpointDeleted"),
    Operation(
        "POST",
        f"{HOOK}/rotate_secret",
        webhooks.rotate_secret,
        "Rotate the secret of a webhook endpoint",
        "webhooks",
        "WebhookEndpointWithSecret",
        webhook_shapes.ROTATE,
    ),
    # It keeps a thread busy while the receiver thinks: hence the limit of what makes something.
    Operation(
        "POST",
        f"{HOOK}/test",
        webhooks.test,
        "Send a test event",
        "webhooks",
        "WebhookEndpointTest",
        webhook_shapes.TEST,
        makes=True,
    ),
)
PURPOSE = query("purpose", {"type": "string"}, "Only files of this purpose.")
FILES = (
    Operation("POST", "files", files.create, "Upload a file", "files", "File", file_shapes.UPLOAD, makes=True),
    Operation(
        "GET",
        "files",
        files.listing,
        "List files",
        "files",
        "FileList",
        query=(PURPOSE, limit(1, 10_000, 10_000), ORDER, AFTER),
    ),
    Operation("GET", "files/{file_id}", files.retrieve, "Retrieve a file", "files", "File"),
    Operation("DELETE", "files/{file_id}", files.delete, "Delete a file", "files", "FileDeleted"),
    Operation("GET", "files/{file_id}/content", files.content, "Download a file", "files", "Content"),
)
BATCHES = (
    Operation("POST", "batches", batches.create, "Create a batch", "batches", "Batch", file_shapes.BATCH, makes=True),
    Operation(
        "GET", "batches", batches.listing, "List batches", "batches", "BatchList", query=(limit(1, 100, 20), AFTER)
    ),
    Operation("GET", "batches/{batch_id}", batches.retrieve, "Retrieve a batch", "batches", "Batch"),
    Operation("POST", "batches/{batch_id}/cancel", batches.cancel, "Cancel a batch", "batches", "Batch"),
)
# The sections of the reference.
SECTIONS = {
    "Videos": (*VIDEOS, *VIDEO),
    "Characters": CHARACTERS,
    "Files": FILES,
    "Batches": BATCHES,
    "Models": MODELS,
    "Webhooks": WEBHOOKS,
}
OPERATIONS = (*VIDEOS, *CHARACTERS, *VIDEO, *FILES, *BATCHES, *MODELS, *WEBHOOKS)
