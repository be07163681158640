"""What a seed consists of: steps, the documents they enter, how they are disturbed, and how they read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
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

VARIANTS: Final = ("early-acknowledgement", "missing-key", "watermark-by-time")
"""Rules of the product that the laboratory can break, to see that it notices (``broken.py``)."""


class Kind(StrEnum):
    """What a document's lines are, as the sides call them."""

    EXPENSE = "expense"
    VENDOR_INVOICE_LINE = "vendor_invoice_line"
    TIME_ENTRY = "time_entry"
    GENERAL_JOURNAL = "general_journal_line"


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
    """One document with its lines: amounts in the company's currency or a foreign one, hours of time.

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
    is_foreign: bool = False
    lodging: bool = False
    stocked: bool = False

    @property
    def name(self) -> str:
        """The name of the document, over both companies."""
        return f"{self.company}/{self.number}"

    @property
    def apart(self) -> str:
        """What is said of it besides: its currency, its category, that somebody verifies it."""
        said = (
            (self.is_foreign, " in euro"),
            (self.lodging, " for lodging"),
            (self.stocked, " for stock"),
            (self.to_verify, " (to be verified)"),
        )
        return "".join(words for is_so, words in said if is_so)


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
        lines = "" if document is None else f"{what}{', '.join(document.amounts)}{document.apart}"
        said = self.row.says.format(company=self.company, target=self.target or "every map", lines=lines)
        return said if self.broken is None else f"{said} [{self.broken}]"
