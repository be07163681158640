"""Purchase lines of a university as material usage: to vouchers and back, and every amount is the file's.

The file is a rounding referee: its amounts are quantity x price rounded half up, of quantities with up to
fourteen decimals. What it marks as cancelled is left out, and counted.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path

import pytest
from tests.databases import REAL_DATA
from tests.journeys import books, council, proofs

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.kernel.access import Actor, Role
from tieout.loading.actions import Loaded, load, load_set_up
from tieout.operations.approvals.actions import approve_entries, submit_entries

pytestmark = pytest.mark.real_data

FOLDER = REAL_DATA / "purchase_lines"
PROFILE = council.REPOSITORY / "tests" / "profiles" / "purchase_lines.toml"
UNIVERSITY = books.Books("USUNI", "University", "USD")
COMPANY = UNIVERSITY.company
BUYER = Actor("bea.buyer", frozenset({Role.RESOURCE}), frozenset({COMPANY}))
MANAGER = Actor("max.manager", frozenset({Role.PROJECT_MANAGER}), frozenset({COMPANY}))

READ, READ_SUM = 8_625, Decimal("426369218.21")
LIVE, LIVE_SUM, LIVE_ZERO = 6_125, Decimal("226821939.40"), 246
CANCELLED = READ - LIVE
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file."""

    quantity: Decimal
    price: Decimal
    amount: Decimal
    unit: str
    is_cancelled: bool


@cache
def lines() -> dict[str, Line]:
    """Return the lines of the file by the number that the profile gives them."""
    with gzip.open(FOLDER / "wvu_po_lines.csv.gz", "rt", encoding="utf-8-sig", newline="") as stream:
        return {
            f"{row['Number']}-{row['Line']}": Line(
                Decimal(row["Quantity"]),
                Decimal(row["Price"]),
                Decimal(row["Amount"]),
                row["UOM"],
                row["Cancelled"] == "*",
            )
            for row in csv.DictReader(stream)
        }


def live() -> dict[str, Line]:
    return {number: line for number, line in lines().items() if not line.is_cancelled}


def total(some: Iterable[Line]) -> Decimal:
    return sum((one.amount for one in some), Decimal(0))


def set_up(folder: Path) -> None:
    """The university's books, and a unit for each that its lines are counted in."""
    books.write(folder, [UNIVERSITY], first_year=2017)
    units = sorted({line.unit for line in lines().values()})
    books.write_file(folder / "unit.csv", "code,unit_group,size", [(unit, unit, 1) for unit in units])
    load_set_up(actor=council.OPERATOR, folder=folder)
    deliver_all(actor=council.OPERATOR)


def load_lines(folder: Path) -> Loaded:
    """Unpack the file, and load it through the profile."""
    file = folder / "purchase_lines.csv"
    file.write_bytes(gzip.decompress((FOLDER / "wvu_po_lines.csv.gz").read_bytes()))
    return load(
        actor=council.OPERATOR,
        entity="material_usage",
        files=[file],
        profile=PROFILE,
        rejected=folder / "rejected.csv",
    )


def test_each_line_that_lives_becomes_cost_and_a_voucher_at_its_own_amount(
    databases: None, tmp_path: Path
) -> None:
    set_up(tmp_path / "setup")
    every_row_is_accounted_for(load_lines(tmp_path))
    submitted = submit_entries(actor=BUYER, company=COMPANY)
    approved = approve_entries(actor=MANAGER, company=COMPANY)
    assert (submitted.submitted, submitted.refused) == (LIVE, ())
    assert (approved.approved, approved.refused) == (LIVE, ())
    every_actual_says_what_the_file_says()

    deliver_all(actor=council.OPERATOR)
    import_from_staging(actor=council.OPERATOR, company=COMPANY)
    post_integration_journals(actor=council.OPERATOR, company=COMPANY)
    deliver_all(actor=council.OPERATOR)
    proofs.nothing_waits()
    assert proofs.every_synced_actual_has_its_voucher() == LIVE
    assert proofs.cost_is_what_finance_posted() == {(COMPANY, "USD"): (LIVE - LIVE_ZERO, LIVE_SUM)}
    assert proofs.trial(COMPANY) == {"6000": LIVE_SUM, "6920": -LIVE_SUM}
    every_cost_line_is_the_amount_of_the_file()
    proofs.the_ledger_is_checked(tmp_path, COMPANY)

    again = load_lines(tmp_path).totals.figures()
    assert {name: one["rows"] for name, one in again.items()} == {
        "read": READ,
        "loaded": 0,
        "already_there": LIVE,
        "rejected": 0,
        "skipped": CANCELLED,
    }


