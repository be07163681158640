"""A seed as a list of steps: which verbs are called in which order, and what goes wrong.

The chain goes round and round (enter, post, deliver, approve, deliver, import, post, deliver, collect);
between its steps others come by their weights. A step that writes may be broken off, or held open while
others run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from random import Random
from typing import Final

from tieout.kernel.tables import Table, load_table

COMPANIES: Final = ("NORTH", "SOUTH")
FIRST_DAY: Final = date(2025, 1, 1)
LAST_DAY: Final = date(2025, 3, 31)
MONTHS: Final = ("2025-01", "2025-02", "2025-03")
PROJECTS: Final = ("NORTH-OWN", "NORTH-SOLD", "SOUTH-OWN", "SOUTH-SOLD")

INVOICES: Final = "msdyn_projectvendorinvoices"
INVOICE_LINES: Final = "msdyn_projectvendorinvoicelines"
EXPENSES: Final = "msdyn_expenses"
ACTUALS: Final = "msdyn_actuals"
CONNECTIONS: Final = "msdyn_transactionconnections"
POSTINGS: Final = "msdyn_actuals_posting"
PROJECTS_MAP: Final = "msdyn_projects"
MAPS: Final = (PROJECTS_MAP, INVOICES, INVOICE_LINES, EXPENSES, ACTUALS, CONNECTIONS, POSTINGS)
"""The maps that go wrong here, in the order in which they are delivered."""
ACCOUNTS: Final = {"300100": "vendor_invoice_line", "300200": "expense"}
"""The integration accounts, and the kind of lines that each is for."""

_AROUND: Final = 85  # of 100 steps follow the chain, the others come by their weights
_MEETS: Final = 18  # of 100 hops meet something before them, and as many after them
_MENDS: Final = 60  # of 100 rounds begin with mending something
_PICKS: Final = 1_000
_BY_HAND: Final = 12  # of 100 rounds begin with an entry by hand
_TO_VERIFY: Final = 30  # of 100 vendor invoices are verified by the project manager
_FOLLOWS: Final = ("drop", "drop", "duplicate", "reorder", "refuse")
_ACTUALS_GO_WRONG: Final = ("skip_sync", "lose_actual")
_IN_STAGING: Final = ("tamper", "tamper", "tamper", "roll_back")
_MENDED_BY: Final = {
    "stop_map": "start_map",
    "pause_map": "start_map",
    "old_version": "new_version",
    "hold_period": "open_period",
    "close_project": "reopen_project",
    "lose_project": "send_projects",
    "refuse": "accept",
}
_BREAKS: Final = 22  # of 100 steps that can be broken off are
_HOLDS: Final = 18  # of 100 are held open
_COMMITS: Final = (1, 1, 1, 2, 2, 3, 4, 5, 6)  # at which a run is broken off: most have one or two
_HELD_AT: Final = (1, 1, 1, 2)
_HELD_STEPS: Final = 4  # most steps that run beside one that is held open


VARIANTS: Final = ("early-acknowledgement", "missing-key", "watermark-by-time")
"""Rules of the product that the laboratory can break, to see that it notices (``broken.py``)."""


class Kind(StrEnum):
    """What a document's lines are, as the sides call them."""

    EXPENSE = "expense"
    VENDOR_INVOICE_LINE = "vendor_invoice_line"
    TIME_ENTRY = "time_entry"
    GENERAL_JOURNAL = "general_journal_line"


_DRAWN: Final = (Kind.EXPENSE, Kind.VENDOR_INVOICE_LINE, Kind.TIME_ENTRY)


class How(StrEnum):
    """How a run is disturbed."""

    CRASH_BEFORE = "crash before commit"
    CRASH_AFTER = "crash after commit"
    CUT = "connection ended at commit"
    GONE = "database gone"
    HOLD = "held open at commit"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of ``steps.csv``: a kind of step, how often it comes, how it reads, what it may write.

    ``sides`` are the databases that it may change; ``breakable``: a run that may be broken off.
    """

    act: str
    weight: int
    breakable: bool
    sides: str
    says: str


STEPS: Final[Table[Row]] = load_table(files("tieout.faultlab") / "steps.csv", Row, key=("act",))


@dataclass(frozen=True, slots=True)
class Document:
    """One document with its lines: amounts in the company's currency, hours of time.

    What is entered by hand goes to a ledger ``account`` and has no project. A vendor invoice may be one whose
    lines the project manager verifies.
    """

    kind: Kind
    company: str
    number: str
    day: str
    project: str
    amounts: tuple[str, ...]
    account: str = ""
    to_verify: bool = False

    @property
    def name(self) -> str:
        """The name of the document, over both companies."""
        return f"{self.company}/{self.number}"


@dataclass(frozen=True, slots=True)
class Break:
    """A disturbance: at which commit of the run, or which database is gone."""

    how: How
    commit: int = 0
    database: str = ""

    def __str__(self) -> str:
        return f"{self.how} {self.commit}" if self.commit else f"{self.how}: {self.database}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``target`` is its map, project or period; ``pick`` chooses among the records."""

    act: str
    company: str = ""
    target: str = ""
    pick: int = 0
    document: Document | None = None
    broken: Break | None = None

    @property
    def row(self) -> Row:
        """What the table says of such steps."""
        return STEPS.one(self.act)

    def __str__(self) -> str:
        """Say the step as a sentence of the story."""
        document = self.document
        what = (
            ""
            if document is None
            else f"{document.name} of {document.day} on {document.project or document.account}: "
        )
        verified = " (to be verified)" if document is not None and document.to_verify else ""
        lines = "" if document is None else f"{what}{', '.join(document.amounts)}{verified}"
        said = self.row.says.format(company=self.company, target=self.target or "every map", lines=lines)
        return said if self.broken is None else f"{said} [{self.broken}]"


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
        if document.to_verify:
            way += self._verification(company)
        way += [*self._arrival(), Step("import", company)]
        way += self._hop(Step("post_journals", company), document, POSTINGS)
        return [*way, self._deliver(), Step("collect")]

    def _hop(self, verb: Step, document: Document, *maps: str) -> list[Step]:
        """Return a verb that states records for ``maps``; by chance something goes wrong near it."""
        before: list[Step] = []
        following: list[Step] = []
        map_ = self.chance.choice(maps)
        if self._meets():
            before = [self.chance.choice(self._hindrances(document, map_))]
            self._amiss += before
        if self._meets():
            acts = (*_FOLLOWS, *_ACTUALS_GO_WRONG) if map_ == ACTUALS else _FOLLOWS
            following = [Step(self.chance.choice(acts), target=map_, pick=self.chance.randrange(_PICKS))]
            self._amiss += [step for step in following if step.act in _MENDED_BY]
        return [*before, verb, *following]

    def _hindrances(self, document: Document, map_: str) -> list[Step]:
        """Return what can keep the next verb from its work, or its map from stating it."""
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
        """Return a delivery, by chance with something after it that nobody sent."""
        if not self._meets():
            return [self._deliver()]
        return [
            self._deliver(),
            Step(self.chance.choice(_IN_STAGING), pick=self.chance.randrange(_PICKS)),
        ]

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
        return Document(kind, company, number, day, project, amounts, to_verify=to_verify)

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
