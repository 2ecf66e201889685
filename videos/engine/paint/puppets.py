"""Which puppet plays which subject."""

from __future__ import annotations

from typing import Any

from videos.engine.paint.biped import Biped
from videos.engine.paint.puppet import Card
from videos.engine.paint.quadruped import Quadruped
from videos.engine.paint.swimmers import Swimmer
from videos.engine.paint.vehicles import Vehicle
from videos.engine.paint.winged import Bird, Flyer

AnyPuppet = Card | Quadruped | Biped | Bird | Flyer | Swimmer | Vehicle


def puppet_of(subject: dict[str, Any], held: list[dict[str, Any]] | None = None) -> AnyPuppet:
    if subject["kind"] == "puppet":
        card = subject.get("card")
        # Without its card, as where only a plan is judged, a character is a figure like others.
        return Biped(subject, held) if card is None else Card(subject, card)
    match subject["kind"]:
        case "biped":
            return Biped(subject, held)
        case "bird":
            return Bird(subject)
        case "air":
            return Flyer(subject)
        case "fish":
            return Swimmer(subject)
        case "vehicle" | "boat":
            return Vehicle(subject)
    return Quadruped(subject)
