"""Which builder makes which set."""

from __future__ import annotations

from collections.abc import Callable

from videos.engine.paint import abstract, city, clouds, deep, forest, meadow, room, space, stage, street, terrain, water
from videos.engine.paint.parts import Set, Site

BUILDERS: dict[str, Callable[[Site], Set]] = {
    "abstract": abstract.build,
    "beach": water.beach,
    "city": city.build,
    "desert": terrain.desert,
    "field": meadow.build,
    "forest": forest.build,
    "lake": water.lake,
    "mars": terrain.mars,
    "mountain": terrain.mountain,
    "room": room.build,
    "sea": water.sea,
    "sky": clouds.above_the_clouds,
    "space": space.build,
    "stage": stage.build,
    "street": street.build,
    "underwater": deep.underwater,
}


def build_set(site: Site) -> Set:
    return BUILDERS.get(site.setting, abstract.build)(site)
