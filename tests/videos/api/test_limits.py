from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import openai
import pytest
from django.test import Client
from django.utils import timezone

from tests.live.server import Studio
from tests.videos.api.wire import error_of, post_json
from videos.api.limits import duration
from videos.models import ApiKey, TokenBucket, Video, Workspace

LIMIT, REMAINING, RESET = (f"x-ratelimit-{it}-requests" for it in ("limit", "remaining", "reset"))


def set_rate(rate: int | None) -> ApiKey:
    ApiKey.objects.update(rate=rate)
    return ApiKey.objects.get()


def let_pass(seconds: float) -> None:
    bucket = TokenBucket.objects.get()
    TokenBucket.objects.update(filled_at=bucket.filled_at - timedelta(seconds=seconds))


def refused(response: Any) -> dict[str, Any]:
    assert response.status_code == 429, response.content
    error: dict[str, Any] = response.json()["error"]
    assert (error["type"], error["code"], error["param"]) == ("requests", "rate_limit_exceeded", None)
    return error


def test_creates_beyond_the_rate_are_refused_and_make_nothing(api: Client, workspace: Workspace) -> None:
    set_rate(2)

    made = [post_json(api, {"prompt": "x"}) for _ in range(2)]
    error = refused(third := post_json(api, {"prompt": "x"}))

    assert [it.status_code for it in made] == [200, 200]
    assert Video.objects.count() == 2
    assert "2 a minute" in error["message"]
    assert "again in 30s" in error["message"]
    assert third.headers["Retry-After"] == "30"
    assert 29_000 < int(third.headers["retry-after-ms"]) <= 30_000
    assert "x-should-retry" not in third.headers
    assert third.headers["x-request-id"].startswith("req_")


def test_every_create_tells_what_is_left(api: Client, workspace: Workspace) -> None:
    set_rate(3)

    first, wrong, last, beyond = (post_json(api, body) for body in ({"prompt": "x"}, {}, {"prompt": "x"}, {}))

    assert {it.headers[LIMIT] for it in (first, wrong, last, beyond)} == {"3"}
    assert [it.headers[REMAINING] for it in (first, wrong, last, beyond)] == ["2", "1", "0", "0"]
    assert [it.headers[RESET] for it in (first, wrong, last)] == ["20s", "40s", "1m0s"]
    error_of(wrong, 400)


def test_it_refills_steadily_and_never_above_a_minutes_worth(api: Client, workspace: Workspace) -> None:
    set_rate(2)
    for _ in range(2):
        post_json(api, {})

    let_pass(29)
    refused(post_json(api, {}))
    let_pass(1)
    assert post_json(api, {}).status_code == 400
    refused(post_json(api, {}))
    let_pass(10_000)
    assert post_json(api, {}).headers[REMAINING] == "1"


def test_to_wait_as_long_as_told_is_enough(api: Client, workspace: Workspace) -> None:
    set_rate(7)
    while (answer := post_json(api, {})).status_code != 429:
        pass

    let_pass(int(answer.headers["retry-after-ms"]) / 1000)

    assert post_json(api, {}).status_code == 400


def test_only_what_makes_something_counts(api: Client, workspace: Workspace) -> None:
    set_rate(1)
    post_json(api, {})

    for path in ("/v1/videos", "/v1/models", "/v1/videos/video_x"):
        answer = api.get(path)
        assert answer.status_code != 429
        assert LIMIT not in answer.headers
    for path in ("videos/video_x/remix", "videos/edits", "videos/extensions", "videos/characters"):
        refused(post_json(api, {}, f"/v1/{path}"))


def test_a_key_without_a_rate_has_the_servers(settings, api: Client, workspace: Workspace) -> None:
    settings.RATE_LIMIT = 5

    assert post_json(api, {}).headers[LIMIT] == "5"
    set_rate(8)
    assert post_json(api, {}).headers[LIMIT] == "8"


@pytest.mark.parametrize(("server", "key"), [(0, None), (1, 0)])
def test_zero_is_no_limit(settings, api: Client, workspace: Workspace, server: int, key: int | None) -> None:
    settings.RATE_LIMIT = server
    set_rate(key)

    answers = [post_json(api, {}) for _ in range(3)]

    assert [it.status_code for it in answers] == [400] * 3
    assert not any(it.startswith("x-ratelimit") for it in answers[0].headers)
    assert not TokenBucket.objects.exists()


def test_a_lower_rate_holds_at_once(api: Client, workspace: Workspace) -> None:
    set_rate(100)
    post_json(api, {})
    set_rate(1)

    assert post_json(api, {}).headers[REMAINING] == "0"
    refused(post_json(api, {}))


def test_each_key_has_a_bucket_of_its_own(api: Client, api_of_charlie: Client, workspace: Workspace) -> None:
    ApiKey.objects.update(rate=1)

    assert [post_json(it, {}).status_code for it in (api, api_of_charlie, api)] == [400, 400, 429]


def test_a_clock_that_is_behind_takes_nothing_back(api: Client, workspace: Workspace) -> None:
    set_rate(2)
    post_json(api, {})
    ahead = timezone.now() + timedelta(minutes=5)
    TokenBucket.objects.update(filled_at=ahead)

    assert post_json(api, {}).headers[REMAINING] == "0"
    assert TokenBucket.objects.get().filled_at == ahead


def test_a_key_that_may_not_make_uses_nothing_up(api: Client, workspace: Workspace) -> None:
    ApiKey.objects.update(rate=1, scopes=["videos:read"])

    assert [post_json(api, {}).status_code for _ in range(3)] == [403] * 3


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0ms"), (0.0112, "12ms"), (0.2, "200ms"), (1, "1s"), (59.2, "1m0s"), (30, "30s"), (360, "6m0s"), (61, "1m1s")],
)
def test_a_duration_is_told_as_the_hosted_service_did(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def new_key(studio: Studio, *, rate: int) -> str:
    command = [sys.executable, "manage.py", "apikey", "--rate", str(rate)]
    done = subprocess.run(command, env=studio.full_environ, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def test_threads_that_create_at_once_get_no_more_than_the_rate(studio: Studio) -> None:
    rate, asked = 30, 90
    started = time.monotonic()
    with studio.client(key=new_key(studio, rate=rate)) as api, ThreadPoolExecutor(15) as threads:
        answers = [*threads.map(lambda _: api.post("/videos", json={"prompt": ""}), range(asked))]
    refilled = (time.monotonic() - started) * rate / 60

    statuses = [it.status_code for it in answers]
    assert set(statuses) == {400, 429}
    assert rate <= statuses.count(400) <= rate + refilled
    left = [it.headers[REMAINING] for it in answers if it.status_code == 400]
    assert {str(number) for number in range(rate)} <= {*left}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_official_client_waits_and_comes_through(studio: Studio) -> None:
    secret = new_key(studio, rate=40)
    with studio.client(key=secret) as api:
        while api.post("/videos", json={"prompt": ""}).status_code != 429:
            pass
        with openai.OpenAI(base_url=f"{studio.url}/v1", api_key=secret, max_retries=2) as client:
            with pytest.raises(openai.RateLimitError) as refusal:
                client.with_options(max_retries=0).videos.create(prompt="A fox")
            video = client.videos.create(prompt="A fox that waited")

        assert refusal.value.code == "rate_limit_exceeded"
        assert refusal.value.request_id
        assert api.get(f"/videos/{video.id}").json()["prompt"] == "A fox that waited"
        api.delete(f"/videos/{video.id}")
