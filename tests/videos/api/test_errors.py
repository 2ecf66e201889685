from __future__ import annotations

import json

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.datastructures import MultiValueDict

from videos.api.bodies import Body
from videos.api.errors import ApiError, judged, not_found


class Form(forms.Form):
    prompt = forms.CharField(required=False)
    count = forms.IntegerField(required=False, min_value=0)

    def clean_prompt(self) -> str:
        if not self.cleaned_data["prompt"]:
            raise ValidationError("Empty.")
        if self.cleaned_data["prompt"] == "rude":
            raise ValidationError("Be kind.", code="moderation_blocked")
        return str(self.cleaned_data["prompt"])


CASES: dict[str, tuple[dict[str, str], str, str, str]] = {
    "missing": ({}, "prompt", "missing_required_parameter", "Missing required parameter: 'prompt'."),
    "empty": ({"prompt": ""}, "prompt", "invalid_value", "Empty."),
    "a code of ours": ({"prompt": "rude"}, "prompt", "moderation_blocked", "Be kind."),
    "a code of Django": ({"prompt": "x", "count": "x"}, "count", "invalid_value", "Enter a whole number."),
    "a limit of Django": ({"prompt": "x", "count": "-1"}, "count", "invalid_value", "Ensure this value is"),
    "the first of two": ({"prompt": "", "count": "x"}, "prompt", "invalid_value", "Empty."),
}


@pytest.mark.parametrize(("data", "param", "code", "words"), CASES.values(), ids=CASES.keys())
def test_a_forms_first_error_becomes_the_envelope(data: dict[str, str], param: str, code: str, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        judged(Form(data), Body(data, MultiValueDict(), [], required=frozenset({"prompt"})))

    inner = refused.value.body["error"]
    assert refused.value.status == 400
    assert (inner["param"], inner["code"], inner["type"]) == (param, code, "invalid_request_error")
    assert str(inner["message"]).startswith(words)


def test_what_is_sent_as_a_file_is_not_missing() -> None:
    files: MultiValueDict[str, UploadedFile[bytes]] = MultiValueDict({"prompt": [SimpleUploadedFile("x", b"")]})

    with pytest.raises(ApiError) as refused:
        judged(Form({}), Body({}, files, [], required=frozenset({"prompt"})))

    assert refused.value.body["error"]["message"] == "Empty."


def test_a_good_form_gives_what_it_has_made_of_the_body() -> None:
    body = Body({"prompt": " x ", "count": "3"}, MultiValueDict(), [])

    assert judged(Form(body.data), body) == {"prompt": "x", "count": 3}


def test_an_error_answers_with_its_status_headers_and_all_four_keys() -> None:
    response = ApiError(401, "Who are you?", headers={"WWW-Authenticate": "Bearer"}).response()

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert json.loads(response.content) == {
        "error": {"message": "Who are you?", "type": "invalid_request_error", "param": None, "code": None}
    }


def test_an_unknown_video_has_the_hosted_sentence() -> None:
    inner = not_found("video_1").body["error"]

    assert inner["message"] == "Video with id 'video_1' not found."
    assert (inner["param"], inner["code"]) == (None, "video_not_found")


def test_a_long_id_is_not_repeated_whole() -> None:
    assert len(str(not_found("x" * 200_000).body["error"]["message"])) < 100
