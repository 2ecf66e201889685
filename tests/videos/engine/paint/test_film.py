"""A film under a plan of another rate: each frame of ours shows what the film shows then."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.videos.engine.films import timed
from videos.engine.paint.film import Playback
from videos.engine.paint.reel import Index, Reel


@pytest.mark.parametrize("fps", [5, 10, 25])
def test_a_frame_shows_the_picture_of_its_time(tmp_path: Path, fps: int) -> None:
    starts = [0, 40, 80, *range(1000, 2000, 100)]
    index = Index(timed(tmp_path / "film.mp4", starts, 1000))
    playback = Playback(Reel(index), round(2.9 * fps), fps, 1.0)

    own = [Reel(index).picture(number) for number in range(len(starts))]

    shown = [playback.picture(number) for number in range(playback.frames)]
    told = [int(np.argmin([np.abs(each.astype(int) - picture).mean() for each in own])) for picture in shown]

    middles = [(number + 0.5) / fps * 1000 for number in range(playback.frames - 1)]
    assert told[:-1] == [max(place for place, start in enumerate(starts) if start <= at) for at in middles]
    assert told[-1] == len(starts) - 1
