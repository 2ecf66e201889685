from __future__ import annotations

import io
import json

import av
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests import factories
from tests.scripted_backend import ScriptedBackend
from tests.videos.machine import MP4, remotely, step
from videos import actions, catalog, media, resources
from videos.models import Asset, Character, Phase, User, Video, Workspace

pytestmark = pytest.mark.django_db
ALL = ("remix", "edits", "extensions", "characters", "seed", "idempotency")


@pytest.fixture
def model() -> catalog.Model:
    return catalog.own_models()[0]


@pytest.fixture
def source(workspace: Workspace, backend: ScriptedBackend) -> Video:
    """Ready, its film in storage, and known to the backend."""
    video = factories.make_ready_video(workspace, data=MP4, prompt="A lighthouse at dawn")
    Asset.objects.filter(video=video, variant="video").update(width=1280, height=720, duration=4.0)
    backend.jobs[video.backend_video_id] = backend.accept({}, None, None, None)
    return video


def clip(data: bytes = MP4) -> media.Clip:
    return media.Clip(SimpleUploadedFile("film.mp4", data), media.Probe(1280, 720, 4.0, 24.0))


def made_by(backend: ScriptedBackend, video: Video):
    return backend.jobs[Video.objects.get(pk=video.pk).backend_video_id]


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def frames(data: bytes) -> list[np.ndarray]:
    with av.open(io.BytesIO(data), "r") as container:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]


@pytest.mark.parametrize("operation", ["remix", "edit"])
def test_a_remix_is_asked_of_the_backend_that_can(
    settings, source: Video, backend: ScriptedBackend, alice: User, model: catalog.Model, operation: str
) -> None:
    remotely(settings, *ALL)
    if operation == "remix":
        video = actions.remix_video(source, by=alice, prompt="at night")
    else:
        video = actions.edit_video(workspace=source.workspace, by=alice, source=source, prompt="at night", model=model)

    assert step(video).phase == Phase.SUBMITTED
    job = made_by(backend, video)
    assert job.path == ("/v1/videos/edits" if operation == "edit" else f"/v1/videos/{source.backend_video_id}/remix")
    assert (job.source, job.fields["prompt"], job.upload) == (source.backend_video_id, "at night", None)
    assert resources.video(video)["emulated"] is None


def test_a_remix_that_the_backend_lacks_is_a_create_from_the_first_frame_and_says_so(
    settings, source: Video, backend: ScriptedBackend, alice: User
) -> None:
    remotely(settings, "seed")
    video = actions.remix_video(source, by=alice, prompt="at night")

    assert step(video).phase == Phase.SUBMITTED

    job = made_by(backend, video)
    assert job.path == "/v1/videos"
    assert (job.fields["size"], job.fields["seconds"], job.fields["seed"]) == ("1280x720", "4", str(source.seed))
    assert "A lighthouse at dawn" in job.fields["prompt"]
    assert "at night" in job.fields["prompt"]
    assert job.upload
    assert np.abs(pixels(job.upload) - frames(MP4)[0]).mean() < 3
    wire = resources.video(video)
    assert (wire["emulated"], wire["remixed_from_video_id"]) == ("remix", source.id)


def test_an_extension_that_the_backend_lacks_is_joined_to_its_source(
    settings, source: Video, backend: ScriptedBackend, alice: User, model: catalog.Model
) -> None:
    remotely(settings)
    video = actions.extend_video(
        workspace=source.workspace, by=alice, source=source, prompt="the sun comes up", seconds=4, model=model
    )
    assert (video.seconds, video.emulated) == (8, "extend")
    video = step(video)
    job = made_by(backend, video)
    assert (job.path, job.fields["seconds"]) == ("/v1/videos", "4")
    assert job.fields["prompt"] == "A lighthouse at dawn\n\nAnd then: the sun comes up"
    assert job.upload
    assert np.abs(pixels(job.upload) - frames(MP4)[-1]).mean() < 3

    backend.finish(job, MP4)
    video = step(video)

    assert video.phase == Phase.READY, video.error_message
    film = video.assets.get(variant="video")
    assert film.duration == pytest.approx(8, abs=0.05)
    with film.file.open("rb") as stored:
        joined = frames(stored.read())
    before = frames(MP4)
    assert len(joined) == 2 * len(before)
    assert all(np.array_equal(a, b) for a, b in zip(before, joined, strict=False))
    assert video.assets.get(variant="spritesheet").frames


