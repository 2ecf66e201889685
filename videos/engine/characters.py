"""Characters: a name and the figure that was cut out of a clip, one folder each, kept for good."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PIL import Image

from videos.engine.child import ToolFailed, run_tool
from videos.engine.job import IDEMPOTENCY_SECONDS, KeyReused, digest

_ID = re.compile(r"char_[0-9a-f]{32}")
_CUT_SECONDS = 60
_RECORD = "character.json"

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
    # With what it was ordered, so that the same order again gives the same character.
    idempotency_key: str | None = None
    fingerprint: str = ""

    def to_wire(self) -> dict[str, Any]:
        return {"id": self.id, "object": "character", "name": self.name, "created_at": self.created_at}


class Characters:
    """The shelf of characters; safe to use from any thread, since a folder is complete before it has its name."""

    def __init__(self, data: Path) -> None:
        self._root = data / "characters"
        self._root.mkdir(parents=True, exist_ok=True)
        for left in self._root.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)
        self._lock = threading.Lock()
        self._keys = {each.idempotency_key: each for each in self._all() if each.idempotency_key}

    def add(self, name: str, clip: Path, *, key: str | None = None) -> Character:
        """Cut the character out of a clip that has been judged; the same key and order give the one that is there."""
        fingerprint = hashlib.sha256(f"{name}\n{digest(clip)}".encode()).hexdigest()
        if earlier := self._earlier(key, fingerprint):
            return earlier
        character = Character(f"char_{secrets.token_hex(16)}", name, int(time.time()), key, fingerprint)
        folder = self._root / f".{character.id}"
        folder.mkdir()
        try:
            _write_card(clip, folder / "card.png")
            (folder / _RECORD).write_text(json.dumps(asdict(character)))
            return self._shelve(character, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _shelve(self, character: Character, folder: Path) -> Character:
        with self._lock:
            # The same order may have come twice at once.
            if earlier := self._earlier(character.idempotency_key, character.fingerprint):
                return earlier
            folder.rename(self._root / character.id)
            if character.idempotency_key:
                self._keys[character.idempotency_key] = character
            return character

    def _earlier(self, key: str | None, fingerprint: str) -> Character | None:
        found = self._keys.get(key) if key else None
        if found is None or found.created_at <= time.time() - IDEMPOTENCY_SECONDS:
            return None
        if found.fingerprint != fingerprint:
            raise KeyReused
        return found

    def get(self, character_id: str, *, place: int = 0) -> Character:
        if not _ID.fullmatch(character_id):
            raise UnknownCharacter(character_id, place)
        try:
            stored = json.loads((self._root / character_id / _RECORD).read_text())
            return Character(**{each.name: stored[each.name] for each in fields(Character) if each.name in stored})
        except (OSError, ValueError, TypeError):
            raise UnknownCharacter(character_id, place) from None

    def _all(self) -> Iterator[Character]:
        for folder in self._root.iterdir():
            with suppress(UnknownCharacter):
                yield self.get(folder.name)

    def card(self, character: Character) -> Path:
        return self._root / character.id / "card.png"


def _write_card(clip: Path, card: Path) -> None:
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
