"""What people type on the pages of journals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django import forms

from tieout.loading.journal_lines import ENTITY
from tieout.loading.named_values import parse
from tieout.operations.journals.rules import JournalType, NewValues
from tieout.workspace.setup_forms import FormField, Mistakes, blank_record, form_fields, typed_record

TYPE_LABELS: Final = {
    JournalType.ENTRY: "Entry",
    JournalType.TIME_CORRECTION: "Time correction",
    JournalType.EXPENSE_CORRECTION: "Expense correction",
    JournalType.MATERIAL_CORRECTION: "Material correction",
    JournalType.CANCELLATION: "Cancellation",
}
NAMES_MAX: Final = 5_000
_LINE_FIXED: Final = frozenset({"company", "journal"})


class JournalForm(forms.Form):
    """A new draft."""

    journal_type = forms.ChoiceField(choices=[(one.value, label) for one, label in TYPE_LABELS.items()])
    number = forms.CharField(max_length=60, required=False)
    description = forms.CharField(max_length=400, required=False)


class NewValuesForm(forms.Form):
    """What a correction makes different; blank leaves it as it was."""

    project = forms.CharField(max_length=120, required=False, label="Project ID")
    task = forms.CharField(max_length=60, required=False)
    role = forms.CharField(max_length=60, required=False)
    resource = forms.CharField(max_length=60, required=False)
    category = forms.CharField(max_length=120, required=False)
    product = forms.CharField(max_length=60, required=False)
    product_name = forms.CharField(max_length=200, required=False, label="Write-in product")
    subcontract = forms.CharField(max_length=60, required=False)
    clears_subcontract = forms.BooleanField(required=False, label="No subcontract")
    date = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Write a day as 2025-01-31."},
        widget=forms.TextInput,
    )
    dimensions = forms.CharField(max_length=400, required=False)

    def clean_dimensions(self) -> dict[str, str]:
        """Return the dimensions by name."""
        found = parse(self.cleaned_data["dimensions"])
        if found is None:
            raise forms.ValidationError("Write dimensions as name=value;name=value.")
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse a task whose project is not said."""
        if self.cleaned_data.get("task") and not self.cleaned_data.get("project"):
            self.add_error("task", "Say the project of the task too.")
        return self.cleaned_data

    def values(self) -> NewValues:
        """Return what was typed."""
        typed = dict(self.cleaned_data)
        return NewValues(**typed | {"custom": typed.pop("dimensions")})

    def fields_shown(self) -> list[dict[str, Any]]:
        """Return the fields as the page shows them: each with its value and what is wrong with it."""
        return [
            {
                "name": one.name,
                "label": one.label,
                "value": one.value() or "",
                "errors": one.errors,
                "is_switch": isinstance(one.field, forms.BooleanField),
            }
            for one in self
        ]


def values_form(values: NewValues) -> NewValuesForm:
    """Return the form of what a draft says."""
    initial = {name: getattr(values, name) for name in NewValuesForm.base_fields if name != "dimensions"}
    initial["date"] = values.date.isoformat() if values.date else ""
    initial["dimensions"] = ";".join(f"{name}={value}" for name, value in values.custom.items())
    return NewValuesForm(initial=initial)


def new_line(company: str, number: str, line_number: int) -> dict[str, str]:
    """Return an empty line with the next number."""
    given = {"company": company, "journal": number, "line_number": str(line_number)}
    return blank_record(ENTITY, given)


def typed_line(company: str, number: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the line that was typed on the page of a journal."""
    return typed_record(ENTITY, typed) | {"company": company, "journal": number}


def line_fields(record: Mapping[str, str], mistakes: Mistakes | None) -> tuple[FormField, ...]:
    """Return the fields of a line as the page shows them."""
    shown = form_fields(ENTITY, record, fixed=_LINE_FIXED, mistakes=mistakes)
    # What can be named is offered by the pages of set-up, which a line is not.
    return tuple(replace(one, offers=False) for one in shown if one.name not in _LINE_FIXED)


def names_of(text: str) -> list[str]:
    """Return the numbers that were typed, by blanks, commas or lines, each once."""
    return list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))[:NAMES_MAX]


def line_numbers_of(texts: list[str]) -> list[int]:
    """Return the chosen line numbers; what is no number is left out."""
    most = 2**31
    return [int(text) for text in texts if text.isascii() and text.isdigit() and int(text) < most]
