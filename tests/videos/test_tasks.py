from __future__ import annotations

import logging
import os
import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from tests.factories import make_ready_video, make_video
from tests.scripted_backend import ScriptedBackend
from tests.videos.batch_input import line, lines_of, make_batch, make_file
from tests.videos.hooks import make_delivery, make_endpoint
from tests.videos.outbound.servers import Exchange, serving
from tests.videos.ring import broker, rung
from videos import actions, lifecycle, tasks, webhooks
from videos.dispatch import ADVANCE, ADVANCE_BATCH, DELIVER
from videos.models import ApiKey, Batch, Heartbeat, Receipt, User, Video, WebhookDelivery, Workspace


def test_the_sweep_rings_for_what_is_due_and_for_nothing_else(workspace: Workspace) -> None:
    due = make_video(workspace)
    make_video(workspace, due_at=timezone.now() + timedelta(minutes=1))
    make_ready_video(workspace)

    with broker("memory://") as app:
        tasks.sweep()

        assert rung(app) == [(ADVANCE, [due.id])]


def test_the_sweep_rings_once_for_an_endpoint_with_something_due(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)
    make_delivery(endpoint)
    make_delivery(endpoint)
    make_delivery(make_endpoint(workspace), delivered_at=timezone.now())

    with broker("memory://") as app:
        tasks.sweep()

        assert rung(app) == [(DELIVER, [endpoint.id])]


def test_what_is_due_for_an_endpoint_is_delivered_and_forgotten_in_time(workspace: Workspace, settings) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    with serving(lambda exchange: exchange.answer(200)) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url)
        make_delivery(endpoint)
        make_delivery(endpoint)
        tasks.deliver_webhooks(endpoint.id)
        tasks.deliver_webhooks(endpoint.id)

    assert len(receiver.requests) == 2
    assert WebhookDelivery.objects.filter(delivered_at__isnull=False).count() == 2
    tasks.tidy()
    assert WebhookDelivery.objects.count() == 2
    WebhookDelivery.objects.update(created_at=timezone.now() - timedelta(days=31))
    tasks.tidy()
    assert not WebhookDelivery.objects.exists()


def test_the_sweep_rings_for_a_batch_that_is_due(workspace: Workspace, alice: User) -> None:
    batch = make_batch(workspace, alice, line("one"))
    make_batch(workspace, alice, line("two")).look_again(timedelta(minutes=1))

    with broker("memory://") as app:
        tasks.sweep()

        assert rung(app) == [(ADVANCE_BATCH, [batch.id])]


def test_a_batch_is_worked_off_step_by_step(workspace: Workspace, alice: User) -> None:
    batch = make_batch(workspace, alice, line("one", seconds="15"))

    for _ in range(4):
        tasks.advance_batch(batch.id)

    batch.refresh_from_db()
    assert (batch.status, batch.failed) == (Batch.Status.COMPLETED, 1)
    assert lines_of(batch.error_file_id).keys() == {"one"}
    tasks.advance_batch("batch_gone")


@pytest.mark.django_db(transaction=True)
def test_batches_that_wait_for_images_leave_threads_for_videos(
    workspace: Workspace, alice: User, settings, backend: ScriptedBackend
) -> None:
    def hang(exchange: Exchange) -> None:
        released[len(images.requests) - 1].wait(10)
        exchange.answer(404)

    released = [threading.Event() for _ in range(4)]
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    with serving(hang) as images:
        reference = {"input_reference": {"image_url": images.url}}
        made = [make_batch(workspace, alice, line("one", **reference)) for _ in released]
        for batch in made:
            tasks.advance_batch(batch.id)
        threads = [threading.Thread(target=advance_in_a_thread, args=[batch.id]) for batch in made]
        # One after the other: the tests' database takes one writer at a time.
        for thread in threads:
            thread.start()
            thread.join(0.5)
        asked = len(images.requests)
        for event, thread in zip(released, threads, strict=True):
            event.set()
            thread.join()

    assert asked == tasks.BATCHES_AT_ONCE == 2
    assert sorted(batch.status for batch in Batch.objects.all()) == ["finalizing"] * 2 + ["in_progress"] * 2


def advance_in_a_thread(batch_id: str) -> None:
    try:
        tasks.advance_batch(batch_id)
    finally:
        connection.close()


