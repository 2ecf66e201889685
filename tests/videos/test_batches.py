from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files import File as OpenFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction
from django.utils import timezone

from tests.factories import image
from tests.scripted_backend import ScriptedBackend
from tests.videos import machine
from tests.videos.batch_input import jsonl, line, lines_of, make_batch, make_file, step
from tests.videos.outbound.servers import Exchange, serving
from videos import actions, batches, resources
from videos.forms.batch_lines import Line
from videos.models import (
    Batch,
    BatchLine,
    Character,
    File,
    Membership,
    Stale,
    User,
    Video,
    WebhookDelivery,
    WebhookEndpoint,
    Workspace,
    kept,
)

Status = Batch.Status
Make = Callable[..., Batch]


@pytest.fixture
def make(workspace: Workspace, alice: User, backend: ScriptedBackend) -> Make:
    return lambda *lines, **options: make_batch(workspace, alice, *lines, **options)


def render(backend: ScriptedBackend) -> None:
    """All that the backend was asked for is finished, and brought home."""
    for video in Video.objects.filter(deleted_at=None, completed_at=None):
        video = machine.step(video)
        backend.finish(backend.jobs[video.backend_video_id], machine.MP4)
        assert machine.step(video).status == "completed"


def fail_all() -> None:
    for video in Video.objects.filter(completed_at=None):
        claimed = Video.claim(video.pk)
        assert claimed
        claimed.fail("moderation_blocked", "No.")


def counts(batch: Batch) -> tuple[int, int, int]:
    return batch.total, batch.completed, batch.failed


SIZE = {"size": "1280x720"}


# --- from the file to the files --------------------------------------------------------------------


def test_each_line_becomes_a_video_and_a_line_of_the_output(make: Make, backend: ScriptedBackend, alice: User) -> None:
    batch = make(line("one", prompt="A fox", **SIZE), line("two", prompt="A hen", seconds=4, **SIZE))

    batch = step(batch, times=2)
    assert (batch.status, batch.model, counts(batch)) == (Status.IN_PROGRESS, "sora-2", (2, 0, 0))
    videos = {video.prompt: video for video in Video.objects.all()}
    assert {video.created_by for video in videos.values()} == {alice}
    render(backend)
    batch = step(batch, times=2)

    assert (batch.status, counts(batch), batch.due_at, batch.error_file_id) == (Status.COMPLETED, (2, 2, 0), None, "")
    times = [batch.created_at, batch.in_progress_at, batch.finalizing_at, batch.completed_at]
    assert times == sorted(times, key=lambda it: it or timezone.now())
    found = lines_of(batch.output_file_id)
    assert found.keys() == {"one", "two"}
    for custom_id, prompt in (("one", "A fox"), ("two", "A hen")):
        entry = found[custom_id]
        assert entry["id"].startswith("batch_req_")
        assert entry["error"] is None
        assert entry["response"]["status_code"] == 200
        assert entry["response"]["request_id"].startswith("req_")
        assert entry["response"]["body"] == resources.video(Video.objects.get(pk=videos[prompt].pk))
        assert entry["response"]["body"]["status"] == "completed"


def test_the_output_is_a_file_of_the_workspace_kept_for_thirty_days(make: Make, backend: ScriptedBackend) -> None:
    batch = step(make(line("one")), times=2)
    fail_all()
    batch = step(batch, times=2)

    file = File.objects.in_workspace(batch.workspace).get(pk=batch.output_file_id)
    assert (file.purpose, file.filename) == ("batch_output", f"{batch.id}_output.jsonl")
    assert file.size == default_storage.size(str(file.file))
    assert file.expires_at == file.created_at + timedelta(days=30)


def test_the_output_is_kept_as_long_as_was_asked(make: Make) -> None:
    batch = step(make(line("one"), keep_output=timedelta(hours=2)), times=2)
    fail_all()
    batch = step(batch, times=2)

    file = File.objects.get(pk=batch.output_file_id)
    assert file.expires_at == file.created_at + timedelta(hours=2)


