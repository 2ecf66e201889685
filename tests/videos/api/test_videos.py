from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_ready_video, make_video
from tests.videos.api.wire import KEYS, Part, error_of, post_json, send
from videos import contract
from videos.forms.fields import echo
from videos.models import Asset, Phase, User, Video, Workspace

UNFINISHED = [phase for phase in Phase if phase not in (Phase.READY, Phase.FAILED, Phase.CANCELLED)]
FAILED = [Phase.FAILED, Phase.CANCELLED]


# --- create ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["json", "multipart"])
def test_a_prompt_alone_makes_a_video_with_the_contracts_defaults(api: Client, encoding: str) -> None:
    response = post_json(api, {"prompt": "A cat"}) if encoding == "json" else send(api, Part("prompt", "A cat"))

    assert response.status_code == 200
    video: dict[str, Any] = response.json()
    assert video.keys() >= KEYS
    nothing = dict.fromkeys(("completed_at", "expires_at", "remixed_from_video_id", "error"))
    assert {name: video[name] for name in nothing} == nothing
    assert (video["object"], video["status"], video["progress"]) == ("video", "queued", 0)
    assert (video["model"], video["seconds"], video["size"]) == ("sora-2", "4", "720x1280")
    row = Video.objects.get(pk=video["id"])
    assert (row.backend, row.backend_model, row.seed) == ("embedded", "animatic-1", video["seed"])


def test_it_belongs_to_the_keys_person_and_workspace(api: Client, alice: User, workspace: Workspace) -> None:
    post_json(api, {"prompt": "A cat"})

    row = Video.objects.get()
    assert (row.workspace, row.created_by) == (workspace, alice)


@pytest.mark.parametrize("model", [*contract.HOSTED_MODELS, "animatic-1"])
def test_a_model_is_echoed_as_the_client_named_it(api: Client, model: str) -> None:
    video = post_json(api, {"prompt": "A cat", "model": model}).json()

    assert video["model"] == model
    assert Video.objects.get().backend_model == "animatic-1"


@pytest.mark.parametrize("seconds", ["4", "8", "12", "16", "20", 12])
def test_every_length_is_answered_as_a_string(api: Client, seconds: object) -> None:
    assert post_json(api, {"prompt": "A cat", "seconds": seconds}).json()["seconds"] == str(seconds)


@pytest.mark.parametrize("size", contract.SIZES)
def test_every_size_of_the_model_is_taken(api: Client, size: str) -> None:
    assert post_json(api, {"prompt": "A cat", "size": size, "model": "sora-2-pro"}).json()["size"] == size


def test_a_seed_is_kept(api: Client) -> None:
    assert [post_json(api, {"prompt": "x", "seed": seed}).json()["seed"] for seed in (0, "7")] == [0, 7]


def test_two_creates_are_two_videos_with_two_seeds(api: Client) -> None:
    one, two = (post_json(api, {"prompt": "A cat"}).json() for _ in range(2))

    assert one["id"] != two["id"]
    assert one["seed"] != two["seed"]


def test_a_missing_prompt_is_told_apart_from_an_empty_one(api: Client) -> None:
    for response in (post_json(api, {"model": "sora-2"}), post_json(api, {"prompt": None}), send(api, Part("x", "y"))):
        error = error_of(response)
        assert error["message"] == "Missing required parameter: 'prompt'."
        assert (error["param"], error["code"]) == ("prompt", "missing_required_parameter")


def test_a_new_video_can_be_read_at_once(api: Client) -> None:
    made = post_json(api, {"prompt": "A cat"}).json()

    assert api.get(f"/v1/videos/{made['id']}").json() == made
    assert api.get("/v1/videos").json()["data"] == [made]


# --- retrieve ------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", UNFINISHED)
def test_while_it_runs_pollers_are_told_when_to_come_back(api: Client, workspace: Workspace, phase: Phase) -> None:
    response = api.get(f"/v1/videos/{make_video(workspace, phase=phase).id}")

    assert response.status_code == 200
    assert 500 <= int(response.headers["openai-poll-after-ms"]) <= 5000
    assert response.json()["status"] in ("queued", "in_progress")


@pytest.mark.parametrize("phase", [Phase.READY, *FAILED])
def test_a_final_video_asks_for_no_more_polls(api: Client, workspace: Workspace, phase: Phase) -> None:
    response = api.get(f"/v1/videos/{make_video(workspace, phase=phase).id}")

    assert response.status_code == 200
    assert "openai-poll-after-ms" not in response.headers


