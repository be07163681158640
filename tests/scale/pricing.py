"""What a price costs on lists of any length, and how long one entry takes (DESIGN section 6)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from django.db import connections, transaction

from tests.scale import world
from tests.scale.stages import ACTOR, PERSON
from tieout.database.aliases import OPERATIONS
from tieout.loading.actions import load
from tieout.operations.approvals.actions import approve_entries, submit_entries

LENGTHS: Final = (1_000, 10_000, 100_000)
CONTEXTS: Final = 200
_CONTEXTS: Final = {"contexts": CONTEXTS, "roles": world.ROLES}
ONE_BY_ONE: Final = 50

# Each line names a role and a resourcing company; every second one is overridden.
ADD_LINES: Final = """
with line as materialized (
    select list.id as price_list_id, role.id as role_id, 'C' || i as company, i
    from generate_series(1, %(lines)s) as i
    inner join (select id, row_number() over (order by id) as number from operations_role) as role
        on role.number = i %% %(roles)s + 1
    cross join operations_price_list as list
),
added as (
    insert into operations_role_price (price_list_id, role_id, resourcing_company, line, unit, price, version)
    select price_list_id, role_id, company, 'growth', 'hour', 50 + i %% 40, 1 from line
)
insert into operations_price_override
    (price_list_id, role_id, resourcing_company, target, effective_from, unit, price, version)
select price_list_id, role_id, company, 'price', date '2016-01-01' + i %% 300, 'hour', 60, 1
from line
where i %% 2 = 0
"""
PRICE: Final = """
select count(found.price), sum(found.price)
from generate_series(1, %(contexts)s) as i
inner join (select id, row_number() over (order by id) as number from operations_role) as role
    on role.number = i %% %(roles)s + 1
cross join operations_organizational_unit as unit
cross join lateral operations_entry_price(
    'cost', unit.id, 'time',
    jsonb_build_object('role', role.id, 'resourcing_unit', unit.id, 'resourcing_company', 'C' || i),
    null, null, '', date '2016-12-31', null, ''
) as found
"""


def growth() -> str:
    """Return what a price costs on lists of each length, as a table; nothing of it is kept."""
    lines = ["", "| lines on a list, half of them overridden | microseconds for a price |", "|---:|---:|"]
    for length in LENGTHS:
        with transaction.atomic(using=OPERATIONS), connections[OPERATIONS].cursor() as cursor:
            cursor.execute(ADD_LINES, {"lines": length, "roles": world.ROLES})
            took = min(_seconds(partial(cursor.execute, PRICE, _CONTEXTS)) for _ in range(5))
            priced = cursor.fetchone()
            transaction.set_rollback(True, using=OPERATIONS)
        if priced is None or priced[0] != CONTEXTS or not priced[1]:
            message = f"of {CONTEXTS} contexts were priced: {priced}"
            raise LookupError(message)
        lines.append(f"| {length:,} | {took / CONTEXTS * 1e6:,.0f} |")
    return "\n".join([*lines, ""])


def one_by_one(folder: Path, first: int) -> str:
    """Return how long submission and approval of one entry take, as a sentence: the median of fifty."""
    path = folder / "one-by-one.csv"
    world.write_time(path, first, ONE_BY_ONE)
    load(actor=ACTOR, entity="time_entry", files=[path])
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("select entry_id from operations_open_entry where status = 'draft' order by entry_id")
        drafts = [row[0] for row in cursor.fetchall()]
    submitting, approving = [], []
    for draft in drafts:
        one = [draft]
        submitting.append(
            _seconds(partial(submit_entries, actor=PERSON, company=world.COMPANY, entry_ids=one))
        )
        approving.append(
            _seconds(partial(approve_entries, actor=ACTOR, company=world.COMPANY, entry_ids=one))
        )
    took = [statistics.median(times) * 1000 for times in (submitting, approving)]
    return (
        f"\nOne entry alone, median of {len(drafts)}, committed: submission {took[0]:.1f} ms,"
        f" approval {took[1]:.1f} ms.\n"
    )


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
