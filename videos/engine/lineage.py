"""How a video came about, written into its file: enough to make its plan again, and read as what anybody may write."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videos.contract import CLIP_MAX_SIDE, EXTENDED_SECONDS_MAX, PROMPT_MAX_LENGTH, SECONDS, SEED_MAX

if TYPE_CHECKING:
    from videos.engine.probe import Probe

ENGINE = "animatic-1"
TAG, ENGINE_TAG = "studio.lineage", "studio.engine"
MAX_BYTES, MAX_STEPS = 16 * 1024, 32
# No film of ours is larger; what claims to be would cost too much to paint.
_PAINTED_AREA = 1920 * 1080

# What a step was made with that its file does not carry, so that it cannot be made again from the words alone.
NEEDS = frozenset({"reference", "characters", "film"})
_KEYS = {
    "create": {"operation", "prompt", "seed", "size", "seconds"},
    "remix": {"operation", "prompt", "seed"},
    "edit": {"operation", "prompt", "seed"},
    "extend": {"operation", "prompt", "seed", "seconds"},
}

Step = dict[str, Any]
Plan = dict[str, Any]


def written(steps: Sequence[Step]) -> str | None:
    """The tag; None for a story that is unknown or too long to be carried."""
    text = json.dumps(list(steps), ensure_ascii=False, separators=(",", ":"))
    return text if steps and len(steps) <= MAX_STEPS and len(text.encode()) <= MAX_BYTES else None


def tags(steps: Sequence[Step]) -> dict[str, str]:
    text = written(steps)
    return {} if text is None else {TAG: text}


def steps_of(found: Mapping[str, str]) -> list[Step]:
    """The steps in a file's tags; none unless all of it is as this engine writes it."""
    text = found.get(TAG, "")
    if found.get(ENGINE_TAG) != ENGINE or not text or len(text.encode(errors="replace")) > MAX_BYTES:
        return []
    try:
        steps = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return steps if _is_lineage(steps) else []


def extensions_of(steps: Sequence[Step]) -> int:
    return sum(1 for step in steps if step["operation"] == "extend")


def replayed(steps: Sequence[Step]) -> Plan | None:
    """The plan of the last step, made as it was made then; None if words alone do not make it."""
    if not steps or any(step.get("needs") for step in steps):
        return None
    from videos.engine.patch import remix_plan
    from videos.engine.plan import make_plan

    plan: Plan = {}
    for step in steps:
        prompt, seed = step["prompt"], step["seed"]
        match step["operation"]:
            case "create":
                plan = make_plan(prompt, seed=seed, size=(step["size"][0], step["size"][1]), seconds=step["seconds"])
            case "extend":
                from videos.engine.extend import extend_plan

                plan = extend_plan(plan, prompt, seed=seed, added_seconds=step["seconds"])
            case _:
                plan = remix_plan(plan, prompt, seed=seed)
    return plan


def _is_lineage(steps: object) -> bool:
    if not isinstance(steps, list) or not 0 < len(steps) <= MAX_STEPS or not all(map(_is_step, steps)):
        return False
    begins = steps[0]["operation"] == "create" or "film" in steps[0].get("needs", [])
    return (
        begins
        and all(step["operation"] != "create" for step in steps[1:])
        and sum(step.get("seconds", 0) for step in steps) <= EXTENDED_SECONDS_MAX
    )


def _is_step(step: object) -> bool:
    if not isinstance(step, dict) or not isinstance(step.get("operation"), str):
        return False
    if step.keys() - {"needs"} != _KEYS.get(step["operation"]):
        return False
    prompt, needs = step["prompt"], step.get("needs", [])
    return (
        isinstance(prompt, str)
        and 0 < len(prompt.strip()) <= PROMPT_MAX_LENGTH
        and _is_number(step["seed"], range(SEED_MAX + 1))
        and ("seconds" not in step or _is_number(step["seconds"], SECONDS))
        and ("size" not in step or _is_size(step["size"]))
        and isinstance(needs, list)
        and all(isinstance(need, str) and need in NEEDS for need in needs)
    )


def _is_number(value: object, allowed: Sequence[int]) -> bool:
    return type(value) is int and value in allowed


def _is_size(value: object) -> bool:
    sides = range(16, CLIP_MAX_SIDE + 1, 2)
    return isinstance(value, list) and len(value) == 2 and all(_is_number(side, sides) for side in value)


def looked_up(path: Path) -> dict[str, Any]:
    """What the probe tells of the film, the steps it came by, and its plan if they still lead to it."""
    from videos.engine.probe import opened, probe

    found = probe(path)
    with opened(path) as container:
        steps = steps_of(container.metadata)
    plan = _plan_of(steps)
    if plan and not (_fits(plan, found) and _shows(plan, path)):
        plan = None
    return {"probe": asdict(found), "steps": steps, "plan": plan}


def _fits(plan: Plan, found: Probe) -> bool:
    from videos.engine.plan import frames_of

    return (
        (plan["width"], plan["height"]) == (found.width, found.height)
        and found.width * found.height <= _PAINTED_AREA
        and plan["fps"] == found.fps
        and frames_of(plan) == found.frames
    )


def _shows(plan: Plan, path: Path) -> bool:
    """Whether the middle of the film is what the plan paints there: anybody may copy tags."""
    from videos.engine.ownfigure import are_near
    from videos.engine.paint.reel import Index, Reel
    from videos.engine.scene import Scene

    index = Index(path)
    middle = len(index) // 2
    return are_near(Scene(plan).painter().frame(middle), Reel(index).picture(middle))


def _plan_of(steps: Sequence[Step]) -> Plan | None:
    try:
        return replayed(steps)
    except Exception:  # words that no plan can be made of are words of somebody else
        return None


def main(argv: list[str]) -> int:
    if len(argv) != 1:
        sys.stderr.write("usage: python -m videos.engine.lineage FILE\n")
        return 2
    from videos.engine.limits import limit_this_process
    from videos.engine.probe import NotAWholeVideo

    limit_this_process(memory=3 * 1024**3, cpu_seconds=50)
    try:
        found = looked_up(Path(argv[0]))
    except (NotAWholeVideo, OSError, MemoryError) as error:
        sys.stderr.write(f"{error if isinstance(error, NotAWholeVideo) else type(error).__name__}\n")
        return 1
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
