"""The posting matrix, and how lines are dealt out to journals and journals to transactions: no database.

``posting_matrix.csv`` is finance spec 2.5.1, one row per kind of actual that operations can send and
treatment that the ledger can give it: where it goes, and the posting types it debits and credits. The credit
depends on the document of origin, not on the class alone (finance spec 9, N4). A blank pair posts no ledger
entries. A document born in finance has its cost on an integration account already: the profile's no ledger
and never ledger cannot leave it there, and it goes to profit and loss.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.problems import Problem
from tieout.kernel.tables import Table, load_table


class NumberSequenceMissing(Problem):
    """A company has no number sequence of this reference: no journal or voucher can take its number."""

    code = "DOC-106"
    sequence: str
    company: str


class IntegrationNotSetUp(Problem):
    """A company has no integration parameters."""

    code = "CFG-201"
    account_kind: str
    company: str


class TransactionType(StrEnum):
    """What an actual says: what work cost or what it sells for, and in whose books."""

    COST = "cost"
    UNBILLED_SALES = "unbilled_sales"
    BILLED_SALES = "billed_sales"
    RESOURCING_UNIT_COST = "resourcing_unit_cost"
    INTERORGANIZATIONAL_SALES = "interorganizational_sales"


class TransactionClass(StrEnum):
    """What was worked, spent, used or agreed."""

    TIME = "time"
    EXPENSE = "expense"
    MATERIAL = "material"
    FEE = "fee"
    TAX = "tax"
    RETAINER = "retainer"
    MILESTONE = "milestone"


class SourceKind(StrEnum):
    """The document an actual comes from: entered in operations, or born in finance."""

    TIME_ENTRY = "time_entry"
    EXPENSE_ENTRY = "expense_entry"
    MATERIAL_USAGE = "material_usage"
    VENDOR_INVOICE_LINE = "vendor_invoice_line"  # born in finance
    STOCKED_INVOICE_LINE = "stocked_invoice_line"  # born in finance, its cost posted with the invoice
    EXPENSE = "expense"  # a line of an expense report, born in finance
    JOURNAL_LINE = "journal_line"  # of an entry journal of operations
    GENERAL_JOURNAL_LINE = "general_journal_line"  # born in finance


class Treatment(StrEnum):
    """What the ledger makes of a cost or a sale: by profile, line property or lending relationship."""

    PROFIT_AND_LOSS = "profit_and_loss"
    BALANCE = "balance"  # work in progress, until Post costs moves it
    NO_LEDGER = "no_ledger"
    NEVER_LEDGER = "never_ledger"
    ACCRUED = "accrued"
    NOT_ACCRUED = "not_accrued"


class JournalKind(StrEnum):
    """What the vouchers of a journal are: entries of the ledger, or balances brought in without any."""

    INTEGRATION = "integration"
    BEGINNING_BALANCE = "beginning_balance"


class GoesTo(StrEnum):
    """What finance makes of an actual."""

    INTEGRATION_JOURNAL = "integration_journal"
    INVOICE_PROPOSAL = "invoice_proposal"  # never in the integration journal: it waits in staging
    AT_SOURCE = "at_source"  # its document posts it; it never travels, and is refused should it arrive
    NOT_APPLICABLE = "not_applicable"  # there are no accounts for it: refused until operations corrects it


_POSTING: Final = {GoesTo.INTEGRATION_JOURNAL, GoesTo.AT_SOURCE}


class ProjectCompany(StrEnum):
    """Whose project an actual may name: that of the company that accounts for it, or of one it lends to."""

    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Origin:
    """One class of transaction that one kind of document can have."""

    source_kind: SourceKind
    transaction_class: TransactionClass


@dataclass(frozen=True, slots=True)
class OfType:
    """One treatment that transactions of one type can have."""

    transaction_type: TransactionType
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row of the posting matrix: where a kind of actual goes and what its line debits and credits.

    Without posting types a line makes a voucher without ledger entries. An actual of ``other`` is the
    lender's: it has ledger entries, but no project transaction (finance spec 2.5.1, last column).
    """

    transaction_type: TransactionType
    transaction_class: TransactionClass
    source_kind: SourceKind
    treatment: Treatment
    goes_to: GoesTo
    project_company: ProjectCompany
    debit: str | None
    credit: str | None

    def __post_init__(self) -> None:
        of = f"{self.transaction_type} of class {self.transaction_class} from {self.source_kind}"
        of = f"{of}, {self.treatment},"
        if (self.debit is None) != (self.credit is None):
            raise ValueError(f"{of} posts one side only")
        if self.debit is not None and self.goes_to not in _POSTING:
            raise ValueError(f"{of} has posting types, but no journal line")


