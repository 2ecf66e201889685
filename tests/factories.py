"""Rows and files for tests, as plain functions."""

from __future__ import annotations

import functools
import io
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from videos import actions
from videos.models import Asset, Phase, User, Video, Workspace
from videos.models.phases import AT_BACKEND, TERMINAL
from videos.models.video import new_video_id

FPS = 24


def make_workspace(name: str, *, owner: User) -> Workspace:
    return actions.open_workspace(name=name, owner=owner)


def make_video(workspace: Workspace, *, phase: str = Phase.QUEUED, **fields: Any) -> Video:
    """A row in any phase, with what the database demands of it."""
    now = timezone.now()
    wanted: dict[str, Any] = {
        "prompt": "A calico cat playing a piano on stage",
        "model": "animatic-1",
        "size": "1280x720",
        "seconds": 4,
        "backend": "embedded",
        "backend_model": "animatic-1",
        "phase": phase,
        "due_at": None if phase in TERMINAL else now,
    }
    if phase in AT_BACKEND:
        wanted["backend_video_id"] = new_video_id()
    if phase in (Phase.GENERATING, Phase.COLLECTING, Phase.READY):
        wanted |= {"started_at": now - timedelta(seconds=5), "progress": 100 if phase == Phase.READY else 37}
    if phase in TERMINAL:
        wanted["completed_at"] = now
    if phase in (Phase.FAILED, Phase.CANCELLED):
        wanted |= {"error_code": "generation_failed", "error_message": "The backend ran out of paint."}
    return Video.objects.create(workspace=workspace, **(wanted | fields))


def make_ready_video(workspace: Workspace, *, data: bytes = b"not quite an mp4" * 100, **fields: Any) -> Video:
    """Ready, with small files in storage; `data` stands for the mp4."""
    video = make_video(workspace, phase=Phase.READY, **fields)
    files = {"video": data, "thumbnail": image("WEBP", (64, 36)), "spritesheet": image("JPEG", (320, 90))}
    for variant, content in files.items():
        add_asset(video, variant, content)
    return video


CONTENT_TYPES = {
    "video": "video/mp4",
    "thumbnail": "image/webp",
    "spritesheet": "image/jpeg",
    "reference": "image/png",
    "source": "video/mp4",
}


def add_asset(video: Video, variant: str, content: bytes) -> Asset:
    key = Asset.new_key(video.id, CONTENT_TYPES[variant], variant)
    layout = {"columns": 2, "frames": 4} if variant == "spritesheet" else {}
    return Asset.objects.create(
        video=video,
        variant=variant,
        file=default_storage.save(key, ContentFile(content)),
        size=len(content),
        sha256="0" * 64,
        content_type=CONTENT_TYPES[variant],
        **layout,
    )


def image(kind: str = "PNG", size: tuple[int, int] = (1280, 720), colour: str = "teal", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


@functools.cache
def mp4(size: tuple[int, int] = (1280, 720), seconds: int = 1) -> bytes:
    """A real, whole mp4 with H.264 and faststart; each frame of another grey."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.mp4"
        with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            for index in range(FPS * seconds):
                shade = np.full((size[1], size[0], 3), 40 + index * 5 % 200, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(shade, "rgb24")))
            container.mux(stream.encode(None))
        return path.read_bytes()
