"""``python -m tests.scale.priced_entries``: published rates price a million entries, a referee looks at some.

The entries are loaded, submitted by one person and approved by another; then a random sample of them is
worked out again by the naive model (tests/reference), row by row and in exact fractions, and each of its
actuals is compared: quantity, price, currency, amount, and why it is priced so.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from tests.scale.priced_world import Drawn

T = TypeVar("T")

FILE: Final = 100_000
"""Entries of one file; they are generated, loaded and forgotten."""

PAGE: Final = """\
# Published rates price time

<!-- Made by `{command}`; do not edit. -->

The published labour rates ([how pricing works](how-pricing-works.md)) as 242 dated sales lists, a contract
for each, in three companies; cost lists in euros and dollars for units in dollars, pounds and euros; time of
{resources} people, mostly for what the list of the day prices, some for what none prices or several do.
Hardly two are alike, so that nearly each is priced by itself: its cost, its sale, the lending unit's cost.

They are loaded, submitted by one person and approved by another. Then a random sample is worked out again
by the naive model of the tests, and every actual of it compared: its type, quantity, price, currency,
amount, and the reason of its price.
"""

_ACTUALS: Final = """
    select transaction_type, price_reason, currency_code, count(*), sum(amount)
    from operations_actual
    group by 1, 2, 3
    order by 1, 2, 3
"""
_SAMPLED: Final = """
    select
        entry.external_id, actual.transaction_type, actual.quantity, actual.price, actual.currency_code,
        actual.amount, actual.price_reason
    from operations_entry as entry
    join operations_actual as actual on actual.source_id = entry.id
    where entry.external_id = any(%s)