def every_row_is_accounted_for(done: Loaded) -> None:
    """Compare counts and quantities of the load with the file's, and the file's money with its own total."""
    left = {number: line for number, line in lines().items() if line.is_cancelled}
    by_outcome = {"read": lines(), "loaded": live(), "already_there": {}, "rejected": {}, "skipped": left}
    assert done.totals.figures() == {
        name: {"rows": len(some), "quantity": sum((one.quantity for one in some.values()), Decimal(0))}
        for name, some in by_outcome.items()
    }
    assert done.codes == {}
    assert done.created == {"project": 58}  # eight categories have cancelled lines only
    assert [(len(some), total(some.values())) for some in (lines(), live(), left)] == [
        (READ, READ_SUM),
        (LIVE, LIVE_SUM),
        (CANCELLED, READ_SUM - LIVE_SUM),
    ]


def every_actual_says_what_the_file_says() -> None:
    """Compare quantity, price and amount of each actual with its line, and name what rounds in a hard way."""
    found = {
        number: (quantity, price, amount)
        for number, quantity, price, amount in proofs.rows(
            OPERATIONS,
            "select e.external_id, a.quantity, a.price, a.amount from operations_actual as a"
            " join operations_entry as e on e.id = a.source_id"
            " where a.transaction_type = 'cost' and a.currency_code = 'USD'",
        )
    }
    assert found == {number: (one.quantity, one.price, one.amount) for number, one in live().items()}
    kinds = "select transaction_type, transaction_class, billing_type, count(*), sum(amount)"
    kinds += ", count(*) filter (where amount = 0) from operations_actual group by 1, 2, 3"
    assert proofs.rows(OPERATIONS, kinds) == [
        ("cost", "material", "not_available", LIVE, LIVE_SUM, LIVE_ZERO)
    ]
    with (FOLDER / "qty_x_price_ne_amount.csv").open(encoding="utf-8-sig", newline="") as stream:
        hard = {f"{row['number']}-{row['line']}": row for row in csv.DictReader(stream)}
    assert len(hard) == 63
    for number in hard.keys() & found.keys():
        quantity, price, amount = found[number]
        half_even = (quantity * price).quantize(CENT, ROUND_HALF_EVEN)
        assert abs(amount - half_even) == CENT
    fine = {number for number, one in live().items() if one.quantity != one.quantity.quantize(CENT)}
    assert fine
    assert max(-int(one.quantity.as_tuple().exponent) for one in lines().values()) == 14


def every_cost_line_is_the_amount_of_the_file() -> None:
    """Compare the debit of each voucher with the line it was made of; a line of 0.00 has none."""
    entries = dict(
        proofs.rows(
            OPERATIONS,
            "select a.id, e.external_id from operations_actual as a"
            " join operations_entry as e on e.id = a.source_id",
        )
    )
    posted = {
        entries[actual]: amount
        for actual, amount in proofs.rows(
            FINANCE,
            "select l.actual_id, e.amount from finance_integration_journal_line as l"
            " join finance_voucher as v on v.document_id = l.id"
            " join finance_voucher_line as e on e.voucher_id = v.id where e.posting_type = 'cost'",
        )
    }
    assert posted == {number: one.amount for number, one in live().items() if one.amount}
