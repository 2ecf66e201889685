from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from tests.factories import image, make_ready_video, make_video, make_workspace
from tests.videos.api.wire import error_of
from tests.videos.ring import broker, refusing_broker, rung
from videos import actions, catalog, tasks
from videos.actions import ActionError
from videos.contract import Reference
from videos.dispatch import ADVANCE
from videos.models import Asset, Membership, Phase, User, Video, Workspace
from videos.references import read_reference


def create(workspace: Workspace, by: User, **options: object) -> Video:
    model = catalog.find("animatic-1")
    assert model
    wanted = {"prompt": "A cat", "size": "1280x720", "seconds": 4, **options}
    return actions.create_video(workspace=workspace, by=by, model=model, **wanted)  # type: ignore[arg-type]


def reference() -> Reference:
    return read_reference(io.BytesIO(image("PNG", (1280, 720))), (1280, 720))


def files() -> list[str]:
    try:
        folders, _ = default_storage.listdir("videos")
    except FileNotFoundError:
        return []
    return [f"videos/{folder}/{name}" for folder in folders for name in default_storage.listdir(f"videos/{folder}")[1]]


def test_a_video_is_queued_and_due_at_once(workspace: Workspace, alice: User) -> None:
    video = create(workspace, alice)

    row = Video.objects.get()
    assert (row, row.phase, row.operation, row.source) == (video, Phase.QUEUED, "create", None)
    assert Video.claim(row.id)