"""


def main(arguments: list[str]) -> int:
    """Price entries and compare a sample; print the page as Markdown; return 1 if anything differs."""
    parser = argparse.ArgumentParser(prog="priced_entries", description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000, help="time entries to price")
    parser.add_argument("--sample", type=int, default=1_000, help="entries that the model works out again")
    parser.add_argument("--seed", type=int, default=70, help="the same seed, the same entries")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    options = parser.parse_args(arguments)
    from tests.scale.server import own_server

    with own_server("priced") as folder:
        page, differences = _run(folder, options.entries, options.sample, options.seed)
    sys.stdout.write(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return 1 if differences else 0


def _run(folder: Path, entries: int, sample: int, seed: int) -> tuple[str, int]:
    from tests.scale import priced_world as world

    world.set_up(folder / "setup", seed)
    contracts = world.sold()
    chosen = frozenset(Random(f"{seed} sample").sample(range(entries), min(sample, entries)))  # noqa: S311
    kept: list[Drawn] = []
    stages: dict[str, float] = {}
    stages["load"] = _load(folder, _kept(world.entries(entries, seed, contracts), chosen, kept), entries)
    stages["submit"], stages["approve"] = _submit_and_approve(entries)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    differences, compared, reasons = _compare(kept)
    command = f"python -m tests.scale.priced_entries --entries {entries} --sample {sample}"
    page = PAGE.format(command=command, resources=world.RESOURCES)
    page += f"\n{entries:,} entries, seed {seed}, {os.cpu_count()} cores, {datetime.now(UTC).date()}\n\n"
    page += "| stage | seconds | entries/s |\n|---|---:|---:|\n"
    page += "".join(f"| {name} | {took:,.0f} | {entries / took:,.0f} |\n" for name, took in stages.items())
    page += f"\nPeak memory of our process: {peak} MB.\n\n## What came out\n\n{_made()}"
    page += f"\n## What the model says\n\nOf {len(kept):,} entries, {compared:,} actuals compared,"
    page += f" {len(differences)} differ.\n\n| why a price is what it is | actuals compared |\n|---|---:|\n"
    page += "".join(f"| `{reason}` | {count:,} |\n" for reason, count in sorted(reasons.items()))
    page += "".join(f"\n    {one}" for one in differences[:10])
    return page, len(differences)


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    return run(), time.perf_counter() - started


def _kept(drawn: Iterator[Drawn], chosen: frozenset[int], kept: list[Drawn]) -> Iterator[Drawn]:
    for place, one in enumerate(drawn):
        if place in chosen:
            kept.append(one)
        yield one


def _load(folder: Path, drawn: Iterator[Drawn], entries: int) -> float:
    """Write and load file after file; return how long loading took."""
    from tests.journeys import council
    from tests.scale import priced_world as world
    from tieout.loading.actions import load
    from tieout.loading.totals import Outcome

    took, loaded = 0.0, 0
    path = folder / "time_entry.csv"
    while loaded < entries:
        world.write(path, islice(drawn, FILE))
        done, seconds = _timed(lambda: load(actor=council.OPERATOR, entity="time_entry", files=[path]))
        took += seconds
        loaded += done.totals.rows(Outcome.LOADED)
        assert not done.codes, done.codes
        sys.stderr.write(f"{loaded:,} loaded\n")
    return took


def _submit_and_approve(entries: int) -> tuple[float, float]:
    """Submit everything as one person and approve it as another; return how long each took."""
    from tests.scale import priced_world as world
    from tieout.kernel.access import Actor, Role
    from tieout.operations.approvals.actions import approve_entries, submit_entries

    person = Actor("people", frozenset({Role.RESOURCE}), None)
    manager = Actor("manager", frozenset({Role.PROJECT_MANAGER}), None)
    codes = [one.company for one in world.COMPANIES]
    submitted, first = _timed(lambda: [submit_entries(actor=person, company=code) for code in codes])
    sys.stderr.write(f"submitted in {first:.0f} s\n")
    approved, second = _timed(lambda: [approve_entries(actor=manager, company=code) for code in codes])
    sys.stderr.write(f"approved in {second:.0f} s\n")
    assert not any(one.refused for one in submitted)
    assert not any(one.refused for one in approved)
    assert sum(one.submitted for one in submitted) == sum(one.approved for one in approved) == entries
    return first, second


def _made() -> str:
    """Return all actuals by type, reason and currency, as a table."""
    lines = ["| actual | price | currency | actuals | amount |\n|---|---|---|---:|---:|\n"]
    for kind, reason, currency, count, total in _rows(_ACTUALS):
        lines.append(f"| {kind} | `{reason}` | {currency} | {count:,} | {total:,.2f} |\n")
    return "".join(lines)


def _compare(kept: list[Drawn]) -> tuple[list[str], int, Counter[str]]:
    """Return what differs in words, how many actuals were compared, and why how many are priced so."""
    model = Model()
    reasons: Counter[str] = Counter()
    differences: list[str] = []
    compared = 0
    for start in range(0, len(kept), 1_000):
        some = kept[start : start + 1_000]
        made: dict[str, dict[str, Any]] = {one.number: {} for one in some}
        rows = _rows(_SAMPLED, [one.number for one in some])
        for number, kind, *rest in rows:
            assert kind not in made[number], f"{number} has two actuals of {kind}"
            made[number][kind] = tuple(rest)
        for one in some:
            said = model.actuals(one)
            compared += len(said)
            reasons.update(row[-1] for row in said.values())
            if said != made[one.number]:
                differences.append(f"{one.number}: the model says {said}, the engine {made[one.number]}")
    return differences, compared, reasons


class Model:
    """The naive model of pricing over the set-up as it stands, and what one entry makes by it."""

    def __init__(self) -> None:
        from tests.reference.ledger.pricing import Pricing
        from tests.reference.pricing_world import PricingWorld

        world = PricingWorld()
        for name in (
            "price_list",
            "price_list_use",
            "role_price",
            "role_price_markup",
            "price_override",
            "exchange_rate",
        ):
            world.tables[f"operations_{name}"] = _records(f"operations_{name}")
        world.units = {
            row["code"]: (row["unit_group"], row["size"]) for row in _records("operations_measure_unit")
        }
        world.dimensions = {
            row["name"]: (row["kind"], row["cost_priority"], row["sales_priority"])
            for row in _records("operations_pricing_dimension")
        }
        self.pricing = Pricing(world)
        self.contracts = {row["number"]: row for row in _records("operations_contract")}
        self.units = {row["id"]: row for row in _records("operations_organizational_unit")}
        self.resources = {row["code"]: row for row in _records("operations_resource")}
        self.roles = {row["code"]: row["id"] for row in _records("operations_role")}

    def actuals(self, drawn: Drawn) -> dict[str, tuple[Any, ...]]:
        """Return the actuals of approved time on time and materials (operations spec 2.1 E5, 2.3)."""
        contract = self.contracts[drawn.sold.contract]
        person = self.resources[drawn.resource]
        selling, own = self.units[contract["unit_id"]], self.units[person["unit_id"]]
        given = drawn.custom | {
            "role": str(self.roles[drawn.role]),
            "resourcing_unit": str(own["id"]),
            "resourcing_company": person["company_code"],
            "resource": str(person["id"]),
        }
        cost = self._row(drawn, self.pricing.cost(selling, given, drawn.on), selling["currency_code"])
        sales = self.pricing.sales(contract, given, drawn.on)
        made = {"cost": cost, "unbilled_sales": self._row(drawn, sales, contract["currency_code"])}
        if own["id"] != selling["id"]:
            made["interorganizational_sales"] = cost
            lent = self.pricing.cost(own, given, drawn.on)
            made["resourcing_unit_cost"] = self._row(drawn, lent, own["currency_code"])
        return made

    @staticmethod
    def _row(drawn: Drawn, answer: Any, currency: str) -> tuple[Any, ...]:
        from tests.reference.ledger.money import half_up

        hours = Fraction(drawn.minutes, 60)
        amount = half_up(hours * Fraction(answer.price), 2)
        return half_up(hours, 16), answer.price, currency, amount, answer.reason


def _rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    from django.db import connections

    with connections["operations"].cursor() as cursor:
        cursor.execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]


def _records(table: str) -> list[dict[str, Any]]:
    """Return a table of the set-up, with the firm's own dimensions as the model reads them: text."""
    from django.db import connections

    with connections["operations"].cursor() as cursor:
        cursor.execute(f"select * from {table} order by id")
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        if isinstance(row.get("dimensions"), dict):
            row["dimensions"] = json.dumps(row["dimensions"])
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
