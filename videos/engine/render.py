"""One render: an order or a plan becomes mp4, thumbnail and spritesheet; run as a child process on a job's folder."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from videos.engine import lineage
from videos.engine.folders import CARDS, FILES, FILM, ORDER, PLAN, REFERENCE, SOURCE
from videos.engine.lifeline import die_with_parent
from videos.engine.limits import limit_this_process
from videos.engine.lineage import ENGINE, Step

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from videos.engine.mp4 import Samples
    from videos.engine.scene import Scene

# Painting is nearly all of the work; the rest stands for the sound, the stills and the closing of the file.
_PAINTED = 98
_DEADLINE_SECONDS = 3600
# Of a render that opens a film of foreign make; the largest picture takes two thirds of it.
_MEMORY_BYTES = 4 * 1024**3

Report = Callable[[int], None]


@dataclass(frozen=True)
class Footage:
    """What a render is given beside its plan.

    `film` is the ground that is painted on, `source` the film to begin with untouched before `added_seconds` are new.
    """

    reference: NDArray[np.uint8] | None = None
    cards: dict[str, Path] = field(default_factory=dict)
    film: Path | None = None
    source: Path | None = None
    added_seconds: int = 0
    steps: Sequence[Step] = ()


def render(
    plan: dict[str, Any],
    folder: Path,
    footage: Footage | None = None,
    *,
    workers: int | None = None,
    report: Report = lambda percent: None,
) -> dict[str, int]:
    """Write the three files of a plan into `folder` and return how the spritesheet is laid out."""
    from videos.engine.continuation import Later, continue_film, sound_for
    from videos.engine.mp4 import Film, write_mp4
    from videos.engine.stills import StillsTaker, stills_from_file

    footage = footage or Footage()
    scene = _scene(plan, footage)
    size, fps, seconds = (plan["width"], plan["height"]), plan["fps"], scene.frame_count / plan["fps"]
    first = scene.frame_count - footage.added_seconds * fps if footage.source else 0
    tags = tags_of(plan) | lineage.tags(footage.steps)

    def sound() -> Samples:
        return sound_for(plan, footage, seconds)

    film = Film(size, fps, scene.frame_count - first, lambda: Later(scene.painter(), first), sound, tags)
    taker = StillsTaker(size, film.frame_count, film.fps)
    progress = Progress(film.frame_count, report)

    def on_frame(index: int, frame: NDArray[np.uint8]) -> None:
        taker.see(index, frame)
        progress.step()

    def write(path: Path) -> None:
        if footage.source:
            continue_film(footage.source, film, path, workers=workers, on_frame=on_frame)
        else:
            write_mp4(film, path, workers=workers, on_frame=on_frame)

    video, thumbnail, spritesheet = (folder / FILES[each] for each in ("video", "thumbnail", "spritesheet"))
    write_whole(video, write)
    stills = stills_from_file(video) if footage.source else taker.stills()
    write_whole(thumbnail, lambda path: path.write_bytes(stills.thumbnail))
    write_whole(spritesheet, lambda path: path.write_bytes(stills.spritesheet))
    return stills.layout


def _scene(plan: dict[str, Any], footage: Footage) -> Scene:
    from videos.engine.scene import Scene

    return Scene(plan, footage.reference, film=footage.film, characters=footage.cards)


class Progress:
    """Counts painted frames and reports each new whole percentage."""

    def __init__(self, total: int, report: Report) -> None:
        self._total = total
        self._report = report
        self._done = self._told = 0
        self._lock = threading.Lock()

    def step(self) -> None:
        with self._lock:
            self._done += 1
            percent = self._done * _PAINTED // self._total
            if percent > self._told:
                self._told = percent
                self._report(percent)


def tags_of(plan: dict[str, Any]) -> dict[str, str]:
    """What the file says about itself: that no generative model made it, and how to make it again."""
    return {
        "title": "Animatic",
        "comment": (
            f"An algorithmic animatic made by Studio's embedded engine {ENGINE} from a text prompt; "
            "not made by a generative model."
        ),
        lineage.ENGINE_TAG: ENGINE,
        "studio.seed": str(plan["seed"]),
        "studio.prompt": str(plan["prompt"]),
    }


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a file beside `path`; the name appears only when it is complete and on disk."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        write(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def read_plan(folder: Path) -> dict[str, Any]:
    """The plan of a job: as stored, or made now from its order and stored."""
    stored = folder / PLAN
    if not stored.exists():
        plan = _make_plan(json.loads((folder / ORDER).read_text()))
        write_whole(stored, lambda path: path.write_text(json.dumps(plan)))
    loaded: dict[str, Any] = json.loads(stored.read_text())
    return loaded


def _make_plan(order: dict[str, Any]) -> dict[str, Any]:
    operation, base, film = order.get("operation", "create"), order.get("source_plan"), order.get("film")
    words: dict[str, Any] = {"prompt": order["prompt"], "seed": order["seed"]}
    if operation == "extend":
        words["added_seconds"] = order["added_seconds"]
    size: dict[str, Any] = {"size": tuple(order["size"])}
    if film:
        from videos.engine.film_plan import film_extension, film_plan

        return film_extension(**words, **size, **film) if operation == "extend" else film_plan(**words, **size, **film)
    if base:
        from videos.engine.extend import extend_plan
        from videos.engine.patch import remix_plan

        return extend_plan(base, **words) if operation == "extend" else remix_plan(base, **words)
    from videos.engine.plan import make_plan

    return make_plan(**words, **size, seconds=order["seconds"], characters=order.get("characters", ()))


def read_footage(folder: Path) -> Footage:
    """What lies in a job's folder for its render."""
    order = json.loads((folder / ORDER).read_text())
    cards = {name: folder / card for name, card in zip(order.get("characters", ()), CARDS, strict=False)}
    return Footage(
        reference=read_reference(folder),
        cards=cards,
        film=_file(folder / FILM),
        source=_file(folder / SOURCE),
        added_seconds=order.get("added_seconds", 0),
        steps=order.get("lineage", ()),
    )


