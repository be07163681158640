"""Twelve files of a city council with ten different header rows, through one profile."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tieout.loading.binding import bind
from tieout.loading.files import open_rows
from tieout.loading.profile_file import read_profile
from tieout.loading.rows import Record, RowReader
from tieout.loading.totals import ControlTotals, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from tieout.loading.values import Value

pytestmark = pytest.mark.real_data


@dataclass
class Pass:
    """What one reading of all files gave."""

    totals: ControlTotals = field(default_factory=ControlTotals)
    records: list[dict[str, Value]] = field(default_factory=list)
    rejected: Counter[tuple[str, str, int]] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def read(council_spend: list[Path], profiles: Path) -> Pass:
    profile = read_profile(profiles / "council_spend.toml")
    result = Pass()
    for path in council_spend:
        with open_rows(path, profile.options) as source:
            for one in RowReader(bind(profile, path, source.headers)).read_all(source.rows()):
                loaded = isinstance(one, Record)
                result.totals.add(Outcome.READ, control=one.control, unit=one.unit)
                outcome = Outcome.LOADED if loaded else Outcome.REJECTED
                result.totals.add(outcome, control=one.control, unit=one.unit)
                if isinstance(one, Record):
                    result.records.append(one.values)
                else:
                    row = one.row.number if path.stem.endswith("jan-mar-2014") else 0
                    result.rejected[path.stem[-12:], one.problem.code, row] += 1
    return result


def test_control_totals(read: Pass) -> None:
    read.totals.check()
    assert read.totals.render() == (
        "                 rows             GBP\n"
        "read           45,230  165,481,456.60\n"
        "loaded         41,393  151,315,569.32\n"
        "already there       0            0.00\n"
        "rejected        3,837   14,165,887.28"
    )


def test_rejected_are_the_quarter_without_dates_and_one_blank_row(read: Pass) -> None:
    assert read.rejected == {("apr-jun-2014", "LOAD-207", 0): 3_836, ("jan-mar-2014", "LOAD-204", 3861): 1}


@pytest.mark.parametrize(
    "key", [("invoice_number", "line_number"), ("company", "vendor", "invoice_number", "line_number")]
)
def test_the_key_is_unique_but_for_two_identical_doubles(read: Pass, key: tuple[str, ...]) -> None:
    by_key: defaultdict[tuple[Value, ...], list[dict[str, Value]]] = defaultdict(list)
    for values in read.records:
        by_key[tuple(values[name] for name in key)].append(values)
    doubles = [rows for rows in by_key.values() if len(rows) > 1]
    assert len(by_key) == 41_391
    assert sorted((rows[0]["invoice_number"], rows[0]["line_number"]) for rows in doubles) == [
        ("47981658", 0),
        ("47981658", 1),
    ]
    assert all(rows[0] == other for rows in doubles for other in rows[1:])
    assert sum(amount(rows[0]) for rows in doubles) == Decimal("577.08")
    assert sum(amount(rows[0]) for rows in by_key.values()) == Decimal("151314992.24")


def amount(values: dict[str, Value]) -> Decimal:
    found = values["amount"]
    assert isinstance(found, Decimal)
    return found


def test_units_vendors_and_signs(read: Pass) -> None:
    assert len({values["project"] for values in read.records}) == 34
    assert not any("  " in str(values["project"]) for values in read.records)
    negative = [amount(values) for values in read.records if amount(values) < 0]
    assert (len(negative), sum(negative)) == (47, Decimal("-105218.31"))
    assert sum(amount(values) == 0 for values in read.records) == 1
    blank = Counter(values["vendor"] for values in read.records)["UNKNOWN"]
    assert blank > 0
    assert {values["company"] for values in read.records} == {"GBOC"}
