from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import make_ready_video, make_video
from videos import actions
from videos.media import Clip, Probe
from videos.models import Asset, Character, User, Workspace

pytestmark = pytest.mark.django_db
PROBE = Probe(320, 180, 2.0, 24.0)


def stored(character: Character) -> bytes:
    with character.file.open("rb") as file:
        return bytes(file.read())


def test_an_uploaded_clip_is_stored_with_its_facts(workspace: Workspace, alice: User) -> None:
    clip = Clip(SimpleUploadedFile("luna.mp4", b"film"), PROBE)

    character = actions.create_character(workspace=workspace, by=alice, name="Luna", source=clip)

    character.refresh_from_db()
    assert (character.name, character.width, character.height, character.duration) == ("Luna", 320, 180, 2.0)
    assert stored(character) == b"film"
    assert str(character.file).startswith(f"characters/{character.id}/")


def test_a_character_outlives_the_video_it_was_taken_from(workspace: Workspace, alice: User) -> None:
    video = make_ready_video(workspace, data=b"their film")

    character = actions.create_character(workspace=workspace, by=alice, name="Luna", source=video)
    default_storage.delete(video.assets.get(variant=Asset.Variant.VIDEO).key)

    assert stored(character) == b"their film"


def test_a_video_without_film_has_no_characters(workspace: Workspace, alice: User) -> None:
    with pytest.raises(actions.ActionError) as refusal:
        actions.create_character(workspace=workspace, by=alice, name="Luna", source=make_video(workspace))

    assert (refusal.value.code, refusal.value.param) == ("video_not_ready", "video")


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"phase": "failed"}, "video_failed"), ({"phase": "ready", "expires_at": timezone.now()}, "video_expired")],
)
def test_failed_and_expired_videos_have_none_either(
    workspace: Workspace, alice: User, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(actions.ActionError) as refusal:
        actions.create_character(workspace=workspace, by=alice, name="Luna", source=make_video(workspace, **fields))

    assert (refusal.value.code, refusal.value.param) == (code, "video")


def test_a_row_that_is_refused_leaves_no_bytes(workspace: Workspace, alice: User) -> None:
    kept: list[str] = []

    def refuse(character: Character) -> None:
        kept.append(str(character.file))
        raise RuntimeError("no room")

    clip = Clip(SimpleUploadedFile("luna.mp4", b"film"), PROBE)
    with pytest.raises(RuntimeError):
        actions.create_character(workspace=workspace, by=alice, name="Luna", source=clip, note=refuse)

    assert not default_storage.exists(kept[0])
    assert not Character.objects.exists()