def test_an_uploaded_film_is_sent_along(
    settings, workspace: Workspace, backend: ScriptedBackend, alice: User, model: catalog.Model
) -> None:
    remotely(settings, *ALL)
    edit = actions.edit_video(workspace=workspace, by=alice, source=clip(), prompt="in snow", model=model)
    more = actions.extend_video(workspace=workspace, by=alice, source=clip(), prompt="and on", seconds=8, model=model)

    for video, path in ((edit, "/v1/videos/edits"), (more, "/v1/videos/extensions")):
        assert step(video).phase == Phase.SUBMITTED
        job = made_by(backend, video)
        assert (job.path, job.upload, job.source) == (path, MP4, None)
    assert (edit.size, edit.seconds, edit.source) == ("1280x720", 4, None)
    assert (more.seconds, made_by(backend, more).fields["seconds"]) == (12, "8")


def test_what_the_backend_has_lost_is_sent_again(
    settings, source: Video, backend: ScriptedBackend, alice: User
) -> None:
    remotely(settings, *ALL)
    del backend.jobs[source.backend_video_id]

    video = actions.remix_video(source, by=alice, prompt="at night")

    assert step(video).phase == Phase.SUBMITTED
    job = made_by(backend, video)
    assert (job.path, job.upload) == ("/v1/videos/edits", MP4)


def test_what_is_lost_here_and_there_fails_in_words(
    settings, source: Video, backend: ScriptedBackend, alice: User
) -> None:
    remotely(settings, *ALL)
    del backend.jobs[source.backend_video_id]
    video = actions.remix_video(source, by=alice, prompt="at night")
    source.assets.all().delete()

    video = step(video)

    assert (video.phase, video.error_code) == (Phase.FAILED, "source_unavailable")


def test_what_was_sent_again_and_went_unheard_is_found_and_not_made_twice(
    settings, source: Video, backend: ScriptedBackend, alice: User
) -> None:
    remotely(settings, *ALL)
    del backend.jobs[source.backend_video_id]
    video = actions.remix_video(source, by=alice, prompt="at night")
    made = backend.creates

    def refuse_by_id(exchange) -> None:
        backend.faults["create"].append(lose_the_answer)
        exchange.refuse(404)

    def lose_the_answer(exchange) -> None:
        backend.accept({}, MP4, None, exchange.headers["Idempotency-Key"], exchange.path)
        exchange.hang_up()

    backend.faults["create"].append(refuse_by_id)
    assert step(video).phase == Phase.UNKNOWN

    video = step(video)

    assert video.phase == Phase.SUBMITTED, video.error_message
    assert backend.creates == made + 1


def test_a_remix_of_an_emulated_extension_gets_the_whole_film(
    settings, source: Video, backend: ScriptedBackend, alice: User
) -> None:
    remotely(settings, "edits")
    Video.objects.filter(pk=source.pk).update(operation="extend", added_seconds=2, emulated="extend")
    source.refresh_from_db()

    video = actions.remix_video(source, by=alice, prompt="at night")
    assert step(video).phase == Phase.SUBMITTED

    assert (made_by(backend, video).path, made_by(backend, video).upload) == ("/v1/videos/edits", MP4)


def test_what_a_remix_only_backend_has_only_half_is_put_together(
    settings, source: Video, backend: ScriptedBackend, alice: User
) -> None:
    remotely(settings, "remix")
    Video.objects.filter(pk=source.pk).update(operation="extend", added_seconds=2, emulated="extend")
    source.refresh_from_db()

    video = actions.remix_video(source, by=alice, prompt="at night")
    assert step(video).phase == Phase.SUBMITTED

    assert (video.emulated, made_by(backend, video).path) == ("remix", "/v1/videos")


def test_an_uploaded_film_need_not_last_whole_seconds(
    settings, workspace: Workspace, backend: ScriptedBackend, alice: User, model: catalog.Model
) -> None:
    remotely(settings, *ALL)
    film = media.Clip(SimpleUploadedFile("film.mp4", MP4), media.Probe(1280, 720, 4.4, 24.0))
    edit = actions.edit_video(workspace=workspace, by=alice, source=film, prompt="in snow", model=model)
    assert edit.seconds == 4
    edit = step(edit)
    backend.finish(made_by(backend, edit), MP4)

    assert step(edit).phase == Phase.READY


