from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_ready_video, make_video
from videos.models import Workspace
from videos.templatetags import studio as words


def test_a_size_in_words() -> None:
    assert (words.shape("1280x720"), words.shape("720x1280")) == ("landscape", "portrait")
    assert (words.size_text("1280x720"), words.pixels("1280x720")) == ("1280 × 720", (1280, 720))


def test_a_status_as_people_say_it() -> None:
    said = [words.status_word(status) for status in ("queued", "in_progress", "completed", "failed", "new")]

    assert said == ["Queued", "Rendering", "Ready", "Failed", "new"]


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5, seconds=1), "5 min ago"),
        (timedelta(hours=3, seconds=1), "3 h ago"),
    ],
)
def test_how_long_ago(age: timedelta, said: str) -> None:
    assert words.ago(timezone.now() - age) == said


def test_long_ago_is_a_day() -> None:
    moment = timezone.now() - timedelta(days=40)

    assert words.ago(moment) == f"{moment.day} {moment:%b %Y}"


def test_how_long_the_work_took(workspace: Workspace) -> None:
    now = timezone.now()

    video = make_ready_video(workspace, started_at=now - timedelta(seconds=65), completed_at=now)

    assert words.took(video) == "1 min 5 s"
    assert words.took(make_video(workspace)) == ""


def test_addresses_and_files_of_a_video(workspace: Workspace) -> None:
    video = make_ready_video(workspace)

    assert words.media_url(video, "video") == f"/v/{video.id}/media/video"
    assert words.recipe_url(video) == f"/w/{workspace.slug}/create/?from={video.id}"
    assert words.asset(video, "thumbnail") == video.assets.get(variant="thumbnail")
    assert words.asset(video, "reference") is None


def test_whether_one_is_among_names() -> None:
    assert words.is_one_of("b", "a b c")
    assert words.is_one_of("b", ["b"])
    assert not words.is_one_of("", "a b c")
