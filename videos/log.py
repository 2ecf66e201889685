"""Which request is under way, so that every line of the log written meanwhile can name it."""

from __future__ import annotations

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")


class OfRequest(logging.Filter):
    """Gives each record `of_request`: the id in brackets, or nothing where no request is answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        current = request_id.get()
        record.of_request = f" [{current}]" if current else ""
        return True


def one_line(text: str) -> str:
    """What others sent, harmless in a log: no line breaks and no control characters."""
    return "".join(it if it.isprintable() else it.encode("unicode_escape").decode() for it in text)
