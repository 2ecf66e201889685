"""Rules of the house that neither the linter nor the type checker knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
CODE = [path for folder in ("studio", "videos") for path in (ROOT / folder).rglob("*.py")]
TEMPLATES = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html"))
# The data of the state machine's migration is frozen, and data is long.
LINES = 350
LONG = {"videos/migrations/0001_people_videos_and_assets.py", "videos/engine/lexicon.py"}
# Modules whose tests stand elsewhere, since they are met there only as a part of something.
DOOR = "tests/videos/engine/test_server_{}.py"
TESTED_IN = {
    "studio/__main__.py": "tests/live/test_run.py",
    "studio/celery.py": "tests/live/test_run.py",
    "studio/settings.py": "tests/test_house.py",
    "studio/urls.py": "tests/studio/test_wsgi.py",
    "videos/apps.py": "tests/videos/test_checks.py",
    "videos/urls.py": "tests/videos/views/test_access.py",
    "videos/actions/errors.py": "tests/videos/actions/test_videos.py",
    "videos/actions/sources.py": "tests/videos/actions/test_characters.py",
    "videos/actions/moderation.py": "tests/videos/actions/test_videos.py",
    "videos/actions/uploads.py": "tests/videos/actions/test_characters.py",
    "videos/actions/workspaces.py": "tests/videos/management/test_setup.py",
    "videos/api/models.py": "tests/contract/test_models.py",
    "videos/api/operations.py": "tests/videos/api/test_routing.py",
    "videos/api/paging.py": "tests/videos/api/test_listing.py",
    "videos/api/urls.py": "tests/videos/api/test_videos.py",
    "videos/forms/fields.py": "tests/videos/forms/test_videos.py",
    "videos/models/character.py": "tests/videos/api/test_characters.py",
    "videos/models/pages.py": "tests/videos/api/test_listing.py",
    "videos/models/video_queries.py": "tests/videos/api/test_listing.py",
    "videos/backends/base.py": "tests/videos/backends/test_http.py",
    "videos/contract.py": "tests/contract/test_create.py",
    "videos/models/asset.py": "tests/videos/test_delivery.py",
    "videos/models/heartbeat.py": "tests/videos/test_tasks.py",
    "videos/models/phases.py": "tests/videos/models/test_video.py",
    "videos/models/workspace.py": "tests/videos/views/test_access.py",
    "videos/engine/__main__.py": DOOR.format("process"),
    "videos/engine/answers.py": DOOR.format("content"),
    "videos/engine/bodies.py": DOOR.format("bodies"),
    "videos/engine/child.py": "tests/videos/engine/test_jobs.py",
    "videos/engine/folders.py": "tests/videos/engine/test_jobs_restart.py",
    "videos/engine/job.py": "tests/videos/engine/test_jobs.py",
    "videos/engine/lifeline.py": "tests/studio/test_supervisor.py",
    "videos/engine/limits.py": DOOR.format("references"),
    "videos/engine/orders.py": DOOR.format("create"),
    "videos/engine/takes.py": "tests/videos/engine/test_plan.py",
    # How a prompt is read shows in the scene that comes of it.
    **{f"videos/engine/{it}.py": "tests/videos/engine/test_scene.py" for it in ("lexicon", "reading", "tongues")},
    **{f"videos/engine/{it}.py": "tests/videos/engine/test_patch.py" for it in ("cutting", "whereabouts")},
}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def mirrors(path: Path) -> list[Path]:
    """`videos/x/y.py` is tested by `tests/videos/x/test_y.py`, or by several `test_y_….py`."""
    folder = ROOT / "tests" / relative(path.parent).removesuffix("/commands")
    return [*folder.glob(f"test_{path.stem}.py"), *folder.glob(f"test_{path.stem}_*.py")]


def test_every_module_has_its_test() -> None:
    judged = [it for it in CODE if it.stem != "__init__" and not {"paint", "migrations"} & {*it.parts}]
    bare = {relative(path) for path in judged if not mirrors(path)}

    assert bare == set(TESTED_IN)
    assert [test for test in TESTED_IN.values() if not (ROOT / test).exists()] == []


def test_every_setting_is_documented_and_every_documented_variable_exists() -> None:
    settings = (ROOT / "studio/settings.py").read_text()
    read = set(re.findall(r'env(?:str|int|numbers?|bool|list|pairs)\(\s*"(\w+)"', settings))
    documented = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))

    assert read == documented


def test_only_the_model_assigns_a_phase() -> None:
    assigns = re.compile(r"\.phase\s*=[^=]|update\([^)]*phase\s*=")

    found = [
        relative(path)
        for path in CODE
        if not {"engine", "migrations"} & {*path.parts} and assigns.search(path.read_text())
    ]

    assert found == []


def test_no_file_is_too_long() -> None:
    long = {relative(path): n for path in CODE if (n := len(path.read_text().splitlines())) > LINES}

    assert {path: n for path, n in long.items() if path not in LONG} == {}


def test_no_room_for_leftovers_and_no_signals() -> None:
    assert [relative(path) for path in CODE if path.stem in ("utils", "helpers", "common", "misc")] == []
    assert [relative(path) for path in CODE if "@receiver" in path.read_text()] == []


def test_no_mocks() -> None:
    mocks = re.compile(r"^\s*(from|import)\s+(unittest\.mock|mock|pytest_mock|responses|respx)\b", re.MULTILINE)

    assert [relative(path) for path in (ROOT / "tests").rglob("*.py") if mocks.search(path.read_text())] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_every_template_compiles_and_names_no_foreign_origin(template: Path) -> None:
    get_template(str(template))

    text = (ROOT / "templates" / template).read_text()
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son\w+=", text)
    assert "sora" not in text.lower()


def test_no_stylesheet_or_script_fetches_from_elsewhere() -> None:
    files = [path for path in (ROOT / "static").rglob("*") if path.suffix in (".css", ".js")]

    assert files
    assert [
        relative(path)
        for path in files
        if re.search(r"url\(['\"]?https?:|@import ['\"]https?:|from ['\"]https?:", path.read_text())
    ] == []


def test_no_requirement_records_an_address() -> None:
    for path in ROOT.glob("requirements*.txt"):
        assert not re.search(r"://|--(find-links|index-url)\b", re.sub(r"#.*", "", path.read_text())), path.name


def test_every_dependency_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)

    assert len(lists) == 2
    for line in "".join(lists).splitlines():
        assert re.search(r"# \w+", line), line


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_version_is_the_changelogs_first() -> None:
    project = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    changelog = re.search(r"^## \[(\d.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert project
    assert changelog
    assert project[1] == changelog[1]
