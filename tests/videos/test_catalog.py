from __future__ import annotations

from typing import Any

import pytest

from videos import catalog, contract


@pytest.fixture
def models(settings) -> dict[str, dict[str, Any]]:
    """Two backends, one of them with narrow limits; each test may change it."""
    settings.VIDEO_MODELS = {
        "animatic-1": {"backend": "embedded"},
        "big-1": {"backend": "remote", "sizes": ["1280x720"], "seconds": [4, 8]},
    }
    settings.VIDEO_MODEL_ALIASES = None
    models: dict[str, dict[str, Any]] = settings.VIDEO_MODELS
    return models


def test_out_of_the_box_all_hosted_names_lead_to_the_engine() -> None:
    known = catalog.models()

    assert list(known) == ["animatic-1", *contract.HOSTED_MODELS]
    assert {model.backend_model for model in known.values()} == {"animatic-1"}
    assert [model.name for model in catalog.own_models()] == ["animatic-1"]
    assert catalog.default_for_programs().name == "sora-2"


def test_a_model_has_the_limits_of_its_settings(models) -> None:
    big = catalog.find("big-1")

    assert big == catalog.Model("big-1", "remote", "big-1", ("1280x720",), (4, 8))
    assert big
    assert not big.is_alias


def test_a_model_without_limits_has_the_contracts(models) -> None:
    real = catalog.find("animatic-1")

    assert real
    assert (real.sizes, real.seconds) == (contract.SIZES, contract.SECONDS)


def test_aliases_lead_where_the_settings_say(settings, models) -> None:
    settings.VIDEO_MODEL_ALIASES = {"sora-2-pro": "big-1", "mine": "animatic-1"}

    pro, mine = catalog.find("sora-2-pro"), catalog.find("mine")

    assert pro == catalog.Model("sora-2-pro", "remote", "big-1", ("1280x720",), (4, 8))
    assert mine
    assert (mine.is_alias, mine.sizes) == (True, contract.SIZES)
    assert catalog.find("sora-2") is None


def test_an_alias_promises_no_size_that_its_name_never_had(models) -> None:
    base, pro = catalog.find("sora-2"), catalog.find("sora-2-pro")

    assert base
    assert pro
    assert "1920x1080" not in base.sizes
    assert "1920x1080" in pro.sizes


def test_an_alias_never_hides_a_real_model(settings, models) -> None:
    settings.VIDEO_MODEL_ALIASES = {"big-1": "animatic-1"}

    found = catalog.find("big-1")

    assert found
    assert not found.is_alias


def test_without_the_contracts_default_the_first_model_is_it(settings, models) -> None:
    settings.VIDEO_MODEL_ALIASES = {"mine": "big-1"}

    assert catalog.default_for_programs().name == "animatic-1"


def test_what_a_backend_can_do_stands_in_the_settings(settings) -> None:
    settings.VIDEO_BACKENDS = {"a": {"OPTIONS": {"features": ["remix"]}}, "b": {"OPTIONS": {"features": []}}}

    assert [catalog.can(alias, "remix") for alias in ("a", "b", "gone")] == [True, False, False]
