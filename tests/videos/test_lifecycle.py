from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from tests import factories
from tests.factories import add_asset, image, make_video
from tests.scripted_backend import Exchange, ScriptedBackend
from tests.videos.machine import MP4, point, remotely, step
from videos import actions, catalog, lifecycle
from videos.contract import Reference
from videos.models import Phase, Trouble, User, Video, Workspace
from videos.tasks import advance_video


def test_a_video_goes_from_prompt_to_stored_bytes(video: Video, backend: ScriptedBackend) -> None:
    seen = [video.status]

    video = step(video)
    seen.append(video.status)
    backend.job.status, backend.job.progress = "in_progress", 40
    video = step(video)
    seen.append(video.status)
    assert video.progress == 40
    backend.finish(backend.job, MP4)
    video = step(video)
    seen.append(video.status)

    assert seen == ["queued", "queued", "in_progress", "completed"]
    assert backend.creates == 1
    asset = video.assets.get(variant="video")
    with default_storage.open(asset.key) as file:
        assert file.read() == MP4
    assert (asset.size, asset.width, asset.height, asset.duration) == (len(MP4), 1280, 720, 4.0)


def test_the_request_carries_what_the_person_asked_for(
    backend: ScriptedBackend, workspace: Workspace, alice: User
) -> None:
    image = Reference(factories.image(), "reference.png", "image/png")
    model = catalog.models()["sora-2"]
    video = actions.create_video(
        workspace=workspace,
        by=alice,
        prompt="A fox",
        model=model,
        size="1280x720",
        seconds=8,
        seed=7,
        input_reference=image,
    )

    step(video)

    expected = {"prompt": "A fox", "model": "animatic-1", "size": "1280x720", "seconds": "8", "seed": "7"}
    assert backend.job.fields == expected
    assert backend.job.upload == image.data


def test_a_refusal_fails_the_video_in_the_backends_words(video: Video, backend: ScriptedBackend) -> None:
    backend.faults["create"].append(lambda exchange: exchange.refuse(400, "Not this prompt.", "moderation_blocked"))

    video = step(video)

    assert (video.status, video.error_code, video.error_message) == ("failed", "moderation_blocked", "Not this prompt.")


