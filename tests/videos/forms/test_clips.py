from __future__ import annotations

import tempfile
from pathlib import Path

import av
import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from tests.factories import image, make_video, make_workspace, mp4
from videos.forms.clips import read_clip, read_source
from videos.media import Clip
from videos.models import User, Video, Workspace


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("film.mp4", data)


def test_a_film_is_looked_into_and_can_be_read_again() -> None:
    clip = read_clip(upload(mp4((320, 180), 2)))

    assert (clip.probe.width, clip.probe.height) == (320, 180)
    assert clip.probe.duration == pytest.approx(2)
    assert clip.file.read() == mp4((320, 180), 2)


def test_a_large_upload_is_looked_into_where_it_lies() -> None:
    with TemporaryUploadedFile("film.mp4", "video/mp4", 0, None) as file:
        file.write(mp4((320, 180), 2))
        file.flush()
        file.size = file.tell()

        assert read_clip(file).probe.width == 320


REFUSED = {
    "text": (lambda: b"<html>", "invalid_video"),
    "empty": (lambda: b"", "invalid_video"),
    "image": (lambda: image(), "invalid_video"),
    "cut": (lambda: mp4((320, 180), 2)[:-1000], "invalid_video"),
    "too long": (lambda: mp4((64, 36), 61), "video_too_large"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_usable_film_is_refused_in_words(what: str) -> None:
    make, code = REFUSED[what]

    with pytest.raises(ValidationError) as refusal:
        read_clip(upload(make()))

    assert refusal.value.code == code
    assert refusal.value.messages[0].startswith("The fil")


def test_a_file_over_the_limit_is_not_even_opened() -> None:
    large = upload(b"")
    large.size = 100 * 1024 * 1024 + 1

    with pytest.raises(ValidationError, match="larger than 100 MiB"):
        read_clip(large)


def film(frames: int, rate: int = 24) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        with av.open(file.name, "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
            for _ in range(frames):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((36, 64, 3), np.uint8), "rgb24")))
            container.mux(stream.encode(None))
        return Path(file.name).read_bytes()


@pytest.mark.parametrize("frames", [1, 11])
def test_a_film_of_less_than_half_a_second_is_refused(frames: int) -> None:
    with pytest.raises(ValidationError, match=r"at least 0\.5") as refusal:
        read_clip(upload(film(frames)))

    assert refusal.value.code == "invalid_video"


@pytest.mark.parametrize(("frames", "seconds"), [(12, 0.5), (37, 37 / 24)])
def test_a_film_need_not_last_whole_seconds(frames: int, seconds: float) -> None:
    assert read_clip(upload(film(frames))).probe.duration == pytest.approx(seconds)


@pytest.mark.django_db
class TestSources:
    def test_a_video_is_named_by_an_object_or_the_bare_id(self, workspace: Workspace) -> None:
        video = make_video(workspace)

        assert read_source({"id": video.id}, None, workspace) == video
        assert read_source(video.id, None, workspace) == video

    def test_an_upload_is_a_clip(self, workspace: Workspace) -> None:
        assert isinstance(read_source(None, upload(mp4((320, 180), 2)), workspace), Clip)

    def test_somebody_elses_video_does_not_exist(self, workspace: Workspace, charlie: User) -> None:
        theirs: Video = make_video(make_workspace("Elsewhere", owner=charlie))

        for video_id in (theirs.id, "video_unknown", "\x00"):
            with pytest.raises(ValidationError, match="not found") as refusal:
                read_source(video_id, None, workspace)
            assert refusal.value.code == "video_not_found"

    @pytest.mark.parametrize(
        ("given", "code"),
        [({}, "invalid_value"), ("", "invalid_value"), (None, "invalid_value"), ({"id": 7}, "invalid_type")],
    )
    def test_what_names_nothing_is_refused(self, workspace: Workspace, given: object, code: str) -> None:
        with pytest.raises(ValidationError) as refusal:
            read_source(given, None, workspace)

        assert refusal.value.code == code
