"""What people type on the pages of time and approval, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest

from tieout.kernel.identifiers import new_id
from tieout.operations.approvals.rules import BillingType, Change
from tieout.operations.entries.rules import MINUTES_OF_DAY, minutes_of

COMMENT_MAX: Final = 400
_NOT_HOURS: Final = "Write hours as 7.5 or 7:30, in whole minutes."
_NOT_A_DAY: Final = "An entry has more than 0 and at most 24 hours."
_NOT_A_DATE: Final = "Write a day as 2025-01-31."


class TimeEntryForm(forms.Form):
    """One time entry. ``number`` is made with the form, so that sending it twice enters one entry."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    resource = forms.CharField(max_length=120)
    project = forms.CharField(max_length=120, label="Project ID")
    task = forms.CharField(max_length=120, required=False)
    role = forms.CharField(max_length=120)
    date = forms.DateField(
        input_formats=["%Y-%m-%d"], error_messages={"invalid": _NOT_A_DATE}, widget=forms.TextInput
    )
    hours = forms.CharField(max_length=12)
    description = forms.CharField(max_length=400, required=False)

    def clean_hours(self) -> int:
        """Return the hours in minutes."""
        minutes = minutes_of(self.cleaned_data["hours"])
        if minutes is None:
            raise forms.ValidationError(_NOT_HOURS)
        if not 0 < minutes <= MINUTES_OF_DAY:
            raise forms.ValidationError(_NOT_A_DAY)
        return minutes

    def fields_shown(self) -> list[dict[str, Any]]:
        """Return the fields as the page shows them: each with its value and what is wrong with it."""
        return [
            {"name": bound.name, "label": bound.label, "value": bound.value() or "", "errors": bound.errors}
            for bound in self.visible_fields()
        ]

    def other_errors(self) -> list[str]:
        """Return what is wrong with no field that people see."""
        return [*self.non_field_errors(), *self["number"].errors]


def new_entry(**known: Any) -> TimeEntryForm:
    """Return an empty form with a number of its own; ``known`` fields are filled."""
    return TimeEntryForm(initial={"number": new_id(), **known})


def entry_number(number: UUID) -> str:
    """Return the external number of an entry that was made here."""
    return f"TE-{number}"


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
    typed: Mapping[str, str], submitted: Mapping[UUID, int], entry_ids: Sequence[UUID]
) -> tuple[dict[UUID, Change], dict[UUID, str]]:
    """Return what the approver changes per entry, and what is wrong with what was typed.

    ``submitted`` are the minutes of each entry: the same hours again, or none, are no change.
    """
    changes: dict[UUID, Change] = {}
    mistakes: dict[UUID, str] = {}
    for key in entry_ids:
        hours, billing = typed.get(f"hours-{key}", "").strip(), typed.get(f"billing-{key}", "")
        minutes = minutes_of(hours) if hours else None
        if hours and minutes is None:
            mistakes[key] = _NOT_HOURS
            continue
        changed = Change(
            billable=None if minutes == submitted.get(key) else minutes,
            billing_type=BillingType(billing) if billing in set(BillingType) else None,
        )
        if changed != Change():
            changes[key] = changed
    return changes, mistakes
