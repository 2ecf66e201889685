from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from studio import urls as studio_urls
from tests.factories import make_ready_video, make_video
from tests.videos.api.wire import post_json
from videos import log
from videos.api import journal
from videos.models import ApiKey, ApiRequest, Workspace
from videos.models.api_key import REQUESTS_KEPT


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("out of paint")


urlpatterns = [path("v1/broken", broken), *studio_urls.urlpatterns]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="videos.api")
    caplog.handler.addFilter(log.OfRequest())
    caplog.handler.setFormatter(logging.Formatter("{name}{of_request}: {message}", style="{"))
    return caplog


def test_a_line_tells_what_was_made_and_by_which_key(
    api: Client, workspace: Workspace, lines: pytest.LogCaptureFixture
) -> None:
    agent = {"User-Agent": "OpenAI/Python 3.52.0", "X-Stainless-Retry-Count": "1"}
    answer = api.post("/v1/videos?wish=secret", {"prompt": "A hidden fox"}, "application/json", headers=agent)

    (line,) = [it for it in lines.text.splitlines() if it.startswith("videos.api")]
    key = ApiKey.objects.get()
    assert line.startswith(f"videos.api [{answer.headers['x-request-id']}]: POST /v1/videos 200 ")
    assert f"key={key.prefix} made={answer.json()['id']} retry=1 client=OpenAI/Python 3.52.0" in line
    assert "hidden fox" not in lines.text
    assert "secret" not in lines.text
    assert api.defaults["HTTP_AUTHORIZATION"].split()[1] not in lines.text


def test_a_line_tells_what_was_wrong(api: Client, workspace: Workspace, lines: pytest.LogCaptureFixture) -> None:
    post_json(api, {"prompt": "A fox", "seconds": "7"})

    assert "POST /v1/videos 400 " in lines.text
    assert "error=invalid_value param=seconds" in lines.text
    assert "made=" not in lines.text


def test_a_wrong_key_leaves_a_line_without_it_and_no_row(db: None, lines: pytest.LogCaptureFixture) -> None:
    Client(headers={"Authorization": "Bearer sk-studio-a-wrong-one"}).get("/v1/videos")

    assert "GET /v1/videos 401 " in lines.text
    assert "key=- error=invalid_api_key" in lines.text
    assert "a-wrong-one" not in lines.text
    assert not ApiRequest.objects.exists()


def test_nothing_sent_can_forge_a_line(api: Client, lines: pytest.LogCaptureFixture) -> None:
    api.get("/v1/a%0d%0aINFO forged", headers={"User-Agent": "a\r\nINFO forged"})

    (line,) = [it for it in lines.text.splitlines() if it.startswith("videos.api")]
    assert "/v1/a\\r\\nINFO forged" in line
    assert "client=a\\r\\nINFO forged" in line
    assert not any(it.startswith("INFO") for it in lines.text.splitlines())


