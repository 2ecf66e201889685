"""Which weather is in the air of which set; where the real one makes no sense, its counterpart."""

from __future__ import annotations

from collections.abc import Callable

from videos.engine.paint.airs import Fireflies, Fireworks, Lightning, Meteors, Mist
from videos.engine.paint.colour import RGB, mix
from videos.engine.paint.falling import Flakes, Petals, Rain, Ripples
from videos.engine.paint.layer import Element
from videos.engine.paint.parts import Set, Site

ENCLOSED = frozenset({"stage", "room", "underwater", "space", "abstract"})
PETALS: tuple[RGB, ...] = ((255, 190, 208), (250, 214, 224), (240, 160, 186))
LEAVES: tuple[RGB, ...] = ((226, 112, 40), (206, 72, 40), (240, 176, 60))
LOW_BANKS = ((0.26, 0.014), (0.34, -0.022), (0.42, 0.03))
ALL_OVER = ((-0.36, 0.012), (-0.16, -0.016), (0.04, 0.014), (0.24, -0.022), (0.4, 0.018))
GUSTS = ((-0.32, 0.16), (-0.14, -0.2), (0.04, 0.22), (0.2, 0.18), (0.36, 0.24))
Maker = Callable[[Site, Set], list[Element]]


def solid(element: Element) -> bool:
    """Drawn over the picture rather than added to it."""
    return bool(getattr(element, "solid", False))


def particles(site: Site, made: Set) -> list[Element]:
    """What falls, drifts or glows before the cast."""
    kind = aired(site)
    maker = COUNTERPARTS.get(site.setting, {}).get(kind) or MAKERS.get(kind)
    return maker(site, made) if maker else []


def aired(site: Site) -> str:
    """The weather; between walls snow on the ground can only be told by snow in the air."""
    snowed = site.setting in ENCLOSED and site.ground == "snow" and site.weather in ("", "clear", "wind")
    return "snow" if snowed else site.weather


def _rain(strength: float, zone: tuple[float, float] | None = (0.12, 0.98), *, lightning: bool = False) -> Maker:
    def make(site: Site, made: Set) -> list[Element]:
        drops: list[Element] = [Rain(made.frame, site.seed, strength)]
        if zone:
            drops.append(Ripples(made.frame, site.seed, zone))
        return [*drops, Lightning(made.frame, site.seed)] if lightning else drops

    return make


def _flakes(colour: RGB, count: int, fall: float, sway: float, size: tuple[float, float], wind: float = 0.03) -> Maker:
    def make(site: Site, made: Set) -> list[Element]:
        return [Flakes(made.frame, site.seed, colour, count, fall=fall, sway=sway, size=size, wind=wind)]

    return make


def _petals(colours: tuple[RGB, ...], wind: float = 0.05) -> Maker:
    def make(site: Site, made: Set) -> list[Element]:
        # Where no tree turns with them, the leaves must tell it all.
        turning = colours is LEAVES and site.setting in ("field", "forest")
        count, size = (90, 0.0145) if turning else (140, 0.021)
        level = made.light.level
        return [Petals(made.frame, site.seed, colours, level, count=count, size=size, wind=wind)]

    return make


def _mist(banks: tuple[tuple[float, float], ...], colour: RGB | None = None, share: float = 0.7) -> Maker:
    """Banks of mist in the colour of the air, or mixed with one that is said."""

    def make(site: Site, made: Set) -> list[Element]:
        fog = mix(made.light.fog, colour, share) if colour else made.light.fog
        return [Mist(made.frame, site.seed, fog, banks)]

    return make


def _meteors(colour: RGB, count: int) -> Maker:
    def make(site: Site, made: Set) -> list[Element]:
        return [Meteors(made.frame, site.seed, colour, count)]

    return make


def _both(*makers: Maker) -> Maker:
    def make(site: Site, made: Set) -> list[Element]:
        return [element for maker in makers for element in maker(site, made)]

    return make


def _fireflies(site: Site, made: Set) -> list[Element]:
    return [Fireflies(made.frame, site.seed, 80 if site.setting in ENCLOSED else 46)]


def _fireworks(site: Site, made: Set) -> list[Element]:
    return [Fireworks(made.frame, site.seed)]


def _nothing(site: Site, made: Set) -> list[Element]:
    return []


