from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from videos.api import openapi, schemas
from videos.api.operations import OPERATIONS
from videos.views.reference import Call, Row

PAGE = "/docs/api/"


@pytest.fixture
def page(client: Client) -> Any:
    return client.get(PAGE, headers={"Host": "localhost:8123"})


@pytest.fixture
def calls(page: Any) -> dict[str, Call]:
    return {call.anchor: call for section in page.context["sections"] for call in section["calls"]}


def body(call: Call) -> dict[str, Row]:
    return {row.name: row for row in call.tables["Body"]}


def test_anyone_may_read_it(client: Client) -> None:
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE).status_code == 405


@pytest.mark.django_db
def test_who_is_signed_in_keeps_the_rail_and_finds_the_keys(as_alice: Client) -> None:
    text = as_alice.get(PAGE).content.decode()

    assert 'class="rail"' in text
    assert 'href="/me/keys/"' in text


def test_every_operation_has_its_place_and_a_way_there(page: Any, calls: dict[str, Call]) -> None:
    text = page.content.decode()

    assert len(calls) == len(OPERATIONS) + 1
    for anchor in calls:
        assert text.count(f'id="{anchor}"') == 1
        assert f'href="#{anchor}"' in text


def test_every_anchor_that_is_linked_is_there_and_no_id_is_used_twice(page: Any) -> None:
    text = page.content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)

    assert len(ids) == len(set(ids))
    assert {target for target in re.findall(r'href="#([^"]+)"', text) if target} <= set(ids)


def test_it_says_what_a_field_must_be(calls: dict[str, Call]) -> None:
    fields = body(calls["create_video"])

    assert fields["prompt"].required
    assert fields["prompt"].limits == "1–32,000 characters"
    assert (fields["seconds"].type, fields["seconds"].default) == ("string or integer", "4")
    assert fields["seconds"].limits == "4, 8, 12, 16, 20"
    assert fields["seed"].limits == "0–2,147,483,647"
    assert fields["characters"].limits == "at most 2 items"
    assert not fields["characters"].required
    assert "video.completed" in body(calls["create_webhook_endpoint"])["event_types"].limits
    assert fields["input_reference"].type == "object with image_url or object with file_id"


def test_it_says_what_each_model_can_make(calls: dict[str, Call]) -> None:
    by_model = {name: way for way in calls["create_video"].by_model for name in way["model"]}

    assert "1920x1080" in by_model["sora-2-pro"]["size"]
    assert "1920x1080" not in by_model["sora-2"]["size"]


def test_it_tells_scope_method_path_query_answer_and_errors(calls: dict[str, Call]) -> None:
    call = calls["download_video"]

    assert (call.method, call.path, call.scope) == ("GET", "/videos/{video_id}/content", "videos:read")
    assert [row.name for row in call.tables["Query"]] == ["variant"]
    assert call.tables["Query"][0].default == "video"
    assert call.answer == ""
    assert {"400", "401", "403", "404", "416"} <= dict(call.errors).keys()
    assert (calls["list_videos"].answer, calls["list_videos"].answer_has_place) == ("VideoList", False)
    assert (calls["create_video"].answer, calls["create_video"].answer_has_place) == ("Video", True)


def test_examples_name_the_address_that_was_asked(page: Any, calls: dict[str, Call]) -> None:
    assert "http://localhost:8123/v1/videos" in calls["create_video"].examples["curl"]
    assert page.content.decode().count("testserver") == 0


def test_the_objects_are_told_with_their_fields(page: Any) -> None:
    told = {schema["name"]: schema for schema in page.context["schemas"]}

    assert {"Video", "Character", "File", "Batch", "WebhookEndpoint", "Error"} <= told.keys() <= {*schemas.COMPONENTS}
    assert "VideoList" not in told
    assert [row.name for row in told["Video"]["fields"]] == list(schemas.COMPONENTS["Video"]["properties"])
    assert told["WebhookEndpointWithSecret"]["inherits"] == ["WebhookEndpoint"]


def test_it_names_every_event_and_header(page: Any) -> None:
    document = openapi.document("http://localhost:8123/v1")
    text = page.content.decode()

    for name in [*document["webhooks"], *document["components"]["headers"]]:
        assert f"<code>{name}</code>" in text
