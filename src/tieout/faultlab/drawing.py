"""Draws a seed as a list of steps: which verbs are called in which order, and what goes wrong.

The chain goes round and round (enter, post, deliver, approve, deliver, import, post, deliver, collect);
between its steps others come by their weights. A step that writes may be broken off, or held open while
others run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

from tieout.faultlab.scenario import (
    ACCOUNTS,
    ACTUALS,
    COMPANIES,
    CONNECTIONS,
    EXPENSES,
    FIRST_DAY,
    INVOICE_LINES,
    INVOICES,
    LAST_DAY,
    MAPS,
    MONTHS,
    POSTINGS,
    PROJECTS,
    STEPS,
    Break,
    Document,
    How,
    Kind,
    Step,
)

_AROUND: Final = 85  # of 100 steps follow the chain, the others come by their weights
_MEETS: Final = 18  # of 100 hops meet something before them, and as many after them
_MENDS: Final = 60  # of 100 rounds begin with mending something
_PICKS: Final = 1_000
_BY_HAND: Final = 12  # of 100 rounds begin with an entry by hand
_TO_VERIFY: Final = 30  # of 100 vendor invoices are verified by the project manager
_FOREIGN: Final = 35  # of 100 documents of North from February on are in euro
_LODGING: Final = 25  # of 100 documents are for lodging
_STOCKED: Final = 80  # of 100 vendor invoices are not for stock
_TAKEN_BACK: Final = 40  # of 100 entries are taken back at some point of their way
_UNMADE: Final = 35  # of 100 approvals meet the owner of the tables, and as many postings
_FOLLOWS: Final = ("drop", "drop", "duplicate", "reorder", "refuse")
_MENDED_BY: Final = {
    "stop_map": "start_map",
    "pause_map": "start_map",
    "old_version": "new_version",
    "hold_period": "open_period",
    "close_project": "reopen_project",
    "lose_project": "send_projects",
    "refuse": "accept",
    "lose_category": "return_category",
}
_BREAKS: Final = 22  # of 100 steps that can be broken off are
_HOLDS: Final = 18  # of 100 are held open
_COMMITS: Final = (1, 1, 1, 2, 2, 3, 4, 5, 6)  # at which a run is broken off: most have one or two
_HELD_AT: Final = (1, 1, 1, 2)
_HELD_STEPS: Final = 4  # most steps that run beside one that is held open
_DRAWN: Final = (Kind.EXPENSE, Kind.VENDOR_INVOICE_LINE, Kind.TIME_ENTRY)


def draw(seed: int, steps: int) -> tuple[Step, ...]:
    """Return the steps of a seed: the same ones for the same seed and number."""
    drawing = _Drawing(Random(seed))  # noqa: S311  a story that can be told again, not a secret
    while len(drawing.steps) < steps:
        drawing.add()
    return tuple(drawing.steps)


class _Drawing:
    """What has been drawn so far."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.steps: list[Step] = []
        self._documents = 0
        self._ahead: list[Step] = []
        self._amiss: list[Step] = []
        self._held = 0  # steps until what is held open goes on; 0: nothing is

    def add(self) -> None:
        """Draw one more step."""
        if self._held:
            self._held -= 1
            if not self._held:
                self.steps.append(Step("release"))
                return
        step = self._around() if self.chance.randrange(100) < _AROUND else self._any()
        self.steps.append(self._disturbed(step))

    def _around(self) -> Step:
        if not self._ahead:
            self._ahead = self._round()
        return self._ahead.pop(0)

    def _round(self) -> list[Step]:
        """Draw a document and its way through the chain, with faults where they meet it."""
        document = self._document()
        company = document.company
        of_document = document.kind is not Kind.TIME_ENTRY
        way = [*self._mended(), *self._by_hand()]
        match document.kind:
            case Kind.EXPENSE:
                way.append(Step("enter_report", company, document=document))
                way += self._hop(Step("post_reports", company), document, EXPENSES)
            case Kind.VENDOR_INVOICE_LINE:
                way.append(Step("enter_invoice", company, document=document))
                way += self._hop(Step("post_invoices", company), document, INVOICE_LINES, INVOICES)
            case Kind.TIME_ENTRY:
                way += [Step("enter_time", company, document=document), Step("submit", company)]
                way += self._hop(Step("approve_entries", company), document, ACTUALS, CONNECTIONS)
        if document.kind is not Kind.TIME_ENTRY:
            way += self._arrival()
            way += self._hop(Step("approve_documents", company), document, ACTUALS, CONNECTIONS)
            way += self._by_owner("unmake", "skip")
        if document.to_verify:
            way += self._verification(company)
        way += [*self._arrival(), *(self._by_owner("remove") if of_document else ()), Step("import", company)]
        way += self._hop(Step("post_journals", company), document, POSTINGS)
        way += self._by_owner("clear_elsewhere") if of_document else []
        way += [self._deliver(), Step("collect")]
        return way if of_document else self._taken_back(way, company)

    def _hop(self, verb: Step, document: Document, *maps: str) -> list[Step]:
        """Return a verb that states records for ``maps``; by chance something goes wrong near it."""
        before: list[Step] = []
        following: list[Step] = []
        map_ = self.chance.choice(maps)
        if self._meets():
            before = [self.chance.choice(self._hindrances(document, map_))]
            self._amiss += before
        if self._meets():
            following = [Step(self.chance.choice(_FOLLOWS), target=map_, pick=self.chance.randrange(_PICKS))]
            self._amiss += [step for step in following if step.act in _MENDED_BY]
        return [*before, verb, *following]

    def _hindrances(self, document: Document, map_: str) -> list[Step]:
        """Return what can keep the next verb from its work, or its map from stating it."""
        if document.lodging and self.chance.randrange(2):
            return [Step("lose_category")]
        return [
            Step("stop_map", target=map_),
            Step("stop_map", target=map_),
            Step("pause_map", target=map_),
            Step("old_version", target=map_),
            Step("hold_period", document.company, document.day[:7]),
            Step("close_project", target=document.project),
            Step("lose_project", target=document.project),
        ]

    def _arrival(self) -> list[Step]:
        """Return a delivery, by chance with an amount changed after it."""
        tampered = [Step("tamper", pick=self.chance.randrange(_PICKS))] if self._meets() else []
        return [self._deliver(), *tampered]

    def _taken_back(self, way: list[Step], company: str) -> list[Step]:
        """Take an entry back at some point after its approval, by chance, and let that go the same way."""
        if self.chance.randrange(100) >= _TAKEN_BACK:
            return way
        approved = next(place for place, step in enumerate(way) if step.act == "approve_entries")
        place = self.chance.randint(approved + 1, len(way) - 1)
        cancelled = [Step("cancel_approval", company)]
        granted = [Step("ask_back", company), Step("grant", company)]
        back = self.chance.choice((cancelled, granted))
        follows = [Step("import", company), Step("post_journals", company)]
        if self.chance.randrange(2):  # what reverses it is delivered before it, or long after it
            follows = [Step("reorder", target=ACTUALS), self._deliver(), *follows]
        return [*way[:place], *back, *way[place:], *follows]

    def _by_owner(self, *acts: str) -> list[Step]:
        """Return what the owner of the tables does to what was just made, by chance."""
        if self.chance.randrange(100) >= _UNMADE:
            return []
        return [Step(self.chance.choice(acts), pick=self.chance.randrange(_PICKS))]

    def _verification(self, company: str) -> list[Step]:
        """Return what the project manager does: nothing yet, or verify an invoice, or reject it first."""
        verify, reject = Step("verify", company), Step("reject", company)
        return self.chance.choice(([], [verify], [verify], [reject, Step("collect"), verify]))

    def _meets(self) -> bool:
        return self.chance.randrange(100) < _MEETS

    def _mended(self) -> list[Step]:
        """Return what mends something that was made to go wrong before, by chance."""
        if not self._amiss or self.chance.randrange(100) >= _MENDS:
            return []
        wrong = self._amiss.pop(self.chance.randrange(len(self._amiss)))
        mended = [replace(wrong, act=_MENDED_BY[wrong.act])]
        return [*mended, Step("to_draft", wrong.company)] if wrong.company else mended

    def _by_hand(self) -> list[Step]:
        """Return an entry by hand on an integration account, by chance."""
        if self.chance.randrange(100) >= _BY_HAND:
            return []
        company, account = self.chance.choice(COMPANIES), self.chance.choice(tuple(ACCOUNTS))
        self._documents += 1
        amount = f"{self.chance.randint(-90, 90) or 1}.{self.chance.randrange(100):02}"
        document = Document(
            Kind.GENERAL_JOURNAL, company, f"G{self._documents}", self._day(), "", (amount,), account
        )
        return [Step("enter_journal", company, document=document), Step("post_by_hand", company)]

    def _day(self) -> str:
        return (
            FIRST_DAY + timedelta(days=self.chance.randrange((LAST_DAY - FIRST_DAY).days + 1))
        ).isoformat()

    def _deliver(self) -> Step:
        return Step("deliver", pick=self.chance.choice((1, 2, 50)))

    def _document(self) -> Document:
        self._documents += 1
        kind = self.chance.choice(_DRAWN)
        company = self.chance.choice(COMPANIES)
        owned = [project for project in PROJECTS if project.startswith(company)]
        day = self._day()
        lines = 1 if kind is Kind.TIME_ENTRY else self.chance.randint(1, 3)
        most = 8 if kind is Kind.TIME_ENTRY else 900
        amounts = tuple(f"{self.chance.randint(1, most)}.{self._cents(kind)}" for _ in range(lines))
        letter = {Kind.EXPENSE: "R", Kind.VENDOR_INVOICE_LINE: "I", Kind.TIME_ENTRY: "T"}[kind]
        number = f"{letter}{self._documents}"
        to_verify = kind is Kind.VENDOR_INVOICE_LINE and self.chance.randrange(100) < _TO_VERIFY
        project = self.chance.choice(owned)
        may_be = kind is not Kind.TIME_ENTRY and company == "NORTH" and day >= "2025-02"
        foreign = may_be and self.chance.randrange(100) < _FOREIGN
        bought = 50 if kind is Kind.TIME_ENTRY else self.chance.randrange(100)
        stocked = kind is Kind.VENDOR_INVOICE_LINE and bought >= _STOCKED
        document = Document(kind, company, number, day, project, amounts)
        return replace(
            document, to_verify=to_verify, is_foreign=foreign, lodging=bought < _LODGING, stocked=stocked
        )

    def _cents(self, kind: Kind) -> str:
        return "50" if kind is Kind.TIME_ENTRY else f"{self.chance.randrange(100):02}"

    def _any(self) -> Step:
        rows = [row for row in STEPS if row.weight]
        row = self.chance.choices(rows, [row.weight for row in rows])[0]
        step = Step(row.act, self.chance.choice(COMPANIES), pick=self.chance.randrange(_PICKS))
        if row.act == "deliver":
            return replace(step, target=self.chance.choice(("", *MAPS)), pick=self.chance.choice((1, 2, 50)))
        if "_map" in row.act or row.act in {"drop", "duplicate", "reorder"}:
            return replace(step, target=self.chance.choice(MAPS))
        if "_version" in row.act or row.act in {"refuse", "accept"}:
            # What stops or parks the projects would end the loading that sends them.
            return replace(step, target=self.chance.choice(MAPS[1:]))
        if "_period" in row.act:
            return replace(step, target=self.chance.choice(MONTHS))
        if "_project" in row.act:
            return replace(step, target=self.chance.choice(PROJECTS))
        return step

    def _disturbed(self, step: Step) -> Step:
        """Break a step off, or hold it open, by chance."""
        chance = self.chance.randrange(100)
        if not step.row.breakable or chance >= _BREAKS + _HOLDS:
            return step
        if chance >= _BREAKS:
            if self._held:
                return step
            self._held = self.chance.randint(2, _HELD_STEPS + 1)
            if self.chance.randrange(3):  # what is collected now lacks what is held
                self._ahead.insert(0, Step("collect"))
            return replace(step, broken=Break(How.HOLD, self.chance.choice(_HELD_AT)))
        how = self.chance.choice((How.CRASH_BEFORE, How.CRASH_AFTER, How.CUT, How.GONE))
        if how is How.GONE:
            database = self.chance.choice(("operations", "finance", "reconciliation"))
            return replace(step, broken=Break(how, database=database))
        return replace(step, broken=Break(how, self.chance.choice(_COMMITS)))
