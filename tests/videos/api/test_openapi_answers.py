from __future__ import annotations

from dataclasses import replace

import pytest

from videos import contract
from videos.api.openapi_answers import HEADERS, answers, error_components, headers, makes_once
from videos.api.operations import OPERATIONS
from videos.api.routing import Operation

BY_NAME = {f"{it.method} {it.path}": it for it in OPERATIONS}


def statuses(operation: Operation) -> set[str]:
    return set(answers(operation))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("POST videos", {"200", "400", "401", "403", "413", "415", "429", "500"}),
        ("POST videos/edits", {"200", "400", "401", "403", "404", "413", "415", "429", "500"}),
        ("GET videos", {"200", "400", "401", "403", "500"}),
        ("GET videos/{video_id}", {"200", "401", "403", "404", "500"}),
        ("GET models", {"200", "401", "500"}),
    ],
)
def test_an_operation_names_the_errors_it_can_give_and_no_others(name: str, expected: set[str]) -> None:
    assert statuses(BY_NAME[name]) == expected


def test_a_file_may_be_answered_in_part_and_by_type() -> None:
    found = answers(BY_NAME["GET videos/{video_id}/content"])

    assert found["200"]["content"].keys() == set(contract.VARIANTS.values())
    assert "Content-Range" in found["206"]["headers"]
    assert set(contract.SPRITESHEET_HEADERS.values()) <= found["200"]["headers"].keys()
    assert {"302", "304", "400", "404", "416"} <= found.keys()


def test_every_answer_carries_a_request_id_and_every_error_the_envelope() -> None:
    for error in error_components().values():
        assert contract.REQUEST_ID_HEADER in error["headers"]
        assert error["content"]["application/json"]["schema"]["$ref"].endswith("/Error")
    for operation in OPERATIONS:
        assert contract.REQUEST_ID_HEADER in answers(operation)["200"]["headers"]


def test_only_headers_that_are_described_are_named() -> None:
    for operation in OPERATIONS:
        assert answers(operation)["200"]["headers"].keys() <= HEADERS.keys()
    assert headers("Retry-After")["Retry-After"] == {"$ref": "#/components/headers/Retry-After"}


def test_what_may_be_sent_twice_says_so() -> None:
    create = BY_NAME["POST videos"]

    assert makes_once(create)
    assert contract.REPLAYED_HEADER in answers(create)["200"]["headers"]
    assert not makes_once(replace(create, body=None))
    assert not makes_once(BY_NAME["POST webhook_endpoints/{endpoint_id}/test"])
