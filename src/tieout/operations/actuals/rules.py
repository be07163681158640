"""The decision table of actuals: which event makes which actuals (seed *Actuals*, its two tables).

``decision_table.csv`` is total: every organizational relation, event and contract situation has its
answer. ``none`` (nothing happens) and ``not_applicable`` (the event is refused) are different answers.
The set statements join the same rows from ``operations_decision``; see ``actions.load_decision_table``.

``kinds.csv`` says of each kind of actual what the decision table leaves blank (DESIGN section 5), whether it
travels to finance, and the statuses that it and the row it reverses get.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.tables import Table, load_table


class Units(StrEnum):
    """Whether the resource's organizational unit is the one that owns the project."""

    SAME = "same"
    DIFFERENT = "different"


class Event(StrEnum):
    """What happens to an entry, or to the invoice that bills it."""

    ENTRY_CREATED = "entry_created"
    ENTRY_SUBMITTED = "entry_submitted"
    APPROVED = "approved"
    APPROVED_DECREASED = "approved_decreased"
    INVOICE_CONFIRMED = "invoice_confirmed"
    INVOICE_CONFIRMED_DECREASED = "invoice_confirmed_decreased"
    INVOICE_CORRECTED_INCREASE = "invoice_corrected_increase"
    INVOICE_CORRECTED_DECREASE = "invoice_corrected_decrease"


class Situation(StrEnum):
    """How the work of a project is paid: the column of the decision table."""

    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_PRICE = "fixed_price"
    PRESALES = "presales"
    INTERNAL = "internal"


class Stage(StrEnum):
    """Stage of a project; a closed project takes no transactions (operations spec 11, O12)."""

    PRESALES = "presales"
    SOLD = "sold"
    INTERNAL = "internal"
    CLOSED = "closed"


class BillingMethod(StrEnum):
    """How a contract line is billed (operations spec 1.6)."""

    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_PRICE = "fixed_price"


class Made(StrEnum):
    """What one row of the table makes; a reversal is its original negated."""

    NONE = "none"
    NOT_APPLICABLE = "not_applicable"
    COST = "cost"
    UNBILLED_SALES = "unbilled_sales"
    UNBILLED_SALES_REVERSAL = "unbilled_sales_reversal"
    BILLED_SALES = "billed_sales"
    BILLED_SALES_REVERSAL = "billed_sales_reversal"
    RESOURCING_UNIT_COST = "resourcing_unit_cost"
    INTERORGANIZATIONAL_SALES = "interorganizational_sales"


class Billing(StrEnum):
    """Billing type of the row; blank means that of the row it follows (DESIGN section 5)."""

    CHARGEABLE = "chargeable"
    NON_CHARGEABLE = "non_chargeable"


class Quantity(StrEnum):
    """Which quantity the row takes; blank means the rule of its transaction type (DESIGN section 5)."""

    NEW = "new"
    DIFFERENCE = "difference"
    MILESTONE = "milestone"


class CurrencyOf(StrEnum):
    """Whose currency the row is in; blank, on presales and internal, means the contracting unit's."""

    CONTRACTING_UNIT = "contracting_unit"
    RESOURCING_UNIT = "resourcing_unit"
    PROJECT_CONTRACT = "project_contract"


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of ``decision_table.csv``: one actual that an event makes in a situation."""

    units: Units
    event: Event
    contract: Situation
    actual: Made
    billing: Billing | None
    quantity: Quantity | None
    currency: CurrencyOf | None


class Relation(StrEnum):
    """Where the resource belongs, seen from the unit that owns the project (``operations_relation``).

    ``OTHER_UNIT_EVERYWHERE``: the company wants the rows between its units on every contract.
    """

    SAME_UNIT = "same"
    OTHER_UNIT = "different"
    OTHER_UNIT_EVERYWHERE = "different_all"
    OTHER_COMPANY = "lent"

    @property
    def units(self) -> Units:
        """The table of the seed that answers."""
        return Units.SAME if self is Relation.SAME_UNIT else Units.DIFFERENT


class Worked(StrEnum):
    """The transaction classes that are entered as work."""

    TIME = "time"
    EXPENSE = "expense"
    MATERIAL = "material"


class BillingRule(StrEnum):
    """Where a kind of actual has its billing type from."""

    CONTRACT_LINE = "contract_line"  # chargeability, or what the approver says
    OF_THE_SALE = "of_the_sale"  # that of its sale; not available where nothing is sold
    ORIGINAL = "original"
    INVOICE_LINE = "invoice_line"


class QuantityRule(StrEnum):
    """Where a kind of actual has its quantity from, unless the decision table says which part."""

    SUBMITTED = "submitted"
    BILLABLE = "billable"
    NEGATED = "negated"
    INVOICED = "invoiced"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of ``kinds.csv``: what holds of a kind of actual in every situation.

    ``travels_within`` and ``travels_between``: whether it is sent to finance when the resource belongs to the
    project's company, and when to another; what is not is skip sync. ``original_adjustment`` and
    ``original_billing`` are the statuses that the row it reverses gets.
    """

    actual: Made
    reverses: bool
    billing: BillingRule | None
    quantity: QuantityRule | None
    currency: CurrencyOf | None
    travels_within: bool
    travels_between: bool
    adjustment_status: str | None
    billing_status: str | None
    original_adjustment: str | None
    original_billing: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """One actual that an event makes, or that it makes none; ``travels``: finance gets it.

    ``quantity`` says which part where the decision table does. ``is_lent``: the row is no row of the decision
    table, but of work that another company, or unit where its company wants so, lends (DESIGN section 5).
    """

    kind: Kind
    billing: Billing | None
    quantity: Quantity | None
    currency: CurrencyOf | None
    travels: bool
    is_lent: bool


