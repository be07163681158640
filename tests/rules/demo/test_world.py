"""The generator: the same world for the same seed and day, lifelike, complete, and broken as it says."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from tieout.demo import dates, files, firm
from tieout.demo.dates import Mishap
from tieout.demo.world import DOCUMENTS, Stuck, World, entered, expected, generate, refused_rows
from tieout.loading.binding import bind
from tieout.loading.files import open_rows
from tieout.loading.formats import FORMATS
from tieout.loading.profile import plain_profile
from tieout.loading.rows import Record, RowReader
from tieout.reconciliation.checks.rules import Kind, Reason
from tieout.reconciliation.findings.rules import Figure

TODAY = date(2025, 11, 22)
# Ends of months and of years, a leap day, a first day, and both sides of the turn of the British fiscal year.
DAYS = [
    TODAY,
    date(2024, 2, 29),
    date(2025, 3, 31),
    date(2025, 4, 1),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 3, 1),
]


@cache
def world(seed: int = 7, today: date = TODAY) -> World:
    return generate(seed=seed, today=today)


def rows_of(made: World, entity: str) -> list[firm.Row]:
    if entity in made.set_up:
        return list(made.set_up[entity])
    return [row for rows in made.activity.values() for row in rows[entity]]


def money(text: str) -> Decimal:
    return Decimal(text)


# ---------------------------------------------------------------- the same again


def test_the_same_seed_and_day_make_the_same_files(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "other"):
        made = generate(seed=7, today=TODAY)
        files.write_set_up(made, tmp_path / name)
        for stretch in made.activity:
            files.write_activity(made, tmp_path / name, stretch)
        found = sorted(path for path in (tmp_path / name).rglob("*.csv"))
        contents.append([(path.relative_to(tmp_path / name), path.read_bytes()) for path in found])
    assert contents[0] == contents[1]
    assert len(contents[0]) == 58 + sum(
        bool(rows) for kinds in made.activity.values() for rows in kinds.values()
    )


def test_another_seed_makes_another_year_of_the_same_firm() -> None:
    one, other = world(7), world(8)
    assert one.activity != other.activity
    assert one.set_up["project"] == other.set_up["project"]


def test_the_figures_of_the_default_world() -> None:
    assert {entity: len(rows_of(world(), entity)) for entity in DOCUMENTS} == {
        "time_entry": 7249,
        "expense_entry": 318,
        "material_usage": 194,
        "expense_line": 612,
        "vendor_invoice_line": 1723,
    }
    assert entered(world()) == {
        ("LKE", Kind.EXPENSE): Figure(415, Decimal("43795.20")),
        ("LKE", Kind.VENDOR_INVOICE_LINE): Figure(1063, Decimal("2702613.04")),
        ("LKC", Kind.EXPENSE): Figure(197, Decimal("20105.49")),
        ("LKC", Kind.VENDOR_INVOICE_LINE): Figure(659, Decimal("1764127.85")),
    }


def test_what_is_broken_in_the_default_world() -> None:
    assert expected(world()) == {
        Stuck("LKC", Kind.EXPENSE, Reason.DRAFT): Figure(19, Decimal("2354.29")),
        Stuck("LKC", Kind.EXPENSE, Reason.NOT_SYNCED_TO_OPERATIONS): Figure(10, Decimal("1436.25")),
        Stuck("LKC", Kind.EXPENSE, Reason.REFUSED): Figure(5, Decimal("841.62")),
        Stuck("LKC", Kind.VENDOR_INVOICE_LINE, Reason.ACTUAL_NOT_SYNCED_BACK): Figure(4, Decimal("21499.64")),
        Stuck("LKC", Kind.VENDOR_INVOICE_LINE, Reason.DRAFT): Figure(10, Decimal("24490.43")),
        Stuck("LKC", Kind.VENDOR_INVOICE_LINE, Reason.REFUSED): Figure(25, Decimal("50704.64")),
        Stuck("LKE", Kind.EXPENSE, Reason.NOT_IMPORTED): Figure(25, Decimal("2163.64")),
        Stuck("LKE", Kind.EXPENSE, Reason.NOT_SYNCED_TO_OPERATIONS): Figure(22, Decimal("2014.46")),
        Stuck("LKE", Kind.VENDOR_INVOICE_LINE, Reason.ACTUAL_NOT_SYNCED_BACK): Figure(6, Decimal("6295.88")),
        Stuck("LKE", Kind.VENDOR_INVOICE_LINE, Reason.NOT_APPROVED): Figure(2, Decimal("3228.10")),
        Stuck("LKE", Kind.VENDOR_INVOICE_LINE, Reason.NOT_IMPORTED): Figure(21, Decimal("42874.18")),
    }


# ---------------------------------------------------------------- lifelike


@pytest.mark.parametrize("seed", [1, 7, 99])
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_a_year_is_as_large_as_a_small_firm_makes_it(seed: int, today: date) -> None:
    made = world(seed, today)
    assert 6_000 <= len(rows_of(made, "time_entry")) <= 8_200
    assert 450 <= len(rows_of(made, "expense_line")) <= 800
    assert 1_300 <= len(rows_of(made, "vendor_invoice_line")) <= 2_000


def test_the_firm_is_as_large_as_promised() -> None:
    sizes = {
        entity: len(firm.rows(entity)) for entity in ("company", "organizational_unit", "project", "resource")
    }
    assert sizes == {"company": 2, "organizational_unit": 3, "project": 40, "resource": 25}
    assert Counter(bool(row["category"]) for row in firm.rows("vendor")) == {True: 60, False: 2}  # each other
    assert {row["currency"] for row in firm.rows("company")} == {"USD", "GBP"}
    methods = {
        (row["contract"], row["line_number"]): row["billing_method"] for row in firm.rows("contract_line")
    }
    situations = Counter(
        methods.get((row["contract"], row["contract_line"]), row["stage"]) for row in firm.rows("project")
    )
    assert situations == {
        "time_and_materials": 20,
        "fixed_price": 12,
        "internal": 6,
        "presales": 1,
        "closed": 1,
    }


def test_purchases_are_lognormal_in_several_currencies_with_a_few_credit_notes() -> None:
    lines = rows_of(world(), "vendor_invoice_line")
    amounts = [abs(money(line["amount"])) for line in lines]
    credited = sum(money(line["amount"]) < 0 for line in lines)
    assert Decimal(500) < median(amounts) < sum(amounts) / len(amounts) < Decimal(3_500)
    assert 0.01 < credited / len(lines) < 0.06
    shares = Counter(line["currency"] for line in lines)
    assert min(shares[currency] for currency in ("USD", "GBP", "EUR")) > 50
    assert all(money(x["quantity"]) * money(x["unit_price"]) == money(x["amount"]) for x in lines)


@pytest.mark.parametrize(
    ("entity", "key", "header"),
    [
        (
            "vendor_invoice_line",
            ("company", "vendor", "invoice_number"),
            ("invoice_date", "accounting_date", "currency"),
        ),
        ("expense_line", ("company", "report_number"), ("resource", "currency")),
    ],
)
def test_all_lines_of_a_document_have_one_header(
    entity: str, key: tuple[str, ...], header: tuple[str, ...]
) -> None:
    headers: defaultdict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for row in rows_of(world(), entity):
        headers[tuple(row[name] for name in key)].add(tuple(row[name] for name in header))
    assert [document for document, found in headers.items() if len(found) > 1] == []


def test_nobody_works_on_a_weekend_or_more_than_a_day() -> None:
    hours: Counter[tuple[str, str]] = Counter()
    for entry in rows_of(world(), "time_entry"):
        assert date.fromisoformat(entry["date"]).weekday() < 5
        hours[entry["resource"], entry["date"]] += int(money(entry["hours"]) * 60)
    assert max(hours.values()) <= 9 * 60
    assert len({resource for resource, _ in hours}) == 25


# ---------------------------------------------------------------- the year


@pytest.mark.parametrize(
    "today", [date(2024, 1, 1) + timedelta(days=number) for number in range(0, 731, 5)], ids=str
)
def test_stretches_cover_the_year_without_a_gap_and_hold_every_mishap_once(today: date) -> None:
    cut = dates.stretches(today)
    assert cut[0].first == dates.month(today, 12)
    assert cut[-1].last == today
    assert all(one.first <= one.last for one in cut)
    assert all(one.last + dates.ONE_DAY == other.first for one, other in pairwise(cut))
    assert [one.mishap for one in cut if one.mishap] == list(Mishap)
    assert cut[0].first >= max(calendar[0].starts[0] for calendar in map_calendars(today))
    # Every mishap lies in a period that stays open, so that it can be mended.
    assert all(one.first >= dates.open_from(today) for one in cut if one.mishap)


def map_calendars(today: date) -> list[tuple[dates.FiscalYear, ...]]:
    return [dates.fiscal_years(today, month) for month in (1, 4)]


def test_fiscal_years_begin_in_january_and_in_april() -> None:
    assert [year.name for year in dates.fiscal_years(date(2025, 3, 31), 1)] == ["2024", "2025", "2026"]
    assert [year.name for year in dates.fiscal_years(date(2025, 3, 31), 4)] == [
        "2023/24",
        "2024/25",
        "2025/26",
    ]
    assert dates.fiscal_years(date(2025, 3, 31), 4)[1].starts[0] == date(2024, 4, 1)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_closed_periods_end_where_the_open_ones_begin(today: date) -> None:
    from tieout.demo.prices import closed_periods, fiscal_periods

    ends = {(p["calendar"], p["year"], p["name"]): p["end"] for p in fiscal_periods(today)}
    for company in firm.COMPANIES:
        closed = [
            ends[s["calendar"], s["year"], s["name"]]
            for s in closed_periods(today)
            if s["company"] == company
        ]
        assert date.fromisoformat(max(closed)) + dates.ONE_DAY == dates.open_from(today)
        assert len(closed) > 6


# ---------------------------------------------------------------- complete

REFERENCES = {
    ("company", "currency"): ("currency", "code"),
    ("company", "reporting_currency"): ("currency", "code"),
    ("company", "chart"): ("account", "chart"),
    ("company", "calendar"): ("fiscal_period", "calendar"),
    ("account", "chart"): ("company", "chart"),
    ("fiscal_period", "calendar"): ("company", "calendar"),
    ("exchange_rate", "from_currency"): ("currency", "code"),
    ("exchange_rate", "to_currency"): ("currency", "code"),
    ("integration_parameters", "expense_integration_account"): ("account", "number"),
    ("integration_parameters", "procurement_integration_account"): ("account", "number"),
    ("posting_profile", "account"): ("account", "number"),
    ("posting_profile", "category"): ("category", "code"),
    ("contract", "customer"): ("customer", "account_number"),
    ("contract_line", "contract"): ("contract", "number"),
    ("project", "contract"): ("contract", "number"),
    ("price_list", "contract"): ("contract", "number"),
    ("price_list_use", "contract"): ("contract", "number"),
    ("price_list_use", "subcontract"): ("subcontract", "number"),
    ("subcontract", "vendor"): ("vendor", "account_number"),
    ("price_list_use", "customer"): ("customer", "account_number"),
    ("price_override", "contract"): ("contract", "number"),
    ("product_price", "product"): ("product", "code"),
    **{
        (entity, "price_list"): ("price_list", "code")
        for entity in FORMATS
        if "price_list" in FORMATS[entity].fields and entity != "price_list"
    },
    ("vendor_invoice_line", "vendor"): ("vendor", "account_number"),
}
BY_NAME = {
    "company": "code",
    "organizational_unit": "code",
    "contracting_unit": "code",
    "resource": "code",
    "role": "code",
    "category": "code",
    "project": "number",
    "project_group": "code",
    "currency": "code",
}


def targets(entity: str, field: str) -> tuple[str, str] | None:
    if (entity, field) in REFERENCES:
        return REFERENCES[entity, field]
    if field in BY_NAME and field != entity:
        return field.replace("contracting_unit", "organizational_unit"), BY_NAME[field]
    return None


@pytest.mark.parametrize("entity", [entity for entity in FORMATS if entity != "period_status"])
def test_every_reference_of_a_file_is_in_another_file(entity: str) -> None:
    found = rows_of(world(), entity)
    assert found
    for field in FORMATS[entity].fields:
        if (target := targets(entity, field)) is None:
            continue
        known = {row[target[1]] for row in rows_of(world(), target[0])}
        dangling = {row[field] for row in found if row.get(field)} - known
        assert not dangling, f"{entity}.{field} names {dangling}, not in {target}"


@pytest.mark.parametrize("entity", [entity for entity in FORMATS if entity != "period_status"])
def test_every_file_is_read_whole_and_no_key_stands_twice(entity: str, tmp_path: Path) -> None:
    path = files.write(tmp_path / f"{entity}.csv", entity, rows_of(world(), entity))
    with open_rows(path) as source:
        reader = RowReader(bind(plain_profile(entity), path, source.headers))
        read = list(reader.read_all(source.rows()))
    assert len(read) == len(rows_of(world(), entity))
    assert [one for one in read if not isinstance(one, Record)] == []
    keys = Counter(
        tuple(one.values[name] for name in FORMATS[entity].key) for one in read if isinstance(one, Record)
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_sold_projects_have_a_contract_line_and_their_companies_agree() -> None:
    lines = {(row["contract"], row["line_number"]) for row in firm.rows("contract_line")}
    units = {row["code"]: row["company"] for row in firm.rows("organizational_unit")}
    contracts = {row["number"]: row for row in firm.rows("contract")}
    for project in firm.rows("project"):
        assert ((project["contract"], project["contract_line"]) in lines) == (project["stage"] == "sold")
        assert units[project["contracting_unit"]] == project["company"]
        if project["contract"]:
            assert contracts[project["contract"]]["company"] == project["company"]
    for resource in firm.rows("resource"):
        assert units[resource["organizational_unit"]] == resource["company"]


def test_documents_stay_in_their_company_and_time_in_a_priced_year() -> None:
    company_of = {row["number"]: row["company"] for row in firm.rows("project")}
    for entity in DOCUMENTS:
        assert all(company_of[row["project"]] == row["company"] for row in rows_of(world(), entity))
    prices = {(row["price_list"], row["role"]) for row in rows_of(world(), "role_price")}
    unit_of = {row["number"]: row["contracting_unit"] for row in firm.rows("project")}
    for entry in rows_of(world(), "time_entry"):
        assert (f"COST-{unit_of[entry['project']]}-{entry['date'][:4]}", entry["role"]) in prices


# ---------------------------------------------------------------- what is broken


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_both_companies_have_something_of_both_kinds_and_of_every_reason(today: date) -> None:
    found = expected(world(7, today))
    assert {(stuck.company, stuck.kind) for stuck in found} == {(c, k) for c in firm.COMPANIES for k in Kind}
    assert {stuck.reason for stuck in found} == set(Reason) - {Reason.NO_ACTUAL}
    assert all(figure.lines > 0 for figure in found.values())


def test_after_its_closing_day_a_project_bears_only_the_invoices_that_came_too_late() -> None:
    closing = dates.stretches(TODAY)
    day = next(one.first for one in closing if one.mishap is Mishap.PROJECT_CLOSED)
    late = [
        (entity, row)
        for stretch, kinds in world().activity.items()
        for entity, rows in kinds.items()
        for row in rows
        if row["project"] == firm.CLOSED_PROJECT and stretch.last >= day
    ]
    assert {entity for entity, _ in late} == {"vendor_invoice_line"}
    assert {row["accounting_date"] for _, row in late} == {day.isoformat()}
    assert {row["vendor"] for _, row in late} == set(firm.LATE_VENDORS)


def test_the_refused_invoice_is_in_a_currency_without_rates() -> None:
    refused = refused_rows(world())
    assert {(row["company"], row["vendor"], row["currency"]) for row in refused} == {("LKE", "V-1036", "CHF")}
    assert len({row["invoice_number"] for row in refused}) == 1
