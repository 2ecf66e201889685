"""The input of a batch, line by line: what each must be, and what they must be together."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from django.conf import settings

from videos import catalog
from videos.forms import numbers
from videos.forms.fields import echo
from videos.forms.refusals import Refusal

LINES_MAX = 50_000
INPUT_MAX_BYTES = 200 * 1024 * 1024
CUSTOM_ID_MAX_LENGTH = 200
# So many are told; a file that is wrong from top to bottom is one mistake.
ERRORS_MAX = 100
# PostgreSQL's JSON holds no NUL. An even number of backslashes before it is text that only looks so.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Line(NamedTuple):
    number: int
    custom_id: str
    body: dict[str, Any]


@dataclass
class Findings:
    """What is wrong with an input as `errors`, in the words of the contract; else what there is to do."""

    total: int = 0
    model: str = ""
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, refusal: Refusal, line: int | None = None) -> None:
        found = {"code": refusal.code, "message": refusal.message, "param": refusal.param, "line": line}
        self.errors.append(found)


def judge(file: IO[bytes]) -> Findings:
    """In one pass, and in the memory of one line; of the lines before only the ids are kept."""
    found, seen, default = Findings(), set[str](), catalog.default_for_programs().name
    for number, raw in _numbered(file):
        found.total += 1
        if found.total > LINES_MAX:
            found.refuse(Refusal(f"The file has more than {LINES_MAX} lines.", code="too_many_lines"), number)
            break
        line = _parse(number, raw)
        refusal = line if isinstance(line, Refusal) else _judge_together(line, seen, found, default)
        if refusal:
            found.refuse(refusal, number)
        if len(found.errors) >= ERRORS_MAX:
            break
    if not found.total:
        found.refuse(Refusal("The file holds no lines.", code="empty_file"))
    return found


def read(file: IO[bytes]) -> Iterator[Line]:
    """The lines of an input in which `judge` found no error."""
    for number, raw in _numbered(file):
        line = _parse(number, raw)
        if isinstance(line, Line):
            yield line


def _numbered(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """From 1, as editors count. Of a line that is too long no more than the excess of one byte is read."""
    number, longest = 0, settings.BODY_MAX_BYTES
    while raw := file.readline(longest + 1):
        number += 1
        text = raw.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").strip()
        if text:
            yield number, text
        if len(raw) > longest:
            break


def _parse(number: int, raw: bytes) -> Line | Refusal:
    if len(raw) > settings.BODY_MAX_BYTES:
        return Refusal(f"The line is longer than {settings.BODY_MAX_BYTES} bytes.", code="line_too_long")
    try:
        given = json.loads(raw, parse_float=numbers.number, parse_constant=numbers.no_number)
        # What the database cannot hold, JSON should not either: half a character, NaN, NUL.
        text = json.dumps(given, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError):
        return Refusal("This line is not valid JSON.", code="invalid_json_line")
    if not isinstance(given, dict) or NUL.search(text):
        return Refusal("This line is not a JSON object of text and numbers.", code="invalid_json_line")
    return _judge_alone(given) or Line(number, given["custom_id"], given["body"])


def _judge_alone(given: dict[str, Any]) -> Refusal | None:
    for name in ("custom_id", "method", "url", "body"):
        if given.get(name) is None:
            return Refusal(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")
    custom_id = given["custom_id"]
    if not isinstance(custom_id, str) or not 1 <= len(custom_id) <= CUSTOM_ID_MAX_LENGTH:
        message = f"'custom_id' is a string of 1 to {CUSTOM_ID_MAX_LENGTH} characters."
        return Refusal(message, "custom_id", "invalid_value")
    if given["method"] != "POST":
        return Refusal("The method of each line is 'POST'.", "method", "invalid_method")
    if given["url"] != "/v1/videos":
        return Refusal("The url of each line is that of the batch, '/v1/videos'.", "url", "invalid_url")
    if not isinstance(given["body"], dict):
        return Refusal("The body of each line is a JSON object.", "body", "invalid_type")
    return None


def _judge_together(line: Line, seen: set[str], found: Findings, default: str) -> Refusal | None:
    if line.custom_id in seen:
        message = f"The custom_id '{echo(line.custom_id)}' stands in an earlier line already."
        return Refusal(message, "custom_id", "duplicate_custom_id")
    seen.add(line.custom_id)
    named = line.body.get("model")
    model = named if isinstance(named, str) and named else default
    found.model = found.model or model
    if model != found.model:
        message = f"All lines of a batch name one model: '{echo(found.model)}' before, '{echo(model)}' here."
        return Refusal(message, "body.model", "mismatched_model")
    return None
