from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from studio.env import envbool, envint, envlist, envnumber, envnumbers, envpairs, envstr, stored_secret

NAME = "STUDIO_TEST_OF_ENV"


def test_a_variable_or_the_file_that_it_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert envstr(NAME, "default") == "default"
    monkeypatch.setenv(NAME, "given")
    assert envstr(NAME, "default") == "given"

    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
    assert envstr(NAME, "default") == "from the file"


def test_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    monkeypatch.setenv(f"{NAME}_FILE", "")

    assert envstr(NAME, "default") == "default"
    assert envint(NAME, 7, smallest=1, largest=9) == 7
    assert envbool(NAME, True) is True
    assert envbool(NAME) is False
    assert envlist(NAME, "a,b") == ["a", "b"]
    assert envpairs(NAME) == {}


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False)])
def test_a_switch(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv(NAME, text)

    assert envbool(NAME, not value) is value


def test_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert envnumber(NAME, 1.5, smallest=0) == 1.5
    assert envnumbers(NAME, "5,300") == [5.0, 300.0]
    monkeypatch.setenv(NAME, "0.25")

    assert envnumber(NAME, 0, smallest=0) == 0.25
    assert envnumbers(NAME, "5") == [0.25]


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "many", "1,,x"])
def test_what_is_no_number_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)

    with pytest.raises(SystemExit, match=NAME):
        envnumber(NAME, 0, smallest=0)
    with pytest.raises(SystemExit, match=NAME):
        envnumbers(NAME, "5")


def test_lists_and_pairs_may_have_spaces_and_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, " a = 1 ,, b=2,")

    assert envlist(NAME) == ["a = 1", "b=2"]
    assert envpairs(NAME) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (lambda: envint(NAME, 1, smallest=1, largest=9), "eight", "whole number from 1 to 9, not 'eight'"),
        (lambda: envint(NAME, 1, smallest=1, largest=9), "10", "whole number from 1 to 9, not '10'"),
        (lambda: envbool(NAME), "maybe", "1 or 0, not 'maybe'"),
        (lambda: envpairs(NAME), "a=b,c", "pairs"),
    ],
)
def test_a_wrong_value_ends_the_start_and_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, read, value: str, words: str
) -> None:
    monkeypatch.setenv(NAME, value)

    with pytest.raises(SystemExit, match=f"{NAME} must be .*{words}"):
        read()


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret"

    first = stored_secret(path)

    assert len(first) >= 50
    assert stored_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["secret"]


def test_processes_that_start_together_find_one_secret(tmp_path: Path) -> None:
    code = "import pathlib, sys; from studio.env import stored_secret; print(stored_secret(pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(tmp_path / "secret")]

    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    found = {racer.communicate(timeout=30)[0].strip() for racer in racers}

    assert found == {stored_secret(tmp_path / "secret")}
