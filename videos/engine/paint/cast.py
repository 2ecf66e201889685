"""The troupe: subjects and props, where they stand and how they move."""

from __future__ import annotations

from typing import Any

from videos.engine.paint.layer import Canvas, View
from videos.engine.paint.parts import Set


class Troupe:
    """Everybody in a shot."""

    def __init__(self, plan: dict[str, Any], shot: dict[str, Any], made: Set) -> None:
        self.target: tuple[float, float] | None = None

    def draw_far(self, canvas: Canvas, view: View, t: float) -> None: ...

    def draw(self, canvas: Canvas, view: View, t: float) -> None: ...
