"""Weather in the air: rain, snow and everything else that falls, drifts or glows."""

from __future__ import annotations

from videos.engine.paint.layer import Element
from videos.engine.paint.parts import Set, Site


def particles(site: Site, made: Set) -> list[Element]:
    return []