SNOW = _flakes((236, 240, 250), 260, 0.16, 0.03, (0.0024, 0.0085))
EMBERS = _flakes((255, 150, 60), 170, -0.14, 0.05, (0.0018, 0.0058))
DUST = _flakes((150, 120, 90), 70, 0.02, 0.02, (0.0012, 0.0035), 0.5)
WIND = _both(_flakes((190, 176, 156), 130, 0.02, 0.03, (0.0012, 0.0045), 0.6), _petals(LEAVES, 0.3))
SAND = _both(_flakes((196, 128, 84), 260, 0.05, 0.03, (0.0012, 0.006), 0.9), _mist(GUSTS, (150, 86, 52), 0.85))
STAR_DUST = _flakes((206, 216, 255), 170, 0.02, 0.02, (0.0012, 0.005), 0.16)
MARINE_SNOW = _flakes((206, 226, 226), 300, 0.035, 0.03, (0.0016, 0.0062), 0.01)
SPRAY = _flakes((226, 236, 244), 260, 0.04, 0.04, (0.0012, 0.0055), 0.8)
SILT = _flakes((150, 150, 120), 240, 0.03, 0.04, (0.0012, 0.005), 0.3)
MAKERS: dict[str, Maker] = {
    "rain": _rain(1.0), "storm": _rain(1.7, lightning=True), "snow": SNOW, "petals": _petals(PETALS),
    "leaves": _petals(LEAVES), "embers": EMBERS, "fireflies": _fireflies, "fireworks": _fireworks, "dust": DUST,
    "wind": WIND, "mist": _mist(((-0.06, 0.014), (0.12, -0.022))),
}  # fmt: skip
COUNTERPARTS: dict[str, dict[str, Maker]] = {
    # Theatre weather falls in the beams; fog is dry ice on the boards.
    "stage": {
        "rain": _rain(1.2, (0.24, 0.72)), "storm": _rain(1.6, (0.24, 0.72)),
        "mist": _mist(LOW_BANKS, (176, 176, 196), 0.62),
        "wind": WIND,
        "dust": _flakes((226, 196, 150), 220, 0.015, 0.02, (0.0014, 0.0045), 0.05),
    },
    # What falls outside is seen through the window, which the room itself paints.
    "room": {
        "rain": _nothing, "storm": _nothing, "snow": _nothing, "fireworks": _nothing, "wind": _petals(LEAVES, 0.3),
        "mist": _mist(((0.1, 0.012), (0.3, -0.016)), (190, 190, 196), 0.5),
        "dust": _flakes((220, 190, 140), 180, 0.012, 0.02, (0.0014, 0.0045), 0.03),
    },
    "underwater": {
        "rain": _both(_flakes((190, 226, 236), 220, -0.05, 0.01, (0.001, 0.0034), 0.0), _mist(((-0.42, 0.01),))),
        "storm": _both(SILT, _mist(ALL_OVER)), "snow": MARINE_SNOW, "mist": _mist(ALL_OVER, (120, 170, 160)),
        "dust": SILT, "wind": SILT,
    },
    "space": {
        "rain": _meteors((206, 220, 255), 46), "storm": _both(_meteors((255, 206, 160), 70), STAR_DUST),
        "snow": _flakes((226, 236, 255), 240, 0.05, 0.02, (0.0016, 0.007)), "dust": STAR_DUST, "wind": STAR_DUST,
        "mist": _mist(ALL_OVER, (120, 110, 200)),
    },
    "mars": {"storm": SAND, "dust": SAND, "wind": SAND, "mist": _mist(ALL_OVER, (226, 150, 110))},
    "desert": {"storm": SAND, "dust": SAND, "wind": SAND},
    "abstract": {
        "rain": _rain(1.3, None), "storm": _rain(2.0, None), "mist": _mist(ALL_OVER, (226, 226, 240)),
        "dust": STAR_DUST, "wind": _flakes((236, 226, 206), 160, 0.02, 0.05, (0.0014, 0.006), 0.4),
    },
    "sea": {"wind": SPRAY}, "beach": {"wind": SPRAY},
    "sky": {"rain": _rain(1.2, None), "storm": _both(_rain(1.8, None, lightning=True)), "mist": _mist(ALL_OVER)},
}  # fmt: skip
