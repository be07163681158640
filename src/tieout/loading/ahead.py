"""Reading ahead: the next chunk is read while the server enters the last one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

T = TypeVar("T")

_POLL_SECONDS = 0.2


class _End:
    """What comes after the last item: nothing, or the error that ended the reading."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


@contextmanager
def read_ahead(items: Generator[T, None, None]) -> Iterator[Iterator[T]]:
    """Give out the items of a generator that a thread of its own advances and closes, one item ahead.

    An error of the generator is raised where its next item would have come. The thread ends with the block.
    """
    waiting: queue.Queue[T | _End] = queue.Queue(maxsize=1)
    stopped = threading.Event()

    thread = threading.Thread(target=_read, args=(items, waiting, stopped), name="read-ahead", daemon=True)
    thread.start()
    try:
        yield _given(waiting)
    finally:
        stopped.set()
        thread.join()


def _read(items: Generator[T, None, None], waiting: queue.Queue[T | _End], stopped: threading.Event) -> None:
    error: BaseException | None = None
    try:
        with closing(items):
            for item in items:
                if not _put(item, waiting, stopped):
                    return
    except BaseException as met:  # noqa: BLE001  raised again in the thread that takes the items
        error = met
    _put(_End(error), waiting, stopped)


def _put(item: T | _End, waiting: queue.Queue[T | _End], stopped: threading.Event) -> bool:
    """Wait for room; return whether anybody still wants the item."""
    while not stopped.is_set():
        try:
            waiting.put(item, timeout=_POLL_SECONDS)
        except queue.Full:
            continue
        return True
    return False


def _given(waiting: queue.Queue[T | _End]) -> Iterator[T]:
    while not isinstance(item := waiting.get(), _End):
        yield item
    if item.error is not None:
        raise item.error
