from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests import factories
from tests.scripted_backend import Exchange, ScriptedBackend
from tests.videos.machine import MP4, step
from videos.models import Asset, Phase, Trouble, Video


def test_stills_are_made_here_when_the_backend_has_none(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.finish(backend.job, MP4)

    video = step(video)

    thumbnail, sheet = video.assets.get(variant="thumbnail"), video.assets.get(variant="spritesheet")
    assert (thumbnail.width, thumbnail.height) == (1280, 720)
    assert sheet.columns
    assert sheet.frames


def test_stills_of_the_backend_are_kept_when_it_says_how_the_sheet_is_laid_out(
    video: Video, backend: ScriptedBackend
) -> None:
    step(video)
    thumbnail, sheet = factories.image("WEBP", (640, 360)), factories.image("JPEG", (320, 180))
    backend.finish(backend.job, MP4, thumbnail=thumbnail, spritesheet=sheet)
    backend.job.headers["spritesheet"] = {"x-spritesheet-columns": "2", "x-spritesheet-frames": "3"}

    video = step(video)

    kept = video.assets.get(variant="spritesheet")
    assert (kept.columns, kept.frames, kept.size) == (2, 3, len(sheet))
    assert video.assets.get(variant="thumbnail").width == 640


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


BAD_FILES = {
    "cut in half": truncated(MP4),
    "an error page": b"<html>Sorry</html>",
    "empty": b"",
    "of another size": factories.mp4((640, 360), 4),
    "too short": factories.mp4(seconds=1),
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_bad_bytes_are_never_ready_and_leave_nothing_behind(
    video: Video, backend: ScriptedBackend, data: bytes
) -> None:
    step(video)
    backend.finish(backend.job, data)

    video = step(video)
    assert (video.phase, video.failures) == (Phase.COLLECTING, 1)
    video = step(video, times=2)

    assert (video.phase, video.error_code) == (Phase.FAILED, "asset_corrupt")
    assert not video.assets.exists()


def test_a_cut_download_is_fetched_again(video: Video, backend: ScriptedBackend) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Length", str(len(MP4)))
        exchange.end_headers()
        exchange.wfile.write(truncated(MP4))
        exchange.hang_up()

    step(video)
    backend.finish(backend.job, MP4)
    backend.faults["content"].append(cut)

    assert step(video).phase == Phase.COLLECTING
    assert step(video).phase == Phase.READY


def test_files_of_a_killed_worker_are_removed_when_its_video_is_fetched_again(
    video: Video, backend: ScriptedBackend
) -> None:
    step(video)
    stray = default_storage.save(f"{Asset.folder(video.id)}/video-stray.mp4", ContentFile(b"half a video"))
    backend.finish(backend.job, MP4)

    video = step(video)

    assert video.phase == Phase.READY
    assert not default_storage.exists(stray)
    assert len(default_storage.listdir(Asset.folder(video.id))[1]) == 3


def test_a_full_disk_waits_and_costs_no_video(video: Video, backend: ScriptedBackend, settings, tmp_path: Path) -> None:
    step(video)
    backend.finish(backend.job, MP4)
    (tmp_path / "blocked").write_text("no folder can be made below a file")
    settings.DATA_DIR = tmp_path / "blocked"

    video = step(video, times=12)
    assert (video.phase, video.trouble, video.failures) == (Phase.COLLECTING, Trouble.STORAGE, 12)
    settings.DATA_DIR = tmp_path

    assert step(video).phase == Phase.READY