def test_a_failed_render_is_told_in_the_backends_words(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.job.status, backend.job.error = "failed", {"code": "generation_failed", "message": "Out of paint."}

    video = step(video)

    assert (video.status, video.error_code, video.error_message) == ("failed", "generation_failed", "Out of paint.")


def test_a_backend_that_is_away_costs_time_and_no_attempt(video: Video, backend: ScriptedBackend, settings) -> None:
    here = settings.VIDEO_BACKENDS["embedded"]["OPTIONS"]
    point(settings, {**here, "base_url": "http://127.0.0.1:9/v1"})
    pauses = []

    for _ in range(4):
        away = step(video)
        assert away.due_at
        pauses.append(round((away.due_at - timezone.now()).total_seconds()))
    assert (away.phase, away.attempts) == (Phase.QUEUED, 0)
    point(settings, here)

    assert pauses == [1, 2, 4, 8]
    assert step(video).phase == Phase.SUBMITTED


def test_a_backend_that_was_away_for_a_day_ends_the_wait(video: Video, backend: ScriptedBackend) -> None:
    Video.objects.update(trouble=Trouble.UNAVAILABLE, failures=lifecycle.LIMITS[Trouble.UNAVAILABLE] - 1)
    backend.faults["create"].append(lambda exchange: exchange.refuse(429))

    video = step(video)

    assert (video.status, video.error_code) == ("failed", "backend_unavailable")


def test_a_studio_that_was_switched_off_for_days_has_seen_no_trouble(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.job.status = "in_progress"
    step(video)
    days_ago = timezone.now() - timedelta(days=3)
    Video.objects.update(created_at=days_ago, started_at=days_ago, phase_at=days_ago)
    backend.jobs.clear()  # the engine was off, too

    step(video, times=2)
    backend.finish(backend.job, MP4)
    video = step(video)

    assert video.status == "completed"


def test_troubles_of_different_kinds_are_not_added_up(video: Video, backend: ScriptedBackend, settings) -> None:
    remotely(settings)
    step(video)
    backend.faults["retrieve"] += [lambda it: it.refuse(503), lambda it: it.refuse(503), lambda it: it.refuse(404)]

    video = step(video, times=3)

    assert (video.phase, video.trouble, video.failures) == (Phase.SUBMITTED, Trouble.LOST, 1)


def test_the_pause_stays_a_minute_however_long_the_outage(workspace: Workspace, backend: ScriptedBackend) -> None:
    video = make_video(workspace, phase=Phase.SUBMITTED, trouble=Trouble.UNAVAILABLE, failures=1300)
    backend.faults["retrieve"].append(lambda exchange: exchange.refuse(503))

    video = step(video)

    assert video.failures == 1301
    assert video.due_at
    assert 50 < (video.due_at - timezone.now()).total_seconds() <= 60


def test_a_reference_that_cannot_be_read_is_our_trouble_and_asks_nobody(video: Video, backend: ScriptedBackend) -> None:
    asset = add_asset(video, "reference", image())
    default_storage.delete(asset.key)

    video = step(video)

    assert (video.phase, video.trouble) == (Phase.QUEUED, Trouble.STORAGE)
    assert backend.creates == 0


def test_a_video_of_a_backend_that_is_gone_from_the_settings_fails_in_words(video: Video) -> None:
    Video.objects.update(backend="gpu:8000")

    video = step(video)

    assert video.error_code == "backend_unavailable"
    assert "'gpu:8000' is no longer configured" in video.error_message


def test_words_of_a_backend_are_cut_to_what_the_row_holds(video: Video, backend: ScriptedBackend) -> None:
    backend.faults["create"].append(lambda exchange: exchange.refuse(400, "x" * 9000, "y" * 900))

    video = step(video)

    assert (len(video.error_code), len(video.error_message)) == (60, 2000)


def test_an_unheard_answer_is_asked_for_again_with_the_same_key(video: Video, backend: ScriptedBackend) -> None:
    def accept_and_hang_up(exchange: Exchange) -> None:
        backend.accept({}, None, None, exchange.headers["Idempotency-Key"])
        exchange.hang_up()

    backend.faults["create"].append(accept_and_hang_up)

    assert step(video).phase == Phase.UNKNOWN
    video = step(video)

    assert (video.phase, video.backend_video_id) == (Phase.SUBMITTED, backend.job.id)
    assert backend.creates == 1


def test_an_unheard_answer_is_never_asked_again_where_that_could_cost_twice(
    video: Video, backend: ScriptedBackend, settings
) -> None:
    remotely(settings, "remix")
    backend.faults["create"].append(lambda exchange: exchange.hang_up())

    assert step(video).phase == Phase.UNKNOWN
    video = step(video)

    assert (video.phase, video.error_code) == (Phase.FAILED, "create_outcome_unknown")
    assert backend.creates == 0


def test_a_worker_that_died_while_asking_leaves_no_second_video(video: Video, backend: ScriptedBackend) -> None:
    claimed = Video.claim(video.id)
    assert claimed
    claimed.begin_create()
    backend.accept({}, None, None, claimed.create_key)  # it asked, and was killed before it heard

    video = step(video, times=2)

    assert video.phase == Phase.SUBMITTED
    assert backend.creates == 1


def test_a_render_that_the_engine_forgot_is_started_again(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.job.status, backend.job.progress = "in_progress", 60
    step(video)
    backend.jobs.clear()

    video = step(video)
    assert (video.phase, video.status, video.progress) == (Phase.QUEUED, "in_progress", 60)
    step(video)
    backend.finish(backend.job, MP4)
    video = step(video)

    assert video.status == "completed"
    assert backend.creates == 2


def test_a_render_that_is_lost_again_and_again_ends(video: Video, backend: ScriptedBackend) -> None:
    for _ in range(lifecycle.MAX_ATTEMPTS + 1):  # however far it had come each time
        step(video)
        backend.job.status, backend.job.progress = "in_progress", 60
        step(video)
        backend.jobs.clear()
        video = step(video)

    assert (video.phase, video.error_code) == (Phase.FAILED, "backend_lost_job")


def test_a_foreign_backend_is_believed_the_third_time_and_never_asked_to_start_again(
    video: Video, backend: ScriptedBackend, settings
) -> None:
    remotely(settings)
    step(video)
    backend.jobs.clear()

    assert step(video, times=2).phase == Phase.SUBMITTED
    video = step(video)

    assert (video.phase, video.error_code) == (Phase.FAILED, "backend_lost_job")
    assert backend.creates == 1


def test_trouble_while_polling_changes_nothing(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.job.status, backend.job.progress = "in_progress", 30
    step(video)
    backend.faults["retrieve"] += [lambda it: it.refuse(503), lambda it: it.answer(200, b"{"), lambda it: it.hang_up()]

    video = step(video, times=3)
    assert (video.phase, video.progress, video.failures) == (Phase.GENERATING, 30, 3)

    assert step(video).failures == 0


def test_a_render_without_end_times_out_and_is_stopped(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.job.status = "in_progress"
    step(video)
    Video.objects.update(phase_at=timezone.now() - timedelta(hours=3))

    video = step(video)

    assert (video.status, video.error_code) == ("failed", "generation_timeout")
    assert backend.jobs == {}


def test_remix_is_asked_of_the_backend_that_made_the_source(
    video: Video, backend: ScriptedBackend, alice: User
) -> None:
    step(video)
    backend.finish(backend.job, MP4)
    source = step(video)
    original = backend.job

    remix = actions.remix_video(source, by=alice, prompt="at night")
    step(remix)

    (job,) = [job for job in backend.jobs.values() if job is not original]
    assert job.source == original.id
    assert job.fields["prompt"] == "at night"


def test_an_overtaken_worker_does_not_delete_what_its_rescuer_uses(video: Video, backend: ScriptedBackend) -> None:
    slow = Video.claim(video.id)
    assert slow
    slow.begin_create()
    step(video, times=2)  # the lease ran out: the rescuer asked with the same key

    with pytest.raises(Video.Stale):
        lifecycle.resolve(slow)

    assert list(backend.jobs) == [Video.objects.get().backend_video_id]


def test_ten_deliveries_of_one_message_make_one_video(video: Video, backend: ScriptedBackend) -> None:
    for _ in range(10):
        advance_video(video.id)

    assert backend.creates == 1


def test_an_error_of_our_own_is_kept_apart_and_given_up_in_the_end(
    video: Video, backend: ScriptedBackend, settings
) -> None:
    point(settings, {**settings.VIDEO_BACKENDS["embedded"]["OPTIONS"], "features": ["telepathy"]})

    for _ in range(lifecycle.LIMITS[Trouble.OWN]):
        assert video.status == "queued"
        video = step(video)

    assert (video.status, video.error_code) == ("failed", "server_error")
