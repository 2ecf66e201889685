"""Characters: cut out of a clip once, and the same in every scene."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from tests.videos.engine.paint.clips import SIZE, apart, film_of, foreign_film
from videos.engine.cutout import foreground, make_card
from videos.engine.extend import extend_plan
from videos.engine.paint.layer import Canvas
from videos.engine.paint.painted import Painted
from videos.engine.patch import remix_plan
from videos.engine.plan import Plan, make_plan
from videos.engine.scene import Scene

CAST = {"Luna": "a calico cat on stage", "Rex": "a blue robot standing in a street"}


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("cards")
    for name, prompt in CAST.items():
        plan = make_plan(prompt, seed=3, size=(640, 360), seconds=1)
        clip = film_of(plan, folder / f"{name}.mp4", {"studio.prompt": prompt, "studio.seed": "3"})
        make_card(clip, folder / f"{name}.png")
    return {name: folder / f"{name}.png" for name in CAST}


def scene_plan(prompt: str, *names: str, size: tuple[int, int] = (640, 360)) -> Plan:
    return make_plan(prompt, seed=8, size=size, seconds=4, characters=names)


def pixels(path: Path) -> Any:
    return np.asarray(Image.open(path))


def colours_of(prompt: str, who: str, cards: dict[str, Path]) -> Any:
    """How the colours of a character are spread as a scene lights it, the scene's own light taken out."""
    scene = Scene(scene_plan(prompt, who), characters=cards)
    world = scene.worlds[0][1]
    assert isinstance(world, Painted)
    shot = world.shot_at(1.0)
    canvas = Canvas(scene.width, scene.height, 1.0)
    shot.troupe.draw_lead(canvas, shot.camera.at(1.0, 1.0), 1.0)
    figure = canvas.image[canvas.image[..., 3] > 250][:, :3].astype(float)
    spread, _ = np.histogramdd(figure / figure.mean(axis=0), bins=(6, 6, 6), range=[(0, 2.1)] * 3)
    return spread / spread.sum()


def region_of(plan: Plan, cards: dict[str, Path], index: int = 30) -> tuple[Any, Any]:
    """The frame, and where in it the characters are: what goes when they go."""
    painter = Scene(plan, characters=cards).painter()
    empty = Scene(plan | {"subjects": []}, characters=cards).painter()
    frame = painter.frame(index)
    mask = np.abs(frame.astype(int) - empty.frame(index)).max(axis=2) > 18
    return frame, mask


@pytest.mark.parametrize("name", list(CAST))
def test_a_card_is_a_trimmed_figure_on_nothing(cards: dict[str, Path], name: str) -> None:
    card = pixels(cards[name])
    cover = card[..., 3]

    assert card.shape[2] == 4
    assert 60 < card.shape[0] <= 512
    assert all(edge.max() > 0 for edge in (cover[0], cover[-1], cover[:, 0], cover[:, -1]))
    assert 0.25 < (cover > 128).mean() < 0.9
    assert (cover < 16).mean() > 0.1


def test_the_stage_stays_behind(cards: dict[str, Path]) -> None:
    card = pixels(cards["Luna"])
    figure = card[card[..., 3] > 200][:, :3].astype(int)
    curtain = (figure[:, 0] > 90) & (figure[:, 1] < 40) & (figure[:, 2] < 50)

    assert curtain.mean() < 0.02
    assert (figure.min(axis=1) > 150).mean() > 0.25


def test_a_foreign_figure_is_cut_out_at_its_outline() -> None:
    picture = np.full((360, 640, 3), (150, 120, 90), np.uint8)
    picture[260:] = (70, 110, 80)
    cv2.ellipse(picture, (330, 210), (60, 110), 0, 0, 360, (40, 60, 220), -1)
    cv2.circle(picture, (330, 90), 40, (150, 200, 250), -1)
    truth = np.zeros((360, 640), np.uint8)
    cv2.ellipse(truth, (330, 210), (60, 110), 0, 0, 360, 1, -1)
    cv2.circle(truth, (330, 90), 40, 1, -1)
    cover = foreground(picture) > 128

    assert (cover & (truth > 0)).sum() / (cover | (truth > 0)).sum() > 0.75


def test_where_nothing_stands_out_the_middle_is_taken() -> None:
    cover = foreground(np.full((360, 640, 3), 128, np.uint8))

    assert cover[180, 320] == 255
    assert cover[:, :60].max() == cover[:, -60:].max() == 0
    assert 0.1 < (cover > 128).mean() < 0.5


def test_a_clip_that_is_not_what_its_tags_say_is_cut_out_as_any_other(tmp_path: Path) -> None:
    clip = foreign_film(tmp_path / "foreign.mp4", frames=24, fps=24)
    tagged = tmp_path / "tagged.mp4"
    options = {"movflags": "+use_metadata_tags"}
    with av.open(str(clip)) as source, av.open(str(tagged), "w", format="mp4", container_options=options) as target:
        target.metadata.update({"studio.prompt": "a cat", "studio.seed": "3"})
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    for path in (clip, tagged):
        make_card(path, path.with_suffix(".png"))

    assert np.array_equal(pixels(clip.with_suffix(".png")), pixels(tagged.with_suffix(".png")))


