from __future__ import annotations

import hashlib
import os
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from tests.factories import make_ready_video, make_video
from tests.videos.api.wire import error_of
from videos.delivery import PLAYER_SPAN_BYTES
from videos.models import Asset, Phase, User, Video, Workspace

# A bucket serves the bytes itself, see test_delivery_s3; from a disk it is we who do.
on_disk = pytest.mark.usefixtures("disk")

DATA = bytes(range(256)) * 40
SIZE = len(DATA)
ETAG = f'"{hashlib.sha256(DATA).hexdigest()}"'
TYPES = {"video": "video/mp4", "thumbnail": "image/webp", "spritesheet": "image/jpeg"}
NAMES = {"video": "{id}.mp4", "thumbnail": "{id}-thumbnail.webp", "spritesheet": "{id}-spritesheet.jpg"}


@pytest.fixture
def video(workspace: Workspace) -> Video:
    made = make_ready_video(workspace, data=DATA)
    made.assets.filter(variant="video").update(sha256=ETAG.strip('"'))
    return made


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def stored(video: Video, variant: str) -> bytes:
    with default_storage.open(video.assets.get(variant=variant).key) as file:
        return bytes(file.read())


def addresses(video: Video, variant: str = "video") -> tuple[str, str]:
    """The same file on both doors."""
    return f"/v1/videos/{video.id}/content?variant={variant}", f"/v/{video.id}/download/{variant}/"


@on_disk
@pytest.mark.parametrize("variant", TYPES)
def test_a_whole_file(api: Client, as_alice: Client, video: Video, variant: str) -> None:
    whole = stored(video, variant)
    program, person = addresses(video, variant)

    for response in (api.get(program), as_alice.get(person)):
        assert response.status_code == 200
        assert body(response) == whole
        assert response.headers["Content-Type"] == TYPES[variant]
        assert response.headers["Content-Length"] == str(len(whole))
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["Cache-Control"].startswith("private")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        name = NAMES[variant].format(id=video.id)
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "Content-Encoding" not in response.headers


@on_disk
def test_the_video_is_the_default_variant(api: Client, video: Video) -> None:
    assert body(api.get(f"/v1/videos/{video.id}/content")) == DATA


@on_disk
@pytest.mark.parametrize("accept", ["application/binary", "application/json", "image/png", "*/*"])
def test_no_accept_header_is_refused(api: Client, video: Video, accept: str) -> None:
    response = api.get(addresses(video)[0], headers={"Accept": accept, "Accept-Encoding": "gzip"})

    assert (response.status_code, body(response)) == (200, DATA)


@on_disk
def test_a_spritesheet_tells_its_layout(api: Client, as_alice: Client, video: Video) -> None:
    program, person = addresses(video, "spritesheet")

    for response in (api.get(program), as_alice.get(person), api.head(program)):
        body(response)
        layout = [response.headers[f"x-spritesheet-{name}"] for name in ("columns", "rows", "frames")]
        assert layout == ["2", "2", "4"]
    assert "x-spritesheet-columns" not in api.head(addresses(video)[0]).headers


RANGES = {
    "the first bytes": ("bytes=0-99", 0, 100),
    "one byte": ("bytes=5-5", 5, 6),
    "the middle": ("bytes=100-299", 100, 300),
    "an open end": ("bytes=10000-", 10_000, SIZE),
    "more than there is": ("bytes=10000-99999999", 10_000, SIZE),
    "the last bytes": ("bytes=-100", SIZE - 100, SIZE),
    "more last bytes than there are": ("bytes=-99999999", 0, SIZE),
    "all": ("bytes=0-", 0, SIZE),
    "in capitals": ("Bytes=0-9", 0, 10),
}


@on_disk
@pytest.mark.parametrize(("header", "start", "end"), RANGES.values(), ids=RANGES.keys())
def test_a_range(api: Client, as_alice: Client, video: Video, header: str, start: int, end: int) -> None:
    program, person = addresses(video)

    for response in (api.get(program, headers={"Range": header}), as_alice.get(person, headers={"Range": header})):
        assert response.status_code == 206
        assert body(response) == DATA[start:end]
        assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
        assert response.headers["Content-Length"] == str(end - start)


