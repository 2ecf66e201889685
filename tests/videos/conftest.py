from __future__ import annotations

import pytest

from tests.scripted_backend import ScriptedBackend
from videos import actions, catalog
from videos.models import User, Video, Workspace


@pytest.fixture
def disk(settings) -> None:
    """Files in the data directory, also where the settings name a bucket."""
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": local}


@pytest.fixture
def video(backend: ScriptedBackend, workspace: Workspace, alice: User) -> Video:
    """Accepted a moment ago."""
    return actions.create_video(
        workspace=workspace,
        by=alice,
        prompt="A fox",
        model=catalog.models()["animatic-1"],
        size="1280x720",
        seconds=4,
        seed=7,
    )
