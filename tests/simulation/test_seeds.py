"""The dual-write under faults: nothing lost, nothing twice, each difference listed with its cause (D11).

`tieout faultlab` runs as many seeds as one has patience for; these run with every test.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tieout.faultlab import actions
from tieout.faultlab.actions import Failure
from tieout.faultlab.broken import broken
from tieout.faultlab.drawing import draw
from tieout.faultlab.scenario import (
    ACTUALS,
    CONNECTIONS,
    EXPENSES,
    INVOICE_LINES,
    INVOICES,
    POSTINGS,
    PROJECTS,
    VARIANTS,
    Document,
    How,
    Kind,
    Step,
)
from tieout.faultlab.scenario import STEPS as KINDS_OF_STEPS
from tieout.faultlab.world import World

SEEDS = 200
AT_ONCE = 20
STEPS = 16


@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", range(1, SEEDS, AT_ONCE))
def test_seeds_run_clean(laboratory: World, first: int) -> None:
    failure = actions.run_seeds(laboratory, first=first, count=AT_ONCE, steps=STEPS)
    assert failure is None, "\n".join(failure.story())


def report(company: str, number: str, day: str, *amounts: str) -> Document:
    return Document(Kind.EXPENSE, company, number, day, f"{company}-OWN", amounts)


def whole_way(company: str, *, before_import: tuple[Step, ...] = ()) -> tuple[Step, ...]:
    """Take the expense reports of a company from posting to their write-back."""
    out = (Step("post_reports", company), *DELIVERED, Step("approve_documents", company))
    back = (Step("import", company), Step("post_journals", company), *DELIVERED, Step("collect"))
    return (*out, *DELIVERED, *before_import, *back)


DELIVERED = (Step("deliver", pick=50),)
BY_HAND = Document(Kind.GENERAL_JOURNAL, "NORTH", "G1", "2025-02-03", "", ("-12.30",), "300200")
REFUSED = (
    Step("enter_report", "NORTH", document=report("NORTH", "R1", "2025-02-03", "10.00", "20.00", "30.00")),
    Step("post_reports", "NORTH"),
    Step("refuse", target=EXPENSES, pick=0),  # by a check
    Step("refuse", target=EXPENSES, pick=1),  # by a trigger
    *DELIVERED,
    Step("collect"),
    Step("approve_documents", "NORTH"),
    Step("refuse", target=ACTUALS),
    *DELIVERED,
    Step("collect"),
)
SHIFTED = (
    Step("enter_report", "SOUTH", document=report("SOUTH", "R1", "2025-02-10", "10.00")),
    *whole_way("SOUTH", before_import=(Step("hold_period", "SOUTH", "2025-02"),)),
)
HELD_FROM_THE_BEGINNING = (  # so that on its last day no period is open
    Step("add_rate"),
    Step("enter_report", "SOUTH", document=report("SOUTH", "R1", "2025-01-10", "10.00")),
    *whole_way("SOUTH", before_import=(Step("hold_period", "SOUTH", "2025-01"),)),
)
TWICE = (
    Step("enter_report", "NORTH", document=report("NORTH", "R1", "2025-02-03", "10.00")),
    *whole_way("NORTH"),
    Step("record_twice"),
    *whole_way("NORTH"),
)
INVOICE = Document(
    Kind.VENDOR_INVOICE_LINE, "NORTH", "I1", "2025-02-03", "NORTH-OWN", ("10.00", "20.00"), to_verify=True
)
VERIFIED = (
    Step("enter_invoice", "NORTH", document=INVOICE),
    Step("post_invoices", "NORTH"),
    *DELIVERED,
    Step("approve_documents", "NORTH"),
    Step("collect"),
    Step("reject", "NORTH"),
    Step("close_project", target="NORTH-OWN"),
    Step("collect"),
    Step("verify", "NORTH"),
    Step("collect"),
)
ENTERED = (Step("enter_report", "NORTH", document=report("NORTH", "R1", "2025-02-03", "10.00")),)
POSTED = (*ENTERED, Step("post_reports", "NORTH"), *DELIVERED)
ABROAD = Document(
    Kind.EXPENSE, "NORTH", "R1", "2025-02-03", "NORTH-SOLD", ("10.01",), is_foreign=True, lodging=True
)
NAMES_WHAT_IS_GONE = (
    Step("enter_report", "NORTH", document=ABROAD),
    Step("lose_category"),
    Step("post_reports", "NORTH"),
    *DELIVERED,
    Step("collect"),
    Step("return_category"),
    *whole_way("NORTH"),
)
REMOVED = (
    *POSTED,
    Step("approve_documents", "NORTH"),
    *DELIVERED,
    Step("remove"),
    Step("collect"),
    Step("import", "NORTH"),
    Step("post_journals", "NORTH"),
    Step("collect"),
)
ELSEWHERE = (
    *POSTED,
    Step("approve_documents", "NORTH"),
    *DELIVERED,
    Step("import", "NORTH"),
    Step("post_journals", "NORTH"),
    Step("clear_elsewhere"),
    Step("collect"),
)


def near_approval(act: str) -> tuple[Step, ...]:
    """Let the owner of the tables do something to what was just approved."""
    return (*POSTED, Step("approve_documents", "NORTH"), Step(act), *whole_way("NORTH"))


def tampered(pick: int) -> tuple[Step, ...]:
    """Change the amount of a cost that has arrived; if ``pick`` is odd its rate too, or that alone."""
    entered = Step("enter_report", "NORTH", document=ABROAD)
    return (entered, *whole_way("NORTH", before_import=(Step("tamper", pick=pick),)))


SOLD = Document(Kind.VENDOR_INVOICE_LINE, "NORTH", "I1", "2025-02-03", "NORTH-SOLD", ("10.00",))
STATED_BY = {
    INVOICES: "post_invoices",
    ACTUALS: "approve_documents",
    CONNECTIONS: "approve_documents",
    POSTINGS: "post_journals",
}


def went_wrong(map_: str, mishap: str) -> tuple[Step, ...]:
    """Take a sold invoice line round the chain; something happens to a map right after it was stated."""
    steps = [Step("enter_invoice", "NORTH", document=SOLD)]
    for act in ("post_invoices", "approve_documents", "import", "post_journals"):
        steps += [Step(act, "NORTH")]
        steps += [Step(mishap, target=map_)] if STATED_BY[map_] == act else []
        steps += DELIVERED
    return (*steps, Step("collect"))


# What is done, and how often reconciliation has to name which cause until the end, when all is mended.
STORIES: dict[str, tuple[tuple[Step, ...], dict[str, int]]] = {
    "entered by hand": (
        (Step("enter_journal", "NORTH", document=BY_HAND), Step("post_by_hand", "NORTH"), Step("collect")),
        {"RC-20": 1},
    ),
    "refused, and mended by Sync": (REFUSED, {"RC-01e": 4, "RC-02a": 1, "RC-03a": 1}),
    "refused, and stated again": (
        (*REFUSED, Step("accept", target=EXPENSES), Step("accept", target=ACTUALS), *whole_way("NORTH")),
        {"RC-01e": 4, "RC-02a": 1, "RC-03a": 1},
    ),
    "posted in the next open period": (SHIFTED, {"RC-18": 2}),
    "proved on the last day of a period on hold": (HELD_FROM_THE_BEGINNING, {"RC-18": 2}),
    "rejected, then verified while its project is closed": (
        VERIFIED,
        {"RC-02d": 2, "RC-02c": 2, "RC-02b": 2},
    ),
    "recorded and cleared twice": (TWICE, {"RC-21": 2}),
    "refused for what it names": (NAMES_WHAT_IS_GONE, {"RC-01a": 1}),
    "approved, and its actuals are gone": (near_approval("unmake"), {"RC-02e": 2}),
    "marked not to be sent": (near_approval("skip"), {"RC-04": 2}),
    "gone from operations after it was sent": (REMOVED, {"RC-06": 3}),
    "cleared on another account": (ELSEWHERE, {"RC-17": 2}),
    "came back at another rate": (tampered(1), {"RC-15": 2}),
    "came back at another rate with the same cost": (tampered(3), {"RC-15": 2}),
    "came back a cent dearer from a foreign currency": (tampered(18), {"RC-16": 2}),
    "came back dearer": (tampered(2), {"RC-14": 2}),
    "its header was lost": (went_wrong(INVOICES, "drop"), {"RC-01f": 1}),
    "its header was refused": (went_wrong(INVOICES, "refuse"), {"RC-01h": 1}),
    "its header waits": (went_wrong(INVOICES, "pause_map"), {"RC-01g": 1}),
    "its actual was lost": (went_wrong(ACTUALS, "drop"), {"RC-03d": 1}),
    "its actual waits": (went_wrong(ACTUALS, "pause_map"), {"RC-03c": 1}),
    "its connection was lost": (went_wrong(CONNECTIONS, "drop"), {"RC-05": 1}),
    "its connection was refused": (went_wrong(CONNECTIONS, "refuse"), {"RC-05c": 1}),
    "its connection waits": (went_wrong(CONNECTIONS, "pause_map"), {"RC-05b": 1}),
    "its write-back was lost": (went_wrong(POSTINGS, "drop"), {"RC-19": 1}),
    "its write-back was refused": (went_wrong(POSTINGS, "refuse"), {"RC-19c": 1}),
    "its write-back waits": (went_wrong(POSTINGS, "pause_map"), {"RC-19b": 1}),
}


@pytest.mark.parametrize("story", STORIES)
def test_each_cause_is_named_and_mended(laboratory: World, story: str) -> None:
    steps, causes = STORIES[story]
    laboratory.met.clear()
    failure = actions.run_steps(laboratory, steps)
    assert failure is None, "\n".join(failure.story())
    assert laboratory.met == causes


TIME = Document(Kind.TIME_ENTRY, "NORTH", "T1", "2025-02-03", "NORTH-SOLD", ("7.50",))
APPROVED = (
    Step("enter_time", "NORTH", document=TIME),
    Step("submit", "NORTH"),
    Step("approve_entries", "NORTH"),
)
CANCELLED = (Step("cancel_approval", "NORTH"),)
GRANTED = (Step("ask_back", "NORTH"), Step("grant", "NORTH"))
BOOKED = (*DELIVERED, Step("import", "NORTH"), Step("post_journals", "NORTH"))
# What is done, which codes import has to give, and the time that is approved and booked when all is mended.
TAKEN_BACK: dict[str, tuple[tuple[Step, ...], list[str], str]] = {
    "before it was delivered": ((*APPROVED, *GRANTED, *BOOKED), [], "7.50"),
    "between import and posting": ((*APPROVED, *BOOKED[:-1], *CANCELLED, *BOOKED), [], "7.50"),
    "when it stood in the ledger": ((*APPROVED, *BOOKED, *CANCELLED, *BOOKED), [], "7.50"),
    "and approved again": (
        (*APPROVED, *BOOKED, *CANCELLED, Step("approve_entries", "NORTH"), *BOOKED),
        [],
        "7.50",
    ),
    "while its actuals were lost": (
        (*APPROVED, Step("drop", target=ACTUALS), Step("drop", target=ACTUALS), *CANCELLED, *BOOKED),
        ["IMP-111", "IMP-111"],
        "7.50",
    ),
    "for good": ((*APPROVED, *BOOKED, Step("ask_back", "NORTH")), [], "0"),
}

STOCK = Document(
    Kind.VENDOR_INVOICE_LINE, "NORTH", "I1", "2025-02-03", "NORTH-SOLD", ("10.00", "2.50"), stocked=True
)


def test_the_cost_of_stock_stands_at_once_and_its_sale_comes_home_though_it_was_lost(
    laboratory: World,
) -> None:
    bought = (Step("enter_invoice", "NORTH", document=STOCK), Step("post_invoices", "NORTH"))
    laboratory.met.clear()
    failure = actions.run_steps(
        laboratory, (*bought, Step("drop", target=INVOICE_LINES), *DELIVERED, Step("collect"))
    )
    assert failure is None, "\n".join(failure.story())
    assert laboratory.met == {}
    finance = laboratory.owners["finance"]
    booked = "select account, sum(accounting_amount) from finance_voucher_line group by 1 order by 1"
    # the sales at 9.25 and 2.31, 7.5 percent off, and their fees of 0.23 and 0.06 on accounts of their own
    assert finance.execute(booked).fetchall() == [
        ("161300", Decimal("11.56")),
        ("161400", Decimal("0.29")),
        ("200100", Decimal("-12.50")),
        ("420200", Decimal("-11.56")),
        ("420300", Decimal("-0.29")),
        ("540100", Decimal("12.50")),
    ]
    lines = "select transaction_type, sum(accounting_amount) from finance_integration_journal_line group by 1"
    assert finance.execute(lines).fetchall() == [("unbilled_sales", Decimal("11.85"))]


def test_one_sync_brings_the_header_of_stock_whose_lines_are_still_on_their_way(laboratory: World) -> None:
    """Seed 8503: the map of headers carried nothing when the invoice was posted."""
    stopped = Step("stop_map", target=INVOICES)
    bought = (Step("enter_invoice", "NORTH", document=STOCK), stopped, Step("post_invoices", "NORTH"))
    failure = actions.run_steps(laboratory, bought)
    assert failure is None, "\n".join(failure.story())


@pytest.mark.parametrize("when", TAKEN_BACK)
def test_what_is_taken_back_leaves_nothing_in_the_books(laboratory: World, when: str) -> None:
    steps, codes, hours = TAKEN_BACK[when]
    failure = actions.run_steps(laboratory, steps)
    assert failure is None, "\n".join(failure.story())
    finance = laboratory.owners["finance"]
    met = finance.execute("select code from problem_log where process = 'import_from_staging' order by id")
    assert [code for (code,) in met] == codes
    booked = "select coalesce(sum(accounting_amount), 0) from finance_voucher_line where account = '540100'"
    assert finance.execute(booked).fetchall() == [(80 * Decimal(hours),)]
    vouchers = "select count(*) from finance_voucher"  # of cost and sales, once more for each reversal
    assert finance.execute(vouchers).fetchall() == [(6 if hours != "0" else 4,)]


def test_loading_an_unchanged_project_sends_what_its_map_owes(laboratory: World) -> None:
    steps = (Step("send_projects"), Step("reopen_project", target=PROJECTS[3]))
    failure = actions.run_steps(laboratory, steps)
    assert failure is None, "\n".join(failure.story())


# A seed that catches each broken rule, tried first; the first 1,000 follow, should the chain have changed.
CATCHES = {"early-acknowledgement": 1, "missing-key": 4, "watermark-by-time": 11}
MOST = 1_000


def caught(laboratory: World, variant: str) -> Failure:
    """Return how a broken rule is noticed; without it the seeds are clean, as above."""
    with broken(variant, laboratory):
        for seed in (CATCHES[variant], *range(1, MOST)):
            failure = actions.run_seed(laboratory, seed=seed, steps=STEPS, shortest=False)
            if failure is not None:
                return failure
    raise AssertionError(f"{variant} passed {MOST} seeds")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_broken_rule_is_noticed(laboratory: World, variant: str) -> None:
    failure = caught(laboratory, variant)
    assert actions.run_steps(laboratory, failure.steps) is None  # it was the variant


def test_a_failing_seed_is_told_in_the_fewest_steps(laboratory: World) -> None:
    variant = "early-acknowledgement"
    found = caught(laboratory, variant)
    with broken(variant, laboratory):
        failure = actions.run_seed(laboratory, seed=found.seed, steps=STEPS)
    assert failure is not None
    story = list(failure.story())
    assert len(failure.steps) <= STEPS // 2, "\n".join(story)
    assert any("enter" in line for line in story)
    assert "neither owes it nor has brought it" in story[-1]


def test_the_seeds_hold_every_fault() -> None:
    drawn = [step for seed in range(1, SEEDS + 1) for step in draw(seed, STEPS)]
    assert {step.broken.how for step in drawn if step.broken} == set(How)
    assert {step.act for step in drawn} == {row.act for row in KINDS_OF_STEPS}
