from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from videos.checks import allow_list_can_be_read, models_have_backends


def test_the_settings_as_they_come_agree() -> None:
    assert models_have_backends(None) == []


def test_a_model_needs_its_backend(settings) -> None:
    entry = next(iter(settings.VIDEO_MODELS.values()))
    settings.VIDEO_MODELS = {**settings.VIDEO_MODELS, "lost-1": {**entry, "backend": "nowhere"}}

    (found,) = models_have_backends(None)

    assert (found.id, "'lost-1'" in found.msg, "'nowhere'" in found.msg) == ("videos.E001", True, True)


def test_an_alias_needs_its_model(settings) -> None:
    settings.VIDEO_MODEL_ALIASES = {"sora-2": "lost-1"}

    (found,) = models_have_backends(None)

    assert found.id == "videos.E002"
    assert "'sora-2' to the unknown model 'lost-1'" in found.msg
    assert "animatic-1" in str(found.hint)


def test_an_allow_list_that_cannot_be_read_is_told(settings) -> None:
    assert allow_list_can_be_read(None) == []
    settings.OUTBOUND_ALLOWED = ["10.0.0.0/8", "http://nas/"]

    (found,) = allow_list_can_be_read(None)

    assert found.id == "videos.E003"
    assert "http://nas/" in found.msg


def test_django_asks_this_check_at_every_start(settings) -> None:
    settings.VIDEO_MODEL_ALIASES = {"sora-2": "lost-1"}

    with pytest.raises(SystemCheckError, match=r"videos\.E002"):
        call_command("check", stdout=StringIO(), stderr=StringIO())
