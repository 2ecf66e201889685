"""C69 to C77: the bytes of a video and of its stills."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import httpx
import openai
import pytest
from PIL import Image

from tests import factories
from tests.contract import media
from tests.contract.envelope import refused
from tests.contract.target import Target, stored_files
from tests.contract.workshop import Workshop

SIZE, SECONDS = (1280, 720), 4
NOT_READY = "Video is not ready yet, use GET /v1/videos/{video_id} to check status"
STILLS = ("thumbnail", "spritesheet")


@pytest.mark.c(69)
@pytest.mark.engine
def test_the_video_is_what_was_promised(server: httpx.Client, finished: str) -> None:
    default = server.get(f"/videos/{finished}/content")
    named = server.get(f"/videos/{finished}/content", params={"variant": "video"})

    assert default.headers["content-type"] == named.headers["content-type"] == "video/mp4"
    assert "content-encoding" not in default.headers
    assert int(default.headers["content-length"]) == len(default.content)
    assert default.content == named.content
    facts = media.facts_of(default.content)
    assert (facts.width, facts.height) == SIZE
    assert abs(facts.duration - SECONDS) <= 1 / facts.fps
    assert sum(1 for _ in media.frames(default.content)) == facts.frames


@pytest.mark.c(69)
@pytest.mark.engine
def test_browsers_can_play_it_while_it_loads(target: Target, film: bytes) -> None:
    facts = media.facts_of(film)

    assert facts.video_codec == "h264"
    assert facts.audio_codec in ("aac", None)
    if target.room != "foreign":
        assert film.index(b"moov") < film.index(b"mdat")


@pytest.mark.c(70)
@pytest.mark.engine
def test_stills(server: httpx.Client, finished: str) -> None:
    thumbnail, sheet = [server.get(f"/videos/{finished}/content", params={"variant": variant}) for variant in STILLS]

    assert (thumbnail.status_code, sheet.status_code) == (200, 200)
    assert (thumbnail.headers["content-type"], sheet.headers["content-type"]) == ("image/webp", "image/jpeg")
    for answer, kind in ((thumbnail, "WEBP"), (sheet, "JPEG")):
        with Image.open(io.BytesIO(answer.content)) as image:
            image.load()
            assert image.format == kind
            assert min(image.size) > 0


@pytest.mark.c(70)
def test_the_spritesheet_tells_its_layout(target: Target, server: httpx.Client, finished: str) -> None:
    sheet = server.get(f"/videos/{finished}/content", params={"variant": "spritesheet"})
    names = ("columns", "rows", "frames")
    if target.room == "foreign" and "x-spritesheet-columns" not in sheet.headers:
        target.not_applicable("a spritesheet's layout is Studio's own extension")

    columns, rows, frames = [int(sheet.headers[f"x-spritesheet-{name}"]) for name in names]
    with Image.open(io.BytesIO(sheet.content)) as image:
        assert (image.width % columns, image.height % rows) == (0, 0)
    assert (rows - 1) * columns < frames <= rows * columns


@pytest.mark.c(71)
@pytest.mark.engine
@pytest.mark.parametrize("variant", ["poster", "VIDEO", ""])
def test_unknown_variants(server: httpx.Client, finished: str, variant: str) -> None:
    answer = server.get(f"/videos/{finished}/content", params={"variant": variant})

    message = refused(answer, 400, param="variant", code="invalid_value")
    assert message == f"Invalid value: '{variant}'. Supported values are: 'video', 'thumbnail', and 'spritesheet'."


@pytest.mark.c(72)
@pytest.mark.engine
def test_content_before_completion(server: httpx.Client, make) -> None:
    video = make(seconds="12")

    for variant in ("video", *STILLS):
        answer = server.get(f"/videos/{video['id']}/content", params={"variant": variant})
        assert refused(answer, 404, code="video_not_ready") == NOT_READY


@pytest.mark.c(73)
def test_content_of_a_failed_video(workshop: Workshop, bench: httpx.Client) -> None:
    video = workshop.failed(bench, "A failure without content")

    for variant in ("video", *STILLS):
        answer = bench.get(f"/videos/{video['id']}/content", params={"variant": variant})
        assert video["error"]["message"] in refused(answer, 404, code="video_failed")


@pytest.mark.c(73)
def test_content_of_an_expired_video(workshop: Workshop, bench: httpx.Client) -> None:
    video = workshop.completed(bench, "A video that expires", factories.mp4(SIZE, SECONDS))
    video_id, address = video["id"], f"/videos/{video['id']}/content"
    assert bench.get(address).status_code == 200
    assert video["expires_at"], "the video does not expire"

    workshop.expire(video_id)

    for variant in ("video", *STILLS):
        refused(bench.get(address, params={"variant": variant}), 404, code="video_expired")
    retrieved = bench.get(f"/videos/{video_id}")
    assert (retrieved.status_code, retrieved.json()["status"]) == (200, "completed")
    assert video_id in {video["id"] for video in bench.get("/videos").json()["data"]}
    assert bench.delete(f"/videos/{video_id}").json()["deleted"] is True


@pytest.mark.c(74)
@pytest.mark.engine
@pytest.mark.parametrize("accept", ["application/binary", "application/json", "image/png", "*/*", "nonsense"])
def test_no_accept_header_is_refused(server: httpx.Client, finished: str, accept: str) -> None:
    answer = server.get(f"/videos/{finished}/content", headers={"Accept": accept})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")


@pytest.mark.c(75)
@pytest.mark.engine
@pytest.mark.parametrize("variant", ["video", *STILLS])
def test_content_needs_the_key(target: Target, finished: str, variant: str) -> None:
    url = f"{target.url}/videos/{finished}/content?variant={variant}"
    with httpx.Client(trust_env=False, follow_redirects=True) as nobody:
        refused(nobody.get(url), 401)
        refused(nobody.get(url, headers={"Authorization": "Bearer wrong"}), 401, code="invalid_api_key")


RANGES = {"bytes=0-99": (0, 100), "bytes=100-199": (100, 200), "bytes=-50": (-50, None), "bytes=500-": (500, None)}


@pytest.mark.c(76)
@pytest.mark.engine
@pytest.mark.parametrize("asked", RANGES)
def test_ranges(server: httpx.Client, finished: str, film: bytes, asked: str) -> None:
    start, end = RANGES[asked]
    part = server.get(f"/videos/{finished}/content", headers={"Range": asked})

    assert part.status_code == 206
    assert part.content == film[start:end]
    first = start % len(film)
    assert part.headers["content-range"] == f"bytes {first}-{first + len(part.content) - 1}/{len(film)}"
    assert int(part.headers["content-length"]) == len(part.content)


@pytest.mark.c(76)
@pytest.mark.engine
def test_ranges_that_the_file_does_not_have(server: httpx.Client, finished: str, film: bytes) -> None:
    answer = server.get(f"/videos/{finished}/content", headers={"Range": f"bytes={len(film)}-"})

    refused(answer, 416)
    assert answer.headers["content-range"] == f"bytes */{len(film)}"


@pytest.mark.c(76)
@pytest.mark.engine
def test_head_tells_the_length(server: httpx.Client, finished: str, film: bytes) -> None:
    head = server.head(f"/videos/{finished}/content")

    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(film)
    assert head.headers["content-type"] == "video/mp4"
    assert head.headers["accept-ranges"] == "bytes"


@pytest.mark.c(76)
@pytest.mark.engine
def test_headers_for_those_who_keep_the_file(target: Target, server: httpx.Client, finished: str) -> None:
    if target.room == "foreign":
        target.not_applicable("names of files and their keeping are Studio's own choice")
    answer = server.get(f"/videos/{finished}/content")

    assert answer.headers["content-disposition"] == f'attachment; filename="{finished}.mp4"'
    assert "private" in answer.headers["cache-control"]
    assert answer.headers["etag"]


@pytest.mark.c(77)
def test_every_way_to_download_gives_the_same_bytes(
    sdk: openai.OpenAI, finished: str, film: bytes, tmp_path: Path
) -> None:
    sdk.videos.download_content(finished).write_to_file(tmp_path / "written.mp4")
    sdk.videos.download_content(finished, variant="video").stream_to_file(tmp_path / "streamed.mp4")
    with sdk.videos.with_streaming_response.download_content(finished) as answer:
        pieces = b"".join(answer.iter_bytes(chunk_size=1000))
    with sdk.videos.with_streaming_response.download_content(finished) as answer:
        answer.stream_to_file(tmp_path / "both.mp4")

    assert {path.name for path in tmp_path.iterdir()} == {"written.mp4", "streamed.mp4", "both.mp4"}
    assert [path.name for path in tmp_path.iterdir() if path.read_bytes() != film] == []
    assert pieces == film
    assert sdk.videos.download_content(finished).read() == film


@pytest.mark.c(77)
@pytest.mark.parametrize(("variant", "name"), [("thumbnail", "thumbnail.webp"), ("spritesheet", "spritesheet.jpg")])
def test_stills_through_the_sdk(
    sdk: openai.OpenAI, server: httpx.Client, finished: str, tmp_path: Path, variant: str, name: str
) -> None:
    sdk.videos.download_content(finished, variant=variant).write_to_file(tmp_path / name)  # type: ignore[arg-type]

    assert (tmp_path / name).read_bytes() == server.get(f"/videos/{finished}/content?variant={variant}").content


@pytest.mark.c(77)
def test_the_bytes_are_those_in_the_storage(target: Target, finished: str, film: bytes) -> None:
    stored = {name: digest for name, digest in stored_files(target, finished).items() if name.endswith(".mp4")}

    assert list(stored.values()) == [hashlib.sha256(film).hexdigest()]
