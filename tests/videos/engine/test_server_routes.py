"""The server's door: keys, routes, methods, models."""

from __future__ import annotations

import httpx
import pytest

from tests.videos.engine.answers import refused
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.running import KEY
from videos.contract import SIZES


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/videos"), ("POST", "/videos"), ("GET", "/videos/x"), ("DELETE", "/videos/x"),
        ("GET", "/videos/x/content"), ("POST", "/videos/x/remix"), ("GET", "/models"), ("GET", "/nothing"),
        ("POST", "/videos/edits"), ("POST", "/videos/extensions"), ("POST", "/videos/characters"),
        ("GET", "/videos/characters/x"),
    ],
)  # fmt: skip
def test_every_route_asks_for_the_key(client, method, path):
    for header in ("", "Basic abc", "Bearer"):
        refused(client.request(method, path, headers={"Authorization": header}), 401, None)
    message = refused(client.request(method, path, headers={"Authorization": "Bearer nope"}), 401, "invalid_api_key")
    assert "nope" not in message


def test_the_key_is_compared_letter_by_letter(client):
    for wrong in (KEY.upper(), KEY[:-1], KEY + "x"):
        refused(client.get("/videos", headers={"Authorization": f"Bearer {wrong}"}), 401, "invalid_api_key")
    assert client.get("/videos", headers={"Authorization": f"bearer {KEY}"}).status_code == 200
    assert client.get("/videos", headers={"Authorization": "Bearer ключ".encode()}).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/videos/x/y",
        "/videos/x/content/z",
        "",
        "/videos/generations",
        "/videos/../x",
        "/videos/edits/x",
        "/videos/extensions/x/content",
        "/videos/characters/x/y",
    ],
)
def test_an_unknown_route_is_enveloped(client, path):
    refused(client.get(path), 404, "unknown_url")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/videos", "GET, POST"),
        ("POST", "/videos/x", "GET, DELETE"),
        ("POST", "/videos/x/content", "GET, HEAD"),
        ("GET", "/videos/x/remix", "POST"),
        ("DELETE", "/models", "GET"),
        ("GET", "/videos/edits", "POST"),
        ("DELETE", "/videos/extensions", "POST"),
        ("GET", "/videos/characters", "POST"),
        ("DELETE", "/videos/characters/x", "GET"),
    ],
)
def test_a_wrong_method_names_the_right_ones(client, method, path, allow):
    answer = client.request(method, path)

    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


def test_a_slash_at_the_end_is_no_redirect(client, created):
    assert client.get("/videos/").status_code == 200
    assert created(json=LONG_FIELDS).status_code == 200


def test_a_connection_is_used_again(client):
    with httpx.Client(base_url=client.base_url, headers=client.headers) as one:
        ports = {own_address(one.get("/models")) for _ in range(5)}
        one.post("/videos", content=b"{")
        one.get("/videos/none")
        ports.add(own_address(one.get("/models")))

    assert len(ports) == 1


def own_address(answer):
    return answer.extensions["network_stream"].get_extra_info("client_addr")


def test_models_are_listed_with_what_they_can(client):
    [model] = client.get("/models").json()["data"]

    assert (model["id"], model["object"], model["sizes"]) == ("animatic-1", "model", list(SIZES))
    assert model["seconds"] == [4, 8, 12, 16, 20]
    assert {"remix", "edits", "extensions", "characters", "input_reference", "seed"} <= set(model["supports"])
    assert client.get("/models/animatic-1").json() == model
    refused(client.get("/models/sora-2"), 404, "model_not_found", "model")
