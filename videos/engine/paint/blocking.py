"""Blocking: who stands where, on what, holding what."""

from __future__ import annotations

from copy import copy
from typing import Any, Protocol

from videos.engine.paint.actor import GAITS, Actor
from videos.engine.paint.instruments import Notes
from videos.engine.paint.noise import stream
from videos.engine.paint.parts import Set
from videos.engine.paint.props import DRAWINGS, Prop
from videos.engine.paint.puppets import puppet_of

INSTRUMENTS = ("piano", "drums")


class Troupe(Protocol):
    """What blocking needs to know of those who are placed."""

    made: Set
    subjects: list[dict[str, Any]]
    tracking: bool
    length: float
    middle: float


def block(troupe: Troupe, subjects: list[dict[str, Any]], props: list[dict[str, Any]]) -> list[Actor]:
    actors: list[Actor] = []
    instrument = next((p for p in props if p["kind"] in (*INSTRUMENTS, "guitar", "violin")), None)
    rider, mount = riding(subjects)
    if rider and mount:
        actors += mounted(troupe, rider, mount, props)
        subjects = [s for s in subjects if s is not rider and s is not mount]
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
    if instrument and actors:
        actors.append(music(troupe, actors))
    seat = next((p for p in props if p["kind"] == "bench"), None)
    sitter = next((s for s in subjects if s["motion"] == "sit" and s["kind"] == "biped"), None)
    if seat and sitter and actors:
        lead = actors[0]
        lead.puppet = puppet_of(sitter | {"motion": "drive"}, held)
        actors.append(
            Actor(
                Prop(seat), lead.x - lead.facing * 0.02 * lead.scale, lead.y, lead.scale * 0.66, 1, lead.depth + 0.001
            )
        )
        props = [p for p in props if p is not seat]
    tabled = not actors and troupe.made.indoors
    for prop in props:
        if tabled and prop["kind"] in SMALL:
            actors += on_the_table(troupe, prop)
        elif not prop["held"] and prop["kind"] in DRAWINGS and not (prop["kind"] == "tree" and troupe.made.wooded):
            actors.append(standing(troupe, prop, bool(actors)))
    return actors


def at_the_piano(troupe: Troupe, player: dict[str, Any], piano: dict[str, Any]) -> list[Actor]:
    """The player on a bench, hands on the keys, the piano before them."""
    frame, made = troupe.made.frame, troupe.made
    player = player | {"motion": "play", "size": ""}
    puppet = puppet_of(player)
    facing = int(player["facing"])
    rng = stream(int(player["seed"]), "piano")
    fit = min(frame.width * 0.76 / 2.9, frame.height * 0.5 / 1.75)
    unit = min(made.size * frame.unit * 1.02, fit)
    scale = unit * PIANIST.get(player["kind"], 0.98)
    centre = frame.centre + frame.unit * rng.uniform(-0.03, 0.03)
    keys = centre - facing * unit * 0.62
    seat = 0.8 * unit - puppet.hands * scale
    sitter = Actor(
        puppet,
        keys - facing * (puppet.reach * scale - unit * 0.12),
        frame.ground - seat,
        scale,
        facing,
        1.0,
        grounded=False,
    )
    bench = Prop({"kind": "bench", "seed": 1})
    sitter.name = f"{player['id']}/0"
    piano_actor = Actor(Prop(piano), keys, frame.ground, unit, facing, 1.01, name=str(piano["id"]))
    actors = [piano_actor]
    stool = max(seat, puppet.seat_height * scale - 0.05 * unit)
    actors.append(Actor(bench, sitter.x - facing * 0.02 * unit, frame.ground, stool / 0.43, facing, 1.005))
    return [*actors, sitter]


PIANIST = {"quadruped": 1.12, "biped": 1.12, "bird": 0.9}


# Beside other kinds sizes must be true to each other; alone, each fills the picture.
SHARES = {"quadruped": 0.7, "vehicle": 1.25, "boat": 1.3, "bird": 0.8}
MOUNTS = {
    "bicycle": 0.5,
    "motorcycle": 0.42,
    "skateboard": 0.12,
    "horse": 0.72,
    "unicorn": 0.72,
    "camel": 0.8,
    "elephant": 0.8,
    "dragon": 0.66,
    "zebra": 0.7,
    "whale": 0.66,
    "deer": 0.66,
    "lion": 0.54,
    "bear": 0.58,
}