def test_the_worker_is_rung_after_the_commit_and_not_before(
    workspace: Workspace, alice: User, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks() as create_rings:
        video = create(workspace, alice)
    with django_capture_on_commit_callbacks() as delete_rings:
        actions.delete_video(video)
    with django_capture_on_commit_callbacks() as no_rings:
        actions.delete_video(video)

    assert (len(create_rings), len(delete_rings), len(no_rings)) == (1, 1, 0)


def test_a_lost_ring_loses_no_video(
    workspace: Workspace, alice: User, django_capture_on_commit_callbacks, caplog: pytest.LogCaptureFixture
) -> None:
    with refusing_broker(), django_capture_on_commit_callbacks(execute=True):
        video = create(workspace, alice)
    assert f"the sweep will find {video.id}" in caplog.text

    with broker("memory://") as app:
        tasks.sweep()

        assert rung(app) == [(ADVANCE, [video.id])]


def test_a_reference_is_stored_with_its_row(workspace: Workspace, alice: User) -> None:
    video = create(workspace, alice, input_reference=reference())

    asset = Asset.objects.get()
    assert (asset.video, asset.variant, asset.width, asset.height) == (video, "reference", 1280, 720)
    assert asset.key in files()


def test_a_row_that_is_refused_leaves_no_file(workspace: Workspace, alice: User) -> None:
    before = files()

    with pytest.raises(IntegrityError):
        create(workspace, alice, seconds=0, input_reference=reference())

    assert files() == before


def test_a_remix_may_have_a_seed_of_its_own(workspace: Workspace, alice: User) -> None:
    source = make_ready_video(workspace, seed=5)

    same = actions.remix_video(source, by=alice, prompt="At night")
    other = actions.remix_video(source, by=alice, prompt="At night", seed=0)

    assert (same.seed, other.seed) == (5, 0)
    assert (same.operation, same.source, same.created_by) == ("remix", source, alice)


CODES = {Phase.QUEUED: "video_not_ready", Phase.GENERATING: "video_not_ready", Phase.FAILED: "video_failed"}


@pytest.mark.parametrize(("phase", "code"), CODES.items())
def test_only_what_is_ready_can_be_remixed(workspace: Workspace, alice: User, phase: Phase, code: str) -> None:
    with pytest.raises(ActionError, match="is not completed") as refusal:
        actions.remix_video(make_video(workspace, phase=phase), by=alice, prompt="At night")

    assert (refusal.value.code, refusal.value.param) == (code, "video")


def test_what_has_expired_cannot_be_remixed(workspace: Workspace, alice: User) -> None:
    with pytest.raises(ActionError, match="have expired") as refusal:
        actions.remix_video(make_ready_video(workspace, expires_at=timezone.now()), by=alice, prompt="At night")

    assert (refusal.value.code, refusal.value.param) == ("video_expired", "video")


def test_a_video_of_a_backend_that_is_gone_is_remixed_by_the_present_one(workspace: Workspace, alice: User) -> None:
    source = make_ready_video(workspace, backend="gone", model="of-yesterday")

    remix = actions.remix_video(source, by=alice, prompt="At night")

    assert (remix.backend, remix.model, remix.emulated) == ("embedded", "sora-2", "")


@pytest.mark.parametrize(
    ("steps", "seconds", "added", "param"), [(6, 32, 4, "video"), (5, 104, 20, "seconds"), (0, 110, 12, "seconds")]
)
def test_a_chain_of_extensions_has_limits(
    workspace: Workspace, alice: User, steps: int, seconds: int, added: int, param: str
) -> None:
    video = make_ready_video(workspace, seconds=seconds)
    for _ in range(steps):
        video = make_ready_video(workspace, operation="extend", source=video, added_seconds=4, seconds=seconds)

    with pytest.raises(ActionError) as refusal:
        actions.extend_video(
            workspace=workspace,
            by=alice,
            source=video,
            prompt="and on",
            seconds=added,
            model=catalog.own_models()[0],
        )

    assert (refusal.value.code, refusal.value.param) == ("invalid_value", param)


def test_the_sixth_extension_is_the_last(workspace: Workspace, alice: User) -> None:
    video = make_ready_video(workspace, seconds=8)
    for number in range(6):
        video = actions.extend_video(
            workspace=workspace,
            by=alice,
            source=video,
            prompt="and on",
            seconds=4,
            model=catalog.own_models()[0],
        )
        assert video.seconds == 12 + 4 * number
        video = make_ready_video(
            workspace, operation="extend", source=video.source, added_seconds=4, seconds=video.seconds
        )


def test_a_hidden_video_is_gone_from_both_doors_until_it_is_restored(
    api: Client, as_alice: Client, alice: User, workspace: Workspace
) -> None:
    video = make_ready_video(workspace)
    program = [f"/v1/videos/{video.id}", f"/v1/videos/{video.id}/content"]
    person = [f"/v/{video.id}/", f"/v/{video.id}/media/video", f"/v/{video.id}/download/video/"]

    assert actions.hide_video(video, by=alice) is True
    assert actions.hide_video(video, by=alice) is False

    for path in program:
        error_of(api.get(path), 404)
    assert [as_alice.get(path).status_code for path in person] == [404] * 3
    assert api.get("/v1/videos").json()["data"] == []
    assert list(as_alice.get("/w/meadow/library/").context["videos"]) == []
    assert list(as_alice.get("/w/meadow/create/").context["latest"]) == []
    assert as_alice.get("/w/meadow/live/", {"ids": video.id}).json()["videos"] == {}

    assert actions.restore_video(video) is True
    assert actions.restore_video(video) is False

    assert [api.head(path).status_code for path in program] == [200] * 2
    assert [as_alice.head(path).status_code for path in person] == [200] * 3
    assert api.get("/v1/videos").json()["first_id"] == video.id
    assert list(as_alice.get("/w/meadow/library/").context["videos"]) == [video]


def test_a_workspace_opens_with_its_owner(alice: User) -> None:
    workspace = actions.open_workspace(name="Ålice & Søns Films!", owner=alice)

    assert workspace.slug == "lice-s-ns-films"
    assert workspace.role_of(alice) == Membership.Role.OWNER


@pytest.mark.parametrize("name", ["日本", "Meadow", "x" * 80])
def test_workspaces_of_one_name_have_two_addresses(alice: User, name: str) -> None:
    one, two = make_workspace(name, owner=alice), make_workspace(name, owner=alice)

    assert one.slug != two.slug
    assert max(len(one.slug), len(two.slug)) <= 50
