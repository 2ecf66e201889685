"""Looks into files of foreign make, always in a child process that may be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.uploadedfile import UploadedFile
from PIL import Image

PROBE_SECONDS = 60
STILLS_SECONDS = 120
JOIN_SECONDS = 600


class NotAWholeVideo(Exception):
    """No mp4, or one that is cut, corrupt or not decodable."""


class Probe(NamedTuple):
    """Pixels, seconds and frames a second of a whole mp4."""

    width: int
    height: int
    duration: float
    fps: float


class Clip(NamedTuple):
    """An uploaded film, and what was found in it."""

    file: UploadedFile[bytes]
    probe: Probe


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


def frame(path: Path, which: str, size: str, out: Path) -> Path:
    """The `first`, `middle` or `last` frame of the mp4 at `path` as PNG, covering `size`."""
    _run("videos.engine.frames", [str(path), str(out), which, size], STILLS_SECONDS)
    return out


def frames_beside(paths: tuple[Path, Path], size: str, out: Path) -> Path:
    """The middle frames of two mp4s, each covering its half of `size`."""
    _run("videos.engine.frames", ["--beside", *map(str, paths), str(out), size], STILLS_SECONDS)
    return out


def join(first: Path, second: Path, out: Path) -> Path:
    """One mp4: the first, frame by frame as it is, and then the second."""
    _run("videos.engine.join", [str(first), str(second), str(out)], JOIN_SECONDS)
    return out


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
        # It ends when we do, however that comes about.
        environ = {**os.environ, "STUDIO_TOOL_PARENT": str(os.getpid())}
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False, env=environ
        )
    except subprocess.TimeoutExpired as error:
        raise NotAWholeVideo(f"not understood within {seconds} s") from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise NotAWholeVideo(last[0])
    facts: dict[str, Any] = json.loads(done.stdout or "{}")
    return facts
