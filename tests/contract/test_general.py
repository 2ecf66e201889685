"""C1 to C12: what holds on every route."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest

from tests import factories
from tests.contract.envelope import accepted, enveloped, refused
from tests.contract.sources import character, upload_file
from tests.contract.target import Target
from tests.contract.workshop import Workshop
from tests.live.server import wait_until

ROUTES = [
    ("POST", "/videos"),
    ("GET", "/videos"),
    ("GET", "/videos/x"),
    ("DELETE", "/videos/x"),
    ("GET", "/videos/x/content"),
    ("POST", "/videos/x/remix"),
    ("POST", "/videos/edits"),
    ("POST", "/videos/extensions"),
    ("POST", "/videos/characters"),
    ("GET", "/videos/characters/x"),
]
ENGINE_ROUTES = [*ROUTES[:6], ("GET", "/models")]


@pytest.mark.c(1)
def test_every_answer_has_a_request_id(server: httpx.Client, finished: str, make) -> None:
    made = make()
    answers = [
        server.get("/videos"),
        server.get(f"/videos/{made['id']}"),
        server.get(f"/videos/{made['id']}/content"),
        server.post("/videos", json={}),
        server.put("/videos"),
        server.get("/nothing/here"),
        server.get("/videos", headers={"Authorization": "Bearer wrong"}),
        server.get("/models"),
        server.head(f"/videos/{finished}/content"),
        *[server.get(f"/videos/{finished}/content", params={"variant": it}) for it in ("video", "thumbnail")],
        server.get(f"/videos/{finished}/content", headers={"Range": "bytes=0-9"}),
        server.get(f"/videos/{finished}/content", headers={"Range": "bytes=999999999-"}),
    ]

    ids = [answer.headers.get("x-request-id") for answer in answers]
    assert all(ids), [str(answer.url) for answer, its_id in zip(answers, ids, strict=True) if not its_id]
    assert len({*ids}) == len(ids)


@pytest.mark.c(1)
def test_the_sdk_shows_the_request_id(sdk: openai.OpenAI, finished: str) -> None:
    raw = sdk.videos.with_raw_response.retrieve(finished)

    assert raw.headers["x-request-id"]
    assert raw.parse()._request_id == raw.headers["x-request-id"]


@pytest.mark.c(2)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_opens_without_a_key(target: Target, method: str, path: str) -> None:
    _is_closed(target, method, path)


@pytest.mark.c(2)
@pytest.mark.engine
@pytest.mark.parametrize(("method", "path"), ENGINE_ROUTES)
def test_no_route_of_either_room_opens_without_a_key(target: Target, method: str, path: str) -> None:
    _is_closed(target, method, path)


def _is_closed(target: Target, method: str, path: str) -> None:
    with httpx.Client(trust_env=False, follow_redirects=True, timeout=30) as nobody:
        url = f"{target.url}{path}"
        refused(nobody.request(method, url), 401)
        wrong = {"Authorization": "Bearer sk-wrong-key-of-nobody"}
        message = refused(nobody.request(method, url, headers=wrong), 401, code="invalid_api_key")
        assert "wrong-key-of-nobody" not in message
        assert enveloped(nobody.request(method, url, auth=("user", target.key)), 401)


@pytest.mark.c(3)
@pytest.mark.engine
@pytest.mark.parametrize("path", ["/nothing/here", "/videos/generations", "/videos/a/b/c", "/nothing?x=%00"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_routes(server: httpx.Client, method: str, path: str) -> None:
    if (method, path) == ("GET", "/videos/generations"):
        assert enveloped(server.get(path), 404)  # may be read as a video's id
        return
    message = refused(server.request(method, path), 404, code="unknown_url")

    assert message.startswith(f"Invalid URL ({method} /v1/")


@pytest.mark.c(4)
@pytest.mark.engine
def test_wrong_methods(server: httpx.Client) -> None:
    put = server.put("/videos")
    refused(put, 405, code="method_not_allowed")
    assert {"GET", "POST"} <= set(put.headers["Allow"].replace(" ", "").split(","))

    post = server.post("/videos/video_x/content", json={})
    refused(post, 405, code="method_not_allowed")
    assert "GET" in post.headers["Allow"]


SLASHED = ["/videos/", "/videos/video_x/remix/", "/videos/edits/", "/videos/extensions/", "/videos/characters/"]


@pytest.mark.c(5)
@pytest.mark.parametrize("path", SLASHED)
def test_a_trailing_slash_never_redirects_a_post(server: httpx.Client, path: str) -> None:
    answer = server.post(path, json={"prompt": ""}, follow_redirects=False)

    assert answer.status_code in (400, 404, 405)
    assert enveloped(answer, answer.status_code)


@pytest.mark.c(6)
@pytest.mark.engine
def test_success_is_exactly_200(target: Target, server: httpx.Client, finished: str) -> None:
    made = server.post("/videos", json=target.order())
    remix = server.post(f"/videos/{finished}/remix", json={"prompt": "at night"})
    answers = [
        made,
        remix,
        server.get("/videos"),
        server.get(f"/videos/{made.json()['id']}"),
        server.get(f"/videos/{finished}/content"),
        server.get("/models"),
        server.delete(f"/videos/{made.json()['id']}"),
        server.delete(f"/videos/{remix.json()['id']}"),
    ]

    assert [answer.status_code for answer in answers] == [200] * len(answers)


@pytest.mark.c(6)
def test_success_of_the_younger_operations_is_exactly_200(server: httpx.Client, finished: str) -> None:
    source = {"id": finished}
    edited = accepted(server.post("/videos/edits", json={"video": source, "prompt": "in the rain"}))
    longer = {"video": source, "prompt": "it bows", "seconds": "4"}
    extended = accepted(server.post("/videos/extensions", json=longer))
    made = character(server, "Mimi")

    assert server.get(f"/videos/characters/{made['id']}").status_code == 200
    for video in (edited, extended):
        assert server.delete(f"/videos/{video['id']}").status_code == 200


RENAME = "from django.db import connection as c; c.cursor().execute('ALTER TABLE {} RENAME TO {}')"


@pytest.fixture
def mishaps(request: pytest.FixtureRequest, target: Target) -> list[httpx.Response]:
    """What a server answers to a GET and a POST that run into a defect nobody has foreseen: its table is gone."""
    target.own("needs a defect of the server")
    found: list[httpx.Response] = request.getfixturevalue("_mishaps")
    return found


@pytest.fixture(scope="module")
def _mishaps(_workshop: Workshop) -> list[httpx.Response]:
    target = _workshop.target
    source = {"prompt": "p", "video": {"id": "video_x"}}
    target.shell(RENAME.format("videos_video", "videos_gone"))
    try:
        with target.client() as bench:
            return [
                bench.get("/videos"),
                bench.get("/videos/video_x"),
                bench.get("/videos/video_x/content"),
                bench.post("/videos", json=target.order()),
                bench.post("/videos/video_x/remix", json={"prompt": "p"}),
                bench.post("/videos/edits", json=source),
                bench.post("/videos/extensions", json={**source, "seconds": "4"}),
                bench.delete("/videos/video_x"),
            ]
    finally:
        target.shell(RENAME.format("videos_gone", "videos_video"))


@pytest.mark.c(7)
def test_an_unhandled_exception_leaks_nothing(mishaps: list[httpx.Response]) -> None:
    for answer in mishaps:
        refused(answer, 500, kind="server_error")
        assert [word for word in ("Traceback", "videos_video", "no such table", "File ") if word in answer.text] == []


@pytest.mark.c(12)
def test_what_broke_is_repeated_by_no_sdk_but_a_question_is(mishaps: list[httpx.Response]) -> None:
    """Nobody knows whether an order was stored, so it must not be made again; to ask again does no harm."""
    said = [(answer.request.method, answer.headers.get("x-should-retry")) for answer in mishaps]

    assert said == [("GET", None)] * 3 + [("POST", "false")] * 4 + [("DELETE", "false")]


def _answers_about(client: httpx.Client, video_id: str) -> list[httpx.Response]:
    source = {"video": {"id": video_id}, "prompt": "mine now"}
    return [
        client.get(f"/videos/{video_id}"),
        client.delete(f"/videos/{video_id}"),
        client.get(f"/videos/{video_id}/content"),
        client.post(f"/videos/{video_id}/remix", json={"prompt": "mine now"}),
        client.post("/videos/edits", json=source),
        client.post("/videos/extensions", json={**source, "seconds": "4"}),
    ]


@pytest.mark.c(8)
def test_another_projects_videos_are_unknown(server: httpx.Client, stranger: httpx.Client, finished: str) -> None:
    answers = {it: _answers_about(stranger, it) for it in (finished, "video_that_never_was")}
    for video_id, seen in answers.items():
        for answer in seen:
            param = "video" if answer.request.url.path.endswith(("/edits", "/extensions")) else None
            message = refused(answer, 404, param=param, code="video_not_found")
            assert message == f"Video with id '{video_id}' not found."
    assert finished not in {video["id"] for video in stranger.get("/videos").json()["data"]}
    assert server.get(f"/videos/{finished}").status_code == 200


@pytest.mark.c(8)
def test_another_projects_characters_and_files_are_answered_like_those_that_never_were(
    target: Target, server: httpx.Client, stranger: httpx.Client, characters: list[str]
) -> None:
    file = upload_file(server, factories.image(size=(1280, 720)), "vision", "scene.png")["id"]

    theirs = _words_about(target, stranger, characters[0], file)
    unknown = _words_about(target, stranger, "char_nobody", "file-nobody")
    assert theirs == unknown
    assert [status for status, _ in theirs] == [404, 400, 400, 404, 404, 404]
    assert server.get(f"/videos/characters/{characters[0]}").status_code == 200
    assert server.get(f"/files/{file}").status_code == 200
    server.delete(f"/files/{file}")


def _words_about(target: Target, client: httpx.Client, character_id: str, file_id: str) -> list[tuple[int, str]]:
    """All that a client is told, but for the ids that it named itself."""
    answers = [
        client.get(f"/videos/characters/{character_id}"),
        client.post("/videos", json=target.order(characters=[{"id": character_id}])),
        client.post("/videos", json=target.order(input_reference={"file_id": file_id})),
        client.get(f"/files/{file_id}"),
        client.get(f"/files/{file_id}/content"),
        client.delete(f"/files/{file_id}"),
    ]
    for answer in answers:
        assert enveloped(answer, answer.status_code)
    return [(it.status_code, it.text.replace(character_id, "ID").replace(file_id, "ID")) for it in answers]


# However slow the machine, a bucket of so few tokens is empty before so many creates.
CREATES_A_MINUTE, CREATES_AT_MOST = 30, 200


@pytest.mark.c(11)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_rate_limit(workshop: Workshop) -> None:
    key = workshop.target.issue_key(rate=CREATES_A_MINUTE)
    order = workshop.target.order(prompt="One of too many")
    with workshop.target.client(key) as bench:
        *taken, limited = _until_refused(bench, order)
        made = {accepted(answer)["id"] for answer in taken}
        _says_what_is_left(taken[0])
        refused(limited, 429, code="rate_limit_exceeded", kind="requests")
        assert 0 < float(limited.headers["Retry-After"]) <= 60
        assert limited.headers["x-ratelimit-remaining-requests"] == "0"
        assert limited.headers.get("x-should-retry") != "false"
        newest = bench.get("/videos", params={"order": "desc", "limit": 100}).json()["data"]
        assert {video["id"] for video in newest if video["prompt"] == order["prompt"]} <= made, "a refusal was queued"
        _the_sdk_gets_through(workshop.target, key)
        for video_id in made:
            bench.delete(f"/videos/{video_id}")


def _until_refused(client: httpx.Client, order: dict[str, Any]) -> list[httpx.Response]:
    answers: list[httpx.Response] = []
    while not answers or answers[-1].status_code == 200:
        assert len(answers) < CREATES_AT_MOST, "no create was refused"
        answers.append(client.post("/videos", json=order))
    return answers


def _says_what_is_left(taken: httpx.Response) -> None:
    assert int(taken.headers["x-ratelimit-limit-requests"]) == CREATES_A_MINUTE
    assert 0 <= int(taken.headers["x-ratelimit-remaining-requests"]) < CREATES_A_MINUTE
    assert taken.headers["x-ratelimit-reset-requests"]


def _the_sdk_gets_through(target: Target, key: str) -> None:
    """It waits as told and asks again, without a word to its caller."""
    with openai.OpenAI(base_url=target.url, api_key=key, max_retries=2) as sdk:
        raw = sdk.videos.with_raw_response.create(**target.order())
    assert raw.status_code == 200
    assert raw.retries_taken in (1, 2)


@pytest.mark.c(12)
def test_what_a_client_did_wrong_is_never_asked_for_again(server: httpx.Client, target: Target, finished: str) -> None:
    """No answer to a wrong order is of the kind that SDKs repeat: 409, 429, 5xx."""
    keyed = {"Idempotency-Key": "conformance-c12"}
    made = server.post("/videos", json=target.order(), headers=keyed)
    answers = [
        server.post("/videos", json={"prompt": ""}),
        server.post("/videos", json=target.order(prompt="Something else"), headers=keyed),
        server.post("/videos/video_x/remix", json={"prompt": "p"}),
        server.post(f"/videos/{made.json()['id']}/remix", json={"prompt": "p"}),
        server.delete(f"/videos/{made.json()['id']}"),
        server.delete(f"/videos/{made.json()['id']}"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 404, 400, 200, 404]
    wait_until(lambda: server.get(f"/videos/{made.json()['id']}").status_code == 404, seconds=5, what="it is gone")
