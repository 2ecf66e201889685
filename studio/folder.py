"""The broker without Redis: kombu's folder of message files, with files that appear whole and are taken whole.

kombu's own writer shows the name before the content: a quick reader finds an empty file, and its worker ends.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as in its parent
        name = f"{time.time_ns():020}_{uuid.uuid4().hex}.{queue}.msg"
        hidden = Path(self.data_folder_out, f".{name}")
        try:
            hidden.write_text(dumps(payload))
            hidden.rename(hidden.with_name(name))
        except OSError as error:
            hidden.unlink(missing_ok=True)
            raise ChannelError(f"cannot write a message: {error}") from error

    def _get(self, queue: str) -> Any:  # type: ignore[override]  # as in its parent
        """The oldest message. Renaming decides who takes it; one that cannot be read is as good as lost."""
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.startswith(".") or not name.endswith(f".{queue}.msg"):
                continue
            taken = Path(self.data_folder_in, f".taken-{name}")
            try:
                Path(self.data_folder_in, name).rename(taken)
                content = taken.read_text()
                taken.unlink()
                return loads(content)
            except (OSError, ValueError):
                continue
        raise Empty

    def get_table(self, exchange: str) -> Any:
        try:
            return super().get_table(exchange)
        except ValueError:  # read while it is being written: the next message finds it
            return []


class Transport(filesystem.Transport):
    Channel = Channel
