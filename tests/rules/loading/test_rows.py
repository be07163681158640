from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tieout.loading.binding import bind
from tieout.loading.formats import FORMATS
from tieout.loading.problems import RowRagged
from tieout.loading.profile import plain_profile
from tieout.loading.profile_file import profile_from
from tieout.loading.rows import Record, Rejection, RowReader
from tieout.loading.sources import Cell, SourceRow

LINE: dict[str, Cell] = {
    "company": "GBOC",
    "vendor": "V1",
    "invoice_number": "1001",
    "line_number": "1",
    "invoice_date": "2016-06-28",
    "accounting_date": "2016-07-01",
    "project": "P1",
    "category": "Materials",
    "description": "",
    "quantity": "2",
    "unit_price": "6.25",
    "amount": "12.50",
    "tax": "",
    "currency": "GBP",
}


def read(cells: dict[str, Cell], toml: str = "", entity: str = "vendor_invoice_line") -> Record | Rejection:
    profile = (
        profile_from("ours", tomllib.loads(f'entity = "{entity}"\n{toml}')) if toml else plain_profile(entity)
    )
    reader = RowReader(bind(profile, Path("lines.csv"), tuple(cells)))
    return reader.read(SourceRow(7, cells))


def record(cells: dict[str, Cell], toml: str = "", entity: str = "vendor_invoice_line") -> Record:
    found = read(cells, toml, entity)
    assert isinstance(found, Record), found
    return found


def codes(cells: dict[str, Cell], toml: str = "", entity: str = "vendor_invoice_line") -> list[str]:
    found = read(cells, toml, entity)
    assert isinstance(found, Rejection), found
    fields = [problem.fields() for problem in found.problems]
    return [
        f"{problem.code[5:]} {field.get('field', field.get('header', ''))}".strip()
        for problem, field in zip(found.problems, fields, strict=True)
    ]


def test_a_whole_record() -> None:
    found = record(LINE)
    assert found.values == {
        "company": "GBOC",
        "vendor": "V1",
        "invoice_number": "1001",
        "line_number": 1,
        "invoice_date": date(2016, 6, 28),
        "accounting_date": date(2016, 7, 1),
        "project": "P1",
        "category": "Materials",
        "description": None,
        "quantity": Decimal(2),
        "unit": "each",
        "unit_price": Decimal("6.25"),
        "amount": Decimal("12.50"),
        "tax": Decimal(0),
        "currency": "GBP",
        "stocked": 0,
        "subcontract": None,
        "manual_verification": None,
        "block_payment": None,
    }
    assert list(found.values) == list(FORMATS["vendor_invoice_line"].fields)
    assert (found.number, found.control, found.unit) == (7, Decimal("12.50"), "GBP")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"amount": ""}, ["204 amount"]),
        ({"amount": "12,50"}, ["205 amount"]),
        ({"amount": "1E3"}, ["205 amount"]),
        ({"amount": "NaN"}, ["205 amount"]),
        ({"amount": "12.50001"}, ["211 amount"]),
        ({"amount": "12345678901234567"}, ["213 amount"]),
        ({"amount": "((1))"}, ["205 amount"]),
        ({"amount": "-1-"}, ["205 amount"]),
        ({"quantity": "1.00000000000000001"}, ["211 quantity"]),
        ({"line_number": "1.5"}, ["205 line_number"]),
        ({"line_number": "1234567890"}, ["213 line_number"]),
        ({"accounting_date": "01/07/2016"}, ["206 accounting_date"]),
        ({"accounting_date": "00:00:00"}, ["206 accounting_date"]),
        ({"accounting_date": "2016-02-30"}, ["206 accounting_date"]),
        ({"accounting_date": "0016-02-03"}, ["206 accounting_date"]),
        ({"accounting_date": Decimal(42552)}, ["206 accounting_date"]),
        ({"accounting_date": "", "invoice_date": ""}, ["207 invoice_date", "207 accounting_date"]),
        ({"accounting_date": "x", "invoice_date": ""}, ["206 accounting_date"]),
        ({"currency": "Pounds"}, ["209 currency"]),
        ({"vendor": "V" * 61}, ["208 vendor"]),
        ({"vendor": "V\n1"}, ["214 vendor"]),
        ({"description": "a\x07"}, ["214 description"]),
        ({"vendor": "#REF!"}, ["215 vendor"]),
        ({"unit_price": ""}, ["204 unit_price"]),
    ],
)
def test_what_is_refused(change: dict[str, Cell], expected: list[str]) -> None:
    assert codes(LINE | change) == expected


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"amount": "(12.50)"}, "amount", Decimal("-12.50")),
        ({"amount": "12.50-"}, "amount", Decimal("-12.50")),
        ({"amount": "-0.00"}, "amount", Decimal(0)),
        ({"amount": "12.500000"}, "amount", Decimal("12.5")),
        ({"amount": Decimal("1068.6")}, "amount", Decimal("1068.6")),
        ({"line_number": "007"}, "line_number", 7),
        ({"line_number": Decimal("7.0")}, "line_number", 7),
        ({"invoice_number": Decimal("46281108.0")}, "invoice_number", "46281108"),
        ({"invoice_date": ""}, "invoice_date", date(2016, 7, 1)),
        ({"accounting_date": ""}, "accounting_date", date(2016, 6, 28)),
        ({"accounting_date": date(2016, 7, 2)}, "accounting_date", date(2016, 7, 2)),
        ({"quantity": "", "unit_price": ""}, "unit_price", Decimal("12.50")),
        ({"currency": "gbp"}, "currency", "GBP"),
        ({"description": "two\nlines"}, "description", "two\nlines"),
        ({"vendor": "\N{NO-BREAK SPACE}V 1 "}, "vendor", "V 1"),
    ],
)
def test_what_is_understood(change: dict[str, Cell], field: str, value: object) -> None:
    assert record(LINE | change).values[field] == value


