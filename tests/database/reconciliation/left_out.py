"""Lines whose staged cost was left out (decision 0024)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID

from tests.database.reconciliation.world import VENDOR, Line, World

from tieout.finance import models as finance
from tieout.kernel.identifiers import new_id

_DAY: Final = date(2024, 2, 10)


def leave_out(world: World, actual_id: UUID) -> None:
    """Leave a staged actual out, as its verb does."""
    finance.LeftOut.objects.create(
        actual_id=actual_id, company_code=world.company, code="VAL-501", reason="lost", left_out_by="anna"
    )


def left_out(*, lost: bool) -> Callable[[World], Line]:
    """Operations has lost the cost, or has it otherwise; nothing was recorded in its place."""

    def make(world: World) -> Line:
        line = world.post(VENDOR, 100, _DAY)
        world.arrive(line)
        world.approve(line)
        actual_id = new_id() if lost else world.actual(line)
        world.stage(line, actual_id)
        leave_out(world, actual_id)
        return line

    return make


def recorded_again(world: World) -> Line:
    """Operations has lost the cost of the line, it was left out, and another one came home."""
    line = world.post(VENDOR, 100, _DAY)
    world.cleared(line)
    lost = new_id()
    world.stage(line, lost)
    leave_out(world, lost)
    return line
