"""Reads what is there, record by record, and what reconciliation says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, Final
from uuid import UUID

from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.faultlab.books import Books, Fact, State
from tieout.faultlab.causes import Carries, causes, causes_of_actuals, terms_by_cause
from tieout.faultlab.findings import RECONCILED, Finding, days_to_prove, findings, out_of_sync, terms
from tieout.faultlab.scenario import FIRST_DAY, MAPS
from tieout.faultlab.world import ACCOUNTANT, SYSTEM, World
from tieout.reconciliation.causes import queries as decided
from tieout.reconciliation.checks.rules import Check, Kind
from tieout.reconciliation.collectors.actions import verify
from tieout.reconciliation.findings import queries as reconciliation
from tieout.reconciliation.windows.rules import Window

_SEEN: Final = {FINANCE: "seen_in_finance", OPERATIONS: "seen_in_operations"}
_SIDES: Final = {
    "finance": (FINANCE,),
    "operations": (OPERATIONS,),
    "both": (FINANCE, OPERATIONS),
    "none": (),
}
_YEAR_END: Final = date(2025, 12, 31)
_WHOLE: Final = Window(FIRST_DAY, _YEAR_END)
_BATCH: Final = "batch"
"""Rows that say with which batch an actual has arrived."""
_ONLY_NAMES: Final = frozenset({"document", "approved entry", _BATCH})
"""Rows that say what a record is called, or where it comes from, and are no fact."""


class Looker:
    """What was seen of each side, and what the keys are called."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.names: dict[UUID, str] = {}
        self.batches: dict[str, int] = {}
        self._keys: dict[Fact, UUID] = {}
        self._seen: dict[str, State] = {FINANCE: {}, OPERATIONS: {}}

    def key(self, what: str, name: str) -> UUID:
        """Return the key of the record of which that fact is true, or was.

        An actual and its journal line have one name, and keys of their own.
        """
        return self._keys[what, name]

    def look(self, sides: str) -> State:
        """Return what is true now, reading the sides that may have changed."""
        rows = {side: self.world.read(side, _SEEN[side], maps=list(MAPS)) for side in _SIDES[sides]}
        for row in (*chain(*rows.values()), *chain(*rows.values())):  # twice: a name may build on a later one
            self._name(row)
        for side, found in rows.items():
            self.batches |= {self._name(row): int(row["value"]) for row in found if row["what"] == _BATCH}
            named = (row for row in found if row["what"] not in _ONLY_NAMES)
            self._seen[side] = {(row["what"], self._name(row)): row["value"] for row in named}
        return {**self._seen[FINANCE], **self._seen[OPERATIONS]}

    def _name(self, row: dict[str, Any]) -> str:
        key: UUID | None = row["key"]
        if row["named_as"] is None:
            name = str(row["name"])
        else:
            known = self.names.get(row["named_as"])
            name = f"{known or 'unknown ' + str(row['named_as'])}{row['suffix']}"
            if known is None:
                return name
        if key is not None and key not in self.names:
            self.names[key] = name
        if key is not None:
            self._keys[row["what"], name] = key
        return name


def wrong_answers(books: Books, looker: Looker, carries: Carries) -> list[str]:
    """Return where reconciliation says something else than what was collected (finance spec 3.3 to 3.9, 4).

    ``carries`` says of a map whether it carried anything when facts were collected.
    """
    state = books.collected
    if state is None:
        return []
    expected = findings(state, books)
    seen = {
        looker.names.get(row["line_id"], f"unknown {row['line_id']}"): Finding(
            row["reason"], row["cost"], row["credited"]
        )
        for row in looker.world.read(RECONCILIATION, "seen_by_reconciliation")
    }
    wrong = [
        f"{name}: reconciliation must say {_words(expected.get(name))}, says {_words(seen.get(name))}"
        for name in sorted({*expected, *seen})
        if not _is_same(expected.get(name), seen.get(name))
    ]
    for company in books.companies:
        wrong += _wrong_totals(company, expected, books)
        late = sum(one.figure.lines for one in reconciliation.out_of_sync(actor=ACCOUNTANT, company=company))
        if late != out_of_sync(state, books, company):
            expected_late = out_of_sync(state, books, company)
            wrong.append(
                f"{company}: {expected_late} actuals must be out of sync, reconciliation says {late}"
            )
    for day in days_to_prove(state, books):
        wrong += _wrong_proofs(terms(state, books, day), date.fromisoformat(day))
    return wrong or _wrong_causes(state, books, looker, carries)


def wrong_facts() -> list[str]:
    """Return which buckets of facts are not what the sides publish: whatever was broken off, none may be."""
    return [
        f"{one.bucket.view} {one.bucket.company_code} {one.bucket.month}: facts are {one.kind}, "
        f"{one.published.rows} are published, {one.collected.rows} collected"
        for one in verify(actor=SYSTEM).differences
    ]


