"""Edits and extensions at the door: every way to name the film, and every refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_ready_video, make_video, make_workspace, mp4
from tests.videos.api.wire import FORM, Part, error_of, multipart, post_json
from videos.models import Asset, Phase, User, Video, Workspace

EDITS, EXTENSIONS = "/v1/videos/edits", "/v1/videos/extensions"
FILM = mp4((320, 180), 2)


def send(client: Client, path: str, *parts: Part) -> Any:
    return client.post(path, multipart(*parts), content_type=FORM)


WAYS = {
    "object": lambda client, path, video, more: post_json(
        client, {"prompt": "p", "video": {"id": video.id}, **more}, path
    ),
    "bare id": lambda client, path, video, more: post_json(client, {"prompt": "p", "video": video.id, **more}, path),
    "brackets": lambda client, path, video, more: send(
        client, path, Part("prompt", "p"), Part("video[id]", video.id), *(Part(*pair) for pair in more.items())
    ),
    "JSON in a form": lambda client, path, video, more: send(
        client,
        path,
        Part("video", json.dumps({"id": video.id})),
        Part("prompt", "p"),
        *(Part(*pair) for pair in more.items()),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_video_is_edited_by_its_id(api: Client, workspace: Workspace, way: str) -> None:
    source = make_ready_video(workspace, seconds=8)

    wire = WAYS[way](api, EDITS, source, {}).json()

    assert (wire["operation"], wire["remixed_from_video_id"], wire["size"], wire["seconds"]) == (
        "edit",
        source.id,
        "1280x720",
        "8",
    )
    assert Video.objects.get(pk=wire["id"]).source == source


@pytest.mark.parametrize("way", WAYS)
def test_a_video_is_extended_by_its_id(api: Client, workspace: Workspace, way: str) -> None:
    source = make_ready_video(workspace, seconds=8)

    wire = WAYS[way](api, EXTENSIONS, source, {"seconds": "4"}).json()

    assert (wire["operation"], wire["seconds"], wire["remixed_from_video_id"], wire["source_video_id"]) == (
        "extend",
        "12",
        None,
        source.id,
    )


@pytest.mark.parametrize("path", [EDITS, EXTENSIONS])
def test_an_uploaded_film_is_kept_with_the_video(api: Client, path: str) -> None:
    answer = send(
        api,
        path,
        Part("video", FILM, "film.mp4"),
        Part("prompt", "p"),
        *([Part("seconds", "4")] if path != EDITS else []),
    )

    wire = answer.json()
    video = Video.objects.get(pk=wire["id"])
    asset = video.assets.get(variant=Asset.Variant.SOURCE)
    with asset.file.open("rb") as stored:
        assert stored.read() == FILM
    assert (wire["size"], wire["seconds"]) == ("320x180", "2" if path == EDITS else "6")
    assert (wire["remixed_from_video_id"], wire["source_video_id"]) == (None, None)


@pytest.mark.parametrize("path", [EDITS, EXTENSIONS])
def test_what_is_missing_is_named(api: Client, workspace: Workspace, path: str) -> None:
    source = {"id": make_ready_video(workspace).id}
    whole = {"prompt": "p", "video": source} | ({} if path == EDITS else {"seconds": "4"})

    for name in whole:
        error = error_of(post_json(api, {key: value for key, value in whole.items() if key != name}, path))
        assert (error["param"], error["code"]) == (name, "missing_required_parameter")
        assert error["message"] == f"Missing required parameter: '{name}'."


def test_sources_that_cannot_be_used(api: Client, workspace: Workspace, charlie: User) -> None:
    theirs = make_ready_video(make_workspace("Elsewhere", owner=charlie))
    for video_id in ("video_unknown", theirs.id):
        error = error_of(post_json(api, {"prompt": "p", "video": {"id": video_id}}, EDITS), 404)
        assert (error["param"], error["code"]) == ("video", "video_not_found")
        assert error["message"] == f"Video with id '{video_id}' not found."
    for phase, code in ((Phase.GENERATING, "video_not_ready"), (Phase.FAILED, "video_failed")):
        error = error_of(post_json(api, {"prompt": "p", "video": make_video(workspace, phase=phase).id}, EDITS))
        assert (error["param"], error["code"]) == ("video", code)
    error = error_of(send(api, EDITS, Part("video", b"text", "film.mp4"), Part("prompt", "p")))
    assert (error["param"], error["code"]) == ("video", "invalid_video")


@pytest.mark.parametrize("seconds", ["6", "0", "", "four", 24])
def test_an_extension_has_one_of_five_lengths(api: Client, workspace: Workspace, seconds: object) -> None:
    body = {"prompt": "p", "video": make_ready_video(workspace).id, "seconds": seconds}

    error = error_of(post_json(api, body, EXTENSIONS))

    assert (error["param"], error["code"]) == ("seconds", "invalid_value")
    assert error["message"].endswith("Supported values are: '4', '8', '12', '16', and '20'.")


@pytest.mark.parametrize("field", ["input_reference", "characters"])
def test_an_extension_takes_nothing_besides(api: Client, workspace: Workspace, field: str) -> None:
    given = {"characters": [{"id": "char_1"}], "input_reference": {"file_id": "file-1"}}[field]
    body = {"prompt": "p", "video": make_ready_video(workspace).id, "seconds": 4, field: given}

    error = error_of(post_json(api, body, EXTENSIONS))

    assert (error["param"], error["code"]) == (field, "unsupported_parameter")
    assert not Video.objects.filter(operation="extend").exists()
