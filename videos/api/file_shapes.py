"""What may be sent about files and batches."""

from __future__ import annotations

from videos.forms import batches, files
from videos.forms.shapes import FILE, OBJECT, TEXT, Field, Schema, Shape

LIFETIME_SCHEMA: Schema = {
    "type": "object",
    "required": ["anchor", "seconds"],
    "properties": {
        "anchor": {"type": "string", "enum": ["created_at"]},
        "seconds": {"type": "integer", "minimum": files.LIFETIME_MIN, "maximum": files.LIFETIME_MAX},
    },
}
METADATA_SCHEMA: Schema = {
    "type": "object",
    "maxProperties": batches.METADATA_MAX_PAIRS,
    "additionalProperties": {"type": "string", "maxLength": batches.METADATA_MAX_VALUE},
    "description": f"Keys of at most {batches.METADATA_MAX_KEY} characters.",
}

UPLOAD = Shape(
    "UploadFile",
    (
        Field(
            "file",
            FILE,
            {"type": "string", "format": "binary", "description": "At most 512 MiB; sent as a part of a form."},
            required=True,
        ),
        Field("purpose", TEXT, {"type": "string", "enum": files.PURPOSES}, required=True),
        Field("expires_after", OBJECT, {**LIFETIME_SCHEMA, "description": "How long it is kept; else for good."}),
    ),
)
BATCH = Shape(
    "CreateBatch",
    (
        Field(
            "input_file_id",
            TEXT,
            {"type": "string", "description": "A file uploaded for the purpose `batch`, one JSON object a line."},
            required=True,
        ),
        Field("endpoint", TEXT, {"type": "string", "enum": batches.ENDPOINTS}, required=True),
        Field("completion_window", TEXT, {"type": "string", "enum": batches.WINDOWS}, required=True),
        Field("metadata", OBJECT, METADATA_SCHEMA),
        Field(
            "output_expires_after",
            OBJECT,
            {**LIFETIME_SCHEMA, "description": "How long the output files are kept; else 30 days."},
        ),
    ),
    json_only=True,
)
