from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import image, make_ready_video, mp4
from tests.videos.api.wire import FORM, Part, error_of, multipart, post_json
from videos.models import Character, Video, Workspace

PATH = "/v1/videos/characters"
FILM = mp4((320, 180), 2)


def meet(client: Client, name: str = "Luna", film: bytes = FILM) -> Any:
    return client.post(PATH, multipart(Part("video", film, "luna.mp4"), Part("name", name)), content_type=FORM)


def test_a_character_is_made_once_and_found_again(api: Client) -> None:
    made = meet(api).json()

    assert made.keys() == {"id", "object", "name", "created_at"}
    assert (made["object"], made["name"]) == ("character", "Luna")
    assert api.get(f"{PATH}/{made['id']}").json() == made


def test_a_character_may_come_from_a_video(api: Client, workspace: Workspace) -> None:
    source = make_ready_video(workspace)

    made = post_json(api, {"name": "Luna", "video": {"id": source.id}}, PATH).json()

    assert Character.objects.get(pk=made["id"]).name == "Luna"


@pytest.mark.parametrize("way", ["json", "empty brackets", "numbered brackets", "JSON in a form"])
def test_characters_appear_in_videos(api: Client, way: str) -> None:
    ids = [meet(api, name).json()["id"] for name in ("Luna", "Rex")]
    forms = {
        "empty brackets": [Part("characters[][id]", it) for it in ids],
        "numbered brackets": [Part(f"characters[{n}][id]", it) for n, it in enumerate(ids)],
        "JSON in a form": [Part("characters", f'[{{"id": "{ids[0]}"}}, {{"id": "{ids[1]}"}}]')],
    }
    if way == "json":
        answer = post_json(api, {"prompt": "Luna and Rex dance", "characters": [{"id": it} for it in ids]})
    else:
        answer = api.post("/v1/videos", multipart(Part("prompt", "p"), *forms[way]), content_type=FORM)

    video = Video.objects.get(pk=answer.json()["id"])
    assert [character.id for character in video.characters.order_by("appearance__pk")] == ids


def test_characters_belong_to_the_workspace(api: Client, api_of_bob: Client, api_of_charlie: Client) -> None:
    made = meet(api).json()

    assert api_of_bob.get(f"{PATH}/{made['id']}").json() == made
    for character_id, client in ((made["id"], api_of_charlie), ("char_unknown", api)):
        error = error_of(client.get(f"{PATH}/{character_id}"), 404)
        assert (error["code"], error["message"]) == (
            "character_not_found",
            f"Character with id '{character_id}' not found.",
        )
    error = error_of(post_json(api_of_charlie, {"prompt": "p", "characters": [{"id": made["id"]}]}))
    assert (error["param"], error["code"]) == ("characters[0].id", "character_not_found")


def test_there_is_no_list_and_no_way_to_delete(api: Client) -> None:
    made = meet(api).json()

    assert error_of(api.get(PATH), 405)["code"] == "method_not_allowed"
    assert error_of(api.delete(f"{PATH}/{made['id']}"), 405)["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("name", "film", "param", "code"),
    [
        ("", FILM, "name", "invalid_value"),
        ("L" * 81, FILM, "name", "string_above_max_length"),
        ("Luna", b"text", "video", "invalid_video"),
        ("Luna", image(), "video", "invalid_video"),
    ],
)
def test_what_makes_no_character_is_refused(api: Client, name: str, film: bytes, param: str, code: str) -> None:
    error = error_of(meet(api, name, film))

    assert (error["param"], error["code"]) == (param, code)
    assert not Character.objects.exists()


@pytest.mark.parametrize("left_out", ["name", "video"])
def test_what_is_missing_is_named(api: Client, workspace: Workspace, left_out: str) -> None:
    whole = {"name": "Luna", "video": {"id": make_ready_video(workspace).id}}

    error = error_of(post_json(api, {key: value for key, value in whole.items() if key != left_out}, PATH))

    assert (error["param"], error["code"]) == (left_out, "missing_required_parameter")


def test_at_most_two_different_ones(api: Client) -> None:
    ids = [meet(api, name).json()["id"] for name in ("a", "b", "a")]

    three = error_of(post_json(api, {"prompt": "p", "characters": [{"id": it} for it in ids]}))
    twice = error_of(post_json(api, {"prompt": "p", "characters": [{"id": ids[0]}] * 2}))

    namesakes = error_of(post_json(api, {"prompt": "p", "characters": [{"id": ids[0]}, {"id": ids[2]}]}))

    assert (three["param"], three["code"]) == ("characters", "array_above_max_length")
    assert (twice["param"], twice["code"]) == (namesakes["param"], namesakes["code"]) == ("characters", "invalid_value")