_PACKAGE: Final = files("tieout.finance.journals")

ORIGINS: Final[Table[Origin]] = load_table(
    _PACKAGE / "origins.csv",
    Origin,
    key=("source_kind",),
    several=(
        (SourceKind.VENDOR_INVOICE_LINE,),
        (SourceKind.JOURNAL_LINE,),
        (SourceKind.GENERAL_JOURNAL_LINE,),
    ),
)

TREATMENTS: Final[Table[OfType]] = load_table(_PACKAGE / "treatments.csv", OfType, key=(), several=[()])

POSTING_MATRIX: Final[Table[MatrixRow]] = load_table(
    _PACKAGE / "posting_matrix.csv",
    MatrixRow,
    key=("transaction_type", "transaction_class", "source_kind", "treatment"),
    over=[
        (of.transaction_type, origin.transaction_class, origin.source_kind, of.treatment)
        for of in TREATMENTS
        for origin in ORIGINS
    ],
)


class Thing(StrEnum):
    """Whose state it is."""

    LINE = "line"
    JOURNAL = "journal"


class State(StrEnum):
    """Where a line or a journal is in its life; the last two are the end of it."""

    DRAFT = "draft"
    PROCESSING = "processing"
    ERROR = "error"
    POSTED = "posted"
    DELETED = "deleted"


class Step(StrEnum):
    """What happens to a line or a journal."""

    POST = "post"  # a run takes the journal in hand
    VOUCHER = "voucher"
    REFUSE = "refuse"
    TRANSFER = "transfer"  # its refused lines go to a journal of their own
    CLOSE = "close"  # all that stands in it is posted
    BREAK_OFF = "break_off"  # the run ended without it
    UPDATE_TO_DRAFT = "update_to_draft"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of ``states.csv``: what a step makes of a line or journal in a state.

    ::

                        +---- break off, update to draft ----+
                        v                                    |
                      draft ----------- post ---------> processing --- voucher, close ---> posted
                        |  ^                                 |                               ^
                        |  +--- update to draft --- error <--+ refuse                        |
                        |                             |                                      |
                        +---- delete ---> deleted <---+ (a journal without posted lines)     |
                        +---- delete of the last line that is not posted --------------------+

    No line is invalid (decision 0019), and none is kept in a state: its state is what happened to it.
    """

    of: Thing
    state: State
    step: Step
    becomes: State


TRANSITIONS: Final[Table[Transition]] = load_table(_PACKAGE / "states.csv", Transition, key=(), several=[()])


def may(thing: Thing, step: Step) -> list[str]:
    """Return the states in which ``thing`` takes ``step``."""
    return [row.state for row in TRANSITIONS if row.of is thing and row.step is step]


@dataclass(frozen=True, slots=True)
class JournalChoice:
    """Which draft journals are to be posted (finance spec 2.5); what is empty or None asks for nothing.

    ``numbers``: these; ``period_from`` and ``period_to``: of these period starts, both inclusive;
    ``original``: those that hold what was refused in that journal.
    """

    numbers: tuple[str, ...] = ()
    period_from: date | None = None
    period_to: date | None = None
    original: str = ""


ALL_DRAFTS: Final = JournalChoice()


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft journal that may take lines; ``line_limit`` 0 means no limit.

    ``last_line``: its highest line number ever, above ``line_count`` when lines were deleted from it.
    """

    id: int
    period_key: date
    line_count: int
    last_line: int
    line_limit: int


