"""Files that are whole or not there: nobody reads half an export."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open ``path`` for UTF-8 text; it is replaced when the block ends well, and untouched when it does not.

    A link is followed. What exists and is no ordinary file (a pipe, a device) is written to directly.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        return
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("x", encoding="utf-8", newline="\n") as out:
            yield out
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
