from __future__ import annotations

from videos.templatetags.reference import code_words


def test_what_stands_between_backticks_is_code() -> None:
    assert code_words("Ask `GET /v1/models`.") == "Ask <code>GET /v1/models</code>."


def test_nothing_else_is_markup() -> None:
    assert code_words("a < b, `<i>`, *no*") == "a &lt; b, <code>&lt;i&gt;</code>, *no*"
