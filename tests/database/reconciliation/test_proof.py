"""Every cent on an integration account has one cause (finance spec 3.9, DESIGN section 5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.database.reconciliation.world import ACCOUNTANT, EXPENSE, VENDOR, World, collected

from tieout.finance.models import IntegrationParameters
from tieout.reconciliation.checks.rules import Kind
from tieout.reconciliation.findings import queries
from tieout.reconciliation.findings.rules import Cause, Figure, Proof

pytestmark = pytest.mark.usefixtures("databases")
JANUARY, FEBRUARY, MARCH = date(2024, 1, 31), date(2024, 2, 10), date(2024, 3, 31)


def _proof(world: World, as_of: date = MARCH, kind: Kind = VENDOR) -> Proof:
    proof = queries.proof_of_balance(actor=ACCOUNTANT, company=world.company, kind=kind, as_of=as_of)
    assert proof is not None
    return proof


def _causes(proof: Proof) -> dict[Cause, tuple[int, Decimal]]:
    return {t.cause: (t.figure.lines, t.figure.amount) for t in proof.terms if t.figure.lines}


def test_every_cause_has_its_term_and_nothing_is_left() -> None:
    world = World()
    world.post(VENDOR, 1_000, FEBRUARY)
    world.staged(world.post(VENDOR, 200, FEBRUARY))
    world.journal(line := world.post(VENDOR, 30, FEBRUARY), world.staged(line))
    world.cleared(world.post(VENDOR, 500, FEBRUARY))
    world.cleared(world.post(VENDOR, 100, FEBRUARY), amount=Decimal("99.25"))
    world.cleared(world.post(VENDOR, 40, FEBRUARY), date(2024, 4, 1))
    world.cleared(world.post(VENDOR, 60, date(2024, 4, 2)), FEBRUARY)
    world.manual_entry(VENDOR, Decimal("-17.50"), FEBRUARY)
    world.manual_entry(VENDOR, Decimal(5), date(2024, 4, 1))
    world.orphan(VENDOR, Decimal("3.33"), FEBRUARY)
    collected()
    proof = _proof(world)
    assert _causes(proof) == {
        Cause.NOT_SYNCED_TO_OPERATIONS: (1, Decimal(1_000)),
        Cause.NOT_IMPORTED: (1, Decimal(200)),
        Cause.DRAFT: (1, Decimal(30)),
        Cause.AMOUNT_DIFFERENCE: (1, Decimal("0.75")),
        Cause.CUT_OFF: (1, Decimal(40)),
        Cause.EARLY_CLEAR: (1, Decimal(-60)),
        Cause.MANUAL: (1, Decimal("-17.50")),
        Cause.ORPHAN: (1, Decimal("-3.33")),
    }
    assert proof.balance == Decimal("1189.92")
    assert proof.unexplained == 0
    later = _proof(world, date(2024, 4, 30))
    assert later.term(Cause.CUT_OFF) == later.term(Cause.EARLY_CLEAR) == Figure(0, Decimal(0))
    assert (later.term(Cause.MANUAL), later.unexplained) == (Figure(2, Decimal("-12.50")), Decimal(0))
    assert later.balance == Decimal("1214.92")


def test_before_anything_was_posted_the_balance_is_zero() -> None:
    world = World()
    world.post(VENDOR, 10, FEBRUARY)
    collected()
    proof = _proof(world, JANUARY)
    assert (proof.balance, proof.explained) == (Decimal(0), Decimal(0))
    assert not _causes(proof)


def test_partly_posted_line_contributes_the_rest_under_one_cause() -> None:
    """Finance spec 3.9 would count it twice; DESIGN section 5: its cost less its credits, one cause."""
    world = World()
    line = world.post(VENDOR, 100, FEBRUARY)
    world.cleared(line, amount=Decimal(60))
    world.stage(line, world.actual(line))
    collected()
    assert _causes(_proof(world)) == {Cause.NOT_IMPORTED: (1, Decimal(40))}
    assert _proof(world).unexplained == 0


def test_line_cleared_late_and_at_another_amount_is_a_cut_off_until_then() -> None:
    world = World()
    world.cleared(world.post(VENDOR, 100, FEBRUARY), date(2024, 4, 1), amount=Decimal(99))
    collected()
    assert _causes(_proof(world)) == {Cause.CUT_OFF: (1, Decimal(100))}
    assert _causes(_proof(world, date(2024, 4, 1))) == {Cause.AMOUNT_DIFFERENCE: (1, Decimal(1))}


def test_credit_note_that_is_missing_reduces_the_balance() -> None:
    world = World()
    world.post(VENDOR, Decimal("-105.22"), FEBRUARY)
    collected()
    assert _causes(_proof(world)) == {Cause.NOT_SYNCED_TO_OPERATIONS: (1, Decimal("-105.22"))}


def test_entry_that_is_not_the_cost_of_its_line_is_unexplained() -> None:
    """The judge does not take the ledger's word: a posting of another amount is an alert."""
    world = World()
    world.post(VENDOR, 100, FEBRUARY, ledger=Decimal("100.01"))
    collected()
    proof = _proof(world)
    assert (proof.balance, proof.explained, proof.unexplained) == (
        Decimal("100.01"),
        Decimal(100),
        Decimal("0.01"),
    )


def test_accounts_are_proved_apart_unless_they_are_one() -> None:
    world = World()
    world.post(VENDOR, 100, FEBRUARY)
    world.post(EXPENSE, 7, FEBRUARY)
    collected()
    assert (_proof(world).balance, _proof(world, kind=EXPENSE).balance) == (Decimal(100), Decimal(7))
    IntegrationParameters.objects.update(expense_integration_account="118900")
    world.voucher(FEBRUARY, "general_journal", world.category_id, ("118900", "ledger", Decimal(1), None))
    collected()
    shared = _proof(world, kind=EXPENSE)
    assert (shared.account.account, shared.balance, shared.unexplained) == (
        "118900",
        Decimal(101),
        Decimal(0),
    )


def test_older_is_the_part_of_the_terms_before_the_window() -> None:
    world = World()
    world.periods(2023, closed=frozenset(range(1, 13)))
    world.periods(2024, closed=frozenset({1}))
    world.post(VENDOR, 10, date(2023, 5, 1))
    world.post(VENDOR, 20, JANUARY)
    world.post(VENDOR, 30, FEBRUARY)
    collected()
    proof = _proof(world)
    assert proof.older == Figure(2, Decimal(30))
    assert proof.term(Cause.NOT_SYNCED_TO_OPERATIONS) == Figure(3, Decimal(60))
    assert (proof.balance, proof.unexplained) == (Decimal(60), Decimal(0))


def test_company_without_an_account_has_no_proof() -> None:
    collected()
    assert queries.proof_of_balance(actor=ACCOUNTANT, company="XXXX", kind=VENDOR, as_of=MARCH) is None
