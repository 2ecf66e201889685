from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.videos.ring import broker, refusing_broker, rung
from videos.dispatch import ADVANCE, DELIVER, Turns, wake, wake_endpoint


def test_a_ring_names_the_video_and_soon_expires() -> None:
    with broker("memory://") as app:
        wake("video_1")

        assert rung(app) == [(ADVANCE, ["video_1"])]
        assert rung(app) == []


def test_so_does_the_one_for_an_endpoint() -> None:
    with broker("memory://") as app:
        wake_endpoint("whe_1")

        assert rung(app) == [(DELIVER, ["whe_1"])]


def test_a_broker_that_refuses_is_told_to_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    with refusing_broker(), caplog.at_level(logging.WARNING, "videos.dispatch"):
        wake("video_1")

    assert "the sweep will find video_1" in caplog.text


def test_so_is_a_folder_of_messages_that_takes_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path / "gone")}
    control = {"control_folder": str(tmp_path / "control")}

    with broker("filesystem://", **folders, **control), caplog.at_level(logging.WARNING, "videos.dispatch"):
        wake("video_1")

    assert "the sweep will find video_1" in caplog.text


def test_one_thread_is_at_a_row_and_few_are_at_rows_at_all() -> None:
    turns = Turns(2)

    with turns.take("a") as first, turns.take("a") as again:
        assert (first, again) == (True, False)
    with turns.take("a") as later, turns.take("b") as last, turns.take("c") as too:
        assert (later, last, too) == (True, True, False)
    with Turns(1).take("a") as elsewhere, turns.take("c") as free:
        assert elsewhere
        assert free


def test_a_turn_ends_with_whatever_ends_the_work() -> None:
    turns = Turns(1)

    with pytest.raises(KeyError), turns.take("a"):
        raise KeyError
    with turns.take("b") as is_ours:
        assert is_ours
