"""The decision table of actuals: which event makes which actuals (seed *Actuals*, its two tables).

``decision_table.csv`` is total: every organizational relation, event and contract situation has its
answer. ``none`` (nothing happens) and ``not_applicable`` (the event is refused) are different answers.
The set statements join the same rows from ``operations_decision``; see ``actions.load_decision_table``.
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
