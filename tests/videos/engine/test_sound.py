"""The soundtrack: right length and level, always the same, and different where the plan is."""

from __future__ import annotations

import time

import numpy as np
import pytest

from videos.engine.extend import extend_plan
from videos.engine.plan import make_plan
from videos.engine.sound import CHORDS, SAMPLE_RATE, SETTING_NOISE, WEATHER_NOISE, soundtrack


def plan(**changes):
    basics = {"prompt": "a fox", "seed": 7, "seconds": 4, "fps": 24, "width": 96, "height": 64, "camera": "static"}
    words = {"mood": "calm", "weather": "clear", "setting": "field", "time": "day", "subjects": [], "props": []}
    return basics | words | changes


def loudness(samples, start, end):
    part = samples[:, int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)].astype(float)
    return float(np.sqrt((part**2).mean()))


def band_share(samples, low, high):
    power = np.abs(np.fft.rfft(samples[0])) ** 2
    frequency = np.fft.rfftfreq(samples.shape[1], 1 / SAMPLE_RATE)
    return power[(frequency >= low) & (frequency < high)].sum() / power.sum()


@pytest.mark.parametrize("seconds", [4, 8, 20])
def test_it_is_exactly_as_long_as_the_film(seconds):
    assert soundtrack(plan(seconds=seconds)).shape == (2, seconds * SAMPLE_RATE)


@pytest.mark.parametrize(
    ("mood", "weather"),
    [*((mood, "clear") for mood in (*CHORDS, "unheard of", "")), *(("calm", weather) for weather in WEATHER_NOISE)],
)
def test_it_is_never_silent_and_never_too_loud(mood, weather):
    samples = soundtrack(plan(mood=mood, weather=weather))

    assert 0.5 < float(np.abs(samples).max()) < 0.89  # -1 dBFS
    for second in range(4):
        assert loudness(samples, second, second + 1) > 0.02


def test_it_fades_in_and_out():
    samples = soundtrack(plan())

    assert not samples[:, 0].any()
    assert not samples[:, -1].any()
    assert loudness(samples, 0, 0.05) < 0.2 * loudness(samples, 1, 3)
    assert loudness(samples, 3.95, 4) < 0.2 * loudness(samples, 1, 3)


def test_the_same_plan_sounds_the_same_and_another_seed_does_not():
    assert np.array_equal(soundtrack(plan(weather="rain")), soundtrack(plan(weather="rain")))
    assert not np.array_equal(soundtrack(plan(weather="rain")), soundtrack(plan(weather="rain", seed=8)))


def test_the_largest_seed_is_taken():
    assert soundtrack(plan(seed=2**63 - 1)).any()


def test_rain_hisses_and_the_sea_does_not():
    rain, sea = soundtrack(plan(weather="rain", setting="room")), soundtrack(plan(setting="sea"))

    assert band_share(rain, 2000, 10_000) > 5 * band_share(sea, 2000, 10_000)


@pytest.mark.parametrize("setting", list(SETTING_NOISE))
def test_every_place_has_a_sound_of_its_own(setting):
    assert not np.array_equal(soundtrack(plan(setting=setting)), soundtrack(plan(setting="nowhere")))


@pytest.mark.parametrize("instrument", ["piano", "guitar", "violin", "drums"])
def test_an_instrument_in_the_picture_is_heard(instrument):
    played = soundtrack(plan(setting="stage", props=[{"kind": instrument}]))

    assert not np.array_equal(played, soundtrack(plan(setting="stage", props=[{"kind": "lamp"}])))


def test_a_cut_is_heard_where_it_is():
    shots = [{"start": 0.0, "end": 4.0}, {"start": 4.0, "end": 8.0}]
    cut = soundtrack(plan(setting="abstract", seconds=8, shots=shots))
    whole = soundtrack(plan(setting="abstract", seconds=8, shots=shots[:1]))

    around = slice(int(3.8 * SAMPLE_RATE), int(4.2 * SAMPLE_RATE))
    assert band_share(cut[:, around], 300, 3000) > band_share(whole[:, around], 300, 3000)


def test_twenty_seconds_take_less_than_two():
    started = time.process_time()
    soundtrack(plan(seconds=20, weather="storm", setting="sea", props=[{"kind": "piano"}]))
    assert time.process_time() - started < 2


def test_an_extended_clip_sounds_on_over_its_seam():
    source = make_plan("A calico cat playing a piano on stage", seed=3, size=(320, 180), seconds=8)
    longer = extend_plan(source, "it starts to rain", seed=5, added_seconds=4)
    alone, whole = soundtrack(source), soundtrack(longer)

    assert whole.shape == (2, 12 * SAMPLE_RATE)
    # The source's own sound up to its last chord, at another level.
    early = np.s_[:, SAMPLE_RATE : 5 * SAMPLE_RATE]
    assert np.corrcoef(alone[early].ravel(), whole[early].ravel())[0, 1] > 0.999
    assert loudness(whole, 7.8, 8.2) > 0.6 * loudness(whole, 6, 7.8)
    assert np.abs(np.diff(whole[:, 8 * SAMPLE_RATE - 50 : 8 * SAMPLE_RATE + 50])).max() < 0.05
    assert band_share(whole[:, 10 * SAMPLE_RATE :], 2000, 10_000) > 2 * band_share(whole[early], 2000, 10_000)


def test_the_part_from_a_second_on_is_that_of_the_whole():
    longer = extend_plan(make_plan("a fox", seed=3, size=(320, 180), seconds=4), "it rains", seed=5, added_seconds=4)

    assert np.array_equal(soundtrack(longer, start=4.0), soundtrack(longer)[:, 4 * SAMPLE_RATE :])
