"""A small ledger made by SQL: two companies, two currencies, names that try to break out of their place."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

from django.db import connections, transaction

from tieout.database.aliases import FINANCE

Line = tuple[str, str, str, str]  # account, amount in its currency, currency, amount in accounting currency

EVIL: Final = 'Evil "quote" \\ ; , [2016-99-99]\n2016-01-01 open Assets:Injected | payee: x\u202e\u2028 Ærø'
EVIL_NUMBER: Final = 'V1 "x" \\ ; , [2016-99-99] (y) | p'

_COMPANY = """
    insert into finance_company
        (code, name, accounting_currency, reporting_currency, chart, calendar, version)
    values (%s, %s, %s, %s, %s, 'std', 1)
"""
_CURRENCY = "insert into finance_currency (code, name, digits, version) values (%s, %s, %s, 1)"
_ACCOUNT = "insert into finance_account (chart, number, name, kind) values (%s, %s, %s, %s)"
_VOUCHERS = """
    with given as (
        select g.*
        from jsonb_to_recordset(%(vouchers)s::jsonb) as g (number text, day date, kind text, lines jsonb)
    ),
    voucher as (
        insert into finance_voucher (
            company_code, number, accounting_date, document_kind, document_id, posted_by
        )
        select %(company)s, g.number, g.day, g.kind, tieout_id(), %(posted_by)s
        from given g
        returning id, number, accounting_date
    )
    insert into finance_voucher_line (
        voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type,
        amount, currency_code, accounting_amount, reporting_amount
    )
    select
        v.id, l.line_no, jsonb_array_length(g.lines), %(company)s, v.accounting_date, l.line ->> 0, 'cost',
        (l.line ->> 1)::numeric, l.line ->> 2, (l.line ->> 3)::numeric, (l.line ->> 3)::numeric
    from voucher v
    join given g on g.number = v.number
    cross join lateral jsonb_array_elements(g.lines) with ordinality as l (line, line_no)
"""


def set_up() -> None:
    """Two companies: GBOC in pounds with strange accounts, JPOC in yen, which have no decimals."""
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.executemany(_CURRENCY, [("GBP", "Pound", 2), ("USD", "Dollar", 2), ("JPY", "Yen", 0)])
        cursor.execute(_COMPANY, ["GBOC", EVIL, "GBP", "GBP", "uk"])
        cursor.execute(_COMPANY, ["JPOC", "日本", "JPY", "JPY", "jp"])
        cursor.executemany(
            _ACCOUNT,
            [
                ("uk", "1010", "Bank: current account", "asset"),
                ("uk", "10-10", EVIL, "asset"),
                ("uk", "10.10", "Rückstellung", "liability"),
                ("uk", "abc", "", "equity"),
                ("uk", "4000", "Sales", "revenue"),
                ("uk", "5000", "Cost", "expense"),
                ("uk", "5999", "Never posted to", "expense"),
                ("jp", "1", "現金", "asset"),
                ("jp", "2", "費用", "expense"),
            ],
        )


def post(
    company: str, number: str, day: str, *lines: Line, kind: str = "vendor_invoice", by: str = "ann"
) -> None:
    """Post one voucher; without lines it has a number only."""
    post_many(company, [{"number": number, "day": day, "kind": kind, "lines": lines}], by=by)


def post_many(company: str, vouchers: list[dict[str, Any]], *, by: str = "ann") -> None:
    """Post vouchers by one statement."""
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(_VOUCHERS, {"company": company, "posted_by": by, "vouchers": json.dumps(vouchers)})


def two_companies() -> None:
    """Set up and post: later dates first, a voucher without lines, foreign currency, an unknown account."""
    set_up()
    post(
        "GBOC", "V2", "2016-02-29", ("5000", "125.00", "USD", "100.01"), ("1010", "-100.01", "GBP", "-100.01")
    )
    post(
        "GBOC",
        EVIL_NUMBER,
        "2016-01-04",
        ("10-10", "10.00", "GBP", "10.00"),
        ("10.10", "-4.00", "GBP", "-4.00"),
        ("abc", "-5.50", "GBP", "-5.50"),
        ("7777", "-0.50", "GBP", "-0.50"),
        kind="a ; b | (c)",
        by=EVIL,
    )
    post("GBOC", "V3", "2016-02-29", kind="integration_journal_line")
    post(
        "GBOC",
        "V4",
        "2016-03-01",
        ("4000", "-1000000.10", "GBP", "-1000000.10"),
        ("1010", "1000000.10", "GBP", "1000000.10"),
    )
    post("GBOC", "V5", "2016-03-01", ("5000", "0", "GBP", "0"), ("1010", "0", "GBP", "0"))
    post("JPOC", "V1", "2015-12-31", ("2", "1.5000", "USD", "180"), ("1", "-180", "JPY", "-180"))


BALANCES: Final = {
    "Assets:1010-Bank-current-account": Decimal("999900.09"),
    "Assets:10--10-Evil-quote-2016-99-99-2016-01-01-open-As": Decimal("10.00"),
    "Liabilities:10-u2e-10-Ruckstellung": Decimal("-4.00"),
    "Equity:N-u0-abc": Decimal("-5.50"),
    "Equity:Not-Set-Up:7777": Decimal("-0.50"),
    "Income:4000-Sales": Decimal("-1000000.10"),
    "Expenses:5000-Cost": Decimal("100.01"),
}
