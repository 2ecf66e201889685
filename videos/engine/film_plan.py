"""Plans for foreign films: a film to edit, or one to go on with."""

from __future__ import annotations

from videos.engine.extend import extend_plan
from videos.engine.patch import remix_plan
from videos.engine.plan import Plan


def film_plan(prompt: str, *, seed: int, size: tuple[int, int], fps: float, frames: int) -> Plan:
    """The plan of an edit: the film's own frames, exactly as many, with what the prompt names changed.

    `size` is the film's (both even), `fps` its rate as a number, `frames` the count of its pictures. To be drawn by
    `Scene(plan, film=path)`; remixing it needs the same film. plan["fps"] is an int where the rate is whole, and
    plan["seconds"] a float: use `frames_of(plan)` or plan["frames"] for counting.
    """
    return remix_plan(_untouched("edit", seed, size, fps, frames), prompt, seed=seed)


def film_extension(
    prompt: str, *, seed: int, size: tuple[int, int], fps: float, frames: int, added_seconds: int
) -> Plan:
    """The plan of an extension: after the film's `frames` its last one lives on, and the prompt's beat comes in.

    plan["seam"] (= `frames`) is the number of the first new frame; plan["frames"] counts the whole clip. The new
    frames are drawn by `Scene(plan, film=path)`; those before the seam are the film's own. To extend it once more,
    give this plan to `extend_plan` and draw with the same film.
    """
    plan = _untouched("extend", seed, size, fps, frames)
    return extend_plan(plan, prompt, seed=seed, added_seconds=added_seconds)


def _untouched(kind: str, seed: int, size: tuple[int, int], fps: float, frames: int) -> Plan:
    """A film as it is."""
    rate = int(fps) if float(fps).is_integer() else float(fps)
    seconds = frames / float(fps)
    return {
        "version": 1, "film": kind, "prompt": "", "seed": seed, "width": size[0], "height": size[1],
        "fps": rate, "frames": frames, "seconds": round(seconds, 6),
        "setting": "field", "time": "day", "time_named": False, "weather": "clear", "ground": "", "mood": "calm",
        "grade": "", "details": [], "colours": [], "sign": "", "hue": 0.5, "pace": 1.0, "subjects": [], "props": [],
        "shots": [{"start": 0.0, "end": seconds, "framing": "wide", "camera": "static"}], "camera": "static",
    }  # fmt: skip
