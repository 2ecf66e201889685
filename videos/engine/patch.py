"""Remix: a prompt becomes changes to a plan, so that what it does not name stays where it was."""

from __future__ import annotations

from typing import Any

from videos.engine.plan import Plan, make_plan


def remix_plan(plan: Plan, prompt: str, *, seed: int) -> Plan:
    made: dict[str, Any] = make_plan(prompt, seed=plan["seed"], size=(plan["width"], plan["height"]), seconds=plan["seconds"])
    return made
