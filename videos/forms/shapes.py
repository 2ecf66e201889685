"""What a body may hold, and of which types: read by the doors, by batches, and by the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from videos import contract
from videos.forms.refusals import Refusal

Schema = dict[str, Any]

JSON_TYPES = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}


def json_type(value: object) -> str:
    return "a file" if isinstance(value, UploadedFile) else JSON_TYPES.get(type(value), "a number")


def wrong_type(param: str, expected: str, value: object) -> Refusal:
    message = f"Invalid type for '{param}': expected {expected}, but got {json_type(value)} instead."
    return Refusal(message, param, "invalid_type")


def _is_number(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


@dataclass(frozen=True)
class Kind:
    """What a value may be in JSON: `fits` says so, `expected` says it to people."""

    expected: str
    fits: Callable[[object], bool]
    is_file: bool = False
    # A text part of a form may hold it as JSON text.
    in_text: bool = False


TEXT = Kind("a string", lambda value: isinstance(value, str))
NUMBER = Kind("an integer or a string", _is_number)
BOOLEAN = Kind("a boolean", lambda value: isinstance(value, bool) or value in ("true", "false"))
OBJECT = Kind("an object", lambda value: isinstance(value, dict), in_text=True)
LIST = Kind("an array", lambda value: isinstance(value, list), in_text=True)
FILE = Kind("a file", lambda value: False, is_file=True)
REFERENCE = Kind(
    "a file, or an object with image_url or file_id", lambda value: isinstance(value, dict), is_file=True, in_text=True
)
CLIP = Kind("a file, or an object with id", lambda value: isinstance(value, dict | str), is_file=True, in_text=True)


@dataclass(frozen=True)
class Field:
    name: str
    kind: Kind
    schema: Schema
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """The fields of a body; `json_only` where no client sends a form."""

    name: str
    fields: tuple[Field, ...]
    json_only: bool = False
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {field.name: field for field in self.fields})

    @property
    def required(self) -> frozenset[str]:
        """The names without which a request is incomplete."""
        return frozenset(field.name for field in self.fields if field.required)

    def unknown(self, names: set[str]) -> list[str]:
        return sorted(names - self.by_name.keys())

    def mistyped(self, data: dict[str, Any]) -> Refusal | None:
        """The first field of a wrong type."""
        wrong = (it for it in self.fields if it.name in data and not it.kind.fits(data[it.name]))
        return next((wrong_type(it.name, it.kind.expected, data[it.name]) for it in wrong), None)


PROMPT = Field(
    "prompt",
    TEXT,
    {"type": "string", "minLength": 1, "maxLength": contract.PROMPT_MAX_LENGTH, "description": "What is to be seen."},
    required=True,
)
SECONDS_SCHEMA: Schema = {"enum": [*map(str, contract.SECONDS), *contract.SECONDS]}
SEED = Field(
    "seed",
    NUMBER,
    {
        "type": "integer",
        "minimum": 0,
        "maximum": contract.SEED_MAX,
        "description": "The same seed and prompt make the same video, where the backend can.",
    },
)
MODEL = Field("model", TEXT, {"type": "string", "description": "One of `GET /v1/models`."})
VIDEO_SOURCE_SCHEMA: Schema = {
    "anyOf": [
        {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        {"type": "string", "description": "The bare id, or the bytes of an mp4 as a file part."},
    ],
    "description": "A completed video by id, or an mp4 of at most 100 MiB and 60 s.",
}
REFERENCE_SCHEMA: Schema = {
    "type": "object",
    "description": "Exactly one of the two. In a form also a file part: JPEG, PNG or WebP of the size of the video.",
    "properties": {
        "image_url": {
            "anyOf": [
                {"type": "string", "maxLength": contract.DATA_URL_MAX_LENGTH},
                {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}},
            ]
        },
        "file_id": {"type": "string"},
    },
}
CHARACTERS_SCHEMA: Schema = {
    "type": "array",
    "maxItems": contract.CHARACTERS_MAX,
    "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
    "description": "Who appears; name them in the prompt.",
}

CREATE = Shape(
    "CreateVideo",
    (
        PROMPT,
        MODEL,
        Field("seconds", NUMBER, {**SECONDS_SCHEMA, "default": str(contract.DEFAULT_SECONDS)}),
        Field("size", TEXT, {"type": "string", "enum": list(contract.SIZES), "default": contract.DEFAULT_SIZE}),
        SEED,
        Field("input_reference", REFERENCE, REFERENCE_SCHEMA),
        Field("characters", LIST, CHARACTERS_SCHEMA),
    ),
)
REMIX = Shape("RemixVideo", (PROMPT, SEED))
EDIT = Shape("EditVideo", (PROMPT, Field("video", CLIP, VIDEO_SOURCE_SCHEMA, required=True), MODEL, SEED))
EXTEND = Shape(
    "ExtendVideo",
    (
        PROMPT,
        Field("video", CLIP, VIDEO_SOURCE_SCHEMA, required=True),
        Field("seconds", NUMBER, {**SECONDS_SCHEMA, "description": "Length of the new part."}, required=True),
        MODEL,
        SEED,
        # Known, in order to be refused: silence would pass for obedience.
        Field("input_reference", REFERENCE, {**REFERENCE_SCHEMA, "description": "Not for extensions."}),
        Field("characters", LIST, {**CHARACTERS_SCHEMA, "description": "Not for extensions."}),
    ),
)
CHARACTER = Shape(
    "CreateCharacter",
    (
        Field(
            "name",
            TEXT,
            {"type": "string", "minLength": 1, "maxLength": contract.CHARACTER_NAME_MAX_LENGTH},
            required=True,
        ),
        Field("video", CLIP, VIDEO_SOURCE_SCHEMA, required=True),
    ),
)
