"""A site (what a builder is told) and a set (what it builds)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from videos.engine.paint.colour import Light, light_of
from videos.engine.paint.layer import Element, Frame
from videos.engine.paint.noise import stream


@dataclass(frozen=True)
class Site:
    """The facts a set is built from."""

    width: int
    height: int
    seed: int
    setting: str
    time: str
    weather: str
    ground: str
    mood: str
    details: tuple[str, ...]
    sign: str
    hue: float
    colours: tuple[tuple[float, float, float], ...] = ()
    tracking: float = 0.0
    hour: str = ""

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    @property
    def side(self) -> int:
        """Where the light comes from: 1 right, -1 left."""
        return 1 if stream(self.seed, "side").random() < 0.5 else -1

    @property
    def light(self) -> Light:
        return light_of(self.time, self.weather, self.mood, self.side)

    def frame(self, horizon: float, ground: float) -> Frame:
        return Frame(self.width, self.height, horizon * self.height, ground * self.height)


@dataclass
class Set:
    """Painted elements from back to front. `back` is drawn at half size, which is also its depth of field."""

    frame: Frame
    light: Light
    back: list[Element]
    mid: list[Element] = field(default_factory=list)
    front: list[Element] = field(default_factory=list)
    glow: list[Element] = field(default_factory=list)
    mirror: float = 0.0
    shadow: float = 0.5
    bloom: float = 0.5
    size: float = 0.42
    floats: bool = False
    endless: bool = False
    indoors: bool = False
    open_air: bool = False
    wooded: bool = False


def site_of(plan: dict[str, Any], shot: dict[str, Any]) -> Site:
    said = plan | {key: shot[key] for key in ("setting", "time", "weather") if key in shot}
    wet = "wet" if said["weather"] in ("rain", "storm") else ""
    return Site(
        int(plan["width"]),
        int(plan["height"]),
        int(plan["seed"]),
        said["setting"],
        said["time"],
        said["weather"],
        said["ground"] or wet,
        said["mood"],
        tuple(said["details"]),
        said["sign"],
        float(said["hue"]),
        tuple((float(c[0]), float(c[1]), float(c[2])) for c in said["colours"]),
        hour=said["time"] if said.get("time_named") or "time" in shot else "",
    )
