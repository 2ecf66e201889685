"""Looks into files of foreign make, always in a child process that may be killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

PROBE_SECONDS = 60
STILLS_SECONDS = 120


class NotAWholeVideo(Exception):
    """No mp4, or one that is cut, corrupt or not decodable."""


class Probe(NamedTuple):
    """Pixels, seconds and frames a second of a whole mp4."""

    width: int
    height: int
    duration: float
    fps: float


class Stills(NamedTuple):
    thumbnail: Path
    spritesheet: Path
    columns: int
    frames: int


def probe(path: Path) -> Probe:
    facts = _run("videos.engine.probe", [str(path)], PROBE_SECONDS)
    return Probe(facts["width"], facts["height"], facts["duration"], facts["fps"])


def make_stills(path: Path, folder: Path) -> Stills:
    """Thumbnail and spritesheet of the mp4 at `path`, written into `folder`."""
    layout = _run("videos.engine.stills", [str(path), str(folder)], STILLS_SECONDS)
    return Stills(folder / "thumbnail.webp", folder / "spritesheet.jpg", layout["columns"], layout["frames"])


def image_size(path: Path) -> tuple[int, int]:
    """Pixels, from the header alone; ValueError if it is neither WebP nor JPEG."""
    try:
        with Image.open(path, formats=("WEBP", "JPEG")) as image:
            return image.size
    except Exception as error:  # Pillow's parsers raise whatever a hostile header makes them raise
        raise ValueError(f"{path.name} is no image") from error


def _run(module: str, arguments: list[str], seconds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise NotAWholeVideo(f"not understood within {seconds} s") from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise NotAWholeVideo(last[0])
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts
