"""The bodies of the webhook endpoints; no client sends these as forms."""

from __future__ import annotations

from dataclasses import replace

from videos.forms.shapes import BOOLEAN, LIST, TEXT, Field, Schema, Shape
from videos.forms.webhooks import NAME_MAX_LENGTH, URL_MAX_LENGTH
from videos.models.webhook import EVENT_TYPES

EVENT_TYPE: Schema = {"type": "string", "enum": list(EVENT_TYPES)}
FIELDS = (
    Field("name", TEXT, {"type": "string", "minLength": 1, "maxLength": NAME_MAX_LENGTH}, required=True),
    Field(
        "url",
        TEXT,
        {"type": "string", "format": "uri", "maxLength": URL_MAX_LENGTH, "description": "A public https address."},
        required=True,
    ),
    Field("event_types", LIST, {"type": "array", "items": EVENT_TYPE, "minItems": 1}, required=True),
)

CREATE = Shape("CreateWebhookEndpoint", FIELDS, json_only=True)
UPDATE = Shape("UpdateWebhookEndpoint", tuple(replace(field, required=False) for field in FIELDS), json_only=True)
ROTATE = Shape(
    "RotateWebhookSecret",
    (
        Field(
            "keep_old_secret_active_for_24_hours",
            BOOLEAN,
            {"type": "boolean", "default": False, "description": "Else the old secret stops at once."},
        ),
    ),
    json_only=True,
)
TEST = Shape("TestWebhookEndpoint", (Field("event_type", TEXT, EVENT_TYPE, required=True),), json_only=True)
