"""One render: an order or a plan becomes mp4, thumbnail and spritesheet; run as a child process on a job's folder."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from videos.engine.lifeline import die_with_parent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENGINE = "animatic-1"
# Painting is nearly all of the work; the rest stands for the sound, the stills and the closing of the file.
_PAINTED = 98
_DEADLINE_SECONDS = 3600

Report = Callable[[int], None]


def render(
    plan: dict[str, Any],
    folder: Path,
    *,
    reference: NDArray[np.uint8] | None = None,
    workers: int | None = None,
    report: Report = lambda percent: None,
) -> dict[str, int]:
    """Write the three files of a plan into `folder` and return how the spritesheet is laid out."""
    from videos.engine.mp4 import Film, write_mp4
    from videos.engine.scene import Scene
    from videos.engine.sound import soundtrack
    from videos.engine.stills import StillsTaker

    scene = Scene(plan, reference)
    size = (plan["width"], plan["height"])
    film = Film(size, plan["fps"], scene.frame_count, scene.painter, lambda: soundtrack(plan), tags_of(plan))
    taker = StillsTaker(size, film.frame_count, film.fps)
    progress = Progress(film.frame_count, report)

    def on_frame(index: int, frame: NDArray[np.uint8]) -> None:
        taker.see(index, frame)
        progress.step()

    write_whole(folder / "video.mp4", lambda path: write_mp4(film, path, workers=workers, on_frame=on_frame))
    stills = taker.stills()
    write_whole(folder / "thumbnail.webp", lambda path: path.write_bytes(stills.thumbnail))
    write_whole(folder / "spritesheet.jpg", lambda path: path.write_bytes(stills.spritesheet))
    return stills.layout


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
        "studio.engine": ENGINE,
        "studio.seed": str(plan["seed"]),
        "studio.prompt": str(plan["prompt"]),
    }


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a file beside `path`; the name appears only when it is complete and on disk."""
    partial = path.with_name(f".{path.name}.partial")
    write(partial)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(path)


def read_plan(folder: Path) -> dict[str, Any]:
    """The plan of a job: as stored, or made now from its order and stored."""
    stored = folder / "plan.json"
    if not stored.exists():
        plan = _make_plan(json.loads((folder / "order.json").read_text()))
        write_whole(stored, lambda path: path.write_text(json.dumps(plan)))
    loaded: dict[str, Any] = json.loads(stored.read_text())
    return loaded


def _make_plan(order: dict[str, Any]) -> dict[str, Any]:
    if order.get("source_plan"):
        from videos.engine.patch import remix_plan

        return remix_plan(order["source_plan"], order["prompt"], seed=order["seed"])

    from videos.engine.plan import make_plan

    width, height = order["size"]
    return make_plan(order["prompt"], seed=order["seed"], size=(width, height), seconds=order["seconds"])


def read_reference(folder: Path) -> NDArray[np.uint8] | None:
    """The reference image upright and in the colour order of the painters."""
    path = folder / "reference"
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
        layout = render(
            read_plan(folder),
            folder,
            reference=read_reference(folder),
            report=lambda percent: _say(channel, {"progress": percent}),
        )
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
