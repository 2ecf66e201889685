"""The figure of a clip of ours is drawn again from what the file says; of any other clip it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.videos.engine.paint.clips import film_of
from videos.engine.ownfigure import own_figure
from videos.engine.paint.reel import Index, Reel
from videos.engine.plan import make_plan

PROMPT = "a penguin on snow at noon"


def figure(path: Path, prompt: str, tags: dict[str, str]) -> Any:
    index = Index(film_of(make_plan(prompt, seed=3, size=(320, 180), seconds=1), path, tags))
    return own_figure(index, Reel(index).picture(len(index) // 2))


def test_the_lead_stands_alone(tmp_path: Path) -> None:
    found = figure(tmp_path / "a.mp4", PROMPT, {"studio.prompt": PROMPT, "studio.seed": "3"})
    cover = found[..., 3]

    assert found.shape == (180, 320, 4)
    assert 0.02 < (cover > 128).mean() < 0.3
    assert not cover[:20].any()
    assert np.median(found[cover > 200][:, :3].max(axis=1)) > 60


@pytest.mark.parametrize(
    ("prompt", "tags"),
    [
        (PROMPT, {}),
        (PROMPT, {"studio.prompt": PROMPT}),
        (PROMPT, {"studio.prompt": PROMPT, "studio.seed": "x"}),
        (PROMPT, {"studio.prompt": "a fox in a forest at night", "studio.seed": "3"}),
        ("a mountain range by day", {"studio.prompt": "a mountain range by day", "studio.seed": "3"}),
    ],
)
def test_without_the_right_tags_or_a_lead_there_is_none(tmp_path: Path, prompt: str, tags: dict[str, str]) -> None:
    assert figure(tmp_path / "a.mp4", prompt, tags) is None
