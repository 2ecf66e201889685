"""Models, C102."""

from __future__ import annotations

import httpx
import pytest

from tests.contract.clients import CLIENTS, Driver
from tests.contract.envelope import enveloped
from tests.contract.scorecard import Scorecard
from tests.contract.sdks import drive
from tests.contract.target import Target

pytestmark = pytest.mark.c(102)

KEYS = {"id", "object", "created", "owned_by"}
ALIASES = {"sora-2", "sora-2-pro", "sora-2-2025-10-06", "sora-2-pro-2025-10-06", "sora-2-2025-12-08"}


@pytest.mark.engine
def test_the_list_holds_what_can_be_asked_for(server: httpx.Client) -> None:
    answer = server.get("/models")

    assert answer.status_code == 200
    assert answer.json()["object"] == "list"
    models = answer.json()["data"]
    assert models
    for model in models:
        assert set(model) >= KEYS
        assert (model["object"], type(model["created"]), type(model["owned_by"])) == ("model", int, str)
    assert len({model["id"] for model in models}) == len(models)


def test_studio_lists_its_backends_models_and_the_aliases(server: httpx.Client, target: Target) -> None:
    target.own("the names of the models")

    assert {model["id"] for model in server.get("/models").json()["data"]} >= {"animatic-1", *ALIASES}


@pytest.mark.engine
def test_each_listed_model_is_retrieved_by_its_id(server: httpx.Client) -> None:
    for model in server.get("/models").json()["data"]:
        answer = server.get(f"/models/{model['id']}")
        assert answer.status_code == 200
        assert answer.json() == model


def test_a_listed_model_can_be_asked_for(server: httpx.Client, target: Target) -> None:
    for model in server.get("/models").json()["data"]:
        if target.studio or model["id"] == target.model:
            made = server.post("/videos", json=target.order(model=model["id"]))
            assert made.status_code == 200, made.text
            assert made.json()["model"] == model["id"]
            server.delete(f"/videos/{made.json()['id']}")


@pytest.mark.engine
@pytest.mark.parametrize("name", ["nobody-9", "no/such/model", "sora-2x", "%00"])
def test_an_unknown_model_is_not_found(server: httpx.Client, name: str) -> None:
    error = enveloped(server.get(f"/models/{name}"), 404)

    assert (error["type"], error["code"]) == ("invalid_request_error", "model_not_found")
    assert error["param"] in (None, "model")


@pytest.fixture(params=CLIENTS, ids=str)
def driver(request: pytest.FixtureRequest, target: Target, card: Scorecard) -> Driver:
    return drive(request.param, target, card)


def test_the_sdks_list_and_retrieve_models(driver: Driver, server: httpx.Client) -> None:
    known = [model["id"] for model in server.get("/models").json()["data"]]

    found = driver.run("models")

    assert [model["id"] for model in found["listed"]] == known
    assert found["one"]["id"] == known[0]
    error = driver.refusal("unknown_model")
    assert (error["class"], error["code"]) == ("NotFoundError", "model_not_found")
