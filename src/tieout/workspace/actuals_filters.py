"""Which actuals a page was asked for: in the address, so that a view can be kept, sent, gone back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from tieout.operations.actuals.queries import FROM_THE_LATEST, Place, ProjectHead, TaskName, Wanted
from tieout.workspace.filters import typed

_WORDS_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class ActualsAsked:
    """One view of a project's actuals; blank, or None of a date, is all of them."""

    company: str
    project: str
    task: str = ""
    transaction_class: str = ""
    transaction_type: str = ""
    first: date | None = None
    last: date | None = None
    before: Place = FROM_THE_LATEST

    def url(self, name: str = "actuals", *arguments: str, **changes: Any) -> str:
        """Return the address of this view with some things changed; a change begins at the first page."""
        other = replace(self, **{"before": FROM_THE_LATEST, **changes})
        query = {
            "project": other.project,
            "task": other.task,
            "class": other.transaction_class,
            "type": other.transaction_type,
            "from": other.first.isoformat() if other.first else "",
            "to": other.last.isoformat() if other.last else "",
        }
        if other.before != FROM_THE_LATEST:
            query["before"] = f"{other.before.day.isoformat()}.{other.before.actual_id}"
        said = {key: value for key, value in query.items() if value}
        return f"{reverse(name, args=[other.company, *arguments])}?{urlencode(said)}"

    @property
    def is_filtered(self) -> bool:
        """Whether it is less than all of the project."""
        return self != ActualsAsked(self.company, self.project, before=self.before)

    def wanted(self, project: ProjectHead, tasks: Sequence[TaskName]) -> Wanted:
        """Return what to ask for; a task that the project does not have is refused before."""
        return Wanted(
            project_id=project.id,
            first=self.first or date.min,
            last=self.last or date.max,
            task_id=next((one.id for one in tasks if one.number == self.task), None),
            transaction_class=self.transaction_class,
            transaction_type=self.transaction_type,
        )


def actuals_asked(query: Mapping[str, str], company: str) -> tuple[ActualsAsked, str]:
    """Return what a query asks for, and what is wrong with it (empty: nothing)."""
    asked = ActualsAsked(
        company=company,
        project=typed(query, "project"),
        task=typed(query, "task"),
        transaction_class=typed(query, "class")[:_WORDS_MAX],
        transaction_type=typed(query, "type")[:_WORDS_MAX],
        before=_place(query.get("before", "")),
    )
    try:
        first, last = _day(typed(query, "from")), _day(typed(query, "to"))
    except ValueError:
        return asked, "Start date and End date are days, written 2025-01-31, or blank."
    if first and last and first > last:
        return asked, "The start date is after the end date."
    return replace(asked, first=first, last=last), ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _place(text: str) -> Place:
    day, _, key = text.partition(".")
    try:
        return Place(date.fromisoformat(day), UUID(key))
    except ValueError:
        return FROM_THE_LATEST
