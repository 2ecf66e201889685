from __future__ import annotations

import html
from typing import Any, NamedTuple

import pytest
from django.test import Client

from tests.factories import make_ready_video
from tests.videos.api.wire import error_of, post_json
from videos.contract import SEED_MAX
from videos.forms import RemixComposerForm, RemixForm, VideoForm
from videos.models import Video, Workspace

PROMPT = "A calico cat playing a piano on stage"
GOOD = {"prompt": PROMPT, "model": "animatic-1", "size": "1280x720", "seconds": "8", "seed": "7"}


class Bad(NamedTuple):
    fields: dict[str, str]
    code: str
    words: str

    @property
    def param(self) -> str:
        return next(iter(self.fields))


BAD = {
    "empty prompt": Bad({"prompt": ""}, "invalid_value", "Write a prompt"),
    "prompt of spaces": Bad({"prompt": " \t\n "}, "invalid_value", "Write a prompt"),
    "prompt too long": Bad({"prompt": "x" * 32_001}, "string_above_max_length", "32,001 characters; at most 32,000"),
    "prompt with NUL": Bad({"prompt": "a cat\x00"}, "invalid_value", "Null characters"),
    "unknown model": Bad({"model": "sora-9"}, "model_not_found", "'sora-9' does not exist. Known models: 'animatic-1'"),
    "unknown size": Bad({"size": "1024x1808"}, "invalid_value", "Invalid value: '1024x1808'. Supported values are: '"),
    "size in capitals": Bad({"size": "720X1280"}, "invalid_value", "Supported values are: '720x1280'"),
    "size of nothing": Bad({"size": "0x0"}, "invalid_value", "Invalid value: '0x0'"),
    "size in words": Bad({"size": "abc"}, "invalid_value", "Invalid value: 'abc'"),
    "unknown seconds": Bad({"seconds": "15"}, "invalid_value", "are: '4', '8', '12', '16', and '20'."),
    "no seconds": Bad({"seconds": "0"}, "invalid_value", "Invalid value: '0'"),
    "seconds in words": Bad({"seconds": "eight"}, "invalid_value", "Invalid value: 'eight'"),
    "negative seed": Bad({"seed": "-1"}, "invalid_value", f"from 0 to {SEED_MAX}"),
    "seed too large": Bad({"seed": str(SEED_MAX + 1)}, "invalid_value", f"from 0 to {SEED_MAX}"),
    "seed of 5,000 digits": Bad({"seed": "9" * 5000}, "invalid_value", f"from 0 to {SEED_MAX}"),
    "seed in words": Bad({"seed": "lucky"}, "invalid_value", f"from 0 to {SEED_MAX}"),
    "seed with a fraction": Bad({"seed": "1.5"}, "invalid_value", f"from 0 to {SEED_MAX}"),
}
bad_input = pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())


@bad_input
@pytest.mark.parametrize("encoding", ["json", "multipart"])
def test_a_program_is_told_which_field_is_wrong(api: Client, bad: Bad, encoding: str) -> None:
    fields = GOOD | bad.fields

    response = post_json(api, fields) if encoding == "json" else api.post("/v1/videos", fields)

    error = error_of(response)
    assert (error["param"], error["code"]) == (bad.param, bad.code)
    assert bad.words in error["message"]
    assert not Video.objects.exists()


@bad_input
def test_a_person_sees_the_error_and_loses_nothing_typed(as_alice: Client, workspace: Workspace, bad: Bad) -> None:
    fields = GOOD | bad.fields

    response = as_alice.post("/w/meadow/create/", fields)

    assert response.status_code == 400
    page = html.unescape(response.content.decode())
    form = response.context["form"]
    assert list(form.errors) == [bad.param]
    assert bad.words in page
    for name, value in fields.items():
        assert form[name].value() == value
    assert fields["prompt"] in page
    assert fields["seed"] in page
    assert not Video.objects.exists()


BAD_REMIXES = {name: bad for name, bad in BAD.items() if bad.param in ("prompt", "seed")}


@pytest.mark.parametrize("bad", BAD_REMIXES.values(), ids=BAD_REMIXES.keys())
def test_both_doors_judge_a_remix_alike(api: Client, as_alice: Client, workspace: Workspace, bad: Bad) -> None:
    source = make_ready_video(workspace)
    fields = {"prompt": "The same, but at night", "seed": "7"} | bad.fields

    program = post_json(api, fields, f"/v1/videos/{source.id}/remix")
    person = as_alice.post(f"/v/{source.id}/remix/", fields)

    error = error_of(program)
    assert (error["param"], error["code"]) == (bad.param, bad.code)
    assert person.status_code == 400
    assert error["message"] in html.unescape(person.content.decode())
    assert {name: person.context["form"][name].value() for name in fields} == fields
    assert list(Video.objects.all()) == [source]


@pytest.mark.parametrize("prompt", ["x", "x" * 32_000, "🐈" * 32_000])
def test_prompts_of_1_to_32000_characters_are_taken(api: Client, as_alice: Client, prompt: str) -> None:
    program = post_json(api, {"prompt": prompt})
    person = as_alice.post("/w/meadow/create/", GOOD | {"prompt": prompt})

    assert program.status_code == 200
    assert person.status_code == 302
    assert [video.prompt for video in Video.objects.all()] == [prompt, prompt]


def test_a_browsers_line_breaks_count_as_one_character() -> None:
    form = RemixComposerForm({"prompt": "x\r\n" * 16_000})

    assert form.is_valid()
    assert form.cleaned_data["prompt"] == "x\n" * 16_000


def test_a_prompt_is_kept_to_the_letter() -> None:
    form = RemixForm({"prompt": "  two  spaces \r\n"})

    assert form.is_valid()
    assert form.cleaned_data["prompt"] == "  two  spaces \r\n"


@pytest.mark.parametrize("seed", ["0", str(SEED_MAX)])
def test_seeds_reach_from_0_to_their_limit(seed: str) -> None:
    form = VideoForm(GOOD | {"seed": seed}, workspace=Workspace())

    assert form.is_valid(), form.errors
    assert form.cleaned_data["seed"] == int(seed)


def test_what_a_program_leaves_out_has_the_contracts_defaults() -> None:
    form = VideoForm({"prompt": PROMPT}, workspace=Workspace())

    assert form.is_valid(), form.errors
    cleaned: dict[str, Any] = form.cleaned_data
    assert cleaned["model"].name == "sora-2"
    assert (cleaned["size"], cleaned["seconds"], cleaned["seed"]) == ("720x1280", 4, None)
    assert cleaned["input_reference"] is None


def test_an_alias_has_only_the_sizes_that_its_name_promises() -> None:
    large = {"prompt": PROMPT, "size": "1920x1080"}

    assert "size" in VideoForm(large | {"model": "sora-2"}, workspace=Workspace()).errors
    assert VideoForm(large | {"model": "sora-2-pro"}, workspace=Workspace()).is_valid()


def test_the_first_error_told_is_the_prompts(api: Client) -> None:
    response = post_json(api, {"prompt": "", "model": "x", "size": "x", "seconds": "x", "seed": "x"})

    assert error_of(response)["param"] == "prompt"


def test_an_endless_value_is_not_sent_back_whole(api: Client) -> None:
    for field in ("model", "size", "seconds"):
        response = post_json(api, {"prompt": PROMPT, field: "x" * 100_000})

        assert error_of(response)["param"] == field
        assert len(response.content) < 1000
