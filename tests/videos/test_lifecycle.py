from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from tests import factories
from tests.scripted_backend import Exchange, ScriptedBackend
from videos import actions, catalog, lifecycle
from videos.backends import get_backend
from videos.contract import Reference
from videos.models import Asset, Phase, User, Video, Workspace
from videos.tasks import advance_video

MP4 = factories.mp4()


@pytest.fixture
def video(backend: ScriptedBackend, workspace: Workspace, alice: User) -> Video:
    return actions.create_video(
        workspace=workspace,
        by=alice,
        prompt="A fox",
        model=catalog.models()["animatic-1"],
        size="1280x720",
        seconds=4,
        seed=7,
    )


def step(video: Video, *, times: int = 1) -> Video:
    """What the worker does when the video is due."""
    for _ in range(times):
        Video.objects.filter(pk=video.pk, due_at__isnull=False).update(due_at=timezone.now())
        claimed = Video.claim(video.id)
        if claimed:
            lifecycle.advance(claimed)
    return Video.objects.get(pk=video.pk)


def remotely(settings, *features: str) -> None:
    """The backend can do this and no more."""
    options = {**settings.VIDEO_BACKENDS["embedded"]["OPTIONS"], "features": list(features)}
    settings.VIDEO_BACKENDS = {"embedded": {**settings.VIDEO_BACKENDS["embedded"], "OPTIONS": options}}
    get_backend.cache_clear()


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
    assert (asset.size, asset.width, asset.height, asset.duration) == (len(MP4), 1280, 720, 1.0)


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
    assert backend.job.reference == image.data


