"""What people type on the pages of entries and approvals, and what is wrong with it.

The form of an entry is made from the file format of its class and the custom fields that the firm has
declared; what was typed goes to loading as the texts of a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from tieout.kernel.identifiers import new_id
from tieout.loading.named_values import parse
from tieout.loading.plain import shortened
from tieout.loading.records import Texts
from tieout.operations.approvals.rules import BillingType, Change
from tieout.operations.entries.queries import EntryRecord, OwnField
from tieout.operations.entries.rules import KINDS, EntryClass, hours_of, minutes_of
from tieout.workspace.setup_forms import FormField, Mistakes, blank_record, form_fields, typed_record

COMMENT_MAX: Final = 400
HIDDEN: Final = frozenset({"company", "external_id", "dimensions"})
"""What a form of an entry does not ask: it is known, made, or asked field by field."""
NOT_HOURS: Final = "Write hours as 7.5 or 7:30, in whole minutes."
NOT_A_QUANTITY: Final = "Write a quantity as 7.5."
OTHER_FORM: Final = "The number of the entry is not one of this form. Open the page anew."
_OWN: Final = "own-"
_MINUTES_OF_HOUR: Final = 60
_HOURS_DIGITS: Final = 12
_LETTERS: Final = {EntryClass.TIME: "TE", EntryClass.EXPENSE: "EX", EntryClass.MATERIAL: "MU"}
_DIGITS_MOST: Final = 20


def new_entry(of_class: EntryClass, **known: str) -> dict[str, str]:
    """Return an empty entry with a number of its own, so that sending it twice enters one; some is known."""
    number = f"{_LETTERS[of_class]}-{new_id()}"
    return blank_record(KINDS[of_class], {"external_id": number, **known})


def is_own_number(of_class: EntryClass, number: str) -> bool:
    """Return whether a form of the class has made the number: nobody else's entry is asked by it."""
    head, _, key = number.partition("-")
    return head == _LETTERS[of_class] and key_of(key) is not None


def stored_entry(entry: EntryRecord) -> dict[str, str]:
    """Return an entry as its form shows it."""
    known = {
        "external_id": entry.external_id,
        "resource": entry.resource or "",
        "project": entry.project or "",
        "role": entry.role or "",
        "task": entry.task or "",
        "type": entry.type,
        "category": entry.category or "",
        "product": entry.product or "",
        "product_name": entry.product_name,
        "subcontract": entry.subcontract or "",
        "date": entry.date.isoformat(),
        "hours": "" if entry.minutes is None else hours_of(entry.minutes),
        "quantity": _figure(entry.quantity),
        "unit": entry.unit,
        "price": _figure(entry.price),
        "currency": entry.currency,
        "tax": _figure(entry.tax),
        "description": entry.description,
        "external_description": entry.external_description,
        "dimensions": ";".join(f"{name}={value}" for name, value in entry.custom.items()),
    }
    return blank_record(KINDS[entry.transaction_class], known)


def typed_entry(
    of_class: EntryClass, typed: Texts, own: Sequence[OwnField]
) -> tuple[dict[str, str], Mistakes]:
    """Return what was typed as a row of the file format, and what of it no row could say."""
    record = typed_record(KINDS[of_class], typed)
    values = {one.name: typed.get(f"{_OWN}{one.name}", "").strip() for one in own}
    wrong = {
        f"{_OWN}{name}": ("A value has neither ; nor =.",)
        for name, text in values.items()
        if set(";=") & set(text)
    }
    wrong |= {
        f"{_OWN}{one.name}": (f"{one.title} is needed.",)
        for one in own
        if one.is_required and not values[one.name]
    }
    # What the form does not ask, as a pricing dimension from a file, stays as it was.
    kept = parse(record["dimensions"]) or {}
    said = {**kept, **values}
    record["dimensions"] = ";".join(f"{name}={value}" for name, value in said.items() if value)
    if record.get("hours"):
        minutes = minutes_of(record["hours"])
        if minutes is None:
            wrong["hours"] = (NOT_HOURS,)
    return record, Mistakes(wrong, ())


def as_row(record: Texts) -> dict[str, str]:
    """Return an entry as a row of a file: hours that were typed as 0:50 in decimals."""
    minutes = minutes_of(record.get("hours", "")) if record.get("hours") else None
    if minutes is None:
        return dict(record)
    return {**record, "hours": f"{shortened(round(Decimal(minutes) / _MINUTES_OF_HOUR, _HOURS_DIGITS)):f}"}


def fields_shown(
    of_class: EntryClass, record: Texts, own: Sequence[OwnField], mistakes: Mistakes | None = None
) -> tuple[FormField, ...]:
    """Return the fields of a form with their values and what is wrong with them, the firm's own last."""
    fields = form_fields(KINDS[of_class], record, fixed=frozenset(), mistakes=mistakes)
    values = parse(record["dimensions"]) or {}
    return (
        *(one for one in fields if one.name not in HIDDEN),
        *(_own_field(one, values.get(one.name, ""), mistakes) for one in own),
    )


def _own_field(one: OwnField, value: str, mistakes: Mistakes | None) -> FormField:
    name = f"{_OWN}{one.name}"
    widget = {"date": "date", "number": "number"}.get(one.kind, "text")
    return FormField(
        name=one.name,
        input_name=name,
        label=one.title,
        value=value,
        help="",
        choices=("", *one.choices) if one.choices else (),
        widget=widget,
        offers=False,
        length=None,
        required=one.is_required,
        fixed=False,
        mistakes=mistakes.by_field.get(name, ()) if mistakes else (),
        stored_now=None,
    )


def chosen(request: HttpRequest) -> list[UUID]:
    """Return the rows that were chosen; what is no key is left out."""
    return [key for text in request.POST.getlist("entry") if (key := key_of(text)) is not None]


def key_of(text: str) -> UUID | None:
    """Return the key that a text is, ``None`` if it is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def changes_of(
    typed: Mapping[str, str], submitted: Mapping[UUID, tuple[int | None, Decimal]], entry_ids: Sequence[UUID]
) -> tuple[dict[UUID, Change], dict[UUID, str]]:
    """Return what the approver changes per entry, and what is wrong with what was typed.

    ``submitted`` are the minutes of each entry, if it is time, and its quantity: the same again, or nothing,
    is no change.
    """
    changes: dict[UUID, Change] = {}
    mistakes: dict[UUID, str] = {}
    for key in entry_ids:
        text, billing = typed.get(f"billable-{key}", "").strip(), typed.get(f"billing-{key}", "")
        minutes, quantity = submitted.get(key, (None, Decimal(0)))
        billable = None if not text else quantity_of(text) if minutes is None else minutes_of(text)
        if text and billable is None:
            mistakes[key] = NOT_A_QUANTITY if minutes is None else NOT_HOURS
            continue
        changed = Change(
            billable=None if billable == (quantity if minutes is None else minutes) else billable,
            billing_type=BillingType(billing) if billing in set(BillingType) else None,
        )
        if changed != Change():
            changes[key] = changed
    return changes, mistakes


def quantity_of(text: str) -> Decimal | None:
    """Return the quantity that somebody wrote, ``None`` if it is none."""
    try:
        found = Decimal(text.strip())
    except ArithmeticError:
        return None
    if not found.is_finite() or abs(found.adjusted()) > _DIGITS_MOST:
        return None
    return found


def _figure(number: Decimal | None) -> str:
    return "" if number is None else f"{shortened(number):f}"
