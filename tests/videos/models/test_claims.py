from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_video
from videos.models import Video, Workspace, kept


@pytest.mark.django_db(transaction=True)
def test_a_kept_claim_outlives_its_lease(workspace: Workspace) -> None:
    make_video(workspace)
    claimed = Video.claim(Video.objects.get().id)
    assert claimed
    Video.objects.update(due_at=timezone.now())

    with kept(claimed, every=0.05):
        deadline = time.monotonic() + 5
        while Video.objects.due().exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert Video.claim(claimed.id) is None


@pytest.mark.django_db(transaction=True)
def test_an_overtaken_holder_finds_out_at_its_next_write(workspace: Workspace) -> None:
    make_video(workspace)
    claimed = Video.claim(Video.objects.get().id)
    assert claimed

    with kept(claimed, every=0.05):
        rescuer = Video.claim(claimed.id, now=timezone.now() + timedelta(minutes=10))
        assert rescuer

    with pytest.raises(Video.Stale):
        claimed.begin_create()
    assert Video.objects.get().fence == rescuer.fence
