"""The decision table on its page and in the documentation: cell by cell what the seed says, in its words."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path

import pytest

from tieout.operations.actuals.rules import (
    KINDS,
    CurrencyOf,
    Event,
    Made,
    Relation,
    Situation,
    Worked,
    consequences,
    decisions,
)
from tieout.workspace.decision_screens import Question, Verdict, told
from tieout.workspace.decision_table import made_label, reference, seed_tables

SEED = (Path(__file__).parent / "seed_tables.txt").read_text(encoding="utf-8").strip()
APPROVED = Event.APPROVED
COST, SALE, OWN_COST, OWN_SALE = (
    "cost",
    "unbilled_sales",
    "resourcing_unit_cost",
    "interorganizational_sales",
)

Cell = tuple[int, int, str]


class Tables(HTMLParser):
    """Reads the cells of HTML tables: rows, columns, words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[list[Cell]]] = []
        self._span: tuple[int, int] | None = None
        self._words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self.rows.append([])
        elif tag == "tr":
            self.rows[-1].append([])
        elif tag in {"td", "th"}:
            given = dict(attrs)
            self._span = int(given.get("rowspan") or 1), int(given.get("colspan") or 1)
            self._words = []

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in {"td", "th"} and self._span:
            self.rows[-1][-1].append((*self._span, " ".join(" ".join(self._words).split())))

    def handle_data(self, data: str) -> None:
        """Keep the words of a cell."""
        self._words.append(data)


def grid(rows: list[list[Cell]]) -> list[list[str]]:
    """Return a table with every spanning cell repeated wherever it stands."""
    places: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for height, width, words in row:
            while (number, column) in places:
                column += 1
            for down in range(height):
                for across in range(width):
                    places[number + down, column + across] = words
    return [[places[number, column] for column in range(7)] for number in range(len(rows))]


def as_seed(rows: list[list[Cell]]) -> str:
    """Return a table as ``seed_tables.txt`` writes it: per event its lines, then the other situations."""
    lines = []
    for event, group in groupby(grid(rows)[3:], key=lambda row: row[0]):
        of_event = list(group)
        assert len({tuple(row[3:]) for row in of_event}) == 1, "beside each line stands the same"
        lines += [f"# {event}", *(" | ".join(row[1:3]) for row in of_event)]
        lines.append("* " + " | ".join(of_event[0][3:]))
    return "\n".join(lines)


def test_the_page_of_the_documentation_says_what_the_seed_says() -> None:
    tables = Tables(reference()).rows
    assert "\n\n".join(as_seed(table) for table in tables) == SEED
    assert [len(table) - 3 for table in tables] == [17, 21]
    assert grid(tables[0])[0][1:5] == ["Billable or sold project"] * 4


def test_every_row_of_the_table_stands_in_its_shape_once() -> None:
    for table in seed_tables():
        for event in table.events:
            shown = [line for row in event.rows for cell in row for line in cell.lines]
            for situation in Situation:
                for row in decisions(table.units, event.event, situation):
                    assert made_label(row) in shown


def made(
    relation: Relation, situation: Situation, event: Event = APPROVED, worked: Worked = Worked.TIME
) -> list[tuple[str, bool]]:
    found = consequences(relation, event, situation, worked)
    return [(one.kind.actual.value, one.travels) for one in found]


T_AND_M, FIXED, PRESALES, INTERNAL = Situation
SAME, OTHER_UNIT, EVERYWHERE, OTHER_COMPANY = Relation


@pytest.mark.parametrize(
    ("relation", "situation", "worked", "expected"),
    [
        (SAME, T_AND_M, Worked.TIME, [(COST, True), (SALE, True)]),
        (SAME, FIXED, Worked.EXPENSE, [(COST, True)]),
        # Between two units of one company the lending unit's rows stay in operations (DESIGN section 5).
        (
            OTHER_UNIT,
            T_AND_M,
            Worked.TIME,
            [(COST, True), (SALE, True), (OWN_COST, False), (OWN_SALE, False)],
        ),
        (OTHER_UNIT, FIXED, Worked.TIME, [(COST, True)]),
        (EVERYWHERE, FIXED, Worked.TIME, [(COST, True), (OWN_COST, False), (OWN_SALE, False)]),
        (OTHER_COMPANY, FIXED, Worked.MATERIAL, [(COST, True)]),
        (OTHER_UNIT, T_AND_M, Worked.MATERIAL, [(COST, True), (SALE, True)]),
        # Between companies the cost stays and they travel, on every kind of contract.
        (
            OTHER_COMPANY,
            T_AND_M,
            Worked.EXPENSE,
            [(COST, False), (SALE, True), (OWN_COST, True), (OWN_SALE, True)],
        ),
        (OTHER_COMPANY, FIXED, Worked.TIME, [(COST, False), (OWN_COST, True), (OWN_SALE, True)]),
        (OTHER_COMPANY, PRESALES, Worked.TIME, [(COST, False), (OWN_COST, True), (OWN_SALE, True)]),
        (OTHER_COMPANY, INTERNAL, Worked.TIME, [(COST, False), (OWN_COST, True), (OWN_SALE, True)]),
    ],
)
def test_what_approval_makes_and_what_travels(
    relation: Relation, situation: Situation, worked: Worked, expected: list[tuple[str, bool]]
) -> None:
    assert made(relation, situation, worked=worked) == expected


def test_lent_work_is_in_the_currencies_of_the_table() -> None:
    found = consequences(OTHER_COMPANY, APPROVED, FIXED)
    assert [(one.currency, one.is_lent) for one in found] == [
        (CurrencyOf.CONTRACTING_UNIT, False),
        (CurrencyOf.RESOURCING_UNIT, True),
        (CurrencyOf.CONTRACTING_UNIT, True),
    ]


@pytest.mark.parametrize("relation", Relation)
def test_an_invoice_makes_nothing_for_the_lending_unit(relation: Relation) -> None:
    assert made(relation, T_AND_M, Event.INVOICE_CONFIRMED) == [
        ("unbilled_sales_reversal", False),
        ("billed_sales", True),
    ]


def test_a_reversal_says_what_becomes_of_its_original() -> None:
    unbilled, billed = KINDS.one(Made.UNBILLED_SALES_REVERSAL), KINDS.one(Made.BILLED_SALES_REVERSAL)
    assert (unbilled.original_adjustment, unbilled.original_billing) == (None, "customer_invoice_posted")
    assert (billed.original_adjustment, billed.original_billing) == ("adjusted", None)
    assert {one.adjustment_status for one in KINDS if one.reverses} == {"unadjustable"}


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("situation", Situation)
def test_every_question_has_an_answer_and_nothing_and_refused_read_differently(
    relation: Relation, event: Event, situation: Situation
) -> None:
    answer = told(Question(relation, event, situation, Worked.TIME, None), None)
    kinds = {row.actual for row in decisions(relation.units, event, situation)}
    if kinds == {Made.NONE}:
        assert (answer.verdict, answer.made) == (Verdict.NONE, ())
        assert answer.said.startswith("Nothing happens")
    elif kinds == {Made.NOT_APPLICABLE}:
        assert (answer.verdict, answer.made) == (Verdict.REFUSED, ())
        assert answer.said.startswith("Not applicable")
    else:
        assert answer.verdict is Verdict.MADE
        assert all(one.label and one.quantity and one.currency and one.finance for one in answer.made)