def test_a_traceback_carries_the_id_that_the_client_was_told(
    settings, api: Client, lines: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = __name__
    api.raise_request_exception = False

    answer = api.get("/v1/broken")

    assert f"django.request [{answer.headers['x-request-id']}]: Internal Server Error: /v1/broken" in lines.text
    assert "RuntimeError: out of paint" in lines.text


def test_a_page_is_no_matter_of_the_api(as_alice: Client, lines: pytest.LogCaptureFixture) -> None:
    as_alice.get("/me/keys/")

    assert "videos.api" not in lines.text


def test_a_request_is_kept_for_the_owner_of_the_key(api: Client, workspace: Workspace) -> None:
    answer = api.post("/v1/videos", b"{", "application/json", headers={"User-Agent": "curl/8.5.0"})

    row = ApiRequest.objects.get()
    assert row.request_id == answer.headers["x-request-id"]
    assert (row.api_key, row.method, row.path, row.status) == (ApiKey.objects.get(), "POST", "/v1/videos", 400)
    assert (row.error_code, row.error_message) == ("invalid_request_error", answer.json()["error"]["message"])
    assert row.client == "curl/8.5.0"


def test_a_key_that_may_not_is_kept_too(api: Client, workspace: Workspace) -> None:
    ApiKey.objects.update(scopes=["videos:read"])

    assert post_json(api, {"prompt": "x"}).status_code == 403

    assert ApiRequest.objects.get().error_code == "permission_denied"


@pytest.mark.parametrize(
    ("method", "address", "kept"),
    [
        ("GET", "/v1/videos/{id}", False),
        ("HEAD", "/v1/videos/{id}", False),
        ("GET", "/v1/videos/video_unknown", True),
        ("GET", "/v1/videos", True),
        ("HEAD", "/v1/videos/{id}/content", False),
        ("GET", "/v1/videos/{id}/content", True),
        ("GET", "/v1/videos/{id}/content?variant=nothing", True),
        ("DELETE", "/v1/videos/{id}", True),
    ],
)
def test_what_went_without_saying_is_not_kept(
    api: Client, workspace: Workspace, disk: None, method: str, address: str, kept: bool
) -> None:
    video = make_ready_video(workspace)

    response = api.generic(method, address.format(id=video.id))
    response.getvalue()

    assert ApiRequest.objects.exists() is kept


def test_a_piece_of_a_file_is_not_kept(api: Client, workspace: Workspace, disk: None) -> None:
    video = make_ready_video(workspace)

    piece = api.get(f"/v1/videos/{video.id}/content", headers={"Range": "bytes=0-9"})
    piece.getvalue()

    assert piece.status_code == 206
    assert not ApiRequest.objects.exists()


@pytest.mark.parametrize("address", ["/v1/videos/video_" + "x" * 1000, "/v1/videos/a%00b%0ac", "/v1/videos/%ff"])
def test_an_odd_request_is_kept_in_short(api: Client, workspace: Workspace, address: str) -> None:
    answer = api.get(address, headers={"User-Agent": "x" * 500})

    assert answer.status_code == 404
    row = ApiRequest.objects.get()
    assert len(row.path) <= 200
    assert row.path.isprintable()
    assert row.client == "x" * 80


def test_a_log_that_cannot_be_written_spoils_no_answer(
    api: Client, workspace: Workspace, lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ApiRequest._meta, "db_table", "there_is_no_such_table")

    answer = api.get("/v1/videos")

    assert answer.status_code == 200
    assert "missing among the key's requests" in lines.text


def test_only_the_newest_are_kept(
    api: Client, api_of_charlie: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trimmed here with each request, and in earnest now and then."""
    monkeypatch.setattr(journal, "TRIM_EVERY", 1)
    mine, other = ApiKey.objects.order_by("pk")
    old = timezone.now() - timedelta(days=1)
    facts = {"method": "GET", "path": "/v1/videos", "status": 200, "milliseconds": 1, "created_at": old}
    for key in (mine, other):
        ids = (f"req_{key.pk}_{number}" for number in range(REQUESTS_KEPT + 30))
        ApiRequest.objects.bulk_create(ApiRequest(api_key=key, request_id=it, **facts) for it in ids)

    newest = api.get("/v1/videos").headers["x-request-id"]

    assert mine.requests.count() == REQUESTS_KEPT
    assert mine.requests.filter(request_id=newest).exists()
    assert not mine.requests.filter(request_id=f"req_{mine.pk}_0").exists()
    assert other.requests.count() == REQUESTS_KEPT + 30


def test_a_poll_that_is_not_found_is_kept_and_one_that_is_found_is_not(api: Client, workspace: Workspace) -> None:
    video = make_video(workspace)

    for _ in range(3):
        api.get(f"/v1/videos/{video.id}")
    missed = api.get("/v1/videos/video_gone")

    assert [row.request_id for row in ApiRequest.objects.all()] == [missed.headers["x-request-id"]]
