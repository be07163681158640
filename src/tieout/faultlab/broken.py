"""The product with one rule broken, to see that the laboratory notices: nothing of this is in the product.

Each variant is a mistake that a dual-write is known to make. ``tests/simulation`` has seeds that catch them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final
from unittest import mock

from django.db import connections

from tieout.database import sql
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.database.judged import Merged
from tieout.dualwrite.delivery import actions as delivery
from tieout.dualwrite.maps.rules import Map
from tieout.faultlab.scenario import VARIANTS
from tieout.faultlab.world import World
from tieout.reconciliation.collectors import queries as collectors

_KEYS: Final = {
    FINANCE: ("drop_staging_key", "restore_staging_key"),
    OPERATIONS: ("drop_mirror_key", "restore_mirror_key"),
}
# Transactions are numbered as they begin, so this is what a clock would tell: rows whose transaction began
# before the last collection and ended after it are never read.
_BY_BEGINNING: Final = "xid >= pg_snapshot_xmax(%(since)s::pg_snapshot)"


@contextmanager
def _acknowledged_too_early(_: World) -> Iterator[None]:
    """The outbox forgets a record before the other side has committed it."""
    land = delivery._land  # noqa: SLF001  the place that is broken here

    def land_and_acknowledge(map_: Map, *, judged: bool) -> Merged:
        merged = land(map_, judged=judged)
        connections[map_.source].connection.commit()
        return merged

    with mock.patch.object(delivery, "_land", land_and_acknowledge):
        yield


@contextmanager
def _without_key(world: World) -> Iterator[None]:
    """What arrives is not recognised when it arrives again: the tables it lands in have no key."""
    for side, (drop, _) in _KEYS.items():
        world.owners[side].execute(sql.load("tieout.faultlab", drop).text.encode())
    try:
        yield
    finally:
        world.bring_back()
        for side, (_, restore) in _KEYS.items():
            world.owners[side].execute(sql.load("tieout.faultlab", restore).text.encode())


@contextmanager
def _watermark_by_time(_: World) -> Iterator[None]:
    """The collector reads what began after its last collection, instead of what that one did not see."""
    with mock.patch.object(collectors, "_SINCE", _BY_BEGINNING):
        yield


_BLOCKS: Final[dict[str, Callable[[World], AbstractContextManager[Any]]]] = dict(
    zip(VARIANTS, (_acknowledged_too_early, _without_key, _watermark_by_time), strict=True)
)


def broken(name: str, world: World) -> AbstractContextManager[Any]:
    """Return the block within which the variant of that name holds; none for an empty name."""
    return _BLOCKS[name](world) if name else nullcontext()
