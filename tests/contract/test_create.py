"""C13 to C24: the plain fields of a create, and what comes back."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest

from tests.contract.envelope import accepted, refused
from tests.contract.target import Target
from tests.contract.wire import FORM, KEYS, Part, fields, multipart

PROMPT_MAX_LENGTH = 32_000
SDK_SIZES = ("720x1280", "1280x720", "1024x1792", "1792x1024")
PRO_SIZES = ("1080x1920", "1920x1080")
SECONDS = ("4", "8", "12")
LATER_SECONDS = ("16", "20")
FIRST_STATUSES = ("queued", "in_progress")


def is_new_video(video: dict[str, Any], **expected: Any) -> None:
    """The object that a create answers, with all that the contract requires."""
    assert set(video) >= KEYS
    assert "url" not in video
    assert video["object"] == "video"
    assert video["status"] in FIRST_STATUSES
    assert type(video["progress"]) is int
    assert type(video["created_at"]) is int
    assert isinstance(video["id"], str)
    assert [video[key] for key in ("completed_at", "error", "remixed_from_video_id")] == [None, None, None]
    wrong = {name: video[name] for name in expected if video[name] != expected[name]}
    assert not wrong, f"{wrong} where {expected} was expected"


def capabilities(server: httpx.Client, model: str) -> dict[str, list[str]]:
    """What the model says of itself, as far as this server publishes it."""
    answer = server.get(f"/models/{model}")
    entry = answer.json() if answer.status_code == 200 else {}
    return {name: entry[name] for name in ("sizes", "seconds") if isinstance(entry.get(name), list)}


@pytest.mark.c(13)
def test_create_by_json(target: Target, make) -> None:
    video = make(json=target.plain(prompt="A lamp"))

    is_new_video(video, prompt="A lamp", model=target.model or "sora-2", seconds="4", size="720x1280")
    if target.room != "foreign":
        # Where nothing is kept for a while only, nothing expires; and nobody else need begin at nought.
        assert (video["progress"], video["expires_at"]) == (0, None)


@pytest.mark.c(13)
@pytest.mark.engine
def test_create_by_json_in_either_room(target: Target, make) -> None:
    is_new_video(make(json=target.plain(prompt="A lamp")), prompt="A lamp", seconds="4", size="720x1280")


@pytest.mark.c(14)
@pytest.mark.engine
def test_create_by_multipart(target: Target, make) -> None:
    video = make(files=fields(**target.plain(prompt="A lamp")))

    is_new_video(video, prompt="A lamp", seconds="4", size="720x1280")


@pytest.mark.c(14)
def test_create_by_a_form_as_a_page_sends_it(target: Target, make) -> None:
    """application/x-www-form-urlencoded."""
    data = target.plain(prompt="A lamp & more", seconds="8")
    is_new_video(make(data=data), prompt="A lamp & more", seconds="8")


@pytest.mark.c(15)
def test_create_through_the_sdk(sdk: openai.OpenAI, target: Target) -> None:
    raw = sdk.videos.with_raw_response.create(**target.plain(prompt="A lamp"))

    assert raw.http_request.headers["content-type"].startswith("multipart/form-data")
    is_new_video(raw.http_response.json(), prompt="A lamp", seconds="4", size="720x1280")
    assert sdk.videos.delete(raw.parse().id).deleted is True


@pytest.mark.c(16)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("size", SDK_SIZES)
def test_strict_validation_accepts_the_answers(target: Target, size: str) -> None:
    given: dict[str, Any] = {**target.order(), "size": size}
    with openai.OpenAI(base_url=target.url, api_key=target.key, _strict_response_validation=True) as strict:
        video = strict.videos.create(**given)
        assert video.size == size
        assert strict.videos.retrieve(video.id).size == size
        assert video.id in {listed.id for listed in strict.videos.list(limit=5).data}
        assert strict.videos.delete(video.id).deleted is True


@pytest.mark.c(17)
@pytest.mark.engine
@pytest.mark.parametrize("given", [8, "8"])
def test_seconds_are_answered_as_text(make, given: int | str) -> None:
    assert make(seconds=given)["seconds"] == "8"


@pytest.mark.c(18)
@pytest.mark.engine
@pytest.mark.parametrize("seconds", SECONDS)
def test_seconds_that_every_model_has(make, seconds: str) -> None:
    assert make(seconds=seconds)["seconds"] == seconds


@pytest.mark.c(18)
@pytest.mark.parametrize("seconds", LATER_SECONDS)
def test_seconds_that_some_models_have(target: Target, server: httpx.Client, seconds: str) -> None:
    offered = capabilities(server, target.model or "sora-2").get("seconds")
    answer = server.post("/videos", json=target.order(seconds=seconds))
    # A server that does not publish its table may do either, but must do it right.
    if seconds in offered if offered is not None else answer.status_code == 200:
        video = accepted(answer)
        server.delete(f"/videos/{video['id']}")
        assert video["seconds"] == seconds
    else:
        refused(answer, 400, param="seconds", code="invalid_value")


@pytest.mark.c(19)
@pytest.mark.engine
@pytest.mark.parametrize("given", ["15", 15])
def test_unsupported_seconds(target: Target, server: httpx.Client, given: str | int) -> None:
    message = refused(
        server.post("/videos", json=target.plain(prompt="p", seconds=given)), 400, param="seconds", code="invalid_value"
    )

    assert message.startswith("Invalid value: '15'. Supported values are: '4', '8', ")
    if target.room != "foreign":
        assert message == "Invalid value: '15'. Supported values are: '4', '8', '12', '16', and '20'."


@pytest.mark.c(20)
def test_sizes_as_the_model_has_them(target: Target, server: httpx.Client, make) -> None:
    for size in capabilities(server, target.model or "sora-2").get("sizes", SDK_SIZES):
        assert make(size=size)["size"] == size


@pytest.mark.c(20)
def test_1080p_is_for_the_pro_model(target: Target, server: httpx.Client, make) -> None:
    statuses = {server.get(f"/models/{name}").status_code for name in ("sora-2", "sora-2-pro")}
    if target.room == "foreign" and statuses != {200}:
        target.not_applicable("the server has no models called sora-2 and sora-2-pro")
    for size in PRO_SIZES:
        plain = server.post("/videos", json=target.order(model="sora-2", size=size))
        message = refused(plain, 400, param="size", code="invalid_value")
        supported = "'720x1280', '1280x720', '1024x1792', and '1792x1024'"
        assert message == f"Invalid value: '{size}'. Supported values are: {supported}."
        if size in capabilities(server, "sora-2-pro").get("sizes", []):
            assert make(model="sora-2-pro", size=size)["size"] == size
        else:
            pro = server.post("/videos", json=target.order(model="sora-2-pro", size=size))
            refused(pro, 400, param="size", code="invalid_value")


@pytest.mark.c(21)
@pytest.mark.engine
@pytest.mark.parametrize("size", ["1024x1808", "720X1280", "0x0", "abc"])
def test_sizes_that_do_not_exist(target: Target, server: httpx.Client, size: str) -> None:
    message = refused(
        server.post("/videos", json=target.plain(prompt="p", size=size)), 400, param="size", code="invalid_value"
    )

    assert message.startswith(f"Invalid value: '{size}'. Supported values are: '")


BAD_PROMPTS = {
    "missing": ({}, "missing_required_parameter"),
    "empty": ({"prompt": ""}, "invalid_value"),
    "too long": ({"prompt": "ä" * (PROMPT_MAX_LENGTH + 1)}, "string_above_max_length"),
    "a number": ({"prompt": 7}, "invalid_type"),
    "a list": ({"prompt": ["A lamp"]}, "invalid_type"),
}


@pytest.mark.c(22)
@pytest.mark.engine
@pytest.mark.parametrize(("body", "code"), BAD_PROMPTS.values(), ids=BAD_PROMPTS)
def test_bad_prompts(target: Target, server: httpx.Client, body: dict[str, Any], code: str) -> None:
    message = refused(server.post("/videos", json=target.plain(**body)), 400, param="prompt", code=code)

    if code == "missing_required_parameter":
        assert message == "Missing required parameter: 'prompt'."


@pytest.mark.c(22)
def test_bad_prompts_by_multipart(target: Target, server: httpx.Client) -> None:
    def is_refused(code: str, **form: str) -> None:
        answer = server.post("/videos", files=fields(**target.plain(**form)))
        refused(answer, 400, param="prompt", code=code)

    is_refused("missing_required_parameter", seconds="4")
    is_refused("invalid_value", prompt="")
    is_refused("string_above_max_length", prompt="ä" * (PROMPT_MAX_LENGTH + 1))


@pytest.mark.c(22)
@pytest.mark.engine
def test_the_longest_prompt(target: Target, make) -> None:
    prompt = "ä" * PROMPT_MAX_LENGTH

    assert make(prompt=prompt)["prompt"] == prompt
    assert make(files=fields(**target.plain(prompt=prompt)))["prompt"] == prompt


SCRIPTS = {
    "emoji": "A cat 🐈‍⬛ plays the piano 🎹",
    "CJK": "猫がピアノを弾く、雨の夜",
    "right to left": "חתול מנגן בפסנתר — قطة تعزف",
    "lines and quotes": 'First line\nSecond "line" with \\ and \t a tab',
    "composed and decomposed": "\u00e9 and e\u0301",
}


@pytest.mark.c(23)
@pytest.mark.engine
@pytest.mark.parametrize("prompt", SCRIPTS.values(), ids=SCRIPTS)
def test_prompts_come_back_unchanged(target: Target, server: httpx.Client, make, prompt: str) -> None:
    by_json = make(prompt=prompt)
    parts = [Part(name, value) for name, value in target.plain(prompt=prompt).items()]
    by_form = make(content=multipart(*parts), headers={"Content-Type": FORM})

    for video in (by_json, by_form):
        assert video["prompt"] == prompt
        assert server.get(f"/videos/{video['id']}").json()["prompt"] == prompt


@pytest.mark.c(24)
@pytest.mark.engine
def test_unknown_models(target: Target, server: httpx.Client) -> None:
    message = refused(
        server.post("/videos", json={"prompt": "p", "model": "nobody-9"}), 400, param="model", code="model_not_found"
    )

    if target.room != "foreign":
        known = [entry["id"] for entry in server.get("/models").json()["data"]]
        assert known
        assert [name for name in known if name not in message] == []
