"""The shelf of characters: kept over restarts, each with its cut-out."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.videos.engine.films import foreign
from tests.videos.engine.waiting import in_threads
from videos.engine.characters import Characters, UnknownCharacter
from videos.engine.child import ToolFailed
from videos.engine.job import KeyReused


@pytest.fixture
def clip(tmp_path):
    return foreign(tmp_path / "clip.mp4", size=(128, 72))


@pytest.fixture
def shelf(tmp_path):
    return Characters(tmp_path / "data")


def test_a_character_is_kept_with_its_card_and_not_with_its_clip(shelf, clip, tmp_path):
    luna = shelf.add("Luna", clip)

    again = Characters(tmp_path / "data")
    assert again.get(luna.id) == luna
    assert (luna.name, luna.id[:5]) == ("Luna", "char_")
    with Image.open(again.card(luna)) as card:
        assert (card.format, card.mode) == ("PNG", "RGBA")
    assert sorted(path.name for path in again.card(luna).parent.iterdir()) == ["card.png", "character.json"]


def test_the_same_key_gives_the_same_character_even_after_a_restart(shelf, clip, tmp_path):
    luna = shelf.add("Luna", clip, key="k1")
    again = Characters(tmp_path / "data")

    assert shelf.add("Luna", clip, key="k1") == again.add("Luna", clip, key="k1") == luna
    assert again.add("Luna", clip, key="k2").id != luna.id
    assert again.add("Luna", clip).id != luna.id
    for other in (("Sol", clip), ("Luna", foreign(tmp_path / "other.mp4", size=(128, 72), frames=5))):
        with pytest.raises(KeyReused):
            again.add(*other, key="k1")


def test_the_same_key_at_the_same_time_makes_one_character(shelf, clip):
    made = []

    in_threads(lambda _: made.append(shelf.add("Luna", clip, key="k1").id), 2)

    assert len(set(made)) == 1
    assert [folder.name for folder in shelf.card(shelf.get(made[0])).parents[1].iterdir()] == [made[0]]


def test_where_nothing_can_be_cut_out_the_card_is_the_whole_frame(shelf, clip, monkeypatch):
    def refuses_to_cut(module, *arguments, seconds):
        if module == "videos.engine.cutout":
            raise ToolFailed("no figure")
        return run_tool(module, *arguments, seconds=seconds)

    from videos.engine.child import run_tool

    monkeypatch.setattr("videos.engine.characters.run_tool", refuses_to_cut)
    luna = shelf.add("Luna", clip)

    with Image.open(shelf.card(luna)) as card:
        assert (card.mode, card.size) == ("RGBA", (128, 72))
        assert (np.asarray(card)[..., 3] == 255).all()


def test_a_character_that_cannot_be_made_leaves_nothing(shelf, tmp_path):
    (tmp_path / "clip.mp4").write_text("nothing")

    with pytest.raises(ToolFailed):
        shelf.add("Luna", tmp_path / "clip.mp4")
    assert list((tmp_path / "data/characters").iterdir()) == []


@pytest.mark.parametrize("damage", [None, "", "[]", "{}"])
def test_an_unknown_or_damaged_character_is_not_found(shelf, clip, tmp_path, damage):
    luna = shelf.add("Luna", clip)
    record = tmp_path / "data/characters" / luna.id / "character.json"
    if damage is None:
        record.unlink()
    else:
        record.write_text(damage)

    with pytest.raises(UnknownCharacter):
        shelf.get(luna.id)


@pytest.mark.parametrize("character_id", ["", "char_none", "../jobs", "char_" + "0" * 32, "char_" + "0" * 31 + "/"])
def test_ids_are_no_paths(shelf, character_id):
    with pytest.raises(UnknownCharacter):
        shelf.get(character_id, place=1)


def test_what_was_cut_short_is_removed_at_start(tmp_path):
    (tmp_path / "characters/.char_half").mkdir(parents=True)

    Characters(tmp_path)

    assert list((tmp_path / "characters").iterdir()) == []
