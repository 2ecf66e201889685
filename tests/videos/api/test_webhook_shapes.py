from __future__ import annotations

from videos.api import webhook_shapes
from videos.models.webhook import EVENT_TYPES


def test_an_update_has_the_fields_of_a_create_and_demands_none() -> None:
    create, update = webhook_shapes.CREATE, webhook_shapes.UPDATE

    assert update.by_name.keys() == create.by_name.keys() == {"name", "url", "event_types"}
    assert all(field.required for field in create.fields)
    assert not any(field.required for field in update.fields)


def test_none_of_these_bodies_is_a_form() -> None:
    shapes = (webhook_shapes.CREATE, webhook_shapes.UPDATE, webhook_shapes.ROTATE, webhook_shapes.TEST)

    assert all(shape.json_only for shape in shapes)
    assert len({shape.name for shape in shapes}) == len(shapes)


def test_the_schema_names_every_event() -> None:
    assert webhook_shapes.TEST.by_name["event_type"].schema["enum"] == list(EVENT_TYPES)
    assert webhook_shapes.CREATE.by_name["event_types"].schema["items"] == webhook_shapes.EVENT_TYPE
