"""What `delivery.py` does where a bucket holds the files; collected only where the settings name one."""

from __future__ import annotations

import httpx
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client

from tests.factories import make_ready_video
from videos.models import Workspace

__test__ = bool(settings.S3_BUCKET)

TYPES = {"video": "video/mp4", "thumbnail": "image/webp", "spritesheet": "image/jpeg"}


@pytest.mark.parametrize("variant", TYPES)
def test_the_bucket_serves_the_bytes(api: Client, as_alice: Client, workspace: Workspace, variant: str) -> None:
    video = make_ready_video(workspace)
    asset = video.assets.get(variant=variant)
    with default_storage.open(asset.key) as file:
        whole = file.read()
    program, person = f"/v1/videos/{video.id}/content?variant={variant}", f"/v/{video.id}/download/{variant}/"

    for response in (api.get(program), as_alice.get(person), as_alice.get(f"/v/{video.id}/media/{variant}")):
        assert response.status_code == 302
        assert response.headers["Cache-Control"] == "private, no-store"
        address = response.headers["Location"]
        assert "X-Amz-Signature=" in address
        assert "X-Amz-Expires=300" in address
        served, piece = httpx.get(address), httpx.get(address, headers={"Range": "bytes=10-19"})
        assert (served.status_code, served.content) == (200, whole)
        assert served.headers["Content-Type"] == TYPES[variant]
        assert asset.filename in served.headers["Content-Disposition"]
        assert (piece.status_code, piece.content) == (206, whole[10:20])


def test_an_address_in_the_bucket_is_of_no_use_without_its_signature(api: Client, workspace: Workspace) -> None:
    address = api.get(f"/v1/videos/{make_ready_video(workspace).id}/content").headers["Location"]

    assert httpx.get(address.split("?")[0]).status_code in (400, 403)
    assert httpx.get(address.replace("X-Amz-Signature=", "X-Amz-Signature=0")).status_code == 403
