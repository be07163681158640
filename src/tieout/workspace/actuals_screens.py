"""What stands on the page *Actuals*: figures to date, by task, the grid with its reversals, and its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tieout.operations.actuals.queries import TASKS_MAX, ActualLine, ToDate
from tieout.workspace.actuals_filters import ActualsAsked
from tieout.workspace.grid_files import Value
from tieout.workspace.labels import (
    BILLING_LABELS,
    CLASS_LABELS,
    SOURCE_LABELS,
    STATUS_LABELS,
    TYPE_LABELS,
    words,
)
from tieout.workspace.price_screens import is_priced, reason_words

CUSTOM_COLUMNS_MAX: Final = 12  # on a page; a file has all of them
_COLUMNS: Final = (
    "Date",
    "Accounting date",
    "Transaction type",
    "Transaction class",
    "Billing type",
    "Task",
    "Resource",
    "Role, category or product",
    "Quantity",
    "Unit",
    "Price",
    "Amount",
    "Discount",
    "Fee",
    "Currency",
    "Adjustment status",
    "Billing status",
    "Price reason",
    "Source",
    "Description",
    "Customer",
    "Voucher",
    "Posted amount",
    "To finance",
    "Actual",
    "Reverses",
    "Source record",
)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """What a task, or the project, comes to in one currency; ``margin`` None where currencies differ."""

    figure: ToDate
    margin: Decimal | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures to date: in all, and by task; ``more`` says that there are more tasks than are shown."""

    totals: tuple[FigureRow, ...]
    tasks: tuple[FigureRow, ...]
    actuals: int
    more: bool
    currencies_differ: bool
    measured: str


@dataclass(frozen=True, slots=True)
class LineWords:
    """One row of the grid in words; ``reversed`` says that its reversal stands below it.

    ``reason`` is that of the price in a word or two, ``why`` what it says; it ``warns`` where it is 0 by it.
    """

    line: ActualLine
    type: str
    transaction_class: str
    billing: str
    source: str
    reason: str
    why: str
    warns: bool
    adjustment: str
    billing_status: str
    custom: tuple[str, ...]
    reversed: bool


def figures(found: Sequence[ToDate], asked: ActualsAsked) -> Figures:
    """Return the figures to date; margin is sales less cost, where both are in one currency."""
    totals = [one for one in found if one.is_total]
    tasks = [one for one in found if not one.is_total]
    currencies: dict[Any, set[str]] = {}
    for one in tasks:
        currencies.setdefault(one.task_id, set()).add(one.currency_code)
    return Figures(
        totals=tuple(FigureRow(one, _margin(one) if len(totals) == 1 else None) for one in totals),
        tasks=tuple(
            FigureRow(one, _margin(one) if len(currencies[one.task_id]) == 1 else None)
            for one in tasks[:TASKS_MAX]
        ),
        actuals=sum(one.actuals for one in totals),
        more=len(tasks) > TASKS_MAX,
        currencies_differ=len(totals) > 1,
        measured="Hours" if asked.transaction_class in {"", "time"} else "Quantity",
    )


def choices(labels: dict[str, str], chosen: str) -> list[dict[str, Any]]:
    """Return what a filter offers; what is asked for and not known here stands among it."""
    known = labels if chosen in labels or not chosen else {**labels, chosen: words(chosen)}
    return [{"value": one, "label": label, "chosen": one == chosen} for one, label in known.items()]


def custom_columns(lines: Sequence[ActualLine]) -> tuple[str, ...]:
    """Return the names of the custom fields on a page, by name."""
    return tuple(sorted({name for one in lines for name in one.custom}))[:CUSTOM_COLUMNS_MAX]


def rows(lines: Sequence[ActualLine], custom: Sequence[str]) -> list[LineWords]:
    """Return the rows of a page."""
    undone = {one.reverses_id for one in lines}
    return [
        LineWords(
            line=one,
            type=_label(TYPE_LABELS, one.transaction_type),
            transaction_class=_label(CLASS_LABELS, one.transaction_class),
            billing=_label(BILLING_LABELS, one.billing_type),
            source=_label(SOURCE_LABELS, one.source_kind),
            reason=words(one.price_reason),
            why=reason_words(one.price_reason),
            warns=not is_priced(one.price_reason),
            adjustment=_label(STATUS_LABELS, one.adjustment_status),
            billing_status=_label(STATUS_LABELS, one.billing_status),
            custom=tuple(str(one.custom.get(name, "")) for name in custom),
            reversed=one.id in undone,
        )
        for one in lines
    ]


def file_header(custom: Sequence[str]) -> list[str]:
    """Return the columns of the file."""
    return [*_COLUMNS, *custom]


def file_rows(lines: Iterator[ActualLine], custom: Sequence[str]) -> Iterator[list[Value]]:
    """Yield the rows of the file, in the order of the grid; amounts as exact as they are kept."""
    for one in lines:
        yield [
            one.transaction_date,
            one.accounting_date,
            _label(TYPE_LABELS, one.transaction_type),
            _label(CLASS_LABELS, one.transaction_class),
            _label(BILLING_LABELS, one.billing_type),
            one.task_number,
            one.resource_name,
            one.what,
            one.quantity.normalize(),
            one.unit,
            one.price.normalize(),
            round(one.amount, one.digits),
            round(one.discount_amount, one.digits),
            round(one.fee_amount, one.digits),
            one.currency_code,
            _label(STATUS_LABELS, one.adjustment_status),
            _label(STATUS_LABELS, one.billing_status),
            reason_words(one.price_reason) if one.price_reason else "",
            _label(SOURCE_LABELS, one.source_kind),
            one.description,
            one.customer_name,
            one.voucher,
            one.posted_amount,
            not one.skip_sync,
            one.id,
            one.reverses_id,
            one.source_id,
            *(str(one.custom.get(name, "")) for name in custom),
        ]


def _margin(one: ToDate) -> Decimal:
    nothing = Decimal(0)
    return (one.unbilled_sales or nothing) + (one.billed_sales or nothing) - (one.cost or nothing)


def _label(labels: dict[str, str], code: str) -> str:
    return labels[code] if code in labels else words(code)
