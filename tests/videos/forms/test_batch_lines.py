from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest

from tests.videos.batch_input import jsonl, line
from videos.forms import batch_lines
from videos.forms.batch_lines import Findings, judge, read


def judged(*lines: Any) -> Findings:
    return judge(io.BytesIO(jsonl(*lines)))


def codes(*lines: Any) -> list[tuple[int | None, str | None]]:
    return [(it["line"], it["code"]) for it in judged(*lines).errors]


def test_lines_that_are_well() -> None:
    data = b"\xef\xbb\xbf" + jsonl(line("one", model="sora-2"), "", "  ", line("zwei ✓")).replace(b"\n", b"\r\n")

    found = judge(io.BytesIO(data))

    assert found == Findings(total=2, model="sora-2", errors=[])
    assert [(it.number, it.custom_id) for it in read(io.BytesIO(data))] == [(1, "one"), (4, "zwei ✓")]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in line("bad").items() if key != name}


BAD: dict[str, tuple[Any, str]] = {
    "cut": ('{"custom_id": "bad", ', "invalid_json_line"),
    "an array": ("[1]", "invalid_json_line"),
    "no UTF-8": ('{"custom_id": "\udcff"}', "invalid_json_line"),
    "too deep": ("[" * 100_000, "invalid_json_line"),
    "no number": ('{"custom_id": NaN}', "invalid_json_line"),
    "an endless number": (json.dumps(line("bad")).replace('"A fox"', "1e999"), "invalid_json_line"),
    "half a character": (line("bad", prompt="\ud800"), "invalid_json_line"),
    "NUL": (line("bad", prompt="a\0b"), "invalid_json_line"),
    "no custom_id": (without("custom_id"), "missing_required_parameter"),
    "no method": (without("method"), "missing_required_parameter"),
    "no url": (without("url"), "missing_required_parameter"),
    "no body": (without("body"), "missing_required_parameter"),
    "null for a body": (line("bad") | {"body": None}, "missing_required_parameter"),
    "an empty custom_id": (line(""), "invalid_value"),
    "a long custom_id": (line("x" * 201), "invalid_value"),
    "a number for a custom_id": (line("bad") | {"custom_id": 7}, "invalid_value"),
    "another method": (line("bad") | {"method": "GET"}, "invalid_method"),
    "another url": (line("bad") | {"url": "/v1/videos/edits"}, "invalid_url"),
    "a list for a body": (line("bad") | {"body": []}, "invalid_type"),
    "a repeated custom_id": (line("good"), "duplicate_custom_id"),
    "another model": (line("bad", model="sora-2-pro"), "mismatched_model"),
}


@pytest.mark.parametrize(("bad", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_line_is_named_by_its_number(bad: Any, code: str) -> None:
    text = bad if isinstance(bad, str) else json.dumps(bad)
    data = jsonl(line("good")) + b"\n" + text.encode(errors="surrogateescape")

    assert [(it["line"], it["code"]) for it in judge(io.BytesIO(data)).errors] == [(2, code)]


def test_numbers_are_read_as_at_the_door() -> None:
    """JSON knows no integers beside numbers."""
    data = jsonl(line("one", seconds=8)).replace(b"8", b"8.0")

    (read_line,) = read(io.BytesIO(data))

    assert repr(read_line.body["seconds"]) == "8"


def test_text_that_only_looks_like_nul_is_text() -> None:
    assert codes(line("one", prompt="\\u0000"), line("two", prompt="\\\\u0000")) == []


def test_all_bad_lines_are_told_up_to_a_hundred() -> None:
    assert codes("x", line("good"), "y") == [(1, "invalid_json_line"), (3, "invalid_json_line")]
    assert len(codes(*["x"] * 300)) == 100


def test_a_file_without_lines_is_empty() -> None:
    assert codes() == codes("", " ") == [(None, "empty_file")]


def test_a_file_of_too_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_lines, "LINES_MAX", 2)

    assert codes(line("1"), line("2")) == []
    assert codes(line("1"), line("2"), line("3"), line("4")) == [(3, "too_many_lines")]


def test_a_line_that_is_too_long(settings) -> None:
    settings.BODY_MAX_BYTES = 200

    assert codes(line("1"), line("2", prompt="x" * 300), line("3")) == [(2, "line_too_long")]


def test_a_large_file_is_judged_in_the_memory_of_a_line() -> None:
    data = io.BytesIO(jsonl(*[line(str(number), prompt="x" * 2000) for number in range(10_000)]))
    tracemalloc.start()
    try:
        assert judge(data).total == 10_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(data.getvalue()) > 20_000_000
    assert peak < 5_000_000
