from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import enter, outcome, reasons, rows

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.kernel.access import Actor, Role
from tieout.loading import columns

INVOICE = (
    "company,vendor,invoice_number,line_number,accounting_date,project,category,quantity,unit_price,"
    "amount,currency"
)
LINE = "NL01,V1,7,1,2024-01-15,QUAY,GOODS,3,33.335,100.01,EUR"
EXPENSE = "company,report_number,line_number,resource,category,project,transaction_date,amount,currency"
REPORT = "NL01,R7,1,BEA,TRAVEL,QUAY,2024-01-15,12.50,EUR"
TIME = "company,external_id,resource,project,role,date,hours"
ENTRY = "NL01,T1,BEA,QUAY,DEV,2024-01-15,7.25"
HEADERS = {"vendor_invoice_line": INVOICE, "expense_line": EXPENSE, "time_entry": TIME}


@pytest.fixture(autouse=True)
def set_up(databases: None, tmp_path: Path) -> None:
    firm.set_up(tmp_path / "setup")


def load(folder: Path, entity: str, *records: str, **options: Any) -> Any:
    return enter(folder, entity, firm.lines(HEADERS[entity], records), **options)


@pytest.mark.parametrize(
    ("entity", "record", "table"),
    [
        ("vendor_invoice_line", LINE, "finance_vendor_invoice_line"),
        ("expense_line", REPORT, "finance_expense_line"),
        ("time_entry", ENTRY, "operations_entry"),
    ],
)
def test_a_document_is_entered_once(tmp_path: Path, entity: str, record: str, table: str) -> None:
    assert outcome(load(tmp_path, entity, record, record)) == (2, 1, 1, 0)
    assert outcome(load(tmp_path, entity, record)) == (1, 0, 1, 0)
    alias = table.partition("_")[0]
    assert rows(alias, f"select count(*) from {table}") == [(1,)]


def test_an_invoice_waits_for_posting(tmp_path: Path) -> None:
    load(
        tmp_path, "vendor_invoice_line", LINE, LINE.replace(",7,1,", ",7,2,"), LINE.replace(",7,1,", ",8,1,")
    )
    assert rows(
        FINANCE,
        "select h.invoice_number, h.invoice_date::text, q.document_kind, q.company_code,"
        " q.accounting_date::text,"
        " (select count(*) from finance_vendor_invoice_line l where l.invoice_id = h.id)"
        " from finance_vendor_invoice h join finance_posting_queue q on q.document_id = h.id order by 1",
    ) == [
        ("7", "2024-01-15", "vendor_invoice", "NL01", "2024-01-15", 2),
        ("8", "2024-01-15", "vendor_invoice", "NL01", "2024-01-15", 1),
    ]
    assert rows(
        FINANCE,
        "select quantity, unit_price, amount, exchange_rate, accounting_amount"
        " from finance_vendor_invoice_line",
    )[0] == (Decimal(3), Decimal("33.335"), Decimal("100.01"), Decimal(100), Decimal("100.01"))


def test_an_invoice_line_says_what_its_quantity_counts_or_counts_pieces(tmp_path: Path) -> None:
    header = f"{INVOICE},unit"

    def enter_lines(*records: str) -> Any:
        return enter(tmp_path, "vendor_invoice_line", firm.lines(header, records))

    pieces, hours = f"{LINE},", LINE.replace(",7,1,", ",7,2,") + ",hour"
    foreign = LINE.replace(",7,1,", ",9,1,").replace("EUR", "USD") + ",hour"  # not straight into its table
    unknown = LINE.replace(",7,1,", ",7,3,") + ",fathom"
    done = enter_lines(pieces, hours, foreign, unknown)
    assert (outcome(done), dict(done.codes)) == ((4, 3, 0, 1), {"LOAD-360": 1})
    query = "select currency_code, line_number, unit from finance_vendor_invoice_line order by 1, 2"
    assert rows(FINANCE, query) == [("EUR", 1, "each"), ("EUR", 2, "hour"), ("USD", 1, "hour")]
    assert outcome(enter_lines(pieces, hours, foreign)) == (3, 0, 3, 0)
    done = enter_lines(hours.replace("hour", "each"))
    [(_, _, message)] = reasons(done)
    assert message.endswith("unit is hour, the file says each.")