@on_disk
@pytest.mark.parametrize("header", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0"])
def test_a_range_beyond_the_end(api: Client, as_alice: Client, video: Video, header: str) -> None:
    program, person = addresses(video)

    told = api.get(program, headers={"Range": header})
    shown = as_alice.get(person, headers={"Range": header})

    error_of(told, 416)
    for response in (told, shown):
        assert response.status_code == 416
        assert response.headers["Content-Range"] == f"bytes */{SIZE}"


@on_disk
@pytest.mark.parametrize(
    "header",
    ["bytes=5-3", "bytes=-", "bytes=a-b", "items=0-5", "bytes=0-5,10-15", "", "bytes", "bytes=0-" + "9" * 5000],
)
def test_a_range_that_makes_no_sense_is_ignored(api: Client, video: Video, header: str) -> None:
    response = api.get(addresses(video)[0], headers={"Range": header})

    assert (response.status_code, body(response)) == (200, DATA)


@on_disk
@pytest.mark.parametrize(
    ("condition", "status"), [(ETAG, 206), ('"other"', 200), ("Fri, 20 Nov 2026 12:00:00 GMT", 200)]
)
def test_a_range_of_another_version_is_the_whole_file(api: Client, video: Video, condition: str, status: int) -> None:
    response = api.get(addresses(video)[0], headers={"Range": "bytes=0-9", "If-Range": condition})

    assert response.status_code == status
    assert body(response) == (DATA[:10] if status == 206 else DATA)


@on_disk
@pytest.mark.parametrize(
    ("known", "status"),
    [(ETAG, 304), (f"W/{ETAG}", 304), (f'"x", {ETAG}', 304), ("*", 304), ('"x"', 200), (ETAG.strip('"'), 200)],
)
def test_a_known_file_is_not_sent_again(api: Client, video: Video, known: str, status: int) -> None:
    response = api.get(addresses(video)[0], headers={"If-None-Match": known})

    assert response.status_code == status
    assert response.headers["ETag"] == ETAG
    assert body(response) == (b"" if status == 304 else DATA)


def test_head_tells_the_length_on_both_doors(api: Client, as_alice: Client, video: Video) -> None:
    program, person = addresses(video)

    for response in (api.head(program), as_alice.head(person)):
        assert response.status_code == 200
        assert response.content == b""
        assert response.headers["Content-Length"] == str(SIZE)
        assert response.headers["Content-Type"] == "video/mp4"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["ETag"] == ETAG


@on_disk
def test_a_client_that_hangs_up_leaves_no_file_open(api: Client, video: Video) -> None:
    response = api.get(addresses(video)[0])

    response.close()

    opened = [os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
    assert not [path for path in opened if path.endswith(".mp4")]


@on_disk
def test_a_file_that_is_gone_has_expired(api: Client, as_alice: Client, video: Video) -> None:
    default_storage.delete(video.assets.get(variant="video").key)
    program, person = addresses(video)

    assert error_of(api.get(program), 404)["code"] == "video_expired"
    assert api.head(program).status_code == 404
    assert as_alice.get(person).status_code == 404


@on_disk
def test_a_player_gets_small_pieces_and_a_program_does_not(api: Client, as_alice: Client, workspace: Workspace) -> None:
    data = bytes(PLAYER_SPAN_BYTES + 1000)
    video = make_ready_video(workspace, data=data)
    whole = {"Range": "bytes=0-"}

    piece = as_alice.get(f"/v/{video.id}/media/video", headers=whole)
    rest = as_alice.get(f"/v/{video.id}/media/video", headers={"Range": f"bytes={PLAYER_SPAN_BYTES}-"})

    assert piece.status_code == rest.status_code == 206
    assert piece.headers["Content-Range"] == f"bytes 0-{PLAYER_SPAN_BYTES - 1}/{len(data)}"
    assert len(body(piece)) == PLAYER_SPAN_BYTES
    assert len(body(rest)) == 1000
    assert piece.headers["Content-Disposition"].startswith("inline")
    for address, client in zip(addresses(video), (api, as_alice), strict=True):
        assert len(body(client.get(address, headers=whole))) == len(data)
    assert len(body(as_alice.get(f"/v/{video.id}/media/video"))) == len(data)


def test_strangers_get_nothing(
    client: Client, api_of_charlie: Client, as_charlie: Client, charlie: User, video: Video
) -> None:
    program, person = addresses(video)

    error_of(api_of_charlie.get(program), 404)
    error_of(client.get(program), 401)
    assert as_charlie.get(person).status_code == 404
    assert as_charlie.get(f"/v/{video.id}/media/video").status_code == 404
    for address in (person, f"/v/{video.id}/media/video"):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in/?next=/v/")


def test_a_viewer_may_watch_and_download(api_of_bob: Client, as_bob: Client, video: Video) -> None:
    program, person = addresses(video)

    assert api_of_bob.head(program).status_code == 200
    assert as_bob.head(person).status_code == 200


def test_pages_have_no_file_before_there_is_one(as_alice: Client, workspace: Workspace) -> None:
    running = make_video(workspace, phase=Phase.GENERATING)

    for variant in (*TYPES, "reference", "poster"):
        assert as_alice.get(f"/v/{running.id}/media/{variant}").status_code == 404
    assert not Asset.objects.exists()
