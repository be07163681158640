"""The world as CSV files in the canonical formats: what ``tieout load`` reads."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from tieout.demo import firm, prices
from tieout.demo.dates import Mishap, Stretch
from tieout.demo.firm import Row
from tieout.demo.world import World, stretch_of
from tieout.loading.formats import FORMATS


def write_set_up(world: World, folder: Path) -> Path:
    """Write one file per entity of the set-up into ``folder``/set-up and return that folder."""
    place = folder / "set-up"
    for entity, rows in world.set_up.items():
        write(place / f"{entity}.csv", entity, rows)
    return place


def write_activity(world: World, folder: Path, stretch: Stretch) -> dict[str, Path]:
    """Write the documents of a stretch, one file per entity; return the files that have rows."""
    found = {}
    for entity, rows in world.activity[stretch].items():
        if rows:
            found[entity] = write(folder / "documents" / stretch.name / f"{entity}.csv", entity, rows)
    return found


def write_repairs(world: World, folder: Path) -> Path:
    """Write what mends the mishaps that set-up can mend into ``folder``/repairs and return that folder."""
    place = folder / "repairs"
    held = stretch_of(world, Mishap.PERIOD_ON_HOLD)
    period = prices.status_of_period(firm.CONSULTING, held.first, "open", world.today)
    write(place / "period_status.csv", "period_status", period)
    write(place / "project.csv", "project", [firm.one("project", "number", firm.CLOSED_PROJECT)])
    write(place / "exchange_rate.csv", "exchange_rate", [prices.missing_rate(world.today)])
    return place


def write(path: Path, entity: str, rows: Iterable[Row]) -> Path:
    """Write rows of one entity in its canonical format; columns that the format lacks stay behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, FORMATS[entity].fields, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
