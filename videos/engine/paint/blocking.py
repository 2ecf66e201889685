"""Blocking: who stands where, on what, holding what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from videos.engine.paint.noise import stream
from videos.engine.paint.props import DRAWINGS, Prop
from videos.engine.paint.puppets import puppet_of

if TYPE_CHECKING:
    from videos.engine.paint.cast import Actor, Troupe

INSTRUMENTS = ("piano", "drums")


def block(troupe: Troupe, subjects: list[dict[str, Any]], props: list[dict[str, Any]]) -> list[Actor]:
    actors: list[Actor] = []
    player = next((s for s in subjects if s["motion"] in ("play", "sit", "stand", "sing")), None)
    piano = next((p for p in props if p["kind"] == "piano"), None)
    if player and piano:
        actors += at_the_piano(troupe, player, piano)
        subjects = [s for s in subjects if s is not player]
        props = [p for p in props if p is not piano]
    held = [p for p in props if p["held"]]
    carrier = next((n for n, s in enumerate(subjects) if s["kind"] == "biped"), 0)
    for number, subject in enumerate(subjects):
        actors += company(troupe, subject, number, held if number == carrier else [])
    for prop in props:
        if not prop["held"] and prop["kind"] in DRAWINGS:
            actors.append(standing(troupe, prop, bool(subjects) or player is not None))
    return actors


def at_the_piano(troupe: Troupe, player: dict[str, Any], piano: dict[str, Any]) -> list[Actor]:
    """The player on a bench, hands on the keys, the piano before them."""
    from videos.engine.paint.cast import Actor

    frame, made = troupe.made.frame, troupe.made
    player = player | {"motion": "play", "size": ""}
    puppet = puppet_of(player)
    facing = int(player["facing"])
    rng = stream(int(player["seed"]), "piano")
    fit = min(frame.width * 0.86 / 2.9, frame.height * 0.5 / 1.75)
    unit = min(made.size * frame.unit * 1.02, fit)
    scale = unit * PIANIST.get(player["kind"], 0.98)
    centre = frame.centre + frame.unit * rng.uniform(-0.03, 0.03)
    keys = centre - facing * unit * 0.62
    seat = 0.8 * unit - puppet.hands * scale
    sitter = Actor(puppet, keys - facing * (puppet.reach * scale - unit * 0.12), frame.ground - seat, scale, facing, 1.0, grounded=False)
    bench = Prop({"kind": "bench", "seed": 1})
    piano_actor = Actor(Prop(piano), keys, frame.ground, unit, facing, 1.01)
    actors = [piano_actor]
    if seat > 0.12 * unit:
        actors.append(Actor(bench, sitter.x - facing * 0.02 * unit, frame.ground, seat / 0.43, facing, 1.005))
    return [*actors, sitter]


PIANIST = {"quadruped": 1.12, "biped": 1.12, "bird": 0.9}


def company(troupe: Troupe, subject: dict[str, Any], number: int, held: list[dict[str, Any]]) -> list[Actor]:
    """A subject and its fellows, the further ones smaller and hazier."""
    from videos.engine.paint.cast import GAITS, Actor

    frame, made = troupe.made.frame, troupe.made
    actors = []
    count = int(subject["count"])
    airborne = subject["kind"] in ("bird", "air", "fish") or made.floats
    for n in range(count):
        rng = stream(int(subject["seed"]), "fellow", n)
        puppet = puppet_of(subject | {"seed": int(subject["seed"]) + 7919 * n}, held if n == 0 else [])
        left, right, top = puppet.box
        scale = made.size * frame.unit * puppet.size**0.62
        scale = min(scale, frame.height * 0.6 / top, frame.width * 0.8 / (right - left)) * (0.86 if count > 2 else 1.0)
        depth = 1.0 + (0.22 * n + rng.uniform(0, 0.1) if n else 0.04 * number)
        spread = (n + 1) // 2 * (1 if n % 2 else -1) * min(scale * 0.72, frame.width * 0.22)
        x = frame.centre + float(subject["x"]) * frame.unit + spread * (1 if subject["x"] < 0 else -1)
        y = frame.horizon + (frame.ground - frame.horizon) / depth + number * 0.012 * frame.height
        speed = GAITS.get(subject["motion"], 0.0)
        if not troupe.tracking:
            speed = min(speed, 0.42 * frame.width / frame.unit / max(troupe.length, 1.0))
        actor = Actor(puppet, x, y, scale / depth, int(subject["facing"]), depth, speed, troupe.middle if not troupe.tracking else 0.0)
        actor.phase = float(rng.uniform(0, 6.28))
        if airborne and subject["motion"] not in ("sit", "sleep") and getattr(puppet, "airborne", True):
            reach = min(top, 1.15) * scale / depth
            middle = frame.height * (float(rng.uniform(0.42, 0.5)) + n * 0.06 * (1 if n % 2 else -1))
            actor.y = max(middle + reach * 0.5, frame.height * 0.09 + reach)
            actor.bob, actor.grounded, actor.below = 0.025, False, puppet.box[2]
        actors.append(actor)
    return actors


def standing(troupe: Troupe, prop: dict[str, Any], beside: bool) -> Actor:
    """A prop on the floor: beside the subject, or alone in the middle."""
    from videos.engine.paint.cast import Actor

    frame, made = troupe.made.frame, troupe.made
    puppet = Prop(prop)
    left, right, top = puppet.box
    scale = made.size * frame.unit * puppet.size * (1.0 if beside else 1.25)
    scale = min(scale, frame.height * 0.62 / top, frame.width * 0.7 / (right - left))
    big = puppet.size > 1.1
    depth = 1.5 if big and beside else 1.08 if beside else 1.0
    x = frame.centre + (float(prop["x"]) * frame.width * 0.95 if beside else 0.0)
    y = frame.horizon + (frame.ground - frame.horizon) / depth
    return Actor(puppet, x, y, scale * (1.3 if big else 1.0) / depth, 1, depth, phase=puppet.phase)
