"""The servers do what the other tests lean on."""

from __future__ import annotations

import base64
import io
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import av
import dj_database_url
import numpy as np
import psycopg
import pytest
from playwright.sync_api import Browser
from redis import Redis

from tests.services import (
    ServiceFailed,
    ServiceUnavailable,
    chromium,
    open_to_all,
    package_dir,
    postgres,
    redis,
    running,
    s3,
    work_dir,
)

T = TypeVar("T")

PLAY = """
async source => {
  const video = document.createElement("video");
  video.muted = true;
  video.src = source;
  const ended = new Promise(resolve => { video.onended = resolve; });
  await video.play();
  await ended;
  return [video.videoWidth, video.videoHeight];
}
"""


@contextmanager
def or_skip(server: Callable[[], AbstractContextManager[T]]) -> Iterator[T]:
    try:
        with server() as opened:
            yield opened
    except ServiceUnavailable as absent:
        pytest.skip(str(absent))


def test_a_server_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo the disk is full; exit 3"]

    with (
        pytest.raises(ServiceFailed, match="ended with code 3:\nthe disk is full"),
        running(command, log=tmp_path / "log", ready="ready"),
    ):
        pytest.fail("it never was ready")


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(ServiceUnavailable, match="no_such_package is not installed"):
        package_dir("no_such_package")


def test_a_work_dir_moves_on_from_a_place_that_does_not_fit(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with work_dir("test", fits=open_to_all) as folder:
        assert folder.parent != tmp_path
    with (
        pytest.raises(ServiceUnavailable, match="no temporary folder suits test"),
        work_dir("test", fits=lambda place: False),
    ):
        pytest.fail("nothing fitted")


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    with or_skip(postgres.server) as url:
        yield url


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url) as connection:
        yield connection


def test_the_database_url_works_through_djangos_settings(database_url: str) -> None:
    settings = dj_database_url.parse(database_url)

    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname=settings["NAME"]
    ) as connection:
        found = connection.execute("SELECT current_database(), current_user").fetchone()

    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert found == ("studio", "studio")


def test_postgres_knows_unicode_whatever_the_machines_locale(connection: psycopg.Connection[Any]) -> None:
    assert connection.execute("SELECT upper('é'), getdatabaseencoding()").fetchone() == ("É", "UTF8")


def test_postgres_lets_only_this_machine_in(connection: psycopg.Connection[Any]) -> None:
    rules = connection.execute("SELECT DISTINCT address FROM pg_hba_file_rules WHERE auth_method <> 'reject'")

    assert {row[0] for row in rules} == {"127.0.0.1", "::1"}
    assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that others cannot enter by default")
def test_binaries_in_a_private_home_are_copied_for_nobody(tmp_path: Path, monkeypatch: Any) -> None:
    tmp_path.chmod(0o700)
    package = package_dir(postgres.PACKAGE)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("include", "pginstall"))
    monkeypatch.setattr(postgres, "package_dir", lambda name: tmp_path / name)

    with postgres.server() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_redis_keeps_values_while_it_lives_and_starts_empty() -> None:
    for _ in range(2):
        with or_skip(redis.server) as url, Redis.from_url(url) as client:
            assert client.get("key") is None
            client.set("key", "value")
            assert client.get("key") == b"value"


@pytest.fixture(scope="module")
def server() -> Iterator[s3.S3]:
    with or_skip(s3.server) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: s3.S3) -> Any:
    return server.client()


@pytest.fixture(scope="module")
def signed_url(server: s3.S3, client: Any) -> str:
    client.put_object(Bucket=server.bucket, Key="clip", Body=b"0123456789", ContentType="video/mp4")
    client.put_object(Bucket=server.bucket, Key="other", Body=b"secret")
    where = {"Bucket": server.bucket, "Key": "clip"}
    signed: str = client.generate_presigned_url("get_object", Params=where, ExpiresIn=3600)
    return signed


def test_an_object_is_put_and_got_whole_and_in_part(server: s3.S3, client: Any) -> None:
    where = {"Bucket": server.bucket, "Key": "a folder/ü.mp4"}

    client.put_object(**where, Body=b"0123456789", ContentType="video/mp4", Metadata={"seed": "7"})

    head = client.head_object(**where)
    assert (head["ContentLength"], head["ContentType"], head["Metadata"]) == (10, "video/mp4", {"seed": "7"})
    assert client.get_object(**where)["Body"].read() == b"0123456789"
    part = client.get_object(**where, Range="bytes=2-4")
    assert (part["Body"].read(), part["ContentRange"]) == (b"234", "bytes 2-4/10")


def test_an_object_in_parts_becomes_one(server: s3.S3, client: Any) -> None:
    where = {"Bucket": server.bucket, "Key": "big"}
    bodies = [b"a" * 5 * 2**20, b"b" * 1000]

    upload = {**where, "UploadId": client.create_multipart_upload(**where)["UploadId"]}
    parts = [
        {"PartNumber": number, "ETag": client.upload_part(**upload, PartNumber=number, Body=body)["ETag"]}
        for number, body in enumerate(bodies, start=1)
    ]
    client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    assert client.head_object(**where)["ContentLength"] == 5 * 2**20 + 1000
    seam = client.get_object(**where, Range=f"bytes={5 * 2**20 - 1}-{5 * 2**20}")
    assert seam["Body"].read() == b"ab"


def test_a_signed_url_plays_from_the_middle(signed_url: str) -> None:
    with urllib.request.urlopen(urllib.request.Request(signed_url, headers={"Range": "bytes=7-"})) as response:
        assert (response.status, response.read()) == (206, b"789")
        assert response.headers["Content-Range"] == "bytes 7-9/10"


@pytest.mark.parametrize(
    ("old", "new"), [("/clip?", "/other?"), ("Expires=3600", "Expires=7200"), ("Signature=", "Signature=0")]
)
def test_a_signed_url_that_was_changed_is_refused(signed_url: str, old: str, new: str) -> None:
    assert old in signed_url

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(signed_url.replace(old, new))

    with refused.value as response:
        assert response.code == 403


def test_without_its_venv_the_s3_server_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnavailable, match=r"run `make \.venv-s3`"), s3.server(tmp_path / ".venv-s3"):
        pytest.fail("there is no such server")


def test_the_browser_says_it_plays_what_studio_makes(browser: Browser) -> None:
    ask = """document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028, mp4a.40.2"')"""

    assert browser.new_page().evaluate(ask) == "probably"


def test_the_browser_plays_an_h264_clip_to_its_end(browser: Browser) -> None:
    clip = base64.b64encode(_clip(width=64, height=48)).decode()

    assert browser.new_page().evaluate(PLAY, f"data:video/mp4;base64,{clip}") == [64, 48]


def test_a_machine_without_chromium_is_told_how_to_get_it(monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(chromium.ChromiumUnavailable, match="make browser"):
        chromium.executable()


def _clip(width: int, height: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10, width=width, height=height, pix_fmt="yuv420p")
        for shade in range(0, 250, 50):
            pixels = np.full((height, width, 3), shade, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()