def test_the_command_writes_a_card_and_refuses_what_is_no_film(tmp_path: Path) -> None:
    clip = foreign_film(tmp_path / "foreign.mp4", frames=10)
    (tmp_path / "broken.mp4").write_bytes(b"no film at all")
    command = [sys.executable, "-m", "videos.engine.cutout"]
    made = subprocess.run([*command, str(clip), str(tmp_path / "card.png")], check=False)
    broken = subprocess.run(
        [*command, str(tmp_path / "broken.mp4"), str(tmp_path / "none.png")], check=False, capture_output=True
    )

    assert made.returncode == 0
    assert pixels(tmp_path / "card.png").shape[2] == 4
    assert (broken.returncode, (tmp_path / "none.png").exists()) == (1, False)
    assert b"no card" in broken.stderr


@pytest.mark.parametrize("prompt", ["Luna dances on a stage", "LUNA walks through a forest", "Luna's song: she sings"])
def test_a_character_that_is_named_does_what_the_prompt_says(prompt: str) -> None:
    plan = scene_plan(prompt, "Luna")
    motions = {"dances": "dance", "walks": "walk", "sings": "sing"}

    assert [(s["kind"], s["species"]) for s in plan["subjects"]] == [("puppet", "Luna")]
    assert plan["subjects"][0]["motion"] == next(motion for word, motion in motions.items() if word in prompt)
    assert plan["characters"] == ["Luna"]


def test_a_character_that_is_not_named_is_there_first() -> None:
    plan = scene_plan("A fox in a forest", "Luna")

    assert [s["species"] for s in plan["subjects"]] == ["Luna", "fox"]


def test_a_name_is_no_word_of_the_scene() -> None:
    plan = scene_plan("Snow walks in the desert, Tiger Lily waits", "Snow", "Tiger Lily")

    assert (plan["setting"], plan["ground"], plan["weather"]) == ("desert", "", "clear")
    assert [s["species"] for s in plan["subjects"]] == ["Snow", "Tiger Lily"]


def test_a_character_looks_the_same_in_every_scene(cards: dict[str, Path]) -> None:
    stage = colours_of("Luna dances on a stage", "Luna", cards)
    others = [
        colours_of("Luna walks through a snowy forest at night", "Luna", cards),
        colours_of("Luna runs on a beach by day", "Luna", cards),
    ]
    robot = colours_of("Rex dances on a stage", "Rex", cards)

    alike = [float(np.minimum(stage, other).sum()) for other in others]
    assert min(alike) > 0.5
    assert min(alike) > float(np.minimum(stage, robot).sum()) + 0.15


def test_two_characters_stand_side_by_side(cards: dict[str, Path]) -> None:
    plan = scene_plan("Luna and Rex walk on the beach", "Luna", "Rex")
    both, one = (region_of(plan | {"subjects": plan["subjects"][:count]}, cards)[1].sum() for count in (2, 1))

    assert [s["species"] for s in plan["subjects"]] == ["Luna", "Rex"]
    assert len({s["facing"] for s in plan["subjects"]}) == 1
    assert both > 1.3 * one


@pytest.mark.parametrize("motion", ["dance", "walk", "run", "sit", "float", "sing", "sleep"])
def test_a_card_moves_and_is_drawn_alike_in_any_order(cards: dict[str, Path], motion: str) -> None:
    plan = scene_plan("Luna in a meadow", "Luna", size=SIZE)
    plan["subjects"][0]["motion"] = motion
    forward, backward = (Scene(plan, characters=cards).painter() for _ in range(2))
    one = [forward.frame(index) for index in (0, 20, 40)]
    two = [backward.frame(index) for index in (40, 20, 0)][::-1]

    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert apart(one[0], one[1]) > 0.3


def test_remix_and_extension_keep_the_character(cards: dict[str, Path]) -> None:
    plan = scene_plan("Luna dances on a stage", "Luna", size=SIZE)
    remixed = remix_plan(plan, "at night, Luna sits", seed=2)
    longer = extend_plan(plan, "Luna runs away, a dog comes", seed=2, added_seconds=4)

    assert [(s["species"], s["motion"]) for s in remixed["subjects"]] == [("Luna", "sit")]
    assert [s["species"] for s in longer["subjects"]] == ["Luna", "dog"]
    assert remixed["characters"] == longer["characters"] == ["Luna"]
    painter = Scene(longer, characters=cards).painter()
    assert apart(painter.frame(95), painter.frame(96)) < 1.3 * apart(painter.frame(94), painter.frame(95)) + 0.2
