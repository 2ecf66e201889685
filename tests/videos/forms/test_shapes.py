from __future__ import annotations

import pytest

from videos.forms import EditForm, ExtendForm, RemixForm, VideoForm, shapes
from videos.forms.refusals import Refusal

FITS: list[tuple[str, object, str | None]] = [
    ("prompt", "A fox", None),
    ("prompt", 7, "a number"),
    ("prompt", ["A fox"], "an array"),
    ("seconds", "4", None),
    ("seconds", 4, None),
    ("seconds", True, "a boolean"),
    ("seconds", {}, "an object"),
    ("characters", [], None),
    ("characters", "char_1", "a string"),
    ("input_reference", {"file_id": "file-1"}, None),
    ("input_reference", "file-1", "a string"),
]


def test_a_shape_knows_what_it_does_not_go_without() -> None:
    assert shapes.CREATE.required == {"prompt"}
    assert shapes.EXTEND.required == {"prompt", "video", "seconds"}


@pytest.mark.parametrize(("name", "value", "found"), FITS)
def test_a_field_of_another_type_is_refused_by_name(name: str, value: object, found: str | None) -> None:
    refusal = shapes.CREATE.mistyped({name: value, "unknown": object()})

    assert (refusal is None) == (found is None)
    if refusal:
        assert (refusal.param, refusal.code, refusal.status) == (name, "invalid_type", 400)
        assert refusal.message.startswith(f"Invalid type for '{name}': expected ")
        assert f"but got {found} instead" in refusal.message


def test_the_first_field_is_told() -> None:
    assert shapes.CREATE.mistyped({"size": 1, "prompt": 1}) == Refusal(
        "Invalid type for 'prompt': expected a string, but got a number instead.", "prompt", "invalid_type"
    )


def test_fields_that_an_operation_does_not_know() -> None:
    assert shapes.REMIX.unknown({"prompt", "size", "fps"}) == ["fps", "size"]


@pytest.mark.parametrize(
    ("shape", "form"),
    [
        (shapes.CREATE, VideoForm),
        (shapes.REMIX, RemixForm),
        (shapes.EDIT, EditForm),
        (shapes.EXTEND, ExtendForm),
    ],
    ids=lambda it: getattr(it, "name", None),
)
def test_each_field_of_a_body_is_judged_by_the_form(shape: shapes.Shape, form: type[RemixForm]) -> None:
    assert shape.by_name.keys() == form.base_fields.keys()