def test_all_problems_of_a_row_in_order_of_precedence() -> None:
    wrong: dict[str, Cell] = LINE | {
        "vendor": "V" * 61,
        "accounting_date": "x",
        "amount": "",
        "currency": "?",
    }
    assert codes(wrong) == ["204 amount", "206 accounting_date", "209 currency", "208 vendor"]
    toml = "[[split]]\nheaders = 'Trans No'\npattern = '(?P<invoice_number>[0-9]+)_(?P<line_number>[0-9]+)'"
    cells = {name: cell for name, cell in wrong.items() if name not in {"invoice_number", "line_number"}}
    assert codes(cells | {"Trans No": "12"}, toml)[:2] == ["212 Trans No", "204 amount"]


def test_a_row_that_could_not_be_cut_is_rejected_untouched() -> None:
    reader = RowReader(bind(plain_profile("role"), Path("roles.csv"), ("code", "name")))
    row = SourceRow(3, {"code": "1"}, RowRagged(row=3, found=1, expected=2))
    assert reader.read(row) == Rejection(row, (row.problem,), Decimal(0), "")  # type: ignore[arg-type]


def test_a_row_in_which_only_ignored_columns_have_a_value() -> None:
    cells: dict[str, Cell] = {"code": "", "name": " ", "Note": "end of list"}
    assert codes(cells, "ignore = ['Note']", "role") == ["201"]


def test_the_amount_of_a_rejected_row_counts_where_it_can_be_read() -> None:
    assert read(LINE | {"accounting_date": "x"})[2:] == (Decimal("12.50"), "GBP")
    assert read(LINE | {"amount": "x"})[2:] == (Decimal(0), "GBP")
    assert read(LINE | {"accounting_date": "x", "currency": "?"})[2:] == (Decimal("12.50"), "")


def test_hours_are_the_control_of_a_time_entry() -> None:
    cells: dict[str, Cell] = {}
    cells.update(dict.fromkeys(FORMATS["time_entry"].fields, "A"))
    cells |= {"date": "2016-07-01", "hours": "7.5", "type": "work"}
    assert record(cells, entity="time_entry")[2:] == (Decimal("7.5"), "hours")