def test_a_chore_that_goes_wrong_keeps_none_of_the_others_from_their_work(
    workspace: Workspace, alice: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def trip() -> None:
        raise OSError("no space left")

    for chores, name in ((lifecycle, "expire"), (actions, "purge_files"), (webhooks, "tidy")):
        monkeypatch.setattr(chores, name, trip)
    key, _ = ApiKey.issue(workspace=workspace, user=alice, name="tests")
    long_ago = timezone.now() - timedelta(days=4)
    Receipt.objects.create(workspace=workspace, api_key=key, fingerprint="old", answer={}, created_at=long_ago)

    with caplog.at_level(logging.WARNING, "videos.tasks"):
        tasks.tidy()

    assert not Receipt.objects.exists()
    assert caplog.text.count("OSError: no space left") == 3


def test_the_bytes_of_a_deleted_file_are_tidied_away(workspace: Workspace) -> None:
    file = make_file(workspace)
    file.delete_softly()

    tasks.tidy()

    assert not default_storage.exists(str(file.file))


@pytest.mark.usefixtures("disk")
def test_bytes_that_no_row_knows_are_removed_when_they_are_old(workspace: Workspace) -> None:
    key = default_storage.save("videos/video_nobody/reference-1.png", ContentFile(b"image"))
    known = make_ready_video(workspace).assets.get(variant="video").key
    tasks.remove_orphans()
    assert default_storage.exists(key)

    yesterday = (timezone.now() - timedelta(days=2)).timestamp()
    for path in (key, known):
        os.utime(default_storage.path(path), (yesterday, yesterday))
    tasks.remove_orphans()

    assert (default_storage.exists(key), default_storage.exists(known)) == (False, True)


def test_receipts_and_the_files_of_expired_videos_are_tidied_away(workspace: Workspace, alice: User) -> None:
    key, _ = ApiKey.issue(workspace=workspace, user=alice, name="tests")
    for days in (2, 4):
        made = timezone.now() - timedelta(days=days)
        Receipt.objects.create(workspace=workspace, api_key=key, fingerprint=str(days), answer={}, created_at=made)
    expired = make_ready_video(workspace, expires_at=timezone.now())
    kept = make_ready_video(workspace, expires_at=timezone.now() + timedelta(hours=1))
    keys = [asset.key for asset in expired.assets.all()]

    tasks.tidy()

    assert [receipt.fingerprint for receipt in Receipt.objects.all()] == ["2"]
    assert (expired.assets.count(), kept.assets.count()) == (0, 3)
    assert not any(default_storage.exists(stored) for stored in keys)


def test_the_files_of_an_expired_source_wait_for_what_is_made_from_it(workspace: Workspace) -> None:
    source = make_ready_video(workspace, expires_at=timezone.now())
    remix = make_video(workspace, operation="remix", source=source)

    tasks.tidy()
    assert source.assets.count() == 3
    remix.fail("generation_failed", "No.")
    tasks.tidy()

    assert source.assets.count() == 0


def test_a_sweep_is_no_claim(workspace: Workspace) -> None:
    video = make_video(workspace)

    with broker("memory://") as app:
        tasks.sweep()
        tasks.sweep()

        assert len(rung(app)) == 2
    assert Video.claim(video.id)


def test_being_told_twice_does_the_work_once(video: Video, backend: ScriptedBackend) -> None:
    tasks.advance_video(video.id)
    tasks.advance_video(video.id)

    assert backend.creates == 1


@pytest.mark.django_db
def test_a_video_that_is_gone_is_no_error() -> None:
    tasks.advance_video("video_gone")


@pytest.mark.django_db
def test_signs_of_life_of_the_worker_and_of_a_backend_that_answers(backend: ScriptedBackend) -> None:
    tasks.check_health()

    assert Heartbeat.is_fresh("worker")
    assert Heartbeat.is_fresh("backend:embedded")


@pytest.mark.django_db
def test_a_backend_that_is_ill_leaves_none(backend: ScriptedBackend) -> None:
    backend.faults["models"].append(lambda exchange: exchange.send_error(503))

    tasks.check_health()

    assert Heartbeat.is_fresh("worker")
    assert not Heartbeat.is_fresh("backend:embedded")