def test_a_failed_video_is_a_200_with_its_error(api: Client, workspace: Workspace) -> None:
    video = api.get(f"/v1/videos/{make_video(workspace, phase=Phase.FAILED).id}").json()

    assert video["status"] == "failed"
    assert video["error"] == {"code": "generation_failed", "message": "The backend ran out of paint."}


def foreign(charlie: User) -> str:
    return make_ready_video(charlie.workspaces().get()).id


def hidden(alice: User, workspace: Workspace) -> str:
    return make_ready_video(workspace, hidden_at=timezone.now(), hidden_by=alice).id


def deleted(workspace: Workspace) -> str:
    video = make_ready_video(workspace)
    video.delete_softly()
    return video.id


def test_unknown_foreign_hidden_and_deleted_ids_are_answered_alike(
    api: Client, alice: User, workspace: Workspace, charlie: User
) -> None:
    gone = [foreign(charlie), hidden(alice, workspace), deleted(workspace)]
    odd = ["video_unknown", "x" * 300, "🐈", "%00", "a%00b", "%ff"]

    for video_id in (*gone, *odd):
        answers = [
            api.get(f"/v1/videos/{video_id}"),
            api.get(f"/v1/videos/{video_id}/content"),
            api.delete(f"/v1/videos/{video_id}"),
            post_json(api, {"prompt": "x"}, f"/v1/videos/{video_id}/remix"),
        ]
        errors = [error_of(answer, 404) for answer in answers]
        assert errors == [errors[0]] * 4
        assert errors[0]["code"] == "video_not_found"
        if video_id not in odd[3:]:
            assert errors[0]["message"] == f"Video with id '{echo(video_id)}' not found."
    assert Video.objects.filter(pk=gone[0], deleted_at=None).exists()


# --- delete --------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", Phase)
def test_deleting_works_at_any_time_and_once(api: Client, workspace: Workspace, phase: Phase) -> None:
    video = make_video(workspace, phase=phase)
    path = f"/v1/videos/{video.id}"

    # As the Python SDK sends it: a type, and no body.
    response = api.delete(path, content_type="application/json")

    assert response.status_code == 200
    assert response.json() == {"id": video.id, "object": "video.deleted", "deleted": True}
    for later in (api.get(path), api.get(f"{path}/content"), api.delete(path)):
        assert error_of(later, 404)["code"] == "video_not_found"
    assert api.get("/v1/videos").json()["data"] == []
    row = Video.objects.get()
    assert row.due_at
    assert row.due_at <= timezone.now()


def test_deleting_a_source_leaves_its_remix(api: Client, workspace: Workspace) -> None:
    source = make_ready_video(workspace)
    remix = post_json(api, {"prompt": "At night"}, f"/v1/videos/{source.id}/remix").json()

    api.delete(f"/v1/videos/{source.id}")

    assert api.get(f"/v1/videos/{remix['id']}").json() == remix
    assert remix["remixed_from_video_id"] == source.id


# --- remix ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["json", "multipart"])
def test_a_remix_inherits_all_but_the_prompt(api: Client, workspace: Workspace, encoding: str) -> None:
    source = make_ready_video(workspace, model="sora-2-pro", size="1792x1024", seconds=12, seed=5)
    path, body = f"/v1/videos/{source.id}/remix", {"prompt": "At night", "size": "720x1280", "seconds": "4"}

    response = post_json(api, body, path) if encoding == "json" else api.post(path, body)

    assert response.status_code == 200
    video = response.json()
    assert video["id"] != source.id
    assert (video["prompt"], video["status"], video["remixed_from_video_id"]) == ("At night", "queued", source.id)
    assert [video[name] for name in ("model", "size", "seconds", "seed")] == ["sora-2-pro", "1792x1024", "12", 5]
    row = Video.objects.get(pk=video["id"])
    assert (row.backend, row.backend_model) == (source.backend, source.backend_model)


def test_a_remix_of_a_remix_points_to_its_parent(api: Client, workspace: Workspace) -> None:
    first = make_ready_video(workspace)
    second = make_ready_video(workspace, operation="remix", source=first)

    third = post_json(api, {"prompt": "Again"}, f"/v1/videos/{second.id}/remix").json()

    assert third["remixed_from_video_id"] == second.id