def _file(path: Path) -> Path | None:
    return path if path.exists() else None


def read_reference(folder: Path) -> NDArray[np.uint8] | None:
    """The reference image upright and in the colour order of the painters."""
    path = folder / REFERENCE
    if not path.exists():
        return None
    import numpy as np
    from PIL import Image, ImageOps

    with Image.open(path, formats=["PNG", "JPEG", "WEBP"]) as image:
        pixels = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    return np.ascontiguousarray(pixels[:, :, ::-1])


def main(argv: list[str]) -> int:
    """Render the folder given; each line on standard output is a JSON object, the last holds the layout."""
    if len(argv) not in {1, 2}:
        sys.stderr.write("usage: python -m videos.engine.render JOBDIR [PARENT_PID]\n")
        return 2
    if len(argv) == 2:
        die_with_parent(parent=int(argv[1]))
    # Without a handler the signal ends a render that hangs, whatever library it hangs in.
    signal.alarm(_DEADLINE_SECONDS)
    channel = _own_channel()
    folder = Path(argv[0])
    started = time.monotonic()
    try:
        footage = read_footage(folder)
        if footage.film or footage.source:
            limit_this_process(memory=_MEMORY_BYTES, cpu_seconds=_DEADLINE_SECONDS * 4)
        layout = render(read_plan(folder), folder, footage, report=lambda percent: _say(channel, {"progress": percent}))
    except Exception:
        traceback.print_exc()
        return 1
    _say(channel, {"layout": layout, "render_seconds": round(time.monotonic() - started, 2)})
    return 0


def _own_channel() -> TextIO:
    """Standard output for us alone: whatever a library prints goes to standard error."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return channel


def _say(channel: TextIO, message: dict[str, Any]) -> None:
    channel.write(json.dumps(message) + "\n")
    channel.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