def test_a_remix_only_backend_that_lost_the_source_gets_the_first_frame(
    settings, source: Video, backend: ScriptedBackend, alice: User
) -> None:
    remotely(settings, "remix")
    del backend.jobs[source.backend_video_id]
    video = actions.remix_video(source, by=alice, prompt="at night")
    assert video.emulated == ""

    video = step(video)

    assert (video.phase, video.emulated) == (Phase.SUBMITTED, "remix")
    assert made_by(backend, video).upload


@pytest.fixture
def luna(workspace: Workspace, alice: User) -> Character:
    return actions.create_character(workspace=workspace, by=alice, name="Luna", source=clip())


def cast(workspace: Workspace, alice: User, *characters: Character) -> Video:
    return actions.create_video(
        workspace=workspace,
        by=alice,
        prompt="Luna dances",
        model=catalog.own_models()[0],
        size="1280x720",
        seconds=4,
        characters=characters,
    )


def test_a_backend_is_told_of_a_character_once(
    settings, workspace: Workspace, backend: ScriptedBackend, alice: User, luna: Character
) -> None:
    remotely(settings, *ALL)
    for _ in range(2):
        video = cast(workspace, alice, luna)
        assert step(video).phase == Phase.SUBMITTED
        assert json.loads(made_by(backend, video).fields["characters"]) == [{"id": "char_backend1"}]

    assert backend.characters == {"char_backend1": ("Luna", MP4)}


def test_a_backend_that_forgot_a_character_is_told_again(
    settings, workspace: Workspace, backend: ScriptedBackend, alice: User, luna: Character
) -> None:
    remotely(settings, *ALL)
    luna.backend_ids = {"embedded": "char_of_yesterday"}
    luna.save()

    video = cast(workspace, alice, luna)

    assert step(video).phase == Phase.SUBMITTED
    assert json.loads(made_by(backend, video).fields["characters"]) == [{"id": "char_backend1"}]
    luna.refresh_from_db()
    assert luna.backend_ids == {"embedded": "char_backend1"}


def test_a_backend_that_refuses_a_character_fails_the_video_in_its_words(
    settings, workspace: Workspace, backend: ScriptedBackend, alice: User, luna: Character
) -> None:
    remotely(settings, *ALL)
    backend.faults["characters"].append(lambda exchange: exchange.refuse(400, "No likenesses.", "moderation_blocked"))

    video = step(cast(workspace, alice, luna))

    assert (video.error_code, video.error_message) == ("moderation_blocked", "No likenesses.")


def test_characters_that_the_backend_lacks_are_shown_to_it(
    settings, workspace: Workspace, backend: ScriptedBackend, alice: User, luna: Character
) -> None:
    remotely(settings)
    other = actions.create_character(workspace=workspace, by=alice, name="Rex", source=clip())
    alone, together = cast(workspace, alice, luna), cast(workspace, alice, luna, other)

    for video in (alone, together):
        assert step(video).phase == Phase.SUBMITTED
        assert resources.video(video)["emulated"] == "characters"
        upload = made_by(backend, video).upload
        assert upload
        assert Image.open(io.BytesIO(upload)).size == (1280, 720)
    assert "Luna and Rex" in made_by(backend, together).fields["prompt"]


def test_a_size_that_the_model_lacks_cannot_be_put_together(
    settings, workspace: Workspace, backend: ScriptedBackend, alice: User, model: catalog.Model
) -> None:
    remotely(settings)
    small = media.Clip(SimpleUploadedFile("film.mp4", MP4), media.Probe(320, 180, 4.0, 24.0))

    with pytest.raises(actions.ActionError, match="320x180") as refusal:
        actions.edit_video(workspace=workspace, by=alice, source=small, prompt="in snow", model=model)

    assert (refusal.value.code, refusal.value.param) == ("unsupported_value", "video")
    assert not Video.objects.exists()


def test_an_emulated_video_says_so_on_its_page(as_alice: Client, source: Video, settings, alice: User) -> None:
    remotely(settings)
    video = actions.remix_video(source, by=alice, prompt="at night")

    page = as_alice.get(f"/v/{video.id}/").content.decode()

    assert "put together by Studio" in page
    assert "put together by Studio" not in as_alice.get(f"/v/{source.id}/").content.decode()
