from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True, scope="session")
def _static_root() -> None:
    """Whitenoise warns where collectstatic has never run, and a warning is an error."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
