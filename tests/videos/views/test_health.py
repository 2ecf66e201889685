from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from videos.models import Heartbeat
from videos.views import health

PARTS = ("worker", "backend:embedded")
WELL = {"status": "ok", "database": "ok", "storage": "ok", "worker": "ok", "engine": "ok"}


def beat(*names: str) -> None:
    for name in names:
        Heartbeat.beat(name)


def test_alive_needs_no_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_all_parts_work(client: Client) -> None:
    beat(*PARTS)

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, WELL)
    assert not client.get("/readyz").cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("beating", "failing"), [((), {"worker", "engine"}), (PARTS[:1], {"engine"}), (PARTS[1:], {"worker"})]
)
def test_not_ready_names_the_parts(client: Client, beating: tuple[str, ...], failing: set[str]) -> None:
    beat(*beating)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert {name for name, word in response.json().items() if word == "failing"} == failing | {"status"}


@pytest.mark.django_db
def test_an_old_sign_of_life_is_none(client: Client) -> None:
    beat(*PARTS)
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=1))

    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_a_backend_elsewhere_has_its_own_name(settings, client: Client) -> None:
    settings.VIDEO_BACKENDS = {"gpu:8000": settings.VIDEO_BACKENDS["embedded"]}
    beat("worker", "backend:gpu:8000")

    assert client.get("/readyz").json() == {"backend" if name == "engine" else name: "ok" for name in WELL}


@pytest.mark.django_db
@pytest.mark.usefixtures("disk")
def test_a_storage_that_cannot_be_written_is_told_without_details(client: Client, tmp_path: Path) -> None:
    beat(*PARTS)
    (tmp_path / "media").write_text("a file where the folder should be")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == WELL | {"status": "failing", "storage": "failing"}
    assert str(tmp_path) not in response.content.decode()


@pytest.mark.django_db
def test_the_probe_leaves_nothing_behind(client: Client) -> None:
    client.get("/readyz")

    assert default_storage.listdir("health")[1] == []


def test_what_a_driver_raises_means_not_ready(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> bool:
        raise OperationalError("no such host: db.internal")

    assert health._works("database", broken) is False
    assert "not ready: database" in caplog.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
