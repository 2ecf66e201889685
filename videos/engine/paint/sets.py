"""Which builder makes which set."""

from __future__ import annotations

from videos.engine.paint import stage, street, terrain
from videos.engine.paint.parts import Set, Site

BUILDERS = {"mountain": terrain.mountain, "desert": terrain.desert, "mars": terrain.mars, "stage": stage.build, "street": street.build}


def build_set(site: Site) -> Set:
    return BUILDERS.get(site.setting, terrain.mountain)(site)