@pytest.mark.parametrize(
    ("on", "amount", "rate", "accounting_amount"),
    [
        ("2024-01-10", "100.00", "90", "90.00"),
        ("2024-01-19", "0.05", "90", "0.05"),  # 0.045 is rounded half up
        ("2024-01-31", "-100.00", "92.345", "-92.35"),  # away from zero
    ],
)
def test_the_last_known_rate_applies(
    tmp_path: Path, on: str, amount: str, rate: str, accounting_amount: str
) -> None:
    record = f"NL01,V1,7,1,{on},QUAY,GOODS,1,,{amount},USD"
    assert outcome(load(tmp_path, "vendor_invoice_line", record)) == (1, 1, 0, 0)
    assert rows(
        FINANCE,
        "select exchange_rate, exchange_rate_date::text, accounting_amount from finance_vendor_invoice_line",
    ) == [(Decimal(rate), on, Decimal(accounting_amount))]


def test_an_expense_report_is_dated_as_its_latest_line(tmp_path: Path) -> None:
    later = REPORT.replace(",1,BEA", ",2,BEA").replace("2024-01-15", "2024-01-18")
    load(tmp_path, "expense_line", REPORT, later)
    # A line that comes in another file takes the date of the report.
    load(tmp_path, "expense_line", REPORT.replace(",1,BEA", ",3,BEA").replace("2024-01-15", "2024-01-20"))
    assert rows(
        FINANCE,
        "select l.line_number, l.transaction_date::text, l.accounting_date::text, r.accounting_date::text,"
        " l.payment_method"
        " from finance_expense_line l join finance_expense_report r on r.id = l.report_id order by 1",
    ) == [
        (1, "2024-01-15", "2024-01-18", "2024-01-18", "employee"),
        (2, "2024-01-18", "2024-01-18", "2024-01-18", "employee"),
        (3, "2024-01-20", "2024-01-18", "2024-01-18", "employee"),
    ]


def test_a_line_is_loaded_in_parts_and_each_part_once(tmp_path: Path) -> None:
    """The parts of a line share its number; a part that comes again with another amount is refused."""

    def enter_parts(*records: str) -> Any:
        header = f"{EXPENSE},distribution,line_amount"
        return enter(tmp_path, "expense_line", firm.lines(header, records))

    first, second = f"{REPORT},1,20", f"{REPORT.replace('12.50', '7.50')},2,20"
    assert outcome(enter_parts(first, second, second)) == (3, 2, 1, 0)
    assert outcome(enter_parts(second, second.replace("7.50", "7.49"))) == (2, 0, 1, 1)
    assert rows(
        FINANCE, "select line_number, distribution, amount, line_amount from finance_expense_line order by 2"
    ) == [(1, 1, Decimal("12.50"), Decimal(20)), (1, 2, Decimal("7.50"), Decimal(20))]


def test_hours_become_minutes(tmp_path: Path) -> None:
    load(tmp_path, "time_entry", ENTRY)
    assert rows(OPERATIONS, "select minutes, entered_by from operations_entry") == [(435, "operator")]


