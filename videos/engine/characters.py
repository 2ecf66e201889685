"""Characters: a name and the clip it was cut out of, one folder each, kept for good."""

from __future__ import annotations

import json
import logging
import re
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from videos.engine.child import ToolFailed, run_tool

_ID = re.compile(r"char_[0-9a-f]{32}")
_CUT_SECONDS = 60

logger = logging.getLogger("videos.engine")


class UnknownCharacter(KeyError):
    """There is none of this id; `place` is where an order named it."""

    def __init__(self, character_id: str, place: int = 0) -> None:
        super().__init__(character_id)
        self.id, self.place = character_id, place


@dataclass(frozen=True)
class Character:
    id: str
    name: str
    created_at: int

    def to_wire(self) -> dict[str, Any]:
        return {"id": self.id, "object": "character", "name": self.name, "created_at": self.created_at}


class Characters:
    """The shelf of characters; safe to use from any thread, since a folder is complete before it has its name."""

    def __init__(self, data: Path) -> None:
        self._root = data / "characters"
        self._root.mkdir(parents=True, exist_ok=True)
        for left in self._root.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)

    def add(self, name: str, clip: Path) -> Character:
        """Cut the character out of a clip that has been judged, and keep both."""
        character = Character(f"char_{secrets.token_hex(16)}", name, int(time.time()))
        folder = self._root / f".{character.id}"
        folder.mkdir()
        try:
            shutil.copyfile(clip, folder / "clip.mp4")
            make_card(folder / "clip.mp4", folder / "card.png")
            (folder / "character.json").write_text(json.dumps(asdict(character)))
            folder.rename(self._root / character.id)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return character

    def get(self, character_id: str, *, place: int = 0) -> Character:
        if not _ID.fullmatch(character_id):
            raise UnknownCharacter(character_id, place)
        try:
            stored = json.loads((self._root / character_id / "character.json").read_text())
            return Character(stored["id"], stored["name"], stored["created_at"])
        except (OSError, ValueError, KeyError, TypeError):
            raise UnknownCharacter(character_id, place) from None

    def card(self, character: Character) -> Path:
        return self._root / character.id / "card.png"


def make_card(clip: Path, card: Path) -> None:
    """The cut-out of the clip's middle frame; where nothing can be cut out, the whole frame."""
    try:
        run_tool("videos.engine.cutout", clip, card, seconds=_CUT_SECONDS)
        if card.exists():
            return
    except ToolFailed as failed:
        logger.warning("a character stays a whole frame: %s", failed)
    run_tool("videos.engine.frames", clip, card, "middle", seconds=_CUT_SECONDS)
    with Image.open(card, formats=["PNG"]) as frame:
        frame.convert("RGBA").save(card, "PNG")