@pytest.mark.parametrize(
    ("toml", "change", "field", "value"),
    [
        (
            "date_formats = ['%d/%m/%Y']",
            {"accounting_date": "01/07/2016"},
            "accounting_date",
            date(2016, 7, 1),
        ),
        (
            "date_formats = ['%d/%m/%Y']",
            {"accounting_date": "2016-07-01"},
            "accounting_date",
            date(2016, 7, 1),
        ),
        ("decimal_mark = ','\nthousands = '.'", {"amount": "1.234,50"}, "amount", Decimal("1234.50")),
        ("thousands = ','", {"amount": "-1,234,567.8"}, "amount", Decimal("-1234567.8")),
        ("symbols = ['£']", {"amount": "£ 12.50"}, "amount", Decimal("12.50")),
        ("symbols = ['£']", {"amount": "(£12.50)"}, "amount", Decimal("-12.50")),
        ("[sign]\namount = -1", {}, "amount", Decimal("-12.50")),
        ("[round]\namount = 2", {"amount": Decimal("12.504999999")}, "amount", Decimal("12.50")),
        ("[round]\namount = 2", {"amount": "-12.505"}, "amount", Decimal("-12.51")),
        ("blank = ['N/A', '-']", {"description": "n/a"}, "description", None),
        ("blank = ['N/A', '-']\n[defaults]\nvendor = 'UNKNOWN'", {"vendor": " - "}, "vendor", "UNKNOWN"),
        ("[values.project]\n'Old  Name' = 'New'", {"project": "old name "}, "project", "New"),
        ("[values.line_number]\nfirst = 1", {"line_number": "First"}, "line_number", 1),
    ],
)
def test_what_a_profile_changes(toml: str, change: dict[str, Cell], field: str, value: object) -> None:
    cells = LINE | ({"unit_price": "6,25"} if "decimal_mark" in toml else {}) | change
    assert record(cells, toml).values[field] == value


@pytest.mark.parametrize(
    ("text", "invoice", "line"),
    [("46281108_1", "46281108", 1), ("46290475 - 1", "46290475", 1), ("47981658_0", "47981658", 0)],
)
def test_a_column_that_several_fields_are_cut_out_of(text: str, invoice: str, line: int) -> None:
    toml = r"""
        [[split]]
        headers = ["Trans No"]
        pattern = '(?P<invoice_number>[0-9]+)\s*[_-]\s*(?P<line_number>[0-9]+)'
    """
    cells = {name: cell for name, cell in LINE.items() if name not in {"invoice_number", "line_number"}}
    values = record(cells | {"trans_no": text}, toml).values
    assert (values["invoice_number"], values["line_number"]) == (invoice, line)


@pytest.mark.parametrize("text", ["Time and Materials", "time-and-materials", " TIME_AND_MATERIALS"])
def test_a_word_of_a_closed_list_in_any_spelling(text: str) -> None:
    cells: dict[str, Cell] = {"contract": "C", "line_number": "1", "name": "Work", "billing_method": text}
    assert record(cells, entity="contract_line").values["billing_method"] == "time_and_materials"
    assert codes(cells | {"billing_method": "hourly"}, entity="contract_line") == ["209 billing_method"]


def test_booleans() -> None:
    cells = dict.fromkeys(FORMATS["integration_parameters"].fields, "X")
    fixed: dict[str, Cell] = {**cells, "period_unit": "months", "line_limit": "200"}
    fixed["general_journal_line_limit"] = "0"
    fixed |= {"transfer_error_lines": "", "beginning_balances_until": "", "worker_dimensions": ""}
    fixed |= {"billing_tax_group_from": "search", "workspace_enabled": ""}
    fixed |= {"manual_verification": "", "block_payment": "", "product_receipt_to_ledger": ""}
    fixed |= {"prevalidation": "", "prevalidation_minutes": "5"}
    for text, value in (("Yes", 1), ("false", 0), ("", 0)):
        found = record({**fixed, "auto_open_period": text}, entity="integration_parameters")
        assert found.values["auto_open_period"] == value