WRONG = [
    ("vendor_invoice_line", LINE.replace("NL01", "XX"), "LOAD-301 LOAD-304"),
    ("vendor_invoice_line", LINE.replace("EUR", "XAU"), "LOAD-302 LOAD-316"),
    ("vendor_invoice_line", LINE.replace("QUAY", "NONE"), "LOAD-303"),
    ("vendor_invoice_line", LINE.replace("V1", "V9"), "LOAD-304"),
    ("vendor_invoice_line", LINE.replace("GOODS", "NONE"), "LOAD-305"),
    ("vendor_invoice_line", LINE.replace("100.01", "100.015"), "DOC-104"),
    ("vendor_invoice_line", LINE.replace("100.01", "100.5").replace("EUR", "JPY"), "DOC-104 LOAD-316"),
    ("vendor_invoice_line", LINE.replace("EUR", "USD").replace("-15", "-09"), "LOAD-316"),
    ("vendor_invoice_line", LINE.replace(",7,1,", ",7,-1,"), "LOAD-216"),
    ("vendor_invoice_line", LINE.replace("2024-01-15", ""), "LOAD-207"),
    ("expense_line", REPORT.replace("BEA", "NONE"), "LOAD-306"),
    ("expense_line", REPORT.replace("BEA", "SAM"), "LOAD-315"),
    ("time_entry", ENTRY.replace("DEV", "NONE"), "LOAD-307"),
    ("time_entry", ENTRY.replace("7.25", "7.251"), "LOAD-217"),
    ("time_entry", ENTRY.replace("7.25", "24.5"), "LOAD-216"),
    ("time_entry", ENTRY.replace("7.25", "0"), "LOAD-216"),
    ("time_entry", ENTRY.replace("QUAY", "PIER"), "LOAD-315"),
]


@pytest.mark.parametrize(("entity", "record", "codes"), WRONG, ids=[f"{one[0]}-{one[2]}" for one in WRONG])
def test_what_cannot_be_entered(tmp_path: Path, entity: str, record: str, codes: str) -> None:
    good = {"vendor_invoice_line": LINE, "expense_line": REPORT, "time_entry": ENTRY}[entity]
    done = load(tmp_path, entity, good, record)
    assert (outcome(done), dict(done.codes)) == ((2, 1, 0, 1), {codes.split(maxsplit=1)[0]: 1})
    assert [reason[:2] for reason in reasons(done)] == [("3", codes)]


