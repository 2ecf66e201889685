from __future__ import annotations

import pytest

from videos.api.file_shapes import BATCH, UPLOAD
from videos.forms import BatchForm, FileForm
from videos.forms.shapes import Shape


@pytest.mark.parametrize(("shape", "form"), [(UPLOAD, FileForm), (BATCH, BatchForm)])
def test_each_field_of_a_body_is_judged_by_the_form(shape: Shape, form: type[FileForm] | type[BatchForm]) -> None:
    assert shape.by_name.keys() == form.base_fields.keys()


def test_what_is_required_is_said_to_be() -> None:
    assert [field.name for field in UPLOAD.fields if field.required] == ["file", "purpose"]
    required = [field.name for field in BATCH.fields if field.required]
    assert required == ["input_file_id", "endpoint", "completion_window"]
