"""docker/ against the code it runs: the same variables, the same options. Needs no Docker."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from studio.__main__ import children, engine_command, prepare

ROOT = Path(__file__).resolve().parent.parent
DOCKER = ROOT / "docker"
ENTRYPOINT = DOCKER / "entrypoint"
COMPOSE = [DOCKER / "compose.yaml", DOCKER / "compose.embedded.yaml"]
EXAMPLE = (DOCKER / ".env.example").read_text()
SETTINGS = set(re.findall(r'env(?:str|int|bool|list)\(\s*"(\w+)"', (ROOT / "studio/settings.py").read_text()))
IMAGE_ENV = dict(re.findall(r"^(?:ENV )? *([A-Z_]+)=([^ \n]+)", (DOCKER / "Dockerfile").read_text(), re.MULTILINE))
# Read by libpq, by the image of PostgreSQL, and by compose itself.
FOREIGN = {"studio": {"PGPASSWORD"}, "postgres:17": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}}
ONLY_COMPOSE = {"POSTGRES_PASSWORD", "STUDIO_LISTEN"}


def services(file: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text())["services"]
    return found


@pytest.fixture
def entrypoint(tmp_path: Path):
    """Runs the entrypoint as the image would, with a `python` that only tells its arguments."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    python.chmod(0o755)

    def run(*command: str, **environ: str) -> list[str]:
        full = IMAGE_ENV | {"PATH": f"{tmp_path}:{os.environ['PATH']}"} | environ
        return subprocess.run(
            [ENTRYPOINT, *command], env=full, capture_output=True, text=True, check=True
        ).stdout.split()

    return run


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_role_is_started_as_the_supervisor_starts_it(role: str, entrypoint, settings, monkeypatch) -> None:
    settings.HOST, settings.PORT = IMAGE_ENV["HOST"], int(IMAGE_ENV["PORT"])
    monkeypatch.setenv("STUDIO_ENGINE_URL", "http://engine:8100/v1")

    commands = {child.name: list(child.command[1:]) for child in children()}

    assert entrypoint(role) == commands[role]


def test_the_engine_has_the_supervisors_options_but_may_outlive_its_parent(entrypoint) -> None:
    def names(command: list[str]) -> list[str]:
        return [word for word in command if word.startswith("--")]

    assert [*names(entrypoint("engine")), "--die-with-parent"] == names(engine_command("8100"))


def test_setup_prepares_what_the_supervisor_prepares(entrypoint) -> None:
    told = " ".join(entrypoint("setup"))

    assert re.findall(r"manage\.py (\w+)", told) == re.findall(r'call_command\("(\w+)"', inspect.getsource(prepare))


def test_more_options_are_passed_on_and_other_commands_are_run(entrypoint, tmp_path: Path) -> None:
    assert entrypoint("all") == ["-m", "studio"]
    assert entrypoint("engine", "--workers", "4")[-2:] == ["--workers", "4"]
    assert entrypoint("echo", "something", "else") == ["something", "else"]


def test_the_engines_key_may_be_a_file(entrypoint, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sesame\n")

    assert entrypoint("printenv", "STUDIO_ENGINE_KEY", STUDIO_ENGINE_KEY_FILE=f"{tmp_path}/key") == ["sesame"]


def test_the_entrypoint_uses_what_the_image_sets() -> None:
    subprocess.run(["sh", "-n", ENTRYPOINT], check=True)

    assert set(re.findall(r"\$([A-Z_]+)", ENTRYPOINT.read_text())) - {"STUDIO_ENGINE_KEY_FILE"} <= set(IMAGE_ENV)
    assert {"HOST", "PORT", "STUDIO_DATA_DIR"} <= SETTINGS


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_every_role_is_known_and_every_variable_is_read(file: Path) -> None:
    roles = set(re.findall(r"^    (\w+)\)$", ENTRYPOINT.read_text(), re.MULTILINE))

    for name, service in services(file).items():
        ours = service["image"] == "studio"
        assert not ours or service["command"].split()[0] in roles, name
        read = FOREIGN.get(service["image"], set()) | (SETTINGS if ours else set())
        assert set(service.get("environment", {})) <= read, name
    assert set(re.findall(r"\$\{(\w+)", file.read_text())) <= SETTINGS | ONLY_COMPOSE


def test_the_example_asks_for_what_is_required_and_names_only_what_is_read() -> None:
    required = set(re.findall(r"\$\{(\w+):\?", COMPOSE[0].read_text()))

    assert set(re.findall(r"^(\w+)=$", EXAMPLE, re.MULTILINE)) == required
    assert set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE)) <= SETTINGS | ONLY_COMPOSE


def test_the_image_holds_what_is_named_and_nothing_else() -> None:
    rules = (ROOT / ".dockerignore").read_text().splitlines()

    assert "*" in rules
    assert [rule for rule in rules if rule.startswith("!") and not (ROOT / rule[1:]).exists()] == []