_KEY: Final = ("units", "event", "contract")

# The cells of the seed's tables that make more than one actual; all on time and materials.
_SEVERAL: Final = tuple(
    (units, event, Situation.TIME_AND_MATERIALS)
    for units in Units
    for event in Event
    if event not in {Event.ENTRY_CREATED, Event.ENTRY_SUBMITTED}
)

DECISIONS: Final[Table[Decision]] = load_table(
    files("tieout.operations.actuals") / "decision_table.csv", Decision, key=_KEY, several=_SEVERAL
)


def situation(stage: Stage, billing_method: BillingMethod | None) -> Situation | None:
    """Return the column of the decision table for a project, ``None`` for a closed one.

    ``billing_method`` is that of the contract line a sold project is mapped to (operations spec 2.0.5);
    a sold project without one raises :class:`ValueError`, which the database refuses before.
    """
    match stage:
        case Stage.CLOSED:
            return None
        case Stage.PRESALES:
            return Situation.PRESALES
        case Stage.INTERNAL:
            return Situation.INTERNAL
        case Stage.SOLD:
            if billing_method is None:
                raise ValueError("a sold project is mapped to a contract line")
            return Situation(billing_method)


def decisions(units: Units, event: Event, contract: Situation) -> tuple[Decision, ...]:
    """Return the rows of one situation, at least one, in the order of the table."""
    return DECISIONS.all(units, event, contract)


KINDS: Final[Table[Kind]] = load_table(
    files("tieout.operations.actuals") / "kinds.csv", Kind, key=("actual",)
)

# What the unit that lends a resource records; of time and expense only (operations spec 2.0.6).
LENDING: Final = (Made.RESOURCING_UNIT_COST, Made.INTERORGANIZATIONAL_SALES)
_LENT: Final = frozenset({Worked.TIME, Worked.EXPENSE})


def consequences(
    relation: Relation, event: Event, contract: Situation, worked: Worked = Worked.TIME
) -> tuple[Consequence, ...]:
    """Return what an event makes of work of a class, at least one row, in the order of the table.

    The decision table answers, and DESIGN section 5 where the companies differ: what the resource's company
    records is made on every kind of contract, so that both companies' books clear. The set statements join
    the same rows from ``operations_entry_decision``; a test holds the two together.
    """
    rows = tuple(
        row
        for row in decisions(relation.units, event, contract)
        if worked in _LENT or row.actual not in LENDING
    )
    # Of material the lender records nothing, so its cost is posted where it was used.
    is_between = relation is Relation.OTHER_COMPANY and worked in _LENT
    found = tuple(
        _consequence(row.actual, is_between, row.billing, row.quantity, row.currency) for row in rows
    )
    made = {row.actual for row in rows}
    is_everywhere = relation in {Relation.OTHER_COMPANY, Relation.OTHER_UNIT_EVERYWHERE}
    if not is_everywhere or Made.COST not in made or worked not in _LENT:
        return found
    lent = (_consequence(one, is_between, is_lent=True) for one in LENDING if one not in made)
    return (*found, *lent)


def _consequence(
    actual: Made,
    is_between: bool,  # noqa: FBT001  a column of the row that is made
    billing: Billing | None = None,
    quantity: Quantity | None = None,
    currency: CurrencyOf | None = None,
    *,
    is_lent: bool = False,
) -> Consequence:
    kind = KINDS.one(actual)
    travels = kind.travels_between if is_between else kind.travels_within
    return Consequence(kind, billing, quantity, currency or kind.currency, travels, is_lent)
