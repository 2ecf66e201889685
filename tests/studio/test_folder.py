from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

QUEUE = "celery"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "control").mkdir()
    return tmp_path


@pytest.fixture
def connection(folder: Path) -> Iterator[Connection]:
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    with Connection("filesystem://", transport="studio.folder:Transport", transport_options=options) as opened:
        yield opened


def channel_of(connection: Connection) -> Any:
    return connection.channel()


def take(channel: Any) -> Any:
    return channel._get(QUEUE)


def test_messages_come_out_once_and_in_order(connection: Connection, folder: Path) -> None:
    channel = channel_of(connection)
    for number in range(3):
        channel._put(QUEUE, {"number": number})

    assert [take(channel) for _ in range(3)] == [{"number": 0}, {"number": 1}, {"number": 2}]
    with pytest.raises(Empty):
        take(channel)
    assert [path.name for path in folder.iterdir()] == ["control"]


@pytest.mark.parametrize("content", ["", "{", "\x00"])
def test_a_message_that_cannot_be_read_is_lost_and_hurts_nobody(
    connection: Connection, folder: Path, content: str
) -> None:
    (folder / f"0.{QUEUE}.msg").write_text(content)
    channel = channel_of(connection)
    channel._put(QUEUE, {"number": 1})

    assert take(channel) == {"number": 1}


def test_other_queues_and_half_written_messages_are_left_alone(connection: Connection, folder: Path) -> None:
    channel = channel_of(connection)
    channel._put("elsewhere", {})
    (folder / f".1.{QUEUE}.msg").write_text('{"half":')

    with pytest.raises(Empty):
        take(channel)
    assert len(list(folder.glob("*.elsewhere.msg"))) == 1


def test_busy_writers_and_readers_neither_lose_nor_repeat(connection: Connection) -> None:
    channel, done = channel_of(connection), threading.Event()
    found: list[int] = []
    lock = threading.Lock()

    def write(first: int) -> None:
        for number in range(first, first + 200):
            channel._put(QUEUE, number)

    def read() -> None:
        while True:
            finished = done.is_set()
            try:
                message = take(channel)
            except Empty:
                if finished:
                    return
                continue
            with lock:
                found.append(message)

    writers = [threading.Thread(target=write, args=[first]) for first in (0, 200)]
    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()

    assert sorted(found) == list(range(400))
