"""Films that go on: the source untouched, the new part painted, one sound over the seam."""

from __future__ import annotations

import numpy as np
import pytest

from tests.videos.engine.films import digests, foreign, ours, pictures, remuxed, sound, tags, timed
from videos.engine.continuation import sound_for
from videos.engine.extend import extend_plan
from videos.engine.film_plan import film_extension, film_plan
from videos.engine.mp4 import SAMPLE_RATE
from videos.engine.plan import make_plan
from videos.engine.probe import probe
from videos.engine.render import Footage, render
from videos.engine.sound import soundtrack

PLAN = make_plan("A red fox runs through a forest", seed=7, size=(96, 64), seconds=8)
LONGER = extend_plan(PLAN, "it begins to snow", seed=8, added_seconds=4)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    render(PLAN, folder)
    return folder / "video.mp4"


@pytest.fixture(scope="module")
def longer(source, tmp_path_factory):
    folder, told = tmp_path_factory.mktemp("longer"), list[int]()
    layout = render(LONGER, folder, Footage(source=source, added_seconds=4), report=told.append)
    return folder, layout, told


def test_an_extension_begins_with_the_very_frames_of_its_source(source, longer):
    folder, _, _ = longer

    found = probe(folder / "video.mp4")
    assert (found.frames, found.duration, found.audio_codec) == (288, 12.0, "aac")
    assert digests(folder / "video.mp4")[:192] == digests(source)
    assert sorted(path.name for path in folder.iterdir()) == ["spritesheet.jpg", "thumbnail.webp", "video.mp4"]


def test_the_seam_is_no_cut(longer):
    frames = [picture.astype(int) for picture in pictures(longer[0] / "video.mp4")]
    change = [np.abs(after - before).mean() for before, after in zip(frames, frames[1:], strict=False)]

    assert change[191] < 2 * np.median(change[150:191])
    assert np.abs(frames[-1] - frames[191]).mean() > 5


def test_only_the_new_part_is_painted_and_the_stills_are_of_the_whole(longer):
    _, layout, told = longer

    assert layout == {"columns": 10, "rows": 3, "frames": 24}
    assert told == sorted(set(told))
    assert told[-1] == 98


def test_an_extension_has_the_tags_of_its_own_plan(longer):
    assert tags(longer[0] / "video.mp4")["studio.prompt"] == "it begins to snow"


def test_the_sound_does_not_fade_away_at_the_seam(source, longer):
    def loudness(path, second):
        return np.abs(sound(path)[int(second * SAMPLE_RATE) :][: SAMPLE_RATE // 5]).mean()

    path = longer[0] / "video.mp4"
    assert loudness(source, 7.8) < 0.3 * loudness(source, 6)
    assert loudness(path, 7.8) > 0.5 * loudness(path, 6)
    assert len(sound(path)) / SAMPLE_RATE == pytest.approx(12, abs=0.05)


def test_the_source_is_heard_until_the_new_sound_comes_in(tmp_path):
    tone = ours(tmp_path / "tone.mp4", seconds=8, hertz=440)

    heard = sound_for(LONGER, Footage(source=tone, added_seconds=4), 12.0)

    assert heard.shape == (2, 12 * SAMPLE_RATE)
    assert np.abs(np.fft.rfft(heard[0, 3 * SAMPLE_RATE : 4 * SAMPLE_RATE])).argmax() == 440
    assert (heard[:, 8 * SAMPLE_RATE :] == soundtrack(LONGER)[:, 8 * SAMPLE_RATE :]).all()


def test_a_film_of_others_is_continued_from_its_last_frame(tmp_path):
    film = foreign(tmp_path / "film.mp4", fps=25, frames=60)
    plan = film_extension("snow falls", seed=3, size=(96, 64), fps=25, frames=60, added_seconds=4)

    render(plan, tmp_path, Footage(film=film, source=film, added_seconds=4))

    frames = pictures(tmp_path / "video.mp4")
    assert digests(tmp_path / "video.mp4")[:60] == digests(film)
    assert (len(frames), probe(tmp_path / "video.mp4").duration) == (160, 6.4)
    assert np.abs(np.median(frames[60], axis=(0, 1)) - np.median(frames[59], axis=(0, 1))).max() < 12


def test_a_trimmed_film_is_continued_without_what_was_cut_away(tmp_path):
    film = remuxed(tmp_path / "film.mp4", foreign(tmp_path / "whole.mp4", frames=72), skipped=1)
    plan = film_extension("snow falls", seed=3, size=(96, 64), fps=24, frames=48, added_seconds=4)

    render(plan, tmp_path, Footage(film=film, source=film, added_seconds=4))

    found = probe(tmp_path / "video.mp4")
    assert (found.frames, found.duration) == (144, 6.0)


def test_an_uneven_film_is_edited_by_its_own_times(tmp_path):
    starts = [0, 40, 80, *range(1000, 2000, 100)]
    film = timed(tmp_path / "film.mp4", starts, 1040)
    plan = film_plan("soft", seed=3, size=(96, 64), fps=10, frames=29)

    render(plan, tmp_path, Footage(film=film))

    shades = [float(np.median(picture)) for picture in pictures(tmp_path / "video.mp4")]
    assert abs(probe(tmp_path / "video.mp4").duration - probe(film).duration) < 0.1
    steps = np.abs(np.diff(shades))
    assert steps[10:19].min() > 4
    assert max(steps[1:9].max(), steps[20:].max()) < 1


def test_a_film_without_sound_is_edited_without(tmp_path):
    film = foreign(tmp_path / "film.mp4")

    heard = sound_for(film_plan("rain", seed=3, size=(96, 64), fps=24, frames=48), Footage(film=film), 2.0)

    assert not heard.any()


def test_the_new_sound_comes_in_where_the_film_really_ends(tmp_path):
    film = foreign(tmp_path / "film.mp4", fps=3, frames=8)
    plan = film_extension("rain", seed=3, size=(96, 64), fps=4, frames=11, added_seconds=4)

    heard = sound_for(plan, Footage(film=film, source=film, added_seconds=4), 6.75)

    first = np.abs(heard).max(axis=0).nonzero()[0][0] / SAMPLE_RATE
    assert first == pytest.approx(8 / 3 - 0.25, abs=0.01)


def test_an_edit_of_a_film_keeps_its_frames_and_its_sound(tmp_path):
    film = ours(tmp_path / "film.mp4", seconds=3, ground=(120, 180, 160), hertz=440)
    plan = film_plan("at night", seed=3, size=(96, 64), fps=24, frames=72)

    render(plan, tmp_path, Footage(film=film))

    edited = pictures(tmp_path / "video.mp4")
    assert len(edited) == 72
    assert np.mean(edited) < 0.75 * np.mean(pictures(film))
    assert np.abs(np.fft.rfft(sound(tmp_path / "video.mp4")[SAMPLE_RATE : 2 * SAMPLE_RATE])).argmax() == 440
