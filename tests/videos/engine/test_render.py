"""One render from order to files, in this process and as the child that the job store starts."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.videos.engine.running import ROOT, run
from tests.videos.engine.waiting import watched
from videos.engine.plan import make_plan
from videos.engine.probe import probe
from videos.engine.render import Footage, Progress, read_plan, read_reference, render, write_whole

PROMPT = "A red fox runs through a misty forest at sunrise, rain"


def plan(**changes):
    return make_plan(PROMPT, seed=7, size=(128, 72), seconds=4) | changes


@dataclass(frozen=True)
class Rendered:
    folder: Path
    layout: dict[str, int]
    told: list[int]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Rendered:
    """The plan, rendered in this process by two threads."""
    folder, told = tmp_path_factory.mktemp("rendered"), list[int]()
    return Rendered(folder, render(plan(), folder, workers=2, report=told.append), told)


@pytest.fixture(scope="module")
def child(tmp_path_factory):
    """A child's folder, and how it ended."""
    folder = tmp_path_factory.mktemp("child")
    order(folder)
    return folder, run("videos.engine.render", folder)


def order(folder, **changes):
    basics = {"prompt": PROMPT, "seed": 7, "size": [128, 72], "seconds": 4, "source_plan": None}
    (folder / "order.json").write_text(json.dumps(basics | changes))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_plan_becomes_a_whole_film_and_its_stills(rendered):
    folder = rendered.folder

    found = probe(folder / "video.mp4")
    assert (found.width, found.height, found.frames, found.duration) == (128, 72, 96, 4.0)
    assert (found.video_codec, found.audio_codec) == ("h264", "aac")
    assert rendered.layout == {"columns": 8, "rows": 1, "frames": 8}
    with Image.open(folder / "thumbnail.webp") as thumbnail, Image.open(folder / "spritesheet.jpg") as sheet:
        assert (thumbnail.size, sheet.size) == ((128, 72), (8 * 160, 90))
    assert sorted(path.name for path in folder.iterdir()) == ["spritesheet.jpg", "thumbnail.webp", "video.mp4"]


def test_the_file_says_what_it_is_and_how_to_make_it_again(rendered):
    with av.open(str(rendered.folder / "video.mp4")) as container:
        tags = container.metadata

    assert tags["title"] == "Animatic"
    assert "animatic" in tags["comment"]
    assert "not made by a generative model" in tags["comment"]
    assert (tags["studio.engine"], tags["studio.seed"], tags["studio.prompt"]) == ("animatic-1", "7", PROMPT)


def test_the_same_plan_gives_the_same_bytes_with_one_thread_or_two(rendered, tmp_path: Path):
    render(plan(), tmp_path, workers=1)

    assert digests(tmp_path) == digests(rendered.folder)


def digests(folder):
    return {path.name: digest(path) for path in folder.iterdir()}


def test_progress_rises_to_nearly_all(rendered):
    assert rendered.told == sorted(set(rendered.told))
    assert len(rendered.told) > 20
    assert 90 < rendered.told[-1] <= 99


def test_progress_counts_frames():
    told: list[int] = []
    progress = Progress(200, told.append)
    for _ in range(200):
        progress.step()

    assert told == list(range(1, 99))


def test_a_reference_leads_the_film(tmp_path: Path):
    picture = np.zeros((72, 128, 3), np.uint8)
    picture[:, :64] = (200, 40, 20)
    Image.fromarray(picture).save(tmp_path / "reference", "PNG")
    render(plan(), tmp_path, Footage(reference=read_reference(tmp_path)))

    with av.open(str(tmp_path / "video.mp4")) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    left, right = first[30:, :50].mean((0, 1)), first[30:, 78:].mean((0, 1))
    assert left[0] > right[0] + 50


def test_a_reference_is_turned_upright(tmp_path: Path):
    picture = Image.new("RGB", (40, 20), "red")
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "reference", "JPEG", exif=exif)

    pixels = read_reference(tmp_path)

    assert pixels is not None
    assert pixels.shape == (40, 20, 3)
    assert pixels[20, 10, 2] > 200 > 50 > pixels[20, 10, 0]


def test_there_may_be_no_reference(tmp_path: Path):
    assert read_reference(tmp_path) is None


def test_a_plan_is_made_once_and_then_kept(tmp_path: Path):
    order(tmp_path)
    made = read_plan(tmp_path)
    order(tmp_path, prompt="something else")

    assert read_plan(tmp_path) == made
    assert made["prompt"] == PROMPT


def test_a_remix_starts_from_the_plan_of_its_source(tmp_path: Path):
    order(tmp_path, prompt="make it snow", source_plan=plan())

    remix = read_plan(tmp_path)

    assert (remix["setting"], remix["weather"]) == (plan()["setting"], "snow")


def test_a_name_appears_only_when_its_file_is_whole(tmp_path: Path):
    def half(path):
        path.write_bytes(b"half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / "video.mp4", half)
    assert list(tmp_path.iterdir()) == []

    write_whole(tmp_path / "video.mp4", lambda path: path.write_bytes(b"all"))
    assert [path.name for path in tmp_path.iterdir()] == ["video.mp4"]


def test_the_child_reports_progress_and_then_the_layout(child):
    folder, done = child

    messages = [json.loads(line) for line in io.StringIO(done.stdout)]
    assert done.returncode == 0, done.stderr
    assert [each["progress"] for each in messages[:-1]] == sorted(each["progress"] for each in messages[:-1])
    assert messages[-1]["layout"] == {"columns": 8, "rows": 1, "frames": 8}
    assert probe(folder / "video.mp4").frames == 96


def test_two_children_write_the_same_film(child, tmp_path: Path):
    folder, _ = child
    order(tmp_path)

    run("videos.engine.render", tmp_path)

    assert digest(tmp_path / "video.mp4") == digest(folder / "video.mp4")


def test_a_child_that_fails_says_so_on_standard_error_alone(tmp_path: Path):
    order(tmp_path, size=None)

    done = run("videos.engine.render", tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" in done.stderr
    assert not (tmp_path / "video.mp4").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are watched once a second")
def test_a_child_dies_with_its_parent(tmp_path: Path):
    order(tmp_path, prompt="A circle", size=[1280, 720], seconds=20)
    parent_code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'videos.engine.render', sys.argv[1], str(os.getpid())],"
        " stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    command = [sys.executable, "-c", parent_code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        with watched(int(parent.stdout.readline())) as child_ends:
            parent.send_signal(signal.SIGKILL)
            assert child_ends()

    assert not (tmp_path / "video.mp4").exists()


def test_a_child_whose_parent_is_gone_already_ends_at_once(tmp_path: Path):
    order(tmp_path)

    done = run("videos.engine.render", tmp_path, 1 if os.getpid() != 1 else 2)

    assert done.returncode == -signal.SIGKILL