def test_each_bad_row_of_time_has_its_code_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Of twelve rows two are entered: work, and an absence, which has no project."""
    told = {
        "T1,BEA,QUAY,DEV,,work,2024-01-15,8": "",
        "T2,BEA,,,,absence,2024-01-16,8": "",
        "T3,BEA,,DEV,,work,2024-01-17,8": "LOAD-225",  # work is of a project
        "T4,BEA,QUAY,,,work,2024-01-17,8": "LOAD-225",  # and is priced by its role
        "T5,,QUAY,DEV,,work,2024-01-17,8": "LOAD-204",
        "T6,BEA,QUAY,DEV,,work,,8": "LOAD-207",
        "T7,BEA,QUAY,DEV,,work,2024-01-17,-8": "LOAD-216",
        "T8,BEA,QUAY,DEV,,work,2024-01-17,25": "LOAD-216",
        "T9,BEA,QUAY,DEV,,work,2024-01-15,16.5": "LOAD-224",  # with T1 more than a day has
        "T10,BEA,QUAY,DEV,A,work,2024-01-17,8": "LOAD-330",  # a task of OFFICE
        "T11,BEA,QUAY,DEV,,nap,2024-01-17,8": "LOAD-209",
        "T12,BEA,QUAY,DEV,,work,2024-01-17,1e9": "LOAD-205",
    }
    enter(tmp_path, "task", "project,number\nOFFICE,A\n")
    header = "company,external_id,resource,project,role,task,type,date,hours"
    done = enter(tmp_path, "time_entry", firm.lines(header, [f"NL01,{row}" for row in told]))
    assert outcome(done) == (12, 2, 0, 10)
    assert [code for _, code, _ in reasons(done)] == [code for code in told.values() if code]
    assert rows(OPERATIONS, "select external_id from operations_entry order by 1") == [("T1",), ("T2",)]
    # Who has no unit is no resource: nobody could say what the work costs.
    nobody = "code,name,organizational_unit,company\nNIL,Nil,,NL01\n"
    assert enter(tmp_path, "resource", nobody).codes == {"LOAD-204": 1}


OTHER = [
    (
        "vendor_invoice_line",
        LINE,
        LINE.replace("2024-01-15", "2024-01-16"),
        "invoice_date is 2024-01-15, the file says 2024-01-16",
    ),
    ("vendor_invoice_line", LINE, LINE.replace("QUAY", "OFFICE"), "project is QUAY, the file says OFFICE"),
    ("vendor_invoice_line", LINE, LINE.replace("GOODS", "TRAVEL"), "category is GOODS, the file says TRAVEL"),
    (
        "vendor_invoice_line",
        LINE,
        LINE.replace("33.335", "33.336"),
        "unit_price is 33.335, the file says 33.336",
    ),
    ("vendor_invoice_line", LINE, LINE.replace("100.01", "100.02"), "amount is 100.01, the file says 100.02"),
    (
        "expense_line",
        REPORT,
        REPORT.replace("12.50", "12.5001").replace("12.5001", "12.51"),
        "amount is 12.5, the file says 12.51",
    ),
    ("expense_line", REPORT, REPORT.replace("QUAY", "OFFICE"), "project is QUAY, the file says OFFICE"),
    ("time_entry", ENTRY, ENTRY.replace("7.25", "7.5"), "hours is 435 minutes, the file says 450 minutes"),
    ("time_entry", ENTRY, ENTRY.replace("QUAY", "OFFICE"), "project is QUAY, the file says OFFICE"),
]


@pytest.mark.parametrize("together", [True, False], ids=["one-file", "two-files"])
@pytest.mark.parametrize(("entity", "first", "second", "says"), OTHER, ids=[one[3][:24] for one in OTHER])
def test_other_content_is_refused_by_name(
    tmp_path: Path, entity: str, first: str, second: str, says: str, *, together: bool
) -> None:
    if together:
        done = load(tmp_path, entity, first, second, second)
        assert outcome(done) == (3, 1, 0, 2)
    else:
        load(tmp_path, entity, first)
        done = load(tmp_path, entity, second, first)
        assert outcome(done) == (2, 0, 1, 1)
    assert set(done.codes) == {"LOAD-210"}
    assert says in reasons(done)[0][2]


def test_lines_of_an_invoice_come_in_several_chunks_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns.chunks, "__defaults__", (2,))
    records = [LINE.replace(",7,1,", f",7,{number},") for number in range(1, 6)]
    assert outcome(load(tmp_path, "vendor_invoice_line", *records[:3], *records[:1])) == (4, 3, 1, 0)
    assert outcome(load(tmp_path, "vendor_invoice_line", *records)) == (5, 2, 3, 0)
    assert rows(FINANCE, "select count(*) from finance_vendor_invoice") == [(1,)]


def test_a_posted_document_takes_no_more_lines(tmp_path: Path) -> None:
    for entity, record in (("vendor_invoice_line", LINE), ("expense_line", REPORT)):
        load(tmp_path, entity, record)
        rows(FINANCE, "delete from finance_posting_queue returning document_id")  # what posting does
        new = record.replace(",1,", ",2,", 1)
        done = load(tmp_path, entity, record, new, new)
        assert (outcome(done), dict(done.codes)) == ((3, 0, 1, 2), {"LOAD-219": 2})


def test_a_row_of_another_company_is_never_loaded(tmp_path: Path) -> None:
    clerk = Actor(name="ada", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"US01"}))
    done = load(tmp_path, "vendor_invoice_line", LINE, actor=clerk)
    assert (outcome(done), dict(done.codes)) == ((1, 0, 0, 1), {"ACCESS-102": 1})
    assert rows(FINANCE, "select count(*) from finance_vendor_invoice") == [(0,)]


def test_a_mended_file_of_rejected_rows_loads(tmp_path: Path) -> None:
    done = load(tmp_path, "vendor_invoice_line", LINE, LINE.replace(",7,1,", ",7,2,").replace("V1", "V9"))
    assert outcome(done) == (2, 1, 0, 1)
    mended = done.rejected_files[0].read_text("utf-8-sig").replace("V9,", "V1,", 1)
    assert outcome(enter(tmp_path, "vendor_invoice_line", mended)) == (1, 1, 0, 0)


def test_any_text_arrives_as_it_is(tmp_path: Path) -> None:
    strange = "back\\slash, \\N, é€😀 'quote'"
    text = firm.lines(f"{INVOICE},description", [f'{LINE},"{strange}"'])
    assert outcome(enter(tmp_path, "vendor_invoice_line", text)) == (1, 1, 0, 0)
    assert outcome(enter(tmp_path, "vendor_invoice_line", text)) == (1, 0, 1, 0)
    assert rows(FINANCE, "select description from finance_vendor_invoice_line") == [(strange,)]


def test_totals_are_kept_per_currency(tmp_path: Path) -> None:
    done = load(
        tmp_path,
        "vendor_invoice_line",
        LINE,
        "NL01,V1,8,1,2024-01-15,QUAY,GOODS,1,,10.00,USD",
        "NL01,V9,9,1,2024-01-15,QUAY,GOODS,1,,5.25,USD",
    )
    assert done.totals.figures() == {
        "read": {"rows": 3, "EUR": Decimal("100.01"), "USD": Decimal("15.25")},
        "loaded": {"rows": 2, "EUR": Decimal("100.01"), "USD": Decimal("10.00")},
        "already_there": {"rows": 0, "EUR": Decimal(0), "USD": Decimal(0)},
        "rejected": {"rows": 1, "EUR": Decimal(0), "USD": Decimal("5.25")},
    }


def test_a_trial_run_says_the_same_and_leaves_nothing(tmp_path: Path) -> None:
    records = (LINE, LINE.replace(",7,1,", ",7,2,"), LINE.replace("V1", "V9"), LINE)
    tried = load(tmp_path, "vendor_invoice_line", *records, dry_run=True)
    assert (outcome(tried), tried.rejected_files) == ((4, 2, 1, 1), ())
    assert not list(tmp_path.glob("*.rejected.csv"))
    assert rows(FINANCE, "select count(*) from finance_vendor_invoice") == [(0,)]
    assert rows(FINANCE, "select count(*) from finance_posting_queue") == [(0,)]
    assert outcome(load(tmp_path, "vendor_invoice_line", *records)) == outcome(tried)


def test_time_is_entered_on_a_task_of_its_project(tmp_path: Path) -> None:
    enter(tmp_path, "task", "project,number,name\nQUAY,T1,Piles\nQUAY,T2,Deck\n")
    header = f"{TIME},task"
    assert outcome(enter(tmp_path, "time_entry", firm.lines(header, [f"{ENTRY},T1"]))) == (1, 1, 0, 0)
    assert rows(
        OPERATIONS,
        "select t.number from operations_entry e join operations_task t on t.id = e.task_id",
    ) == [("T1",)]
    assert outcome(enter(tmp_path, "time_entry", firm.lines(header, [f"{ENTRY},T1"]))) == (1, 0, 1, 0)
    other = enter(tmp_path, "time_entry", firm.lines(header, [f"{ENTRY},T2"]))
    ((_, code, message),) = reasons(other)
    assert code == "LOAD-210"
    assert ("task" in message, "T1" in message, "T2" in message) == (True, True, True)
    foreign = enter(tmp_path, "time_entry", firm.lines(header, [f"{ENTRY.replace('T1', 'T9')},T7"]))
    assert [code for _, code, _ in reasons(foreign)] == ["LOAD-330"]


def test_dimensions_of_an_entry_are_declared_once_and_kept(tmp_path: Path) -> None:
    enter(tmp_path, "pricing_dimension", "name,kind,cost_priority,sales_priority\nlocation,amount,50,50\n")
    header = f"{TIME},dimensions"
    lines = [
        f"{ENTRY},location=onsite",
        f"{ENTRY.replace('T1', 'T2')},",
        f"{ENTRY.replace('T1', 'T3')},shift=night",
        f"{ENTRY.replace('T1', 'T4')},onsite",
        f"{ENTRY.replace('T1', 'T5')},role=DEV",
    ]
    done = enter(tmp_path, "time_entry", firm.lines(header, lines))
    assert outcome(done) == (5, 2, 0, 3)
    assert [code for _, code, _ in reasons(done)] == ["LOAD-364", "LOAD-363", "LOAD-363"]
    assert rows(OPERATIONS, "select external_id, custom::text from operations_entry order by 1") == [
        ("T1", '{"location": "onsite"}'),
        ("T2", "{}"),
    ]