def riding(subjects: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Who rides, and on what."""
    rider = next(
        (s for s in subjects if s["motion"] in ("ride", "drive") and s["kind"] in ("biped", "quadruped")), None
    )
    mount = next((s for s in subjects if s is not rider and s["species"] in MOUNTS), None)
    return rider, mount


def mounted(troupe: Troupe, rider: dict[str, Any], mount: dict[str, Any], props: list[dict[str, Any]]) -> list[Actor]:
    """The rider sits on (or stands on a board), and both move as one."""
    below = company(
        troupe,
        mount
        | {
            "motion": "run" if mount["kind"] == "quadruped" else "ride",
            "count": 1,
            "facing": rider["facing"],
            "x": 0.0,
        },
        0,
        [],
    )[0]
    board = mount["species"] == "skateboard"
    pose = "stand" if board else "drive" if rider["kind"] == "biped" else "sit"
    puppet = puppet_of(rider | {"motion": pose}, [p for p in props if p["held"]])
    scale = below.scale * (1.25 if board else 1.05 if mount["kind"] == "vehicle" else 0.62)
    if rider["kind"] == "quadruped":
        scale *= 0.72
    lift = MOUNTS[mount["species"]] * below.scale - (0 if board else puppet.seat_height * scale * 0.85)
    above = copy(below)
    above.puppet, above.scale, above.y, above.grounded = puppet, scale, below.y - lift, False
    above.name = f"{rider['id']}/0"
    above.x -= below.facing * below.scale * (0.1 if not board else 0.0)
    return [below, above]


def music(troupe: Troupe, actors: list[Actor]) -> Actor:
    """Notes that rise from the instrument."""
    player = actors[0]
    frame = troupe.made.frame
    x = player.x + player.facing * (0.75 * player.scale if isinstance(player.puppet, Prop) else 0.2 * player.scale)
    notes = copy(player)
    notes.puppet, notes.x, notes.y, notes.scale = (
        Notes(),
        x,
        player.y - player.scale * (1.25 if isinstance(player.puppet, Prop) else 0.75),
        frame.unit * 0.42,
    )
    notes.grounded, notes.flat, notes.facing, notes.depth, notes.name = False, True, 1, 0.99, ""
    return notes


def company(troupe: Troupe, subject: dict[str, Any], number: int, held: list[dict[str, Any]]) -> list[Actor]:
    """A subject and its fellows, the further ones smaller and hazier."""
    frame, made = troupe.made.frame, troupe.made
    actors = []
    count = int(subject["count"])
    airborne = (
        subject["kind"] in ("bird", "air", "fish")
        or made.floats
        or (subject["motion"] == "fly" and subject["species"] == "dragon")
    )
    for n in range(count):
        rng = stream(int(subject["seed"]), "fellow", n)
        puppet = puppet_of(subject | {"seed": int(subject["seed"]) + 7919 * n}, held if n == 0 else [])
        left, right, top = puppet.box
        # A newcomer takes the measure of those present, who keep their own.
        mixed = len({s["kind"] for s in troupe.subjects if subject.get("joins") or not s.get("joins")}) > 1
        scale = (
            made.size * frame.unit * (puppet.size * SHARES.get(subject["kind"], 1.0) if mixed else puppet.size**0.62)
        )
        scale = min(scale, frame.height * 0.55 / top, frame.width * 0.8 / (right - left)) * (0.86 if count > 2 else 1.0)
        depth = 1.0 + (0.22 * n + rng.uniform(0, 0.1) if n else 0.04 * number)
        spread = (n + 1) // 2 * (1 if n % 2 else -1) * min(scale * 0.72, frame.width * 0.22)
        x = frame.centre + float(subject["x"]) * frame.unit + spread * (1 if subject["x"] < 0 else -1)
        y = frame.horizon + (frame.ground - frame.horizon) / depth + number * 0.012 * frame.height
        speed = GAITS.get(subject["motion"], 0.0)
        if not troupe.tracking:
            speed = min(speed, 0.3 * frame.width / frame.unit / max(troupe.length, 1.0))
        actor = Actor(
            puppet,
            x,
            y,
            scale / depth,
            int(subject["facing"]),
            depth,
            speed,
            troupe.middle if not troupe.tracking else 0.0,
        )
        actor.phase, actor.name = float(rng.uniform(0, 6.28)), f"{subject['id']}/{n}"
        if airborne and subject["motion"] not in ("sit", "sleep") and getattr(puppet, "airborne", True):
            reach = min(top, 1.15) * scale / depth
            middle = frame.height * (float(rng.uniform(0.42, 0.5)) + n * 0.06 * (1 if n % 2 else -1))
            actor.y = max(middle + reach * 0.5, frame.height * 0.09 + reach)
            actor.bob, actor.grounded, actor.below = 0.025, False, puppet.box[2]
        actors.append(actor)
    return actors


SMALL = frozenset({"cup", "book", "cake", "bottle", "clock", "gift", "sneaker", "pumpkin", "flower", "lantern"})


def on_the_table(troupe: Troupe, prop: dict[str, Any]) -> list[Actor]:
    """A small thing as the hero: on a table close to the lens."""
    frame, unit = troupe.made.frame, troupe.made.frame.unit
    puppet = Prop(prop)
    table = Actor(
        Prop({"kind": "table", "seed": 1}),
        frame.centre,
        frame.height * 1.12,
        unit * 1.1,
        1,
        1.01,
        grounded=False,
        flat=True,
    )
    scale = min(unit * 0.62 * (puppet.size + 0.3), frame.height * 0.5 / puppet.box[2])
    return [table, Actor(puppet, frame.centre, frame.height * 1.12 - unit * 0.37, scale, 1, name=str(prop["id"]))]


def standing(troupe: Troupe, prop: dict[str, Any], beside: bool) -> Actor:
    """A prop on the floor: beside the subject, or alone in the middle."""
    frame, made = troupe.made.frame, troupe.made
    puppet = Prop(prop)
    left, right, top = puppet.box
    scale = made.size * frame.unit * puppet.size * (1.0 if beside else 1.25)
    scale = min(scale, frame.height * 0.52 / top, frame.width * 0.7 / (right - left))
    big = puppet.size > 1.1
    depth = 1.5 if big and beside else 1.08 if beside else 1.0
    x = frame.centre + (float(prop["x"]) * frame.width * 0.95 if beside else 0.0)
    y = frame.horizon + (frame.ground - frame.horizon) / depth
    size = scale * (1.3 if big else 1.0) / depth
    return Actor(puppet, x, y, size, 1, depth, phase=puppet.phase, name=str(prop["id"]))
