"""The reference of the API for people: the OpenAPI document, read out on one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from videos.views.examples import examples

Document = dict[str, Any]
KINDS = {
    "application/json": "JSON",
    "multipart/form-data": "multipart form",
    "application/x-www-form-urlencoded": "urlencoded form",
}
ABSENT = (None, "")


@dataclass(frozen=True)
class Row:
    """A field, a parameter, or a header."""

    name: str
    type: str
    required: bool
    limits: str
    default: str
    description: str


@dataclass(frozen=True)
class Call:
    anchor: str
    method: str
    path: str
    summary: str
    scope: str
    encodings: list[str]
    tables: dict[str, list[Row]]
    by_model: list[dict[str, Any]]
    answer: str
    errors: list[tuple[str, str]]
    examples: dict[str, str]

    @property
    def answer_has_place(self) -> bool:
        """Among the objects at the end of the page."""
        return _is_told(self.answer)


@require_safe
def reference(request: HttpRequest, document: Callable[[str], Document]) -> HttpResponse:
    """Anyone may read it, as the document itself. `document` makes that; the routes know where it comes from."""
    base_url = request.build_absolute_uri("/v1")
    found = document(base_url)
    context = {
        "base_url": base_url,
        "version": found["info"]["version"],
        "about": found["info"]["description"].split("\n\n"),
        "sections": [_section(found, tag, base_url) for tag in found["tags"]],
        "events": [(name, item["post"]["summary"]) for name, item in found["webhooks"].items()],
        "schemas": [_schema(name, it) for name, it in found["components"]["schemas"].items() if _is_told(name)],
        "headers": _headers(found),
    }
    return render(request, "videos/reference.html", context)


def _is_told(name: str) -> bool:
    """Lists and receipts of deletion are alike, and stand in the text; events have their own place."""
    return not re.search(r"List$|Deleted$|^Event\.", name)


def _section(document: Document, tag: dict[str, str], base_url: str) -> dict[str, Any]:
    calls = [
        _call(document, item[method], method, path, base_url)
        for path, item in document["paths"].items()
        for method in item
        if tag["name"] in item[method]["tags"]
    ]
    return {"name": tag["name"], "anchor": tag["name"].lower(), "words": tag["description"], "calls": calls}


def _call(document: Document, operation: Document, method: str, path: str, base_url: str) -> Call:
    content: Document = operation.get("requestBody", {}).get("content", {})
    schema: Document = next(iter(content.values()))["schema"] if content else {}
    places = {"Path": "path", "Query": "query", "Headers": "header"}
    parameters = operation.get("parameters", [])
    tables = {
        title: [_row(it["name"], it["schema"] | it, required=it["required"]) for it in parameters if it["in"] == place]
        for title, place in places.items()
    }
    return Call(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        scope=_scope(operation),
        encodings=[KINDS[kind] for kind in content],
        tables={"Body": _fields(schema), **tables},
        by_model=[_way(it["properties"]) for it in schema.get("anyOf", [])],
        answer=_answer(operation),
        errors=_errors(document, operation),
        examples=examples(operation["operationId"], method.upper(), path, base_url),
    )


def _scope(operation: Document) -> str:
    scopes = [scope for way in operation["security"] for scope in way["bearer"]]
    return scopes[0] if scopes else ""


def _answer(operation: Document) -> str:
    """The name of its schema; empty for bytes."""
    content = operation["responses"]["200"]["content"]
    return str(content.get("application/json", {}).get("schema", {}).get("$ref", "")).rsplit("/", 1)[-1]


def _errors(document: Document, operation: Document) -> list[tuple[str, str]]:
    known = document["components"]["responses"]
    found = {status: it["$ref"].rsplit("/", 1)[-1] for status, it in operation["responses"].items() if "$ref" in it}
    return [(status, known[name]["description"]) for status, name in found.items()]


def _way(properties: Document) -> dict[str, Any]:
    return {name: _values(schema["enum"]) for name, schema in properties.items()}


def _fields(schema: Document) -> list[Row]:
    required = schema.get("required", [])
    return [_row(name, it, required=name in required) for name, it in schema.get("properties", {}).items()]


def _schema(name: str, schema: Document) -> dict[str, Any]:
    inherited = [it["$ref"].rsplit("/", 1)[-1] for it in schema.get("allOf", []) if "$ref" in it]
    own = next((it for it in schema.get("allOf", []) if "properties" in it), schema)
    return {"name": name, "inherits": inherited, "fields": _fields(own)}


def _headers(document: Document) -> list[tuple[str, str]]:
    return [(name, it["description"]) for name, it in document["components"]["headers"].items()]


# --- a schema in words --------------------------------------------------------------------------


def _row(name: str, schema: Document, *, required: bool) -> Row:
    default = schema.get("default")
    return Row(
        name=name,
        type=_type(schema),
        required=required,
        limits=_limits(schema),
        default="" if default is None else str(default).lower() if isinstance(default, bool) else str(default),
        description=schema.get("description", ""),
    )


def _values(enum: list[Any]) -> list[str]:
    """What may be chosen; that nothing may be sent too is said once, at the top of the page."""
    return list(dict.fromkeys(str(value) for value in enum if value not in ABSENT))


def _type(schema: Document) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "const" in schema:
        return "constant"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(word for it in schema["anyOf"] if (word := _type(it))))
    if schema.get("type") == "array":
        return f"array of {_type(schema['items'])}"
    if schema.get("format") == "binary":
        return "file"
    named = schema.get("type")
    if named == "object" and schema.get("required"):
        return f"object with {', '.join(schema['required'])}"
    words = named if isinstance(named, list) else [named] if named else _json_types(schema.get("enum", []))
    return " or ".join(words)


def _json_types(values: list[Any]) -> list[str]:
    words = ["integer" if isinstance(value, int) else "string" for value in values if value not in ABSENT]
    return list(dict.fromkeys(words))


def _limits(schema: Document) -> str:
    """All that a value must keep to."""
    parts = [_limits(it) for it in schema.get("anyOf", [])]
    if "const" in schema:
        parts.append(str(schema["const"]))
    if "enum" in schema:
        parts.append(", ".join(_values(schema["enum"])))
    parts.append(_span(schema.get("minLength"), schema.get("maxLength"), "characters"))
    parts.append(_span(schema.get("minimum"), schema.get("maximum"), ""))
    parts.append(_span(schema.get("minItems"), schema.get("maxItems"), "items"))
    if "items" in schema:
        parts.append(_limits(schema["items"]))
    return "; ".join(dict.fromkeys(part for part in parts if part))


def _span(smallest: int | None, largest: int | None, unit: str) -> str:
    if largest is None:
        return f"at least {smallest}" if smallest and unit else ""
    low = f"{smallest or 0}–" if smallest is not None else "at most "
    return f"{low}{largest:,} {unit}".strip()