@pytest.mark.parametrize("phase", [*UNFINISHED, *FAILED])
def test_only_a_completed_video_can_be_remixed(api: Client, workspace: Workspace, phase: Phase) -> None:
    source = make_video(workspace, phase=phase)

    error = error_of(post_json(api, {"prompt": "At night"}, f"/v1/videos/{source.id}/remix"))

    assert (error["param"], error["code"]) == ("video", "video_failed" if phase in FAILED else "video_not_ready")
    assert Video.objects.count() == 1


def test_a_remix_needs_a_prompt(api: Client, workspace: Workspace) -> None:
    path = f"/v1/videos/{make_ready_video(workspace).id}/remix"

    assert error_of(post_json(api, {}, path))["code"] == "missing_required_parameter"
    assert error_of(post_json(api, {"prompt": 5}, path))["code"] == "invalid_type"


# --- content: the bytes themselves are the matter of test_delivery ---------------------------------


@pytest.mark.parametrize("variant", ["poster", "", "0", "VIDEO", "reference", "video,thumbnail"])
def test_an_unknown_variant_is_refused(api: Client, workspace: Workspace, variant: str) -> None:
    video = make_ready_video(workspace)

    error = error_of(api.get(f"/v1/videos/{video.id}/content", {"variant": variant}))

    assert (error["param"], error["code"]) == ("variant", "invalid_value")
    assert error["message"].endswith("Supported values are: 'video', 'thumbnail', and 'spritesheet'.")


@pytest.mark.parametrize("phase", UNFINISHED)
def test_before_it_is_completed_there_is_no_content(api: Client, workspace: Workspace, phase: Phase) -> None:
    error = error_of(api.get(f"/v1/videos/{make_video(workspace, phase=phase).id}/content"), 404)

    assert error["message"] == "Video is not ready yet, use GET /v1/videos/{video_id} to check status"
    assert error["code"] == "video_not_ready"


@pytest.mark.parametrize("phase", FAILED)
def test_the_content_of_a_failed_video_is_its_error(api: Client, workspace: Workspace, phase: Phase) -> None:
    error = error_of(api.get(f"/v1/videos/{make_video(workspace, phase=phase).id}/content"), 404)

    assert (error["code"], error["message"]) == ("video_failed", "The backend ran out of paint.")


def test_without_its_assets_a_completed_video_has_expired(api: Client, workspace: Workspace) -> None:
    video = make_ready_video(workspace, expires_at=timezone.now() - timedelta(hours=1))
    Asset.objects.all().delete()

    assert error_of(api.get(f"/v1/videos/{video.id}/content"), 404)["code"] == "video_expired"
    assert api.get(f"/v1/videos/{video.id}").status_code == 200


# --- models --------------------------------------------------------------------------------------


def test_models_are_the_real_ones_and_the_aliases(api: Client) -> None:
    listed = api.get("/v1/models").json()

    assert listed["object"] == "list"
    assert [model["id"] for model in listed["data"]] == ["animatic-1", *contract.HOSTED_MODELS]
    for model in listed["data"]:
        assert api.get(f"/v1/models/{model['id']}").json() == model


@pytest.mark.parametrize("name", ["sora-9", "a/b", "animatic-1/", "%00"])
def test_an_unknown_model_is_not_found(api: Client, name: str) -> None:
    assert error_of(api.get(f"/v1/models/{name}"), 404)["code"] == "model_not_found"


def test_what_was_asked_for_is_not_repeated_whole(api: Client) -> None:
    long = "x" * 200_000
    references = ({"input_reference": {"file_id": long}}, {"characters": [{"id": long}]}, {"model": long})
    wrong = [post_json(api, {"prompt": "x", **given}) for given in references]
    wrong.append(post_json(api, {"prompt": "x", "video": long}, "/v1/videos/edits"))
    wrong += [api.get(f"/v1/{noun}/{long[:5000]}") for noun in ("models", "files", "videos", "videos/characters")]

    for answer in wrong:
        assert len(error_of(answer, answer.status_code)["message"]) < 300


def test_seconds_may_be_left_out_so_they_are_never_missing(api: Client, settings) -> None:
    settings.VIDEO_MODELS = {name: {**model, "seconds": [8, 12]} for name, model in settings.VIDEO_MODELS.items()}

    error = error_of(post_json(api, {"prompt": "x"}))

    assert (error["param"], error["code"]) == ("seconds", "invalid_value")
    assert "'8'" in error["message"]
