"""The same where a bucket holds the files; collected only where the settings name one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.factories import make_ready_video
from videos.actions import orphans
from videos.actions.orphans import FOLDERS, remove_orphans
from videos.models import Workspace

__test__ = bool(settings.S3_BUCKET)


def test_a_bucket_is_rid_of_old_orphans_alone(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept = [asset.key for asset in make_ready_video(workspace).assets.all()]
    lost = [default_storage.save(f"{folder}/lost/{number}", ContentFile(b"x")) for folder in FOLDERS for number in "12"]

    remove_orphans()
    assert all(default_storage.exists(key) for key in (*kept, *lost))

    # Nobody can make a bucket's files older than they are.
    monkeypatch.setattr(orphans, "AGE", timedelta(minutes=-1))
    remove_orphans()
    assert not any(default_storage.exists(key) for key in lost)
    assert all(default_storage.exists(key) for key in kept)
    assert "stays for now" not in caplog.text
