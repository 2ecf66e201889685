from __future__ import annotations

from typing import Any

import pytest

from videos.forms import WebhookEndpointForm, WebhookTestForm
from videos.models.webhook import EVENT_TYPES

WHOLE: dict[str, Any] = {"name": "Hook", "url": "https://hooks.example.org/in", "event_types": ["video.completed"]}


def errors(form: Any) -> dict[str, str | None]:
    assert not form.is_valid()
    return {field: found[0].code for field, found in form.errors.as_data().items()}


def test_a_whole_endpoint_is_taken_as_it_is() -> None:
    form = WebhookEndpointForm(WHOLE)

    assert form.is_valid()
    assert form.cleaned_data == WHOLE


def test_an_event_type_named_twice_counts_once() -> None:
    form = WebhookEndpointForm({**WHOLE, "event_types": ["video.failed", "video.completed", "video.failed"]})

    assert form.is_valid()
    assert form.cleaned_data["event_types"] == ["video.failed", "video.completed"]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"name": " "}, {"name": "invalid_value"}),
        ({"name": "n" * 81}, {"name": "max_length"}),
        ({"url": ""}, {"url": "invalid_url"}),
        ({"url": "http://hooks.example.org/in"}, {"url": "invalid_url"}),
        ({"url": "https://127.0.0.1/in"}, {"url": "invalid_url"}),
        ({"url": "https://user:password@example.org/"}, {"url": "invalid_url"}),
        ({"url": "https://example.org:8443/in"}, {"url": "invalid_url"}),
        ({"url": "https://169.254.169.254/latest"}, {"url": "invalid_url"}),
        ({"url": "ftp://example.org/"}, {"url": "invalid_url"}),
        ({"url": "https://example.org/" + "x" * 2000}, {"url": "max_length"}),
        ({"event_types": []}, {"event_types": "invalid_value"}),
        ({"event_types": ["video.completed", "response.completed"]}, {"event_types": "invalid_value"}),
        ({"event_types": [7]}, {"event_types": "invalid_type"}),
    ],
)
def test_what_is_refused(change: dict[str, Any], wanted: dict[str, str]) -> None:
    assert errors(WebhookEndpointForm(WHOLE | change)) == wanted


def test_an_unknown_event_type_is_named_by_its_place_and_the_known_ones_are_listed() -> None:
    form = WebhookEndpointForm({**WHOLE, "event_types": ["video.completed", "video.started"]})

    assert not form.is_valid()
    error = form.errors.as_data()["event_types"][0]
    assert getattr(error, "param", None) == "event_types[1]"
    assert all(name in error.messages[0] for name in ("video.started", *EVENT_TYPES))


def test_who_is_on_the_allow_list_may_be_told_in_the_clear(settings) -> None:
    settings.OUTBOUND_ALLOWED = ["nas.lan:8080"]

    assert WebhookEndpointForm({**WHOLE, "url": "http://nas.lan:8080/in"}).is_valid()
    assert not WebhookEndpointForm({**WHOLE, "url": "http://example.org/in"}).is_valid()


@pytest.mark.parametrize("given", [{}, {"name": "New"}, {"url": WHOLE["url"]}, {"event_types": ["batch.failed"]}])
def test_an_update_holds_what_was_given_and_no_more(given: dict[str, Any]) -> None:
    form = WebhookEndpointForm(given, partial=True)

    assert form.is_valid()
    assert form.cleaned_data == given


def test_an_update_is_judged_as_strictly() -> None:
    assert errors(WebhookEndpointForm({"name": ""}, partial=True)) == {"name": "invalid_value"}


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_event_can_be_tested(event_type: str) -> None:
    assert WebhookTestForm({"event_type": event_type}).is_valid()


@pytest.mark.parametrize("event_type", ["", "video", "response.completed", "x" * 500])
def test_unknown_ones_cannot(event_type: str) -> None:
    assert errors(WebhookTestForm({"event_type": event_type})) == {"event_type": "invalid_value"}