def test_a_video_that_failed_is_an_answer_too(make: Make) -> None:
    batch = step(make(line("one")), times=2)
    fail_all()
    batch = step(batch, times=2)

    assert (batch.status, counts(batch)) == (Status.COMPLETED, (1, 1, 0))
    video = lines_of(batch.output_file_id)["one"]["response"]["body"]
    assert (video["status"], video["error"]["code"]) == ("failed", "moderation_blocked")


def test_a_batch_leaves_no_lines_and_no_prompts_behind(make: Make) -> None:
    batch = step(make(line("one")), times=2)
    assert batch.lines.get().body == {}
    fail_all()
    step(batch, times=2)

    assert not BatchLine.objects.exists()


# --- input that is wrong as a whole ----------------------------------------------------------------


def test_a_wrong_line_fails_the_batch_and_nothing_is_made(make: Make) -> None:
    batch = step(make(line("one"), "", '{"custom_id": "two", '))

    assert (batch.status, counts(batch), batch.due_at) == (Status.FAILED, (0, 0, 0), None)
    assert batch.failed_at
    assert [(it["line"], it["code"]) for it in batch.errors or []] == [(3, "invalid_json_line")]
    assert not BatchLine.objects.exists()
    assert not Video.objects.exists()


def test_a_file_that_was_deleted_before_it_was_read_fails_the_batch(make: Make) -> None:
    batch = make(line("one"))
    actions.delete_file(File.objects.get(pk=batch.input_file_id))

    batch = step(batch)

    assert (batch.status, (batch.errors or [{}])[0].get("code")) == (Status.FAILED, "file_not_found")


def test_a_file_that_is_too_large_fails_the_batch(make: Make) -> None:
    batch = make(line("one"))
    File.objects.update(size=200 * 1024 * 1024 + 1)

    batch = step(batch)

    assert (batch.status, (batch.errors or [{}])[0].get("code")) == (Status.FAILED, "file_too_large")


def test_a_storage_that_is_away_costs_a_pause_and_nothing_else(make: Make) -> None:
    batch = make(line("one"))
    file = File.objects.get(pk=batch.input_file_id)
    default_storage.delete(str(file.file))

    batch = step(batch)

    assert batch.status == Status.VALIDATING
    assert batch.due_at
    assert batch.due_at > timezone.now() + timedelta(seconds=5)


def test_the_input_file_is_needed_no_more_once_it_was_read(make: Make) -> None:
    batch = step(make(line("one")))
    actions.delete_file(File.objects.get(pk=batch.input_file_id))
    actions.purge_files()

    step(batch)

    assert Video.objects.count() == 1


def test_lines_are_stored_in_pieces(make: Make, django_assert_max_num_queries: Any) -> None:
    batch = make(*[line(str(number)) for number in range(1200)])

    with django_assert_max_num_queries(60):
        step(batch)

    assert list(batch.lines.order_by("number").values_list("custom_id", flat=True)) == [str(it) for it in range(1200)]


def test_long_lines_go_to_the_database_a_few_at_a_time() -> None:
    lines = [Line(number, str(number), {"prompt": "x" * 3_000_000}) for number in range(3)]

    assert [len(chunk) for chunk in batches._chunks(lines)] == [2, 1]


# --- lines that are wrong for themselves -----------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no prompt": ({"prompt": None}, "prompt", "missing_required_parameter"),
    "a number as prompt": ({"prompt": 7}, "prompt", "invalid_type"),
    "seconds that do not exist": ({"seconds": "15"}, "seconds", "invalid_value"),
    "an unknown model": ({"model": "paint-9"}, "model", "model_not_found"),
    "an unknown file": ({"input_reference": {"file_id": "file-x"}}, "input_reference.file_id", "file_not_found"),
    "an unknown character": ({"characters": [{"id": "char_x"}]}, "characters[0].id", "character_not_found"),
}


