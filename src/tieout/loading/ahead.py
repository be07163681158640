"""Reading ahead: the next chunk is read while the server enters the last one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")

_POLL_SECONDS = 0.2


class _End(Generic[T]):
    """What comes after the last item: nothing, or the error that ended the reading."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


@contextmanager
def read_ahead(items: Iterator[T]) -> Iterator[Iterator[T]]:
    """Give out the items of an iterator that a thread of its own advances, one item ahead.

    An error of the iterator is raised where its next item would have come. The thread ends with the block.
    """
    waiting: queue.Queue[T | _End[T]] = queue.Queue(maxsize=1)
    stopped = threading.Event()

    def put(item: T | _End[T]) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return

    def read() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    return
        except BaseException as met:  # noqa: BLE001  raised again in the thread that reads the items
            error = met
        put(_End(error))

    def given() -> Iterator[T]:
        while not isinstance(item := waiting.get(), _End):
            yield item
        if item.error is not None:
            raise item.error

    thread = threading.Thread(target=read, name="tieout-read-ahead", daemon=True)
    thread.start()
    try:
        yield given()
    finally:
        stopped.set()
        thread.join()
