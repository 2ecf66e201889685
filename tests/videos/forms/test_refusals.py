from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError

from videos.contract import REFERENCE_SIZE_MISMATCH
from videos.forms.fields import PartError
from videos.forms.refusals import Refusal, of_form
from videos.references import SIZE_MISMATCH


class Form(forms.Form):
    prompt = forms.CharField(required=False)

    def clean_prompt(self) -> str:
        given: str = self.cleaned_data["prompt"]
        if errors := ERRORS.get(given):
            raise errors
        return given


ERRORS: dict[str, ValidationError] = {
    "": ValidationError("Empty."),
    "rude": ValidationError("Be kind.", "moderation_blocked"),
    "gone": ValidationError("Gone.", "video_not_found"),
    "large": ValidationError("Large.", "request_too_large"),
    "part": PartError("prompt.part", "Wrong.", "invalid_type"),
    "shape": ValidationError("Shape.", SIZE_MISMATCH),
}
SAID = {
    "": Refusal("Empty.", "prompt", "invalid_value"),
    "rude": Refusal("Be kind.", "prompt", "moderation_blocked"),
    "gone": Refusal("Gone.", "prompt", "video_not_found", 404),
    "large": Refusal("Large.", "prompt", "request_too_large", 413),
    "part": Refusal("Wrong.", "prompt.part", "invalid_type"),
    "shape": Refusal(REFERENCE_SIZE_MISMATCH),
}


@pytest.mark.parametrize(("given", "said"), SAID.items())
def test_a_forms_error_in_the_words_of_the_contract(given: str, said: Refusal) -> None:
    assert of_form(Form({"prompt": given}), {"prompt"}, required=()) == said


def test_missing_is_not_the_same_as_empty() -> None:
    missing = Refusal("Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter")

    assert of_form(Form({}), (), required={"prompt"}) == missing
    assert of_form(Form({}), (), required={"seconds"}) == SAID[""]
    assert of_form(Form({"prompt": ""}), {"prompt"}, required={"prompt"}) == SAID[""]
