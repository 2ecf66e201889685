"""Request bodies of the OpenAPI document: what a shape accepts as JSON, as a multipart form, as an urlencoded one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from videos import catalog, contract
from videos.forms import shapes
from videos.forms.batches import METADATA_MAX_KEY
from videos.forms.shapes import Field, Kind, Schema, Shape

# What may be sent in the place of a value, and stands for none.
NOTHING: Schema = {"enum": [None]}
UNSET: Schema = {"enum": [None, ""]}
# Clients send these empty when they leave the choice to the server.
EMPTY_IS_DEFAULT = {"model", "size", "seconds", "seed"}
BINARY: Schema = {"type": "string", "format": "binary"}
# At least one character that is no space, and none that a database cannot hold.
SOME_WORDS = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
NO_NUL = r"^[^\u0000]*$"
ID: Schema = {"type": "string", "minLength": 1}
WEB_ADDRESS: Schema = {"type": "string", "minLength": 1, "maxLength": contract.DATA_URL_MAX_LENGTH}
EXAMPLES: dict[str, dict[str, Any]] = {
    "CreateVideo": {"prompt": "A calico cat playing a piano on stage", "seconds": "4", "size": "1280x720"},
    "RemixVideo": {"prompt": "The same, but at night"},
    "EditVideo": {"prompt": "Make it snow", "video": {"id": "video_123"}},
    "ExtendVideo": {"prompt": "The cat bows", "seconds": "4", "video": {"id": "video_123"}},
    "CreateCharacter": {"name": "Mossy", "video": {"id": "video_123"}},
    "CreateBatch": {"input_file_id": "file-123", "endpoint": "/v1/videos", "completion_window": "24h"},
    "CreateWebhookEndpoint": {
        "name": "Our site",
        "url": "https://example.org/hooks",
        "event_types": ["video.completed", "video.failed"],
    },
    "TestWebhookEndpoint": {"event_type": "video.completed"},
}
Group = tuple[tuple[str, ...], tuple[int, ...]]


def request_body(shape: Shape) -> Schema:
    kinds: dict[str, Schema] = {"application/json": {"schema": of_json(shape)}}
    if shape.name in EXAMPLES:
        kinds["application/json"]["example"] = EXAMPLES[shape.name]
    if not shape.json_only:
        kinds["multipart/form-data"] = {"schema": of_form(shape, files=True)}
        if not any(field.kind is shapes.FILE and field.required for field in shape.fields):
            kinds["application/x-www-form-urlencoded"] = {"schema": of_form(shape, files=False)}
    if any(field.kind is shapes.FILE and field.required for field in shape.fields):
        # A file can only be a part of a form.
        del kinds["application/json"]
    required = any(field.required for field in shape.fields) or shape.name != "RotateWebhookSecret"
    return {"required": required, "content": kinds}


# --- JSON ----------------------------------------------------------------------------------------


def of_json(shape: Shape) -> Schema:
    """Keys beyond these are ignored, or refused in strict mode."""
    properties = {field.name: _json_field(field) for field in shape.fields}
    return _object(shape, properties, optional=True)


def _json_field(field: Field) -> Schema:
    value = _told(field)
    if field.required:
        return value
    return _or(value, UNSET if field.name in EMPTY_IS_DEFAULT else NOTHING)


def _told(field: Field) -> Schema:
    """The schema of the shape, and what only the catalog or the form knows beyond it."""
    schema = dict(field.schema)
    if "minLength" in schema:
        schema["pattern"] = SOME_WORDS
    elif field is shapes.MODEL:
        schema |= {"enum": list(catalog.models()), "default": catalog.default_for_programs().name}
    elif field is shapes.SEED:
        digits = {"type": "string", "pattern": "^[0-9]{1,9}$"}
        number = {key: value for key, value in schema.items() if key != "description"}
        schema = {"anyOf": [number, digits], "description": schema["description"]}
    elif field.kind is shapes.REFERENCE:
        schema = _reference(schema)
    elif "additionalProperties" in schema:
        values = schema["additionalProperties"] | {"pattern": NO_NUL}
        names = {"maxLength": METADATA_MAX_KEY, "pattern": NO_NUL}
        schema |= {"additionalProperties": values, "propertyNames": names}
    return schema


def _reference(schema: Schema) -> Schema:
    """Exactly one of the two keys."""
    both = schema["properties"]
    ways = [
        {"type": "object", "required": [name], "properties": {name: both[name], other: NOTHING}}
        for name, other in (("image_url", "file_id"), ("file_id", "image_url"))
    ]
    return {"anyOf": ways, "description": schema["description"]}


def _or(schema: Schema, other: Schema) -> Schema:
    """Either; in one flat enum where that is possible, for it is easier to read."""
    notes = _notes(schema)
    value = {key: item for key, item in schema.items() if key not in notes}
    if "enum" in value:
        return {"enum": [*value["enum"], *other["enum"]], **notes}
    if "anyOf" in value:
        return {"anyOf": [*value["anyOf"], other], **notes}
    return {"anyOf": [value, other], **notes}


def _notes(schema: Schema) -> Schema:
    """What is said of a value, whatever it may be."""
    return {key: value for key, value in schema.items() if key in ("description", "default")}


def _object(shape: Shape, properties: dict[str, Schema], *, optional: bool) -> Schema:
    required = [field.name for field in shape.fields if field.required and field.name in properties]
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    if "size" in properties:
        schema |= _by_model(properties, unset=[None, ""] if optional else [""])
    return schema


# --- what each model can make -----------------------------------------------------------------------


def _groups() -> dict[Group, list[str]]:
    """The models that can make the same."""
    found: dict[Group, list[str]] = {}
    for name, model in catalog.models().items():
        found.setdefault((model.sizes, model.seconds), []).append(name)
    return found


def _by_model(properties: dict[str, Schema], *, unset: list[Any]) -> Schema:
    """`size` and `seconds` are what any model can make; `anyOf` says which."""
    groups = _groups()
    ways = [_way(names, group, properties, unset) for group, names in groups.items()]
    properties["size"] = {**properties["size"], "enum": _union(way["properties"]["size"]["enum"] for way in ways)}
    properties["seconds"] = {
        **properties["seconds"],
        "enum": _union(way["properties"]["seconds"]["enum"] for way in ways),
    }
    return {"anyOf": ways} if len(ways) > 1 else {}


def _way(names: list[str], group: Group, properties: dict[str, Schema], unset: list[Any]) -> Schema:
    sizes, seconds = group
    is_default = catalog.default_for_programs().name in names
    numbers = [] if properties["seconds"].get("type") == "string" else list(seconds)
    way: Schema = {
        "properties": {
            "model": {"enum": [*names, *(unset if is_default else [])]},
            "size": {"enum": [*sizes, *(unset if contract.DEFAULT_SIZE in sizes else [])]},
            "seconds": {
                "enum": [*map(str, seconds), *numbers, *(unset if contract.DEFAULT_SECONDS in seconds else [])]
            },
        }
    }
    # Without a model the default one is meant, and what that can make.
    return way if is_default else {**way, "required": ["model"]}


def _union(lists: Iterator[list[Any]]) -> list[Any]:
    return list(dict.fromkeys(value for values in lists for value in values))


# --- forms ---------------------------------------------------------------------------------------


def of_form(shape: Shape, *, files: bool) -> Schema:
    """All values are text or files; what JSON nests is named with brackets."""
    properties: dict[str, Schema] = {}
    for field in shape.fields:
        properties |= _form_fields(field, files=files)
    schema = _object(shape, properties, optional=False)
    together = {name: rest for field in shape.fields for name, rest in _together(field).items()}
    return schema | ({"dependentRequired": together} if together else {})


def _together(field: Field) -> dict[str, list[str]]:
    """The parts of a nested value that come together or not at all."""
    if field.kind is not shapes.OBJECT:
        return {}
    names = [f"{field.name}[{part}]" for part in field.schema.get("required", [])]
    return {name: [other for other in names if other != name] for name in names}


def _form_fields(field: Field, *, files: bool) -> dict[str, Schema]:
    kind: Kind = field.kind
    if kind is shapes.REFERENCE:
        return _reference_parts(field, files=files)
    if kind is shapes.CLIP:
        return _clip_parts(field, files=files)
    if field.name == "characters":
        named = f"{field.name}[][id]"
        return {named: {**field.schema, "items": ID}}
    if kind is shapes.OBJECT:
        return {f"{field.name}[{name}]": schema for name, schema in field.schema["properties"].items()}
    return {field.name: _as_text(field)}


def _reference_parts(field: Field, *, files: bool) -> dict[str, Schema]:
    parts = {
        f"{field.name}[image_url]": {**WEB_ADDRESS, "description": "Instead of a file: an address, or a data URL."},
        f"{field.name}[file_id]": {**ID, "description": "Instead of a file: one that was uploaded before."},
    }
    image = {field.name: {**BINARY, "description": field.schema["description"]}}
    return image | parts if files else parts


def _clip_parts(field: Field, *, files: bool) -> dict[str, Schema]:
    """By id, or as a file: the same name takes either."""
    description = field.schema["description"]
    return {field.name: {**BINARY, "description": description} if files else {**ID, "description": description}}


def _as_text(field: Field) -> Schema:
    schema = _told(field)
    notes = _notes(schema)
    if field is shapes.SEED:
        return {**schema["anyOf"][1], **notes}
    if "enum" in schema:
        values = [value for value in schema["enum"] if isinstance(value, str)]
        return {"type": "string", "enum": values if field.required else [*values, ""], **notes}
    return schema
