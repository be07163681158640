"""What a journal may hold, and why a line or an actual is refused (operations spec 2.5, 6).

``kinds.csv`` says which lines finance can post; no other is taken, whatever the validation.
``validation.csv`` is what strict validation asks besides (spec 6, the table). Both are total. The set
statements join the same rows from ``operations_journal_kind`` and ``operations_journal_rule``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Final

import polars as pl

from tieout.kernel.tables import Table, load_table


class JournalType(StrEnum):
    """What a journal does (operations spec 1.4, 6)."""

    ENTRY = "entry"
    TIME_CORRECTION = "time_correction"
    EXPENSE_CORRECTION = "expense_correction"
    MATERIAL_CORRECTION = "material_correction"
    CANCELLATION = "cancellation"


# What holds actuals, instead of having lines.
ADJUSTING: Final = tuple(one for one in JournalType if one is not JournalType.ENTRY)
# What a correction journal corrects; a cancellation journal takes what entry journals made.
CORRECTED_CLASS: Final = {
    JournalType.TIME_CORRECTION: "time",
    JournalType.EXPENSE_CORRECTION: "expense",
    JournalType.MATERIAL_CORRECTION: "material",
}


class TransactionType(StrEnum):
    """What a line of an entry journal is."""

    COST = "cost"
    UNBILLED_SALES = "unbilled_sales"
    BILLED_SALES = "billed_sales"
    RESOURCING_UNIT_COST = "resourcing_unit_cost"
    INTERORGANIZATIONAL_SALES = "interorganizational_sales"


class TransactionClass(StrEnum):
    """What a line of an entry journal is of."""

    TIME = "time"
    EXPENSE = "expense"
    MATERIAL = "material"
    FEE = "fee"
    MILESTONE = "milestone"
    RETAINER = "retainer"
    TAX = "tax"


class AmountMethod(StrEnum):
    """How a line comes to its amount: quantity x price, or the price alone (operations spec 1.1)."""

    MULTIPLY = "multiply"
    FIXED_PRICE = "fixed_price"


class Situation(StrEnum):
    """How the work of the line's project is paid; a closed project takes no line."""

    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_PRICE = "fixed_price"
    PRESALES = "presales"
    INTERNAL = "internal"


class Allowed(StrEnum):
    """Whether strict validation takes a line; a retainer only as unbilled and billed sales of nothing."""

    YES = "yes"
    NO = "no"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of ``kinds.csv``: whether finance can post an actual of an entry journal, or has it wait."""

    transaction_type: TransactionType
    transaction_class: TransactionClass
    posted: bool


@dataclass(frozen=True, slots=True)
class Validation:
    """One row of ``validation.csv``."""

    situation: Situation
    transaction_type: TransactionType
    transaction_class: TransactionClass
    allowed: Allowed


_PACKAGE: Final = files("tieout.operations.journals")

KINDS: Final[Table[Kind]] = load_table(
    _PACKAGE / "kinds.csv", Kind, key=("transaction_type", "transaction_class")
)
VALIDATION: Final[Table[Validation]] = load_table(
    _PACKAGE / "validation.csv", Validation, key=("situation", "transaction_type", "transaction_class")
)


@dataclass(frozen=True, slots=True)
class NewValues:
    """What a correction makes different, by the codes of records; blank or None: as it was.

    A task is one of ``project``, which is therefore said with it. ``clears_subcontract``: they are bought
    under none any more. ``custom`` are the firm's own dimensions.
    """

    project: str = ""
    task: str = ""
    role: str = ""
    resource: str = ""
    category: str = ""
    product: str = ""
    product_name: str = ""
    subcontract: str = ""
    clears_subcontract: bool = False
    date: date | None = None
    custom: Mapping[str, str] = field(default_factory=dict)


# Why a line of an entry journal is not taken, the first that applies (operations_journal_draft); the last
# three under strict validation only.
LINE_REFUSALS: Final = {
    "JRN-103": "its project, contract, customer or resource is another company's",
    "JRN-102": "its project is closed",
    "JRN-111": "its customer is none of its contract line",
    "JRN-106": "finance has no accounts for such an actual",
    "JRN-107": "it has no price, and no price list has one for it",
    "JRN-104": "its currency is not known",
    "JRN-105": "its tax or fixed price has more decimals than its currency",
    "JRN-112": "it comes to more than an amount holds",
    "JRN-108": "its project takes no such line",
    "JRN-110": "its contract line has several customers, and it names none",
    "JRN-109": "its retainer is no pair of unbilled and billed sales",
}

# Why an entry, or an actual of an entry journal, is not taken by a draft (take_actuals.sql).
TAKE_REFUSALS: Final = {
    "JRN-125": "it is no approved entry with actuals of the company",
    "JRN-126": "it is of another class than the journal corrects",
    "APR-111": "it is not approved, or is asked back",
    "APR-112": "an actual of it is on a customer invoice",
    "APR-113": "an actual of it is being corrected, or is replaced",
}

# Why an entry cannot be corrected as the draft says (operations_corrected_lines).
CORRECTION_REFUSALS: Final = {
    "APR-107": "the new project is another company's",
    "APR-118": "the new subcontract is another company's",
    "APR-117": "the new subcontract is not confirmed",
    "INT-701": "its project is closed",
    "APR-103": "the decision table says that approval does not apply",
    "JRN-128": "the task is none of its project, or the category none of expenses",
    "APR-105": "the currency of a unit or of the contract is not known",
}


def with_units(lines: pl.DataFrame) -> pl.DataFrame:
    """Return lines whose blank unit is the usual one: hours of time, each of anything else."""
    is_time = pl.col("transaction_class") == TransactionClass.TIME
    usual = pl.when(is_time).then(pl.lit("hour")).otherwise(pl.lit("each"))
    return lines.with_columns(
        pl.when(pl.col("unit") == "").then(usual).otherwise(pl.col("unit")).alias("unit")
    )
