"""The official OpenAI Python SDK against a live Studio."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from tests import factories
from tests.live.server import API_KEY, Studio
from videos.engine.probe import probe

# The SDK marks the Videos API as deprecated: that is why Studio exists.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def sdk(studio: Studio) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{studio.url}/v1", api_key=API_KEY, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def made(studio: Studio) -> Iterator[str]:
    """A finished video, made by the SDK with a reference image."""
    with openai.OpenAI(base_url=f"{studio.url}/v1", api_key=API_KEY) as client, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        video = client.videos.create_and_poll(
            prompt="A calico cat playing a piano on stage",
            model="sora-2",
            size="1280x720",
            seconds="4",
            input_reference=factories.image("JPEG", (1280, 720), "#206080"),
        )
        assert video.status == "completed", video.error
        assert (video.model, video.progress, video.seconds, video.size) == ("sora-2", 100, "4", "1280x720")
        yield video.id


def test_the_file_is_what_was_asked_for(sdk: openai.OpenAI, made: str, tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    sdk.videos.download_content(made).write_to_file(path)

    facts = probe(path)
    assert (facts.video_codec, facts.audio_codec, facts.width, facts.height) == ("h264", "aac", 1280, 720)
    assert (facts.frames, facts.duration) == (4 * facts.fps, 4)


@pytest.mark.parametrize(("variant", "magic"), [("thumbnail", b"RIFF"), ("spritesheet", b"\xff\xd8\xff")])
def test_stills(sdk: openai.OpenAI, made: str, variant: str, magic: bytes) -> None:
    answer = sdk.videos.download_content(made, variant=variant)  # type: ignore[arg-type]

    assert answer.read().startswith(magic)


def test_retrieve_and_list(sdk: openai.OpenAI, made: str) -> None:
    video = sdk.videos.retrieve(made)

    assert video.id in [listed.id for listed in sdk.videos.list(limit=2)]
    assert video._request_id
    assert video._request_id.startswith("req_")


def test_strict_clients_accept_every_answer(studio: Studio) -> None:
    with openai.OpenAI(base_url=f"{studio.url}/v1", api_key=API_KEY, _strict_response_validation=True) as client:
        for size in ("720x1280", "1280x720", "1024x1792", "1792x1024"):
            video = client.videos.create(prompt="A lamp", size=size)
            assert client.videos.delete(video.id).deleted is True


def test_remix_keeps_model_size_and_seconds(sdk: openai.OpenAI, made: str) -> None:
    remix = sdk.videos.remix(made, prompt="at night")
    remix = sdk.videos.poll(remix.id)

    assert remix.status == "completed"
    assert (remix.remixed_from_video_id, remix.model, remix.size, remix.seconds) == (made, "sora-2", "1280x720", "4")


def test_errors_arrive_as_the_sdks_own_classes(sdk: openai.OpenAI, studio: Studio) -> None:
    with pytest.raises(openai.BadRequestError) as bad:
        sdk.videos.create(prompt="A lamp", seconds="15")  # type: ignore[arg-type]
    assert (bad.value.param, bad.value.code) == ("seconds", "invalid_value")

    with pytest.raises(openai.NotFoundError) as unknown:
        sdk.videos.retrieve("video_unknown")
    assert unknown.value.code == "video_not_found"
    assert unknown.value.request_id

    with pytest.raises(openai.AuthenticationError), openai.OpenAI(base_url=f"{studio.url}/v1", api_key="no") as wrong:
        wrong.videos.list()


def test_content_before_completion_is_not_found_and_a_running_video_can_be_deleted(sdk: openai.OpenAI) -> None:
    video = sdk.videos.create(prompt="A long walk", seconds="12")

    with pytest.raises(openai.NotFoundError) as early:
        sdk.videos.download_content(video.id)
    assert early.value.code == "video_not_ready"

    assert sdk.videos.delete(video.id).deleted is True
    with pytest.raises(openai.NotFoundError):
        sdk.videos.retrieve(video.id)


def test_models_name_the_engine_and_the_aliases(sdk: openai.OpenAI) -> None:
    names = {model.id for model in sdk.models.list()}

    assert {"animatic-1", "sora-2", "sora-2-pro"} <= names
