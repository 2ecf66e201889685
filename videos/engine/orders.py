"""Turns request fields into what the job store takes, or refuses them in the words of the contract."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from videos.contract import (
    CHARACTER_NAME_MAX_LENGTH,
    CHARACTERS_MAX,
    DATA_URL_MAX_LENGTH,
    DEFAULT_SECONDS,
    DEFAULT_SIZE,
    PROMPT_MAX_LENGTH,
    REFERENCE_SIZE_MISMATCH,
    SECONDS,
    SEED_MAX,
    SIZES,
    Reference,
    VideoRequest,
    parse_size,
    supported_values,
)
from videos.engine.answers import Refusal
from videos.engine.bodies import Fields, Upload

MODEL = "animatic-1"
_REFERENCE = "input_reference"


def create_request(fields: Fields) -> VideoRequest:
    size = _choice(fields, "size", list(SIZES), DEFAULT_SIZE)
    return VideoRequest(
        prompt=_prompt(fields),
        model=_model(fields),
        size=size,
        seconds=int(_choice(fields, "seconds", [str(each) for each in SECONDS], str(DEFAULT_SECONDS))),
        seed=_seed(fields),
        reference=_reference(fields.get(_REFERENCE), parse_size(size)),
        characters=_characters(_listed(fields.get("characters"))),
    )


def remix_request(fields: Fields, source_id: str) -> VideoRequest:
    return _request_from_source(fields, "remix", source_id)


def edit_request(fields: Fields) -> VideoRequest:
    """A film that was uploaded is not in it: that is for the one who has judged it."""
    return _request_from_film(fields, "edit")


def extension_request(fields: Fields) -> VideoRequest:
    """Its seconds are those of the new part."""
    request = _request_from_film(fields, "extend")
    if fields.get("seconds") is None:
        raise _missing("seconds")
    return replace(request, seconds=int(_choice(fields, "seconds", [str(each) for each in SECONDS], "")))


def character_name(fields: Fields) -> str:
    name = fields.get("name")
    if name is None:
        raise _missing("name")
    if not isinstance(name, str):
        raise _wrong_type("name", "a string", name)
    if not name.strip() or not name.isprintable():
        raise _invalid("name", "Invalid 'name': expected some text on one line.")
    if len(name) > CHARACTER_NAME_MAX_LENGTH:
        message = f"Invalid 'name': expected at most {CHARACTER_NAME_MAX_LENGTH} characters, got {len(name)}."
        raise _invalid("name", message, "string_above_max_length")
    return name


def source_of(fields: Fields) -> str | Upload:
    """The id in `video`, or the file."""
    value = fields.get("video")
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = _from_text(value)
    if isinstance(value, dict):
        if not isinstance(value.get("id"), str):
            raise _wrong_type("video.id", "a string", value.get("id"))
        value = value["id"]
    if value is None or value == "":
        raise _missing("video")
    if not isinstance(value, (str, Upload)):
        raise _wrong_type("video", "a file or an object", value)
    return value


def _request_from_film(fields: Fields, operation: str) -> VideoRequest:
    _refuse_pictures(fields)
    _model(fields)
    source = source_of(fields)
    return _request_from_source(fields, operation, source if isinstance(source, str) else None)


def _request_from_source(fields: Fields, operation: str, source_id: str | None) -> VideoRequest:
    """Size, seconds and model are those of the source, which the job store knows."""
    return VideoRequest(
        prompt=_prompt(fields),
        model=MODEL,
        size=DEFAULT_SIZE,
        seconds=DEFAULT_SECONDS,
        seed=_seed(fields),
        operation=operation,
        source_id=source_id,
    )


def page_request(query: Mapping[str, str]) -> dict[str, Any]:
    limit = query.get("limit", "20")
    if not (limit.isascii() and limit.isdigit() and int(limit[:9]) <= 100):
        raise _invalid("limit", f"Invalid value: '{limit[:100]}'. Expected a whole number from 0 to 100.")
    order = _choice(query, "order", ["asc", "desc"], "desc")
    return {"after": query.get("after"), "limit": int(limit), "newest_first": order == "desc"}


def _missing(param: str) -> Refusal:
    return Refusal(f"Missing required parameter: '{param}'.", param=param, code="missing_required_parameter")


def _refuse_pictures(fields: Fields) -> None:
    """Its source is all that such a video shows; what else was sent is not to be lost silently."""
    for name in (_REFERENCE, "characters"):
        if fields.get(name) not in (None, "", []):
            raise Refusal(f"'{name}' is only for new videos.", param=name, code="unsupported_parameter")


def _invalid(param: str, message: str, code: str = "invalid_value") -> Refusal:
    return Refusal(message, param=param, code=code)


def _wrong_type(param: str, expected: str, value: object) -> Refusal:
    found = {"str": "a string", "dict": "an object", "list": "an array", "NoneType": "null", "Upload": "a file"}
    name = type(value).__name__
    return _invalid(
        param, f"Invalid type for '{param}': expected {expected}, but got {found.get(name, name)}.", "invalid_type"
    )


def _prompt(fields: Fields) -> str:
    prompt = fields.get("prompt")
    if prompt is None:
        raise _missing("prompt")
    if not isinstance(prompt, str):
        raise _wrong_type("prompt", "a string", prompt)
    if not prompt.strip():
        raise _invalid("prompt", "Invalid 'prompt': expected some text.")
    if len(prompt) > PROMPT_MAX_LENGTH:
        message = f"Invalid 'prompt': expected at most {PROMPT_MAX_LENGTH} characters, got {len(prompt)}."
        raise _invalid("prompt", message, "string_above_max_length")
    if not prompt.isascii() and any("\ud800" <= character <= "\udfff" for character in prompt):
        raise _invalid("prompt", "Invalid 'prompt': it holds half of a surrogate pair.")
    return prompt


def _choice(fields: Mapping[str, Any], name: str, supported: list[str], default: str) -> str:
    value = fields.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _wrong_type(name, "a string", value)
    if str(value) not in supported:
        raise _invalid(name, supported_values(str(value)[:100], supported))
    return str(value)


def _model(fields: Fields) -> str:
    model = fields.get("model", MODEL)
    if model is not None and not isinstance(model, str):
        raise _wrong_type("model", "a string", model)
    if model not in {MODEL, None}:
        message = f"The model '{model[:100]}' does not exist. {supported_values(model[:100], [MODEL])}"
        raise _invalid("model", message, "model_not_found")
    return MODEL


def _seed(fields: Fields) -> int | None:
    seed = fields.get("seed")
    if isinstance(seed, str) and seed.isascii() and seed.isdigit():
        seed = int(seed[:20])
    if seed is None or seed == "":
        return None
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise _wrong_type("seed", "an integer", seed)
    if not 0 <= seed <= SEED_MAX:
        raise _invalid("seed", f"Invalid 'seed': expected an integer from 0 to {SEED_MAX}.")
    return seed


def _listed(value: object) -> list[Any]:
    """The characters named, whichever way they were sent."""
    if isinstance(value, str) and value.lstrip()[:1] in {"[", "{"}:
        value = _from_text(value)
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        raise _wrong_type("characters", "an array", value)
    if len(value) > CHARACTERS_MAX:
        message = f"Invalid 'characters': expected at most {CHARACTERS_MAX} items, got {len(value)}."
        raise _invalid("characters", message, "array_above_max_length")
    return value


def _characters(items: list[Any]) -> tuple[str, ...]:
    ids = []
    for place, item in enumerate(items):
        if isinstance(item, str) and item.lstrip().startswith("{"):
            item = _from_text(item)
        found = item.get("id") if isinstance(item, dict) else item
        if not isinstance(found, str):
            raise _wrong_type(f"characters[{place}].id", "a string", found)
        ids.append(found)
    return tuple(ids)


def _reference(value: object, size: tuple[int, int]) -> Reference | None:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = _from_text(value)
    match value:
        case None:
            return None
        case Upload():
            return _checked(value.data, value.filename, size)
        case dict():
            return _checked(_from_object(value), "reference", size)
        case _:
            raise _wrong_type(_REFERENCE, "a file or an object", value)


def _from_text(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _from_object(value: dict[str, Any]) -> bytes:
    url, file_id = value.get("image_url"), value.get("file_id")
    if (url is None) == (file_id is None):
        raise _invalid(_REFERENCE, f"Invalid '{_REFERENCE}': expected exactly one of 'image_url' and 'file_id'.")
    if url is None:
        raise _invalid(f"{_REFERENCE}.file_id", "This server keeps no files.", "file_not_found")
    return _from_url(url.get("url") if isinstance(url, dict) else url)


def _from_url(url: object) -> bytes:
    param = f"{_REFERENCE}.image_url"
    if not isinstance(url, str):
        raise _wrong_type(param, "a string", url)
    if len(url) > DATA_URL_MAX_LENGTH:
        message = f"Invalid '{param}': expected at most {DATA_URL_MAX_LENGTH} characters, got {len(url)}."
        raise _invalid(param, message, "string_above_max_length")
    head, comma, data = url.partition(",")
    if not (head[:5].lower() == "data:" and head.lower().endswith(";base64") and comma):
        raise _invalid(param, "This server fetches nothing: send a base64 data URL.", "invalid_image_url")
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _invalid(param, "The data URL is not valid base64.", "invalid_image_url") from None


def _checked(data: bytes, filename: str, size: tuple[int, int]) -> Reference:
    # Pillow is a tenth of a second that a start without references does not have to pay.
    from videos.references import BadReference, WrongSize, content_type, judge

    try:
        return Reference(data, filename, content_type(judge(data, size)))
    except WrongSize:
        raise Refusal(REFERENCE_SIZE_MISMATCH) from None
    except BadReference as error:
        raise _invalid(_REFERENCE, error.message, error.code) from None
