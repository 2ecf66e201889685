"""The film and its stills as the server hands them out."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image

from tests.videos.engine.answers import refused
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.waiting import in_threads
from videos.contract import SPRITESHEET_HEADERS
from videos.engine.probe import probe


def test_the_content_is_the_film_that_was_ordered(client, film_id, tmp_path):
    answer = client.get(f"/videos/{film_id}/content", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["content-disposition"] == f'attachment; filename="{film_id}.mp4"'
    (tmp_path / "film.mp4").write_bytes(answer.content)
    found = probe(tmp_path / "film.mp4")
    assert (found.width, found.height, found.duration, found.frames) == (720, 1280, 4.0, 96)
    assert client.get(f"/videos/{film_id}/content?variant=video").content == answer.content


def test_the_stills_are_pictures_with_their_layout(client, film_id):
    thumbnail = client.get(f"/videos/{film_id}/content", params={"variant": "thumbnail"})
    sheet = client.get(f"/videos/{film_id}/content", params={"variant": "spritesheet"})

    columns, rows, frames = (int(sheet.headers[SPRITESHEET_HEADERS[key]]) for key in ("columns", "rows", "frames"))
    assert (columns, rows, frames) == (8, 1, 8)
    assert (thumbnail.headers["content-type"], sheet.headers["content-type"]) == ("image/webp", "image/jpeg")
    with Image.open(io.BytesIO(thumbnail.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (720, 1280))
    with Image.open(io.BytesIO(sheet.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (columns * 90, rows * 160))


@pytest.fixture(scope="module")
def whole(client, film_id):
    return client.get(f"/videos/{film_id}/content")


@pytest.fixture
def part(client, film_id):
    """Ask for a part of the film."""

    def part(wanted, **headers):
        return client.get(f"/videos/{film_id}/content", headers={"Range": wanted, **headers})

    return part


def test_parts_of_the_film_are_served(whole, part):
    size = len(whole.content)
    parts = {
        "0-99": (0, 100),
        "100-": (100, size),
        "-50": (size - 50, size),
        "0-": (0, size),
        f"{size - 1}-{size + 99}": (size - 1, size),
        f"-{size * 2}": (0, size),
    }

    for wanted, (start, end) in parts.items():
        answer = part(f"bytes={wanted}")
        assert (answer.status_code, answer.content) == (206, whole.content[start:end])
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"


@pytest.mark.parametrize("wanted", ["bytes=5-2", "bytes=", "bytes=0-1,5-6", "items=0-1", "bytes=-"])
def test_a_range_that_is_not_understood_is_ignored(part, wanted):
    assert part(wanted).status_code == 200


def test_a_range_behind_the_end_is_refused_with_the_length(whole, part):
    size = len(whole.content)

    for outside in (f"bytes={size}-", "bytes=-0"):
        answer = part(outside)
        refused(answer, 416, None)
        assert answer.headers["content-range"] == f"bytes */{size}"


def test_a_part_is_only_of_the_film_that_the_client_knows(whole, part):
    assert part("bytes=0-9", **{"If-Range": whole.headers["etag"]}).status_code == 206
    assert part("bytes=0-9", **{"If-Range": '"other"'}).status_code == 200


def test_the_head_tells_the_length_without_the_film(client, film_id):
    answer = client.head(f"/videos/{film_id}/content")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["accept-ranges"] == "bytes"
    assert int(answer.headers["content-length"]) == len(client.get(f"/videos/{film_id}/content").content)


def test_a_download_that_is_dropped_harms_nobody(client, film_id):
    for _ in range(20):
        with client.stream("GET", f"/videos/{film_id}/content") as answer:
            next(answer.iter_raw(1024))

    assert client.get(f"/videos/{film_id}/content").status_code == 200


def test_content_before_its_time_is_refused(client, created):
    video = created(json=LONG_FIELDS).json()

    message = refused(client.get(f"/videos/{video['id']}/content"), 404, "video_not_ready")
    assert message == "Video is not ready yet, use GET /v1/videos/{video_id} to check status"


def test_an_unknown_variant_is_refused(client, film_id):
    refused(client.get(f"/videos/{film_id}/content?variant=gif"), 400, "invalid_value", "variant")


def test_many_clients_at_once_are_answered(client, film_id):
    failures = []

    def read(number):
        # Reading the certificates, which nothing here needs, would take longer than the requests.
        with httpx.Client(base_url=client.base_url, headers=client.headers, timeout=20, verify=False) as one:
            for path in (f"/videos/{film_id}", "/videos", f"/videos/{film_id}/content", "/models"):
                if one.get(path).status_code != 200:
                    failures.append(path)

    in_threads(read, 40)

    assert failures == []