def _wrong_causes(state: State, books: Books, looker: Looker, carries: Carries) -> list[str]:
    """Compare the cause of every line and actual, and what each contributes to the balances."""
    expected = causes(state, books, carries)
    rows = looker.world.read(RECONCILIATION, "causes_seen")
    seen = {looker.names[row["line_id"]]: row["cause"] for row in rows}
    wrong = [
        f"{name}: its cause must be {expected.get(name)!r}, reconciliation says {seen.get(name)!r}"
        for name in sorted({*expected, *seen})
        if expected.get(name) != seen.get(name)
    ]
    of_actuals = causes_of_actuals(state, books, carries)
    says = {
        looker.names[row["actual_id"]]: row["cause"]
        for row in looker.world.read(RECONCILIATION, "causes_of_actuals_seen")
    }
    wrong += [
        f"{name}: the actual must have cause {of_actuals.get(name)!r}, reconciliation says {says.get(name)!r}"
        for name in sorted({*of_actuals, *says})
        if of_actuals.get(name) != says.get(name)
    ]
    accounts = {
        (one.company_code, one.kind.value): one.account for one in reconciliation.accounts(actor=ACCOUNTANT)
    }
    for day in days_to_prove(state, books):
        for (company, kind), must_be in sorted(terms_by_cause(state, books, carries, day).items()):
            wrong += _wrong_terms((company, accounts[company, kind]), kind, must_be, date.fromisoformat(day))
    return wrong


def _wrong_terms(of: tuple[str, str], kind: str, must_be: dict[str, Decimal], as_of: date) -> list[str]:
    company, account = of
    found = decided.terms(actor=ACCOUNTANT, company=company, account=account, as_of=as_of)
    seen = {one.cause.cause: one.amount for one in found if one.amount}
    if seen == must_be:
        return []
    must, says = _figures(must_be.items()), _figures(seen.items())
    return [f"{company}, {kind}, {as_of}: the balance has the causes {must}, reconciliation says {says}"]


def _is_same(expected: Finding | None, seen: Finding | None) -> bool:
    if expected is None or seen is None:
        return expected is seen
    return expected == seen


def _words(one: Finding | None) -> str:
    return "nothing" if one is None else f"{one.reason}, cost {one.cost:.2f}, credited {one.credited:.2f}"


def _wrong_totals(company: str, expected: dict[str, Finding], books: Books) -> list[str]:
    """Compare the views' figures: money and lines of each reason, and of amount differences."""
    totals = reconciliation.totals(actor=ACCOUNTANT, company=company, window=_WHOLE)
    wrong = []
    for kind in Kind:
        mine = [
            one
            for name, one in expected.items()
            if books.lines[name].company == company and books.lines[name].document.kind.value == kind.value
        ]
        figures = {
            "all": (mine, totals.view(kind, Check.ALL)),
            "unreconciled": (
                [one for one in mine if one.reason != RECONCILED],
                totals.unreconciled(kind),
            ),
            "amount differences": (
                [one for one in mine if one.reason == RECONCILED and one.cost != one.credited],
                totals.view(kind, Check.AMOUNT_DIFFERENCES),
            ),
        }
        for view, (lines, figure) in figures.items():
            cost = sum((one.cost for one in lines), Decimal(0))
            if (len(lines), cost) != (figure.lines, figure.amount):
                wrong.append(
                    f"{company}, {kind}, {view}: must be {len(lines)} lines of {cost}, "
                    f"is {figure.lines} of {figure.amount}"
                )
    return wrong


def _wrong_proofs(expected: dict[tuple[str, str], Counter[str]], as_of: date) -> list[str]:
    """Compare the balances of the integration accounts and their terms on a day: all is explained."""
    wrong = []
    for (company, kind), money in sorted(expected.items()):
        proof = reconciliation.proof_of_balance(
            actor=ACCOUNTANT, company=company, kind=Kind(kind), as_of=as_of
        )
        if proof is None:
            wrong.append(f"{company}: no integration account of {kind}")
            continue
        seen = {term.cause.value: term.figure.amount for term in proof.terms if term.figure.amount}
        must = {cause: Decimal(cents) / 100 for cause, cents in money.items() if cents}
        if seen != must:
            wrong.append(
                f"{company}, {kind}, {as_of}: the balance consists of {_figures(must.items())}, "
                f"reconciliation says {_figures(seen.items())}"
            )
        if proof.unexplained or proof.balance != sum(must.values(), Decimal(0)):
            wrong.append(
                f"{company}, {kind}, {as_of}: balance {proof.balance}, unexplained {proof.unexplained}"
            )
    return wrong


def _figures(found: Iterable[tuple[str, Decimal]]) -> str:
    return ", ".join(f"{cause} {amount:.2f}" for cause, amount in sorted(found)) or "nothing"
