from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from tests.factories import make_ready_video, make_video
from tests.live.server import Studio
from tests.videos.api.wire import BOUNDARY, FORM, Part, error_of, multipart, post_json
from videos import resources
from videos.api.bodies import Body
from videos.api.receipts import LIFETIME, RETRY_WINDOW, make_once
from videos.models import ApiKey, Phase, Receipt, User, Video, Workspace

KEY, RETRY, REPLAYED = "Idempotency-Key", "X-Stainless-Retry-Count", "Idempotency-Replayed"


def create(client: Client, body: dict[str, Any] | None = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/v1/videos", body or {"prompt": "A fox"}, content_type="application/json", headers=named)


def grow_old(by: timedelta) -> None:
    Receipt.objects.update(created_at=timezone.now() - by)


def test_the_same_key_makes_one_video_and_answers_the_same(api: Client, workspace: Workspace) -> None:
    first = create(api, Idempotency_Key="order 1")
    again = create(api, Idempotency_Key="order 1")

    assert again.json() == first.json()
    assert (REPLAYED in first.headers, again.headers[REPLAYED]) == (False, "true")
    assert Video.objects.count() == 1


def test_another_key_makes_another_video(api: Client, workspace: Workspace) -> None:
    create(api, Idempotency_Key="order 1")
    create(api, Idempotency_Key="order 2")
    create(api)

    assert Video.objects.count() == 3


def test_a_key_used_for_another_request_is_refused(api: Client, workspace: Workspace) -> None:
    create(api, Idempotency_Key="order 1")

    error = error_of(create(api, {"prompt": "An owl"}, Idempotency_Key="order 1"), 400)

    assert error["code"] == "idempotency_key_reused"
    assert Video.objects.count() == 1


def test_a_key_used_on_another_path_is_refused(api: Client, workspace: Workspace) -> None:
    source = make_video(workspace, phase=Phase.READY)
    create(api, Idempotency_Key="order 1")

    remix = api.post(f"/v1/videos/{source.id}/remix", {"prompt": "A fox"}, "application/json", headers={KEY: "order 1"})

    assert error_of(remix, 400)["code"] == "idempotency_key_reused"


def test_a_remix_is_answered_again_after_its_source_is_gone(api: Client, workspace: Workspace) -> None:
    path = f"/v1/videos/{make_ready_video(workspace).id}"

    def remix() -> Any:
        return api.post(f"{path}/remix", {"prompt": "At night"}, "application/json", headers={KEY: "order 1"})

    first = remix()
    assert api.delete(path).status_code == 200

    again = remix()
    assert (again.status_code, again.json(), again.headers[REPLAYED]) == (200, first.json(), "true")


def test_the_slower_of_two_equal_requests_tells_what_the_faster_made(alice: User, workspace: Workspace) -> None:
    key, _ = ApiKey.issue(workspace=workspace, user=alice, name="tests")
    request = RequestFactory().post("/v1/videos", headers={KEY: "order 1"})
    body = Body({"prompt": "x"}, MultiValueDict(), [])
    faster: list[Any] = []

    def make(note: Callable[[Video], None]) -> Video:
        if not faster:
            faster.append(None)
            faster[0] = ask()
        with transaction.atomic():
            video = make_video(workspace)
            note(video)
        return video

    def ask() -> Any:
        return make_once(request, key, body, make, resources.video)

    slower = ask()

    assert json.loads(slower.content) == json.loads(faster[0].content)
    assert slower.headers[REPLAYED] == "true"
    assert Video.objects.count() == Receipt.objects.count() == 1


def test_another_conflict_of_rows_is_no_replay(alice: User, workspace: Workspace) -> None:
    key, _ = ApiKey.issue(workspace=workspace, user=alice, name="tests")
    request = RequestFactory().post("/v1/videos", headers={KEY: "order 1"})

    def make(note: Callable[[Video], None]) -> Video:
        raise IntegrityError("another")

    with pytest.raises(IntegrityError, match="another"):
        make_once(request, key, Body({}, MultiValueDict(), []), make, resources.video)


def test_one_key_from_many_threads_at_once_makes_one_video(studio: Studio) -> None:
    def ask(order: str) -> tuple[int, str]:
        with studio.client() as client:
            answer = client.post("/videos", json={"prompt": "A fox"}, headers={KEY: order})
            return answer.status_code, answer.json().get("id")

    for order in ("threads 1", "threads 2", "threads 3"):
        with ThreadPoolExecutor(6) as pool:
            answers = set(pool.map(ask, [order] * 6))
        assert len(answers) == 1, answers
        assert answers.pop()[0] == 200


def test_a_refused_request_leaves_its_key_free(api: Client, workspace: Workspace) -> None:
    error_of(create(api, {"prompt": ""}, Idempotency_Key="order 1"), 400)

    assert create(api, Idempotency_Key="order 1").status_code == 200


def test_a_key_is_forgotten_after_a_day(api: Client, workspace: Workspace) -> None:
    create(api, Idempotency_Key="order 1")
    grow_old(LIFETIME - timedelta(minutes=1))
    assert create(api, Idempotency_Key="order 1").headers[REPLAYED] == "true"

    grow_old(LIFETIME + timedelta(minutes=1))

    assert REPLAYED not in create(api, {"prompt": "An owl"}, Idempotency_Key="order 1").headers
    assert Video.objects.count() == 2


def test_workspaces_do_not_meet_in_a_key(api: Client, api_of_charlie: Client, workspace: Workspace) -> None:
    mine, other = (create(it, Idempotency_Key="order 1").json()["id"] for it in (api, api_of_charlie))

    assert mine != other


def test_a_key_that_is_too_long_is_refused(api: Client, workspace: Workspace) -> None:
    assert create(api, Idempotency_Key="x" * 255).status_code == 200
    error_of(create(api, Idempotency_Key="x" * 256), 400)


def test_a_retry_of_the_sdk_finds_what_the_lost_answer_told_of(api: Client, workspace: Workspace) -> None:
    lost = create(api, X_Stainless_Retry_Count="0")
    retried = create(api, X_Stainless_Retry_Count="1")

    assert retried.json() == lost.json()
    assert retried.headers[REPLAYED] == "true"
    assert Video.objects.count() == 1


def test_a_retry_whose_first_try_never_arrived_makes_the_video(api: Client, workspace: Workspace) -> None:
    assert create(api, X_Stainless_Retry_Count="2").status_code == 200
    assert Video.objects.count() == 1


@pytest.mark.parametrize("count", ["0", "", "-1", "one", "1.5"])
def test_what_is_no_retry_makes_a_video_of_its_own(api: Client, workspace: Workspace, count: str) -> None:
    create(api)

    assert REPLAYED not in create(api, X_Stainless_Retry_Count=count).headers
    assert Video.objects.count() == 2


def test_a_retry_is_believed_for_a_quarter_of_an_hour_and_for_the_same_request(
    api: Client, workspace: Workspace
) -> None:
    create(api)
    assert REPLAYED not in create(api, {"prompt": "An owl"}, X_Stainless_Retry_Count="1").headers
    grow_old(RETRY_WINDOW + timedelta(seconds=1))

    assert REPLAYED not in create(api, X_Stainless_Retry_Count="1").headers


def test_a_form_is_known_by_its_fields_and_not_by_its_boundary(api: Client, workspace: Workspace) -> None:
    def send(prompt: str, boundary: str) -> Any:
        body = multipart(Part("prompt", prompt)).replace(BOUNDARY.encode(), boundary.encode())
        return api.post("/v1/videos", body, FORM.replace(BOUNDARY, boundary), headers={RETRY: "1"})

    made = send("A fox", "first").json()

    assert send("A fox", "second").json() == made
    assert send("An owl", "third").json()["id"] != made["id"]


def test_the_receipt_belongs_to_the_key_that_made_it(api: Client, workspace: Workspace) -> None:
    answer = create(api, Idempotency_Key="order 1").json()

    receipt = Receipt.objects.get()
    assert (receipt.api_key, receipt.workspace, receipt.answer) == (ApiKey.objects.get(), workspace, answer)
    assert receipt.object_id == answer["id"]


def test_a_replay_of_what_is_gone_for_good_makes_nothing_and_tells_no_words(api: Client, workspace: Workspace) -> None:
    first = create(api, Idempotency_Key="order 1").json()

    Receipt.forget(first["id"])

    assert create(api, Idempotency_Key="order 1").json() == {**first, "prompt": None}
    assert Video.objects.count() == 1


def test_names_that_cannot_stand_in_a_header_are_encoded(api: Client) -> None:
    answer = post_json(api, {"prompt": "p", "fps": 3, "na\nme": 1, "ünï": 2, "a,b": 3})

    assert answer.headers["x-studio-ignored-params"] == "a%2Cb, fps, na%0Ame, %C3%BCn%C3%AF"
