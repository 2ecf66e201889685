"""The cast: alice owns a workspace, bob looks on in it, charlie is outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests import factories
from tests.live.server import Studio, running
from tests.scripted_backend import ScriptedBackend
from tests.services import chromium
from videos.backends import get_backend
from videos.models import ApiKey, Membership, User, Workspace


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI every part must be there, so a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Hashed names need collectstatic; the live tests run with them.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    """One running Studio for all tests that do not stop it."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for the whole run: Playwright's loop cannot be started twice in a thread."""
    try:
        with chromium.browser() as found:
            yield found
    except chromium.ChromiumUnavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@example.org", "a long password of alice")


@pytest.fixture
def workspace(alice: User) -> Workspace:
    return factories.make_workspace("Meadow", owner=alice)


@pytest.fixture
def bob(workspace: Workspace) -> User:
    """A viewer in alice's workspace."""
    user = User.objects.create_user("bob@example.org")
    Membership.objects.create(workspace=workspace, user=user, role=Membership.Role.VIEWER)
    return user


@pytest.fixture
def charlie(db: None) -> User:
    """The owner of another workspace."""
    user = User.objects.create_user("charlie@example.org")
    factories.make_workspace("Elsewhere", owner=user)
    return user


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_alice(alice: User, workspace: Workspace) -> Client:
    return _signed_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return _signed_in(bob)


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    return _signed_in(charlie)


def _with_key(user: User, workspace: Workspace) -> Client:
    _, secret = ApiKey.issue(workspace=workspace, user=user, name="tests")
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def api(alice: User, workspace: Workspace) -> Client:
    """A client of /v1 with alice's key."""
    return _with_key(alice, workspace)


@pytest.fixture
def api_of_bob(bob: User, workspace: Workspace) -> Client:
    return _with_key(bob, workspace)


@pytest.fixture
def api_of_charlie(charlie: User) -> Client:
    return _with_key(charlie, charlie.workspaces().get())


@pytest.fixture
def backend(settings) -> Iterator[ScriptedBackend]:
    """A real HTTP server in the place of the embedded engine; each test writes its script."""
    with ScriptedBackend() as server:
        entry = settings.VIDEO_BACKENDS["embedded"]
        options = {**entry["OPTIONS"], "base_url": server.url, "api_key": server.key}
        settings.VIDEO_BACKENDS = {"embedded": {**entry, "OPTIONS": options}}
        get_backend.cache_clear()
        yield server
    get_backend.cache_clear()
