from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from studio import urls as studio_urls
from tests.factories import make_video
from tests.videos.api.wire import FORM, Part, error_of, multipart, post_json
from videos.models import Video, Workspace

MESSAGE = "the database password is hunter2"


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(MESSAGE)


urlpatterns = [path("v1/broken", broken), path("broken", broken), *studio_urls.urlpatterns]

UNKNOWN = [
    ("GET", "/v1"),
    ("GET", "/v1/"),
    ("GET", "/v1/nothing"),
    ("POST", "/v1/nothing"),
    ("GET", "/v1/videos/"),
    ("POST", "/v1/videos/"),
    ("POST", "/v1/videos/video_x/remix/"),
    ("GET", "/v1/videos/video_x/content/"),
    ("DELETE", "/v1/videos/video_x/"),
    ("GET", "/v1/videos/video_x/nothing"),
    ("POST", "/v1/videos/generations"),
    ("GET", "/v1/<script>"),
]


@pytest.mark.parametrize(("method", "path"), UNKNOWN)
def test_an_unknown_route_is_told_in_the_envelope_and_never_redirected(api: Client, method: str, path: str) -> None:
    response = api.generic(method, path, b'{"prompt": "x"}', content_type="application/json")

    error = error_of(response, 404)
    assert error["code"] == "unknown_url"
    assert error["message"].startswith(f"Invalid URL ({method} /v1")
    assert "Location" not in response.headers
    assert not Video.objects.exists()


WRONG_METHODS = [
    ("PUT", "/v1/videos", "GET, HEAD, POST"),
    ("PATCH", "/v1/videos", "GET, HEAD, POST"),
    ("DELETE", "/v1/videos", "GET, HEAD, POST"),
    ("OPTIONS", "/v1/videos", "GET, HEAD, POST"),
    ("POST", "/v1/videos/{id}", "DELETE, GET, HEAD"),
    ("PUT", "/v1/videos/{id}", "DELETE, GET, HEAD"),
    ("POST", "/v1/videos/{id}/content", "GET, HEAD"),
    ("GET", "/v1/videos/{id}/remix", "POST"),
    ("HEAD", "/v1/videos/{id}/remix", "POST"),
    ("POST", "/v1/models", "GET, HEAD"),
    ("DELETE", "/v1/models/sora-2", "GET, HEAD"),
]


@pytest.mark.parametrize(("method", "path", "allowed"), WRONG_METHODS)
def test_a_wrong_method_is_told_which_are_right(
    api: Client, workspace: Workspace, method: str, path: str, allowed: str
) -> None:
    video = make_video(workspace)

    response = api.generic(method, path.format(id=video.id))

    assert response.status_code == 405
    assert response.headers["Allow"] == allowed
    assert response.headers["Content-Type"] == "application/json"
    if method != "HEAD":
        assert error_of(response, 405)["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/v1/videos", "/v1/videos/video_x", "/v1/models"])
def test_head_answers_like_get_without_a_body(api: Client, workspace: Workspace, path: str) -> None:
    asked, looked = api.get(path), api.head(path)

    assert looked.status_code == asked.status_code
    assert looked.headers["Content-Type"] == "application/json"
    assert looked.content == b""


@pytest.mark.parametrize("host", ["evil.example", "a b", "localhost:port", "[::1"])
def test_a_bad_host_is_told_in_the_envelope(api: Client, host: str) -> None:
    response = api.get("/v1/videos", headers={"Host": host})

    error_of(response, 400)
    assert host not in response.content.decode()


@pytest.mark.parametrize("debug", [False, True])
def test_our_own_mistake_is_told_without_its_details(
    settings, api: Client, debug: bool, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = debug
    api.raise_request_exception = False

    response = api.get("/v1/broken")

    error = error_of(response, 500)
    assert (error["param"], error["code"]) == (None, None)
    assert "hunter2" not in response.content.decode()
    assert MESSAGE in caplog.text


def test_outside_of_the_api_a_mistake_has_a_page(settings, api: Client) -> None:
    settings.ROOT_URLCONF = __name__
    api.raise_request_exception = False

    response = api.get("/broken")

    assert response.status_code == 500
    assert response.headers["Content-Type"].startswith("text/html")
    assert "hunter2" not in response.content.decode()


@pytest.mark.parametrize("content_type", ["application/json", FORM, "application/x-www-form-urlencoded", "text/plain"])
def test_a_body_over_the_limit_is_refused(settings, api: Client, content_type: str) -> None:
    settings.BODY_MAX_BYTES = 1000
    body = multipart(Part("prompt", "x" * 1000))

    response = api.post("/v1/videos", body, content_type=content_type)

    assert error_of(response, 413)["code"] == "request_too_large"
    assert not Video.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", FORM, "application/x-www-form-urlencoded"])
def test_djangos_own_limit_has_the_same_answer(settings, api: Client, content_type: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = multipart(Part("prompt", "x" * 1000))

    response = api.post("/v1/videos", body, content_type=content_type)

    assert error_of(response, 413)["code"] == "request_too_large"


def test_a_page_over_the_limit_is_a_page(settings, as_alice: Client, workspace: Workspace) -> None:
    settings.BODY_MAX_BYTES = 1000

    response = as_alice.post("/w/meadow/create/", {"prompt": "x" * 1000})

    assert response.status_code == 413
    assert response.headers["Content-Type"].startswith("text/html")
    assert not Video.objects.exists()


def test_every_answer_has_a_request_id_of_its_own(api: Client, workspace: Workspace) -> None:
    video = make_video(workspace)
    answers = [
        api.get("/v1/videos"),
        api.get(f"/v1/videos/{video.id}"),
        post_json(api, {"prompt": "x"}),
        post_json(api, {}),
        api.delete(f"/v1/videos/{video.id}"),
        api.get("/v1/nothing"),
        api.put("/v1/videos"),
        Client().get("/v1/videos"),
    ]

    ids = [answer.headers["x-request-id"] for answer in answers]

    assert len(set(ids)) == len(answers)
    assert all(one.startswith("req_") and len(one) > 20 for one in ids)


@pytest.mark.parametrize("path", ["/v1/videos", "/v1/nothing", "/v1/videos/video_x"])
def test_every_answer_tells_its_version_and_how_long_it_took(api: Client, path: str) -> None:
    answer = api.get(path)

    assert answer.headers["openai-version"] == "2020-10-01"
    assert answer.headers["openai-processing-ms"].isdecimal()


def test_a_page_has_a_request_id_and_no_headers_of_the_api(as_alice: Client) -> None:
    page = as_alice.get("/me/keys/")

    assert page.headers["x-request-id"].startswith("req_")
    assert "openai-version" not in page.headers


def test_no_csrf_token_is_asked_of_a_key(api: Client, workspace: Workspace) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Authorization": api.defaults["HTTP_AUTHORIZATION"]})

    assert post_json(strict, {"prompt": "x"}).status_code == 200
    assert error_of(post_json(strict, {}, "/v1/videos/generations"), 404)["code"] == "unknown_url"


def test_no_cookie_is_set(api: Client, workspace: Workspace) -> None:
    assert not api.get("/v1/videos").cookies
    assert not post_json(api, {"prompt": "x"}).cookies
