"""What both servers hand out; the numbers are those of the contract's checklist."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
from PIL import Image

from tests.contract.envelope import refused
from videos.engine.probe import probe


def test_c69_c77_the_video_is_what_was_promised(server: httpx.Client, finished: str, tmp_path: Path) -> None:
    default = server.get(f"/videos/{finished}/content")
    named = server.get(f"/videos/{finished}/content", params={"variant": "video"})

    assert default.headers["content-type"] == "video/mp4"
    assert int(default.headers["content-length"]) == len(default.content)
    assert default.content == named.content
    (tmp_path / "video.mp4").write_bytes(default.content)
    facts = probe(tmp_path / "video.mp4")
    assert (facts.width, facts.height) == (1280, 720)
    assert abs(facts.duration - 4) <= 1 / facts.fps
    assert default.content.index(b"moov") < default.content.index(b"mdat")


def test_c70_stills(server: httpx.Client, finished: str) -> None:
    thumbnail = server.get(f"/videos/{finished}/content", params={"variant": "thumbnail"})
    sheet = server.get(f"/videos/{finished}/content", params={"variant": "spritesheet"})

    assert (thumbnail.headers["content-type"], sheet.headers["content-type"]) == ("image/webp", "image/jpeg")
    with Image.open(io.BytesIO(thumbnail.content)) as image:
        assert (image.format, image.size) == ("WEBP", (1280, 720))
    with Image.open(io.BytesIO(sheet.content)) as image:
        assert image.format == "JPEG"


def test_c71_c72_c74_c76_content_rules(server: httpx.Client, finished: str) -> None:
    refused(server.get(f"/videos/{finished}/content?variant=poster"), 400, param="variant", code="invalid_value")
    running = server.post("/videos", json={"prompt": "A long walk", "seconds": "12"}).json()
    refused(server.get(f"/videos/{running['id']}/content"), 404, code="video_not_ready")
    server.delete(f"/videos/{running['id']}")
    for accept in ("application/binary", "application/json", "image/png"):
        assert server.get(f"/videos/{finished}/content", headers={"Accept": accept}).status_code == 200

    whole = server.get(f"/videos/{finished}/content").content
    part = server.get(f"/videos/{finished}/content", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert server.get(f"/videos/{finished}/content", headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    head = server.head(f"/videos/{finished}/content")
    assert (head.status_code, int(head.headers["Content-Length"]), head.content) == (200, len(whole), b"")
