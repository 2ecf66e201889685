"""The bodies of two-legged puppets by species."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from videos.engine.paint.colour import RGB

GREY: RGB = (148, 156, 168)


@dataclass(frozen=True)
class Figure:
    """A kind of body; lengths are shares of the height."""

    head: float = 0.082
    torso: float = 0.3
    legs: float = 0.47
    width: float = 0.095
    limb: float = 0.034
    size: float = 1.15
    style: str = "person"
    skin: RGB | None = None
    coat: RGB | None = None
    trousers: RGB = (52, 58, 84)


FIGURES = {
    "person": Figure(),
    "woman": Figure(0.082, 0.29, 0.48, 0.085, 0.03, 1.12, "woman"),
    "child": Figure(0.135, 0.28, 0.36, 0.1, 0.038, 0.8, "child"),
    "musician": Figure(coat=(44, 42, 56), trousers=(32, 30, 40)),
    "chef": Figure(coat=(244, 242, 238), style="chef"),
    "knight": Figure(0.09, 0.32, 0.44, 0.12, 0.045, 1.2, "knight", GREY, (150, 158, 172), (120, 126, 140)),
    "wizard": Figure(0.09, 0.3, 0.45, 0.1, 0.036, 1.15, "wizard", None, (74, 66, 150), (60, 52, 120)),
    "robot": Figure(0.12, 0.32, 0.36, 0.13, 0.042, 1.1, "robot", GREY, (172, 182, 194), (120, 130, 144)),
    "astronaut": Figure(0.135, 0.32, 0.36, 0.135, 0.058, 1.15, "astronaut", None, (238, 238, 240), (226, 226, 230)),
    "monkey": Figure(0.12, 0.32, 0.33, 0.13, 0.042, 0.9, "monkey", (226, 180, 140), (112, 74, 50), (104, 68, 46)),
    "alien": Figure(0.15, 0.26, 0.4, 0.075, 0.028, 0.95, "alien", (134, 206, 124), (120, 190, 116), (110, 180, 108)),
    "ghost": Figure(0.14, 0.4, 0.3, 0.15, 0.04, 0.95, "ghost", (240, 244, 252), (240, 244, 252), (240, 244, 252)),
    "snowman": Figure(0.15, 0.3, 0.3, 0.2, 0.015, 0.95, "snowman", (246, 248, 252), (240, 244, 250), (120, 80, 54)),
    "teddy": Figure(0.17, 0.3, 0.24, 0.16, 0.065, 0.6, "teddy", (196, 142, 88), (190, 136, 82), (190, 136, 82)),
    "penguin": Figure(0.15, 0.46, 0.12, 0.2, 0.04, 0.62, "penguin", (40, 44, 58), (40, 44, 58), (240, 150, 50)),
}


class Who(Protocol):
    """What a face needs to know of its owner."""

    figure: Figure
    skin: RGB
    hair: RGB
    motion: str
    phase: float
    held: dict[str, RGB | None]
