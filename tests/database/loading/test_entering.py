"""Vendor invoice lines entered at once and one by one: the same rows, and the same refusals."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.database.loading import firm
from tests.database.loading.firm import enter, outcome, reasons, rows

from tieout.database.aliases import FINANCE
from tieout.finance.documents.rules import whole_invoices

HEADER: Final = (
    "company,vendor,invoice_number,line_number,invoice_date,accounting_date,project,category,quantity,unit_price,"
    "amount,currency,description"
)
_RUNS: Final = count()
Line = tuple[str, int, str, str, str, str]

LINES: Final = st.lists(
    st.tuples(
        st.sampled_from(("A", "B")),
        st.integers(1, 3),
        st.sampled_from(("2024-01-15", "2024-01-15", "2024-01-15", "2024-01-16")),
        st.sampled_from(("1.00", "1.00", "1.000", "0.05", "-2.50")),
        st.sampled_from(("EUR", "EUR", "EUR", "USD")),
        st.sampled_from(("", "", 'a "b"', "\\N", "x\ry")),
    ),
    min_size=1,
    max_size=7,
)
STORED: Final = (
    "select substr(h.invoice_number, 1, 1), h.invoice_date::text, h.accounting_date::text, h.currency_code,"
    " l.line_number, l.company_code, l.project_id::text, l.category_id::text, l.description,"
    " l.transaction_date::text, l.accounting_date::text, l.quantity, l.unit_price, l.amount, l.tax_amount,"
    " l.currency_code, l.exchange_rate, l.exchange_rate_date::text, l.accounting_amount,"
    " (select count(*) from finance_posting_queue q where q.document_id = h.id)"
    " from finance_vendor_invoice h join finance_vendor_invoice_line l on l.invoice_id = h.id"
    " where h.invoice_number like '%%' || %s order by h.invoice_number, l.line_number"
)


@pytest.fixture(autouse=True)
def set_up(databases: None, tmp_path: Path) -> None:
    firm.set_up(tmp_path / "setup")


def record(line: Line, run: str) -> str:
    invoice, number, day, amount, currency, description = line
    text = description.replace('"', '""')
    return f'NL01,V1,{invoice}{run},{number},{day},{day},QUAY,GOODS,1,1,{amount},{currency},"{text}"'


@given(LINES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_once_is_as_one_by_one(tmp_path: Path, lines: list[Line]) -> None:
    number = next(_RUNS)
    together, single = f"-t{number}", f"-s{number}"
    whole = enter(
        tmp_path, "vendor_invoice_line", firm.lines(HEADER, [record(one, together) for one in lines])
    )
    codes = [code for _, code, _ in reasons(whole)]
    read, loaded, there, rejected = outcome(whole)
    each = [
        enter(tmp_path, "vendor_invoice_line", firm.lines(HEADER, [record(one, single)])) for one in lines
    ]
    assert (read, loaded, there, rejected) == tuple(map(sum, zip(*map(outcome, each), strict=True)))
    assert codes == [code for one in each for _, code, _ in reasons(one)]
    assert rows(FINANCE, STORED, together) == rows(FINANCE, STORED, single)
    assert len(rows(FINANCE, STORED, together)) == loaded


@pytest.mark.parametrize(
    ("changes", "whole"),
    [
        ([{}, {}], False),
        ([{}, {"line_number": 2}], True),
        ([{}, {"line_number": 2, "invoice_date": "2024-01-16"}], False),
        ([{}, {"line_number": 2, "currency_code": "USD"}], False),
        ([{"exchange_rate": "92"}], False),
        ([{"amount": "1.500", "accounting_digits": 1}], True),
        ([{"amount": "1.55", "accounting_digits": 1}], False),
        ([{"amount": "1", "accounting_digits": 0}], True),
    ],
)
def test_which_invoices_leave_nothing_to_judge(changes: list[dict[str, object]], *, whole: bool) -> None:
    line = {
        "document": 1,
        "company_code": "NL01",
        "vendor_id": "v",
        "invoice_number": "7",
        "line_number": 1,
        "invoice_date": "2024-01-15",
        "accounting_date": "2024-01-15",
        "currency_code": "EUR",
        "manual_verification": None,
        "block_payment": None,
        "stocked": 0,
        "subcontract_id": None,
        "amount": "1.50",
        "exchange_rate": "100",
        "accounting_digits": 2,
    }
    found = whole_invoices(pl.DataFrame([line | change for change in changes]))
    assert found["document"].to_list() == ([1] if whole else [])
