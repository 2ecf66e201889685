"""Relighting what is painted already: the hour on sets that no sun reaches, baked while a set is built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from videos.engine.paint.colour import RGB, Light, mix, scaled
from videos.engine.paint.layer import INFINITY, Frame, Layer, glow
from videos.engine.paint.noise import Array

LUMA = np.array((0.114, 0.587, 0.299), np.float32)


@dataclass(frozen=True)
class Tone:
    """A light of another colour: `share` of a picture's own colours gives way to its brightness in `tint`."""

    share: float
    tint: RGB
    level: float = 1.0

    def on(self, colour: RGB) -> RGB:
        luma = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
        lamp = (luma * self.tint[0] / 255, luma * self.tint[1] / 255, luma * self.tint[2] / 255)
        return scaled(mix(colour, lamp, self.share), self.level)

    def array(self, colour: Array) -> Array:
        """BGR floats in this light."""
        lamp = (colour @ LUMA)[..., None] * (np.array(self.tint[::-1], np.float32) / 255)
        return np.asarray((colour + (lamp - colour) * self.share) * self.level)

    def layer(self, layer: Layer) -> Layer:
        """The layer in this light, its cover kept."""
        image = layer.image
        lit = np.clip(self.array(image[..., :3].astype(np.float32)), 0, 255)
        image[..., :3] = np.minimum(lit, 255 if not image[..., 3].any() else image[..., 3:4])
        return layer

    def light(self, light: Light) -> Light:
        return Light(
            tuple((at, self.on(colour)) for at, colour in light.sky),
            self.on(light.sun),
            self.on(light.key),
            self.on(light.ambient),
            self.on(light.fog),
            light.cloud,
            light.cloud_shade,
            light.sun_height,
            light.side,
            light.stars,
            light.level,
        )


# Where it is always the same hour, naming one is asking for its light.
HOURS = {
    "sunrise": Tone(0.5, (380, 230, 230), 1.15),
    "morning": Tone(0.22, (300, 262, 205), 1.18),
    "day": Tone(0.12, (268, 262, 250), 1.42),
    "sunset": Tone(0.55, (440, 210, 110), 1.12),
    "dusk": Tone(0.5, (290, 205, 370), 0.82),
    "night": Tone(0.62, (110, 180, 400), 0.62),
}
FLARES: dict[str, tuple[RGB, float]] = {
    "sunrise": ((255, 186, 150), 0.6),
    "morning": ((255, 236, 200), 0.36),
    "day": ((255, 252, 240), 0.5),
    "sunset": ((255, 150, 70), 0.66),
}


def flare(frame: Frame, hour: str, side: int) -> list[Layer]:
    """The light of a low or high sun beyond the edge of the picture."""
    if hour not in FLARES:
        return []
    colour, strength = FLARES[hour]
    radius = round(frame.unit * 0.2)
    x = frame.centre + side * frame.width * 0.46
    y = frame.height * (0.12 if hour == "day" else 0.34)
    image = glow(radius, mix((0, 0, 0), colour, strength), 2.0)
    return [Layer(image, INFINITY, x - radius * 5, y - radius * 5, 0.2)]
