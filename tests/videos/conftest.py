from __future__ import annotations

import pytest


@pytest.fixture
def disk(settings) -> None:
    """Files in the data directory, also where the settings name a bucket."""
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": local}
