from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.conf import settings

from videos import log

LOGGING: Any = settings.LOGGING


@pytest.fixture
def console() -> logging.StreamHandler[io.StringIO]:
    """The handler of the settings, writing into memory."""
    handler = logging.StreamHandler(io.StringIO())
    handler.addFilter(log.OfRequest())
    handler.setFormatter(logging.Formatter(LOGGING["formatters"]["line"]["format"], style="{"))
    return handler


def written(console: logging.StreamHandler[io.StringIO]) -> str:
    console.handle(logging.LogRecord("videos", logging.WARNING, __file__, 1, "the %s is away", ("broker",), None))
    return console.stream.getvalue()


def test_a_line_written_during_a_request_names_it(console: logging.StreamHandler[io.StringIO]) -> None:
    under_way = log.request_id.set("req_abc")
    try:
        assert written(console).endswith("WARNING videos [req_abc]: the broker is away\n")
    finally:
        log.request_id.reset(under_way)


def test_a_line_outside_of_requests_names_none(console: logging.StreamHandler[io.StringIO]) -> None:
    assert written(console).endswith("WARNING videos: the broker is away\n")


def test_every_handler_of_the_settings_knows_the_request() -> None:
    assert LOGGING["handlers"]
    assert all("of_request" in handler["filters"] for handler in LOGGING["handlers"].values())


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("plain ü 猫", "plain ü 猫"),
        ("a\r\nb", "a\\r\\nb"),
        ("a\x00\x1b[31m", "a\\x00\\x1b[31m"),
        ("a\u2028b", "a\\u2028b"),
    ],
)
def test_what_others_sent_stays_on_one_line(sent: str, shown: str) -> None:
    assert log.one_line(sent) == shown
