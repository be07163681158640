"""Problems are data with one text: the same words from an exception and from a row of the log."""

import json
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from tieout.kernel import problems
from tieout.kernel.problems import Problem, ProblemText, UnknownCodeError, render, use_catalogue
from tieout.problems.catalogue import CATALOGUE


class Unit(StrEnum):
    """How journals are grouped."""

    MONTHS = "months"


class RateMissing(Problem):
    """No exchange rate on a date."""

    code = "TEST-101"
    record: UUID
    rate_date: date
    amount: Decimal
    unit: Unit = Unit.MONTHS
    companies: frozenset[str] = frozenset()
    note: str | None = None


RECORD = UUID("ff26f5f6-2cd4-4f11-a730-0022480431d9")
TEXT = ProblemText(
    code="TEST-101",
    process="load",
    message="Actual {{{record}}} has no rate on {rate_date}.",
    cause="It is worth {amount}, in {companies}; note: {note}.",
    remedy="Add a rate for the {unit}.",
    link="exchange_rates",
)


@pytest.fixture(autouse=True)
def _own_catalogue() -> Iterator[None]:
    use_catalogue({"TEST-101": TEXT})
    yield
    use_catalogue(CATALOGUE)


def rate_missing() -> RateMissing:
    return RateMissing(
        record=RECORD, rate_date=date(2024, 11, 20), amount=Decimal("1E+3"), companies=frozenset({"GB", "DE"})
    )


def test_an_exception_speaks_with_the_words_of_the_catalogue() -> None:
    with pytest.raises(RateMissing) as raised:
        raise rate_missing()
    problem = raised.value
    assert problem.message == f"Actual {{{RECORD}}} has no rate on 2024-11-20."
    assert problem.cause == "It is worth 1000, in DE, GB; note: none."
    assert problem.remedy == "Add a rate for the months."
    assert (problem.text.process, problem.text.link) == ("load", "exchange_rates")
    assert str(problem) == f"TEST-101: {problem.message}"


def test_a_row_of_the_log_reads_the_same() -> None:
    row = json.loads(json.dumps(rate_missing().as_row()))
    assert row["fields"]["amount"] == "1000"
    assert render(row["code"], row["fields"]) == rate_missing().text


def test_an_older_row_still_reads_when_its_text_has_gained_a_field() -> None:
    assert render("TEST-101", {"record": "r"}).message == "Actual {r} has no rate on (not recorded)."


def test_values_are_never_templates() -> None:
    filled = render("TEST-101", {"record": "{rate_date}", "rate_date": "{record}"})
    assert filled.message == "Actual {{rate_date}} has no rate on {record}."


def test_a_problem_can_be_printed_before_there_are_words() -> None:
    use_catalogue({})
    assert str(rate_missing()).startswith(f"TEST-101: record={RECORD}, rate_date=2024-11-20, amount=1000")
    with pytest.raises(UnknownCodeError, match="TEST-101"):
        _ = rate_missing().message


def test_fields_are_required_named_and_typed() -> None:
    assert RateMissing.field_names() == {"record", "rate_date", "amount", "unit", "companies", "note"}
    with pytest.raises(TypeError):
        RateMissing(record=RECORD)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        RateMissing(RECORD, date(2024, 1, 1), Decimal(1))  # type: ignore[call-arg]


def test_a_problem_survives_another_process() -> None:
    copy = pickle.loads(pickle.dumps(rate_missing()))  # noqa: S301  our own bytes
    assert copy.as_row() == rate_missing().as_row()
    assert copy != rate_missing()
    assert repr(copy).startswith("RateMissing(record=UUID(")


def test_a_field_without_one_exact_text_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        RateMissing(record=RECORD, rate_date=date(2024, 1, 1), amount=0.1).as_row()  # type: ignore[arg-type]


@pytest.mark.parametrize("template", ["{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{}", "{0}"])
def test_a_placeholder_is_a_bare_name(template: str) -> None:
    with pytest.raises(ValueError, match="bare"):
        ProblemText("TEST-102", "load", template, "c", "r", "").placeholders()


def test_importing_the_catalogue_gives_every_problem_its_words() -> None:
    use_catalogue(CATALOGUE)
    assert problems.render("PST-201", {"accounting_date": "2024-11-20"}).message == (
        "No open fiscal period was found for the specified accounting date 2024-11-20."
    )


KNOWN_MESSAGES = {
    "INV-301": "Project transaction hasn't been posted yet. Verify that you have posted all of the related"
    " integration journals and try again.",
    "INV-302": "Invoice proposal wasn't processed because of mismatched billed sales actuals with Dataverse."
    " Please try again later. Contact your administrator if issue still exists.",
    "IMP-103": "Unable to import actual {FF26F5F6}. Intercompany relationship has to be set up between legal"
    " entity GBSI and USPM in Project Management and Accounting Parameters",
    "PST-202": "No open fiscal period was found in or after the specified accounting date 2024-11-20.",
    "PST-203": "Integration journal (USPM-000041): Line with RecId (12345) and Voucher (USPM-000051)"
    " failed to post due to (Reason).",
    "GJ-401": "Failed to sync journal header USPM-000041 to Dataverse. Manual synch required at count 5."
    " Count 4.",
    "GJ-402": "Failed to sync journal line to Dataverse. Manual synch required at count 5. Count 4.",
    "GJ-403": "Failed to confirm journal USPM-000041 in Dataverse.",
    "GJ-404": "Error encountered while creating journal line entity for journal line record 12345. Failed to"
    " retrieve data from Dataverse.",
}


@pytest.mark.parametrize("code", KNOWN_MESSAGES)
def test_the_known_messages_keep_their_wording(code: str) -> None:
    use_catalogue(CATALOGUE)
    fields: dict[str, problems.Json] = {
        "actual_id": "FF26F5F6",
        "lending_company": "GBSI",
        "borrowing_company": "USPM",
        "accounting_date": "2024-11-20",
        "journal": "USPM-000041",
        "line_id": 12345,
        "voucher": "USPM-000051",
        "reason": "Reason",
        "attempts": 4,
    }
    assert render(code, fields).message == KNOWN_MESSAGES[code]