@pytest.mark.parametrize(("body", "param", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_line_that_the_door_would_refuse_goes_to_the_error_file(
    make: Make, body: dict[str, Any], param: str, code: str
) -> None:
    good = line("good", **{name: value for name, value in body.items() if name == "model"})
    batch = step(make(line("bad", **body), line("good") if "model" not in body else good), times=2)
    fail_all()
    batch = step(batch, times=2)

    found = lines_of(batch.error_file_id)
    assert (found["bad"]["response"], found["bad"]["error"]["param"]) == (None, param)
    assert found["bad"]["error"]["code"] == code
    assert found["bad"]["error"]["message"]
    assert batch.total == 2 == batch.completed + batch.failed
    assert ("good" in found) == ("model" in body)


def test_what_the_backend_cannot_do_is_refused_line_by_line(make: Make, settings, workspace: Workspace) -> None:
    machine.remotely(settings, "remix")
    data = "data:image/png;base64," + base64.b64encode(image("PNG", (1280, 720))).decode()
    mia = Character.objects.create(
        workspace=workspace, name="Mia", file="x.mp4", size=1, sha256="0" * 64, width=64, height=36, duration=2.0
    )
    body = {"characters": [{"id": mia.id}], "input_reference": {"image_url": data}, **SIZE}
    batch = step(make(line("both", **body)), times=3)

    assert lines_of(batch.error_file_id)["both"]["error"]["code"] == "unsupported_parameter"
    assert not Video.objects.exists()


def test_a_reference_by_file_leads_the_video_and_may_be_deleted_then(make: Make, workspace: Workspace) -> None:
    file = make_file(workspace, image("PNG", (1280, 720)), purpose="vision")
    step(make(line("one", input_reference={"file_id": file.id}, **SIZE)), times=2)
    actions.delete_file(file)
    actions.purge_files()

    (asset,) = Video.objects.get().assets.all()
    assert asset.variant == "reference"
    assert default_storage.exists(asset.key)


def test_many_refused_lines_do_not_wait_for_each_other(make: Make) -> None:
    batch = step(make(*[line(str(number), seconds="15") for number in range(30)]), times=3)

    assert (batch.status, counts(batch)) == (Status.COMPLETED, (30, 0, 30))
    assert (batch.output_file_id, len(lines_of(batch.error_file_id))) == ("", 30)


# --- not too much at once, and nothing twice -------------------------------------------------------


def test_few_videos_of_a_batch_are_under_way_at_a_time(make: Make) -> None:
    batch = step(make(*[line(str(number)) for number in range(7)]), times=4)

    assert Video.objects.count() == batches.AT_ONCE
    fail_all()
    batch = step(batch)
    assert (Video.objects.count(), counts(batch)) == (7, (7, 4, 0))


def test_a_worker_that_was_overtaken_makes_no_video(make: Make) -> None:
    batch = step(make(line("one")))
    Batch.objects.update(due_at=timezone.now())
    late = Batch.claim(batch.pk)
    assert late
    Batch.objects.update(due_at=timezone.now())
    assert Batch.claim(batch.pk)

    with pytest.raises(Stale):
        batches.work(late)

    assert not Video.objects.exists()
    assert batch.lines.get().video is None


def test_a_worker_that_dies_with_the_transaction_leaves_no_video(make: Make) -> None:
    batch = step(make(line("one", input_reference=None)))
    claimed = Batch.claim(batch.pk, now=timezone.now() + timedelta(minutes=1))
    assert claimed

    def die_before_the_commit() -> None:
        with transaction.atomic():
            batches.work(claimed)
            assert Video.objects.exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die_before_the_commit()

    assert not Video.objects.exists()
    step(batch, times=2)
    assert Video.objects.count() == 1


def test_lines_of_a_worker_that_died_while_storing_them_are_stored_once(make: Make) -> None:
    batch = make(line("one"), line("two"))
    BatchLine.objects.create(batch=batch, number=1, custom_id="one", body={})

    step(batch)

    assert list(batch.lines.order_by("number").values_list("custom_id", flat=True)) == ["one", "two"]


@pytest.mark.usefixtures("disk")
def test_files_that_did_not_make_it_into_a_row_are_taken_away_again(make: Make) -> None:
    batch = step(make(line("one", seconds="15")), times=2)
    assert batch.status == Status.FINALIZING
    Batch.objects.update(due_at=timezone.now())
    late = Batch.claim(batch.pk)
    assert late
    Batch.objects.update(due_at=timezone.now())
    assert Batch.claim(batch.pk)

    with pytest.raises(Stale):
        batches.finish(late, Status.COMPLETED)

    folders = default_storage.listdir("files")[0]
    assert sum(len(default_storage.listdir(f"files/{folder}")[1]) for folder in folders) == 1  # the input
    assert batch.lines.count() == 1


class Patience(FileSystemStorage):
    """Each read or write of a file outlasts the lease of the batch."""

    def _open(self, name: str, mode: str = "rb") -> OpenFile[bytes]:
        outlast_the_lease("reading")
        return super()._open(name, mode)  # type: ignore[misc,no-any-return]

    def _save(self, name: str, content: Any) -> str:
        outlast_the_lease("writing")
        return super()._save(name, content)  # type: ignore[misc,no-any-return]


RENEWED: dict[str, bool] = {}


def outlast_the_lease(what: str) -> None:
    """Who holds the claim is to renew it."""
    Batch.objects.update(due_at=timezone.now())
    deadline = time.monotonic() + 2
    while Batch.objects.due().exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    RENEWED[what] = not Batch.objects.due().exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("disk")
def test_a_batch_is_kept_while_its_files_and_images_take_longer_than_a_lease(
    make: Make, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_image(exchange: Exchange) -> None:
        outlast_the_lease("fetching")
        connection.close()
        exchange.answer(404)

    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    monkeypatch.setitem(kept.__wrapped__.__kwdefaults__, "every", 0.05)  # type: ignore[attr-defined]
    RENEWED.clear()
    with serving(slow_image) as images:
        batch = make(line("one", input_reference={"image_url": images.url}))
        storage = {"BACKEND": f"{__name__}.Patience", "OPTIONS": {"location": settings.MEDIA_ROOT}}
        settings.STORAGES = {**settings.STORAGES, "default": storage}
        batch = step(batch, times=3)

    assert (batch.status, counts(batch)) == (Status.COMPLETED, (1, 0, 1))
    assert RENEWED == {"reading": True, "fetching": True, "writing": True}


def test_a_step_ends_after_a_while(make: Make, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def tardy(exchange: Exchange) -> None:
        time.sleep(0.1)
        exchange.answer(404)

    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    monkeypatch.setattr(batches, "STEP_SECONDS", 0.25)
    with serving(tardy) as images:
        reference = {"input_reference": {"image_url": images.url}}
        batch = step(make(*[line(str(number), **reference) for number in range(12)]), times=2)

    assert batch.status == Status.IN_PROGRESS
    assert 1 <= batch.failed <= 4


# --- lines that make trouble -----------------------------------------------------------------------


def test_a_line_that_makes_trouble_holds_up_no_other_and_is_refused_in_the_end(
    make: Make, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    file = make_file(workspace, image("PNG", (1280, 720)), purpose="vision")
    default_storage.delete(str(file.file))
    bad = {"input_reference": {"file_id": file.id}}
    batch = step(make(line("bad", **bad, **SIZE), line("good", **SIZE)), times=2)

    assert batch.due_at
    assert batch.due_at > timezone.now() + timedelta(seconds=5)
    batch = step(batch)
    assert batch.lines.get(video__isnull=False).custom_id == "good"
    assert batch.lines.get(video=None).failures == 2
    batch = step(batch, times=batches.FAILURES_MAX - 3)
    assert (batch.failed, batch.lines.get(video=None).failures) == (0, batches.FAILURES_MAX - 1)
    batch = step(batch)
    assert batch.failed == 1
    fail_all()
    batch = step(batch, times=2)

    assert (batch.status, counts(batch)) == (Status.COMPLETED, (2, 1, 1))
    assert lines_of(batch.error_file_id)["bad"]["error"]["code"] == "server_error"
    assert "line 1 is refused" in caplog.text


# --- other ends ------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["inactive", "viewer", "gone"])
def test_a_batch_ends_with_its_owners_rights(make: Make, alice: User, workspace: Workspace, why: str) -> None:
    batch = step(make(*[line(str(number)) for number in range(6)]), times=2)
    membership = Membership.objects.filter(user=alice, workspace=workspace)
    if why == "inactive":
        User.objects.filter(pk=alice.pk).update(is_active=False)
    elif why == "viewer":
        membership.update(role=Membership.Role.VIEWER)
    else:
        membership.delete()
    made = Video.objects.count()
    batch = step(batch, times=2)

    assert (batch.status, counts(batch)) == (Status.CANCELLED, (6, 0, 6))
    assert batch.cancelling_at
    assert {it["error"]["code"] for it in lines_of(batch.error_file_id).values()} == {"batch_cancelled"}
    assert made == Video.objects.count() == batches.AT_ONCE
    assert not Video.objects.filter(deleted_at=None).exists()


def test_a_video_that_was_deleted_meanwhile_is_an_error(make: Make) -> None:
    batch = step(make(line("one")), times=2)
    actions.delete_video(Video.objects.get())
    batch = step(batch, times=2)

    assert (batch.status, counts(batch)) == (Status.COMPLETED, (1, 0, 1))
    assert lines_of(batch.error_file_id)["one"]["error"]["code"] == "video_deleted"


def test_a_cancelled_batch_keeps_what_is_finished_and_stops_the_rest(make: Make, backend: ScriptedBackend) -> None:
    batch = step(make(*[line(str(number), **SIZE) for number in range(7)]), times=2)
    render(backend)
    batch = step(batch)
    running = {video.pk for video in Video.objects.filter(completed_at=None)}
    assert len(running) == 3

    actions.cancel_batch(batch)
    assert batch.status == Status.CANCELLING
    batch = step(batch)

    assert (batch.status, counts(batch), batch.due_at) == (Status.CANCELLED, (7, 4, 3), None)
    assert len(lines_of(batch.output_file_id)) == 4
    refused = lines_of(batch.error_file_id)
    assert {it["error"]["code"] for it in refused.values()} == {"batch_cancelled"}
    assert len(refused) == 3
    assert {video.pk for video in Video.objects.exclude(deleted_at=None)} == running


def test_what_finished_before_the_cancel_was_seen_is_kept(make: Make, backend: ScriptedBackend) -> None:
    batch = step(make(line("one", **SIZE)), times=2)
    render(backend)

    actions.cancel_batch(batch)
    batch = step(batch)

    assert (batch.status, counts(batch)) == (Status.CANCELLED, (1, 1, 0))
    assert not Video.objects.exclude(deleted_at=None).exists()


def test_a_batch_that_is_cancelled_before_it_was_read_has_no_files(make: Make) -> None:
    batch = make(line("one"))
    BatchLine.objects.create(batch=batch, number=1, custom_id="one", body={})

    actions.cancel_batch(batch)
    batch = step(batch)

    assert (batch.status, counts(batch)) == (Status.CANCELLED, (0, 0, 0))
    assert (batch.output_file_id, batch.error_file_id, batch.lines.count()) == ("", "", 0)


def test_a_batch_whose_window_has_passed_expires_with_what_is_finished(make: Make, backend: ScriptedBackend) -> None:
    batch = step(make(*[line(str(number), **SIZE) for number in range(5)]), times=2)
    render(backend)
    Batch.objects.update(expires_at=timezone.now())

    batch = step(batch)

    assert (batch.status, counts(batch)) == (Status.EXPIRED, (5, 4, 1))
    assert batch.expired_at
    assert [it["error"]["code"] for it in lines_of(batch.error_file_id).values()] == ["batch_expired"]


def test_a_batch_that_nobody_could_read_in_time_expires(make: Make) -> None:
    batch = make(line("one"))
    Batch.objects.update(expires_at=timezone.now())

    assert step(batch).status == Status.EXPIRED


@pytest.mark.parametrize("ending", ["completed", "failed", "expired", "cancelled"])
def test_whoever_asked_is_told_of_the_end(make: Make, workspace: Workspace, ending: str) -> None:
    event = f"batch.{ending}"
    WebhookEndpoint.objects.create(workspace=workspace, name="n", url="https://example.org", event_types=[event])
    batch = make(line("one", seconds="15"), *(["no JSON"] if ending == "failed" else []))
    if ending == "expired":
        Batch.objects.update(expires_at=timezone.now())
    if ending == "cancelled":
        actions.cancel_batch(batch)

    batch = step(batch, times=4)

    assert batch.status == ending
    assert [it.event_type for it in WebhookDelivery.objects.all()] == [event]
    assert batch.id in WebhookDelivery.objects.get().body


def test_an_empty_file_is_told_so(make: Make) -> None:
    batch = step(make(""))

    assert [it["code"] for it in batch.errors or []] == ["empty_file"]
    assert jsonl("") == b""
