"""JSON's numbers, as Studio understands them."""

from __future__ import annotations


def number(text: str) -> int | float:
    """JSON knows no integers beside numbers: some clients write 8.0 for 8."""
    value = float(text)
    return int(value) if value.is_integer() else value


def no_number(word: str) -> None:
    """NaN and the infinities are Python's, not JSON's."""
    raise ValueError(f"{word} is no JSON")
