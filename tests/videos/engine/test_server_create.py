"""What the server takes as an order, and what it refuses field by field."""

from __future__ import annotations

import json

import pytest

from tests.videos.engine.answers import refused
from tests.videos.engine.orders import LONG_FIELDS
from tests.videos.engine.pictures import data_url
from tests.videos.engine.waiting import in_threads
from videos.contract import SEED_MAX, SIZES

VIDEO_KEYS = {
    "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at", "prompt", "size",
    "seconds", "remixed_from_video_id", "error", "quality", "seed", "operation", "source_video_id",
}  # fmt: skip


def test_a_prompt_alone_takes_the_defaults(created):
    answer = created(json={"prompt": "A fox"})

    video = answer.json()
    assert answer.status_code == 200
    assert set(video) == VIDEO_KEYS
    assert (video["object"], video["model"], video["status"]) == ("video", "animatic-1", "queued")
    assert (video["size"], video["seconds"], video["progress"]) == ("720x1280", "4", 0)
    assert (video["completed_at"], video["error"], video["remixed_from_video_id"]) == (None, None, None)
    assert isinstance(video["seed"], int)
    assert answer.headers["openai-poll-after-ms"].isdigit()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seconds", [4, "20"])
def test_sizes_and_seconds_of_the_contract_are_taken(created, size, seconds):
    video = created(json={"prompt": "A fox", "size": size, "seconds": seconds, "model": "animatic-1"}).json()

    assert (video["size"], video["seconds"]) == (size, str(seconds))


def test_a_video_is_found_at_once(client, created):
    video = created(json=LONG_FIELDS).json()

    assert client.get(f"/videos/{video['id']}").json()["id"] == video["id"]
    assert client.get("/videos").json()["data"][0]["id"] == video["id"]


@pytest.mark.parametrize("prompt", ["狐狸 🦊 ثعلب", "x" * 32_000, '"quoted"\n[0-2s] twice'])
def test_prompts_come_back_unchanged(created, prompt):
    assert created(json=LONG_FIELDS | {"prompt": prompt}).json()["prompt"] == prompt
    assert created(files={"prompt": (None, prompt)}).json()["prompt"] == prompt


def test_unknown_fields_are_ignored_and_the_seed_is_not(created):
    body = LONG_FIELDS | {"seed": SEED_MAX, "fps": 25, "quality": "high", "style": [{"id": "x"}], "n": None}

    assert created(json=body).json()["seed"] == SEED_MAX


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"prompt": None}, "prompt", "missing_required_parameter"),
        ({"prompt": ""}, "prompt", "invalid_value"),
        ({"prompt": "  \n"}, "prompt", "invalid_value"),
        ({"prompt": "\ud800"}, "prompt", "invalid_value"),
        ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length"),
        ({"prompt": 5}, "prompt", "invalid_type"),
        ({"seconds": "15"}, "seconds", "invalid_value"),
        ({"seconds": 15}, "seconds", "invalid_value"),
        ({"seconds": True}, "seconds", "invalid_type"),
        ({"seconds": 4.5}, "seconds", "invalid_type"),
        ({"size": "1024x1808"}, "size", "invalid_value"),
        ({"size": "720X1280"}, "size", "invalid_value"),
        ({"size": "0x0"}, "size", "invalid_value"),
        ({"size": {"width": 4}}, "size", "invalid_type"),
        ({"model": "sora-2"}, "model", "model_not_found"),
        ({"model": 5}, "model", "invalid_type"),
        ({"model": []}, "model", "invalid_type"),
        ({"seed": "x"}, "seed", "invalid_type"),
        ({"seed": 1.5}, "seed", "invalid_type"),
        ({"seed": -1}, "seed", "invalid_value"),
        ({"seed": SEED_MAX + 1}, "seed", "invalid_value"),
        ({"input_reference": "file-1"}, "input_reference", "invalid_type"),
        ({"input_reference": ["x"]}, "input_reference", "invalid_type"),
        ({"input_reference": {}}, "input_reference", "invalid_value"),
        ({"input_reference": {"image_url": "data:,", "file_id": "f"}}, "input_reference", "invalid_value"),
        ({"input_reference": {"file_id": "f"}}, "input_reference.file_id", "file_not_found"),
        ({"input_reference": {"image_url": 5}}, "input_reference.image_url", "invalid_type"),
        ({"input_reference": {"image_url": "http://127.0.0.1/x"}}, "input_reference.image_url", "invalid_image_url"),
        ({"input_reference": {"image_url": "file:///etc/passwd"}}, "input_reference.image_url", "invalid_image_url"),
        ({"input_reference": {"image_url": "data:x;base64,%%%"}}, "input_reference.image_url", "invalid_image_url"),
        ({"input_reference": {"image_url": data_url(b"nothing")}}, "input_reference", "invalid_image_format"),
        (
            {"input_reference": {"image_url": "data:image/png;base64," + "A" * 20_971_520}},
            "input_reference.image_url",
            "string_above_max_length",
        ),
    ],
)  # fmt: skip
def test_a_bad_field_is_refused_by_name(client, change, param, code):
    body = json.dumps({"prompt": "A fox"} | change)

    refused(client.post("/videos", content=body, headers={"Content-Type": "application/json"}), 400, code, param)


def test_a_refused_value_comes_with_those_supported(client):
    message = refused(client.post("/videos", json={"prompt": "x", "seconds": "15"}), 400, "invalid_value", "seconds")

    assert message == "Invalid value: '15'. Supported values are: '4', '8', '12', '16', and '20'."


def test_the_same_key_and_body_give_the_same_video(created):
    headers = {"Idempotency-Key": "again"}
    first = created(json=LONG_FIELDS, headers=headers).json()

    assert created(json=LONG_FIELDS, headers=headers).json()["id"] == first["id"]
    assert created(data=LONG_FIELDS, headers=headers).json()["id"] == first["id"]
    refused(created(json=LONG_FIELDS | {"seconds": "4"}, headers=headers), 400, "idempotency_key_reused")


def test_many_creates_at_once_give_one_video_per_key(created):
    ids: dict[int, set[str]] = {0: set(), 1: set(), 2: set()}

    def post(number):
        answer = created(json=LONG_FIELDS, headers={"Idempotency-Key": f"many-{number % 3}"})
        ids[number % 3].add(answer.json()["id"])

    in_threads(post, 30)

    assert [len(each) for each in ids.values()] == [1, 1, 1]
    assert len(set.union(*ids.values())) == 3
