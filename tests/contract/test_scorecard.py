"""The scorecard itself: what it makes of findings."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.contract.checklist import CHOICES, GROUPS, TITLES
from tests.contract.scorecard import FAILED, NOT_APPLICABLE, NOT_RUN, PASSED, Scorecard, one_line
from tests.contract.target import ROOT


@pytest.fixture
def made() -> Scorecard:
    return Scorecard()


def test_the_checklist_is_whole() -> None:
    assert list(TITLES) == list(range(1, 103))
    assert {*CHOICES, *GROUPS} <= {*TITLES}


def test_one_failed_check_fails_its_numbers_and_no_other(made: Scorecard) -> None:
    made.record("studio", [13, 14], PASSED, "one", "")
    made.record("studio", [14], FAILED, "two", "404 instead of 200\nand a traceback")

    assert made.verdict(13).outcome == PASSED
    assert made.verdict(14) == (FAILED, "two: 404 instead of 200")
    assert made.verdict(15).outcome == NOT_RUN
    assert made.totals == {PASSED: 1, FAILED: 1, NOT_APPLICABLE: 0, NOT_RUN: 100}


def test_not_applicable_only_if_no_check_applies(made: Scorecard) -> None:
    made.record("foreign", [8], NOT_APPLICABLE, "one", "needs a key of another project")
    made.record("foreign", [62], NOT_APPLICABLE, "one", "needs a backend")
    made.record("foreign", [62], PASSED, "two", "")

    assert made.verdict(8) == (NOT_APPLICABLE, "needs a key of another project")
    assert made.verdict(62) == (PASSED, "1 of 2 checks not applicable: needs a backend")


def test_the_engine_is_no_part_of_the_verdict(made: Scorecard) -> None:
    made.record("engine", [13], FAILED, "one", "broken")
    made.record("studio", [13], PASSED, "one", "")

    assert made.verdict(13).outcome == PASSED
    assert f"| C13 | {TITLES[13]} | passed | failed |" in made.markdown()


def test_only_a_card_with_every_number_is_whole(made: Scorecard) -> None:
    for number in TITLES:
        assert not made.is_whole
        made.record("studio", [number], FAILED if number == 7 else PASSED, "one", "")

    assert made.is_whole


def test_a_server_without_a_key_is_a_mistake_of_the_caller_and_not_our_own_studio() -> None:
    environ = {**os.environ, "BASE_URL": "http://127.0.0.1:9/v1", "API_KEY": ""}
    command = [sys.executable, "-m", "pytest", "tests/contract", "--collect-only", "-q"]

    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "API_KEY" in done.stderr


def test_an_unknown_number_is_a_mistake(made: Scorecard) -> None:
    with pytest.raises(AssertionError):
        made.record("studio", [103], PASSED, "one", "")


def test_reasons_tell_nothing_of_this_run() -> None:
    reason = one_line(
        "GET http://127.0.0.1:40123/v1/videos/video_0123456789ab gave /tmp/studio-live-x1/media, req_0a1b2c3d"
    )

    assert reason == "GET http://127.0.0.1/v1/videos/video_… gave …, req_…"


def test_the_file_says_the_same_of_the_same_results() -> None:
    first, second = Scorecard(), Scorecard()
    for card, order in ((first, (1, 2)), (second, (2, 1))):
        for number in order:
            card.record("studio", [number], PASSED, "a check", "")
            card.client(f"openai-python {number}")

    assert first.markdown() == second.markdown()
    assert "| C4 | Wrong methods: 405 with Allow ° | not run |  |" in first.markdown()
