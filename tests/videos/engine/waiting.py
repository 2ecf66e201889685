"""Waits for other processes and threads; the only clocks of these tests."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], seconds: float = 30) -> T:
    """The first answer that is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
    return found


def history(read: Callable[[], T], is_last: Callable[[T], bool]) -> list[T]:
    """All that could be read until the last."""
    seen: list[T] = []

    def look() -> bool:
        seen.append(read())
        return is_last(seen[-1])

    until(look)
    return seen


@contextmanager
def watched(pid: int) -> Iterator[Callable[[], bool]]:
    """Whether this process ends within a few seconds, even if its number is given to another meanwhile."""
    watch = os.pidfd_open(pid)
    try:
        yield lambda: bool(select.select([watch], [], [], 5)[0])
    finally:
        os.close(watch)


def in_threads(work: Callable[[int], None], count: int) -> None:
    """Do this for every number below `count` at the same time, and wait for the last."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
