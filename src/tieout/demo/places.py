"""Where demo worlds live, and which one is there.

Each world has a data directory of its own, so that it never touches the operator's databases. A world that
was not finished is left alone, and the next one gets a new directory: nothing is ever deleted here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final

from tieout.database.aliases import ALIASES
from tieout.demo.problems import DatabasesGiven

_SIGN: Final = "world.json"


@dataclass(frozen=True, slots=True)
class Sign:
    """What a finished world says about itself: its seed and the last day of its year."""

    seed: int
    today: date


def refuse_given_databases(environment: Mapping[str, str]) -> None:
    """Raise :class:`DatabasesGiven` when the operator has configured databases of their own."""
    for alias in ALIASES:
        variable = f"TIEOUT_{alias.upper()}_DATABASE_URL"
        if environment.get(variable):
            raise DatabasesGiven(variable=variable)


def directory(data_directory: Path, *, fresh: bool) -> Path:
    """Return the directory of the newest finished world under ``data_directory``, or a new one.

    A ``fresh`` world always gets one. A ``data_directory`` that is a world itself stands for its parent.
    """
    if sign_of(data_directory):
        if not fresh:
            return data_directory
        data_directory = data_directory.parent
    newest: Path | None = None
    for number in count(1):
        place = data_directory / ("demo" if number == 1 else f"demo-{number}")
        if not place.exists():
            return place if fresh or newest is None else newest
        newest = place if sign_of(place) else newest
    raise AssertionError("the numbers have ended")


def sign_of(directory: Path) -> Sign | None:
    """Return the sign of the finished world in ``directory``, None where there is none."""
    try:
        found = json.loads((directory / _SIGN).read_text(encoding="utf-8"))
        return Sign(int(found["seed"]), date.fromisoformat(found["today"]))
    except (OSError, ValueError, KeyError):
        return None


def leave_sign(directory: Path, sign: Sign) -> None:
    """State that the world in ``directory`` is finished."""
    (directory / _SIGN).write_text(json.dumps(asdict(sign), default=str) + "\n", encoding="utf-8")
