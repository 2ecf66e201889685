"""Which builder makes which set."""

from __future__ import annotations

from videos.engine.paint import terrain
from videos.engine.paint.parts import Set, Site


def build_set(site: Site) -> Set:
    return terrain.mountain(site)