def test_stills_are_made_here_when_the_backend_has_none(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.finish(backend.job, MP4)

    video = step(video)

    thumbnail, sheet = video.assets.get(variant="thumbnail"), video.assets.get(variant="spritesheet")
    assert (thumbnail.width, thumbnail.height) == (1280, 720)
    assert sheet.columns
    assert sheet.frames


def test_stills_of_the_backend_are_kept_when_it_says_how_the_sheet_is_laid_out(
    video: Video, backend: ScriptedBackend
) -> None:
    step(video)
    thumbnail, sheet = factories.image("WEBP", (640, 360)), factories.image("JPEG", (320, 180))
    backend.finish(backend.job, MP4, thumbnail=thumbnail, spritesheet=sheet)
    backend.job.headers["spritesheet"] = {"x-spritesheet-columns": "2", "x-spritesheet-frames": "3"}

    video = step(video)

    kept = video.assets.get(variant="spritesheet")
    assert (kept.columns, kept.frames, kept.size) == (2, 3, len(sheet))
    assert video.assets.get(variant="thumbnail").width == 640


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


BAD_FILES = {
    "cut in half": truncated(MP4),
    "an error page": b"<html>Sorry</html>",
    "empty": b"",
    "of another size": factories.mp4((640, 360)),
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_bad_bytes_are_never_ready_and_leave_nothing_behind(
    video: Video, backend: ScriptedBackend, data: bytes
) -> None:
    step(video)
    backend.finish(backend.job, data)

    video = step(video)
    assert (video.phase, video.failures) == (Phase.COLLECTING, 1)
    video = step(video, times=2)

    assert (video.phase, video.error_code) == (Phase.FAILED, "asset_corrupt")
    assert not video.assets.exists()


def test_a_cut_download_is_fetched_again(video: Video, backend: ScriptedBackend) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Length", str(len(MP4)))
        exchange.end_headers()
        exchange.wfile.write(truncated(MP4))
        exchange.hang_up()

    step(video)
    backend.finish(backend.job, MP4)
    backend.faults["content"].append(cut)

    assert step(video).phase == Phase.COLLECTING
    assert step(video).phase == Phase.READY


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
    here = settings.VIDEO_BACKENDS
    options = {**here["embedded"]["OPTIONS"], "base_url": "http://127.0.0.1:9/v1"}
    settings.VIDEO_BACKENDS = {"embedded": {**here["embedded"], "OPTIONS": options}}
    get_backend.cache_clear()
    pauses = []

    for _ in range(4):
        away = step(video)
        assert away.due_at
        pauses.append(round((away.due_at - timezone.now()).total_seconds()))
    assert (away.phase, away.attempts) == (Phase.QUEUED, 0)
    settings.VIDEO_BACKENDS = here
    get_backend.cache_clear()

    assert pauses == [1, 2, 4, 8]
    assert step(video).phase == Phase.SUBMITTED


def test_a_queue_that_nobody_serves_ends_after_a_day(video: Video) -> None:
    Video.objects.update(created_at=timezone.now() - timedelta(hours=25))

    video = step(video)

    assert (video.status, video.error_code) == ("failed", "backend_unavailable")


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
    for _ in range(lifecycle.MAX_ATTEMPTS + 1):
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


def test_a_render_without_end_times_out(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.job.status = "in_progress"
    step(video)
    Video.objects.update(started_at=timezone.now() - timedelta(hours=3))

    video = step(video)

    assert (video.status, video.error_code) == ("failed", "generation_timeout")


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


def test_deleting_removes_bytes_here_and_at_the_backend(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.finish(backend.job, MP4)
    video = step(video)
    keys = [asset.key for asset in video.assets.all()]
    assert all(default_storage.exists(key) for key in keys)

    actions.delete_video(video)
    video = step(video)

    assert backend.deleted == [video.backend_video_id]
    assert not any(default_storage.exists(key) for key in keys)
    assert not Asset.objects.exists()
    assert video.purged_at
    assert video.due_at is None


def test_deleting_a_running_video_stops_it(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.job.status = "in_progress"
    running = step(video)

    actions.delete_video(running)
    video = step(video)

    assert video.phase == Phase.CANCELLED
    assert backend.jobs == {}


def test_a_video_deleted_while_it_is_being_asked_for_is_deleted_there_too(
    video: Video, backend: ScriptedBackend
) -> None:
    claimed = Video.claim(video.id)
    assert claimed
    claimed.begin_create()
    actions.delete_video(video)  # while the request is on its way

    with pytest.raises(Video.Stale):
        lifecycle._create(claimed, get_backend("embedded"))

    assert backend.creates == 1
    assert backend.jobs == {}


def test_an_overtaken_worker_does_not_delete_what_its_rescuer_uses(video: Video, backend: ScriptedBackend) -> None:
    slow = Video.claim(video.id)
    assert slow
    slow.begin_create()
    step(video, times=2)  # the lease ran out: the rescuer asked with the same key

    with pytest.raises(Video.Stale):
        lifecycle._create(slow, get_backend("embedded"))

    assert list(backend.jobs) == [Video.objects.get().backend_video_id]


def test_a_deleted_videos_bytes_do_not_wait_for_the_backend(video: Video, backend: ScriptedBackend) -> None:
    step(video)
    backend.finish(backend.job, MP4)
    video = step(video)
    actions.delete_video(video)
    backend.faults["delete"] += [lambda exchange: exchange.refuse(503)] * 2

    video = step(video)
    assert (video.assets.count(), video.purged_at) == (0, None)
    Video.objects.update(deleted_at=timezone.now() - timedelta(hours=25))
    video = step(video)

    assert video.purged_at


def test_ten_deliveries_of_one_message_make_one_video(video: Video, backend: ScriptedBackend) -> None:
    for _ in range(10):
        advance_video(video.id)

    assert backend.creates == 1


def test_an_error_of_our_own_is_kept_apart_and_given_up_in_the_end(
    video: Video, backend: ScriptedBackend, settings
) -> None:
    settings.VIDEO_BACKENDS = {}
    get_backend.cache_clear()

    for _ in range(lifecycle.MAX_FAILURES + 1):
        video = step(video)

    assert (video.status, video.error_code) == ("failed", "server_error")