@dataclass(frozen=True, slots=True)
class Allotment:
    """Lines ``position_from`` to ``position_to`` of a period key go to one journal, from ``first_line`` on.

    ``journal_id`` is None for a journal that is yet to be made.
    """

    period_key: date
    journal_id: int | None
    first_line: int
    position_from: int
    position_to: int

    @property
    def size(self) -> int:
        """The number of lines."""
        return self.position_to - self.position_from + 1


def allot(counts: Mapping[date, int], drafts: Iterable[Draft], line_limit: int) -> list[Allotment]:
    """Deal out ``counts`` lines per period key: drafts with room first, in their order, then new journals.

    A draft keeps the limit it was made with; new journals take ``line_limit`` (0: all lines in one). Every
    line is allotted exactly once, and no journal exceeds its limit (finance spec 2.3).
    """
    room: defaultdict[date, list[Draft]] = defaultdict(list)
    for draft in drafts:
        room[draft.period_key].append(draft)
    return [
        part
        for key, count in sorted(counts.items())
        for part in _allot_key(key, count, room[key], line_limit)
    ]


def _allot_key(key: date, count: int, drafts: Sequence[Draft], line_limit: int) -> Iterator[Allotment]:
    done = 0
    for draft in drafts:
        free = draft.line_limit - draft.line_count if draft.line_limit else count
        size = min(free, count - done)
        if size > 0:
            yield Allotment(key, draft.id, draft.last_line + 1, done + 1, done + size)
            done += size
    while done < count:
        size = min(line_limit or count, count - done)
        yield Allotment(key, None, 1, done + 1, done + size)
        done += size


@dataclass(frozen=True, slots=True)
class ToPost:
    """A journal in hand: its last line, and whether lines of it reverse others."""

    id: int
    last_line: int
    reverses: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """What one transaction posts: all lines of some journals, or lines ``line_from`` to ``line_to`` of one.

    ``ends``: its journals get their status with it. ``alone``: it is posted while no other slice is, and
    after all before it.
    """

    journals: tuple[int, ...]
    line_from: int
    line_to: int
    ends: bool
    alone: bool = False


LAST_LINE: Final = 2**31 - 1


def slices(journals: Iterable[ToPost], lines_max: int) -> Iterator[Slice]:
    """Deal journals out to slices of at most ``lines_max`` lines.

    Small journals share a slice; one that is larger than ``lines_max`` is cut by line number. Its slices may
    be posted at once, and a slice without lines ends it when all are; but one that reverses may reverse a
    line of its own, and is posted in the order of its lines.
    """
    group: list[int] = []
    cut: list[int] = []
    size = 0
    for journal in journals:
        if group and size + journal.last_line > lines_max:
            yield Slice(tuple(group), 1, LAST_LINE, ends=True)
            group, size = [], 0
        if journal.last_line <= lines_max:
            group.append(journal.id)
            size += journal.last_line
            continue
        yield from _cut(journal, lines_max)
        if not journal.reverses:
            cut.append(journal.id)
    if group:
        yield Slice(tuple(group), 1, LAST_LINE, ends=True)
    if cut:
        yield Slice(tuple(cut), 1, 0, ends=True, alone=True)


def whole(journal: ToPost) -> Slice:
    """Return the slice of one journal, however large it is."""
    return Slice((journal.id,), 1, LAST_LINE, ends=True)


def _cut(journal: ToPost, lines_max: int) -> Iterator[Slice]:
    for line_from in range(1, journal.last_line + 1, lines_max):
        is_last = line_from + lines_max > journal.last_line
        line_to = LAST_LINE if is_last else line_from + lines_max - 1
        ends = is_last and journal.reverses
        yield Slice((journal.id,), line_from, line_to, ends, alone=journal.reverses)
