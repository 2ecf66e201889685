"""Breeds: every four-legged species as a set of proportions and a coat."""

from __future__ import annotations

from dataclasses import dataclass

from videos.engine.paint.colour import RGB


@dataclass(frozen=True)
class Build:
    """A species in proportions; lengths are shares of the body length."""

    height: float = 0.5
    leg: float = 0.34
    limb: float = 0.05
    body: float = 0.17
    neck: float = 0.16
    rise: float = 0.75
    head: float = 0.15
    muzzle: float = 0.1
    ear: str = "point"
    tail: str = "thin"
    coat: RGB = (200, 150, 100)
    belly: RGB = (236, 220, 200)
    mark: str = ""
    size: float = 1.0
    hoof: bool = False
    extra: str = ""
    length: float = 0.29


BUILDS = {
    "cat": Build(0.44, 0.27, 0.042, 0.15, 0.1, 0.8, 0.145, 0.045, "point", "long", (214, 156, 96), (246, 232, 212),
        "", 0.72),
    "dog": Build(0.5, 0.32, 0.048, 0.155, 0.14, 0.9, 0.13, 0.1, "flop", "curl", (188, 132, 80), (238, 222, 198),
        "", 0.9),
    "retriever": Build(0.5, 0.31, 0.055, 0.17, 0.14, 0.85, 0.14, 0.1, "flop", "plume", (226, 176, 104), (246, 220,
        170), "", 1.0),
    "husky": Build(0.5, 0.32, 0.052, 0.165, 0.13, 0.85, 0.135, 0.09, "point", "plume", (110, 116, 130), (244, 244,
        246), "mask", 1.0),
    "fox": Build(0.44, 0.3, 0.038, 0.135, 0.13, 0.7, 0.125, 0.1, "tall", "bush", (222, 112, 48), (250, 238, 222),
        "socks", 0.82),
    "wolf": Build(0.52, 0.35, 0.046, 0.16, 0.16, 0.6, 0.135, 0.11, "point", "plume", (118, 118, 128), (206, 206,
        210), "", 1.1),
    "horse": Build(0.72, 0.5, 0.042, 0.19, 0.34, 0.95, 0.11, 0.2, "point", "hair", (134, 84, 52), (150, 100, 66),
        "mane", 1.75, True),
    "unicorn": Build(0.72, 0.5, 0.042, 0.18, 0.34, 0.95, 0.11, 0.19, "point", "hair", (246, 242, 250), (255, 250,
        255), "mane", 1.7,
                     True, "horn"),
    "zebra": Build(0.7, 0.47, 0.042, 0.19, 0.31, 0.95, 0.11, 0.18, "point", "thin", (240, 238, 232), (244, 242,
        240), "stripes", 1.6, True),
    "cow": Build(0.64, 0.38, 0.055, 0.23, 0.2, 0.45, 0.14, 0.14, "side", "thin", (238, 232, 224), (246, 240, 234),
        "patches", 1.6, True,
                 "horns"),
    "sheep": Build(0.5, 0.26, 0.04, 0.23, 0.14, 0.6, 0.11, 0.08, "side", "none", (242, 236, 224), (248, 244, 236),
        "wool", 0.95, True),
    "pig": Build(0.46, 0.22, 0.05, 0.22, 0.1, 0.4, 0.14, 0.09, "flop", "curl", (240, 168, 164), (248, 190, 184),
        "", 0.95, True),
    "lion": Build(0.54, 0.34, 0.058, 0.18, 0.15, 0.75, 0.16, 0.09, "round", "tuft", (214, 164, 92), (238, 208,
        156), "bigmane", 1.35),
    "tiger": Build(0.52, 0.32, 0.06, 0.19, 0.14, 0.6, 0.155, 0.08, "round", "long", (230, 134, 54), (250, 238,
        222), "stripes", 1.35),
    "leopard": Build(0.5, 0.33, 0.05, 0.16, 0.14, 0.6, 0.135, 0.08, "round", "long", (226, 174, 92), (248, 232,
        204), "spots", 1.2),
    "bear": Build(0.58, 0.3, 0.075, 0.24, 0.14, 0.6, 0.17, 0.1, "round", "none", (110, 74, 50), (134, 94, 66), "",
        1.45),
    "polarbear": Build(0.58, 0.32, 0.075, 0.23, 0.18, 0.55, 0.155, 0.11, "round", "none", (242, 240, 232), (250,
        248, 242), "", 1.5),
    "panda": Build(0.54, 0.26, 0.075, 0.24, 0.1, 0.7, 0.18, 0.08, "round", "none", (246, 244, 240), (250, 248,
        246), "panda", 1.2),
    "deer": Build(0.68, 0.47, 0.032, 0.15, 0.28, 1.05, 0.1, 0.1, "side", "stub", (178, 118, 72), (236, 214, 184),
        "", 1.35, True, "antlers"),
    "rabbit": Build(0.4, 0.17, 0.045, 0.19, 0.08, 0.9, 0.15, 0.05, "long", "puff", (198, 176, 152), (244, 238,
        230), "", 0.5),
    "elephant": Build(0.74, 0.4, 0.095, 0.3, 0.12, 0.5, 0.21, 0.06, "fan", "thin", (138, 138, 150), (156, 156,
        166), "", 2.1, False, "trunk"),
    "giraffe": Build(0.92, 0.6, 0.042, 0.17, 0.72, 1.2, 0.1, 0.13, "side", "thin", (236, 190, 108), (246, 222,
        170), "giraffe", 2.1, True),
    "camel": Build(0.74, 0.48, 0.045, 0.19, 0.34, 0.75, 0.1, 0.13, "round", "thin", (204, 160, 104), (216, 178,
        126), "hump", 1.7, True),
    "mouse": Build(0.38, 0.14, 0.035, 0.19, 0.06, 0.6, 0.15, 0.08, "disc", "long", (170, 158, 150), (228, 216,
        208), "", 0.34),
    "squirrel": Build(0.4, 0.18, 0.04, 0.16, 0.08, 0.95, 0.14, 0.06, "tall", "bush", (176, 100, 54), (244, 226,
        204), "", 0.45),
    "dragon": Build(0.62, 0.36, 0.07, 0.2, 0.36, 1.0, 0.14, 0.14, "horn", "spike", (66, 142, 98), (214, 206, 130),
        "spikes", 1.9, False,
                    "wings"),
    "turtle": Build(0.34, 0.14, 0.05, 0.14, 0.12, 0.4, 0.1, 0.05, "none", "stub", (110, 146, 82), (176, 176, 112),
        "shell", 0.6),
}  # fmt: skip
