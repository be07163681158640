"""What a run is asked for beside its job: dates of Sync, journals to post; as JSON for queue and run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone

from tieout.finance.journals.rules import JournalChoice
from tieout.kernel.access import Actor
from tieout.reconciliation.windows.queries import preset
from tieout.reconciliation.windows.rules import Window


@dataclass(frozen=True, slots=True)
class Days:
    """The accounting dates that Sync was asked for, both inclusive; None: the preset window says it."""

    first: date | None = None
    last: date | None = None

    def window(self, actor: Actor, company: str) -> Window:
        """Return these days as a window of ``company``; what is missing is the preset window's."""
        today = timezone.localdate()
        first = self.first or preset(actor=actor, company=company, today=today).first
        return Window(first, self.last or today)


PRESET: Final = Days()


def as_row(journals: JournalChoice) -> dict[str, Any]:
    """Return what a choice asks for; nothing for all drafts."""
    days = {"period_from": journals.period_from, "period_to": journals.period_to}
    return {
        **({"numbers": list(journals.numbers)} if journals.numbers else {}),
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        **({"original": journals.original} if journals.original else {}),
    }


def of_row(row: Mapping[str, Any]) -> JournalChoice:
    """Return the choice that :func:`as_row` wrote."""
    days = {name: date.fromisoformat(row[name]) for name in ("period_from", "period_to") if name in row}
    return JournalChoice(tuple(row.get("numbers", ())), original=row.get("original", ""), **days)


def words(journals: JournalChoice) -> str:
    """Return a choice in words; empty for all drafts."""
    return ", ".join(
        part
        for part in (
            f"journals {', '.join(journals.numbers)}" if journals.numbers else "",
            f"period from {journals.period_from}" if journals.period_from else "",
            f"period to {journals.period_to}" if journals.period_to else "",
            f"what was refused in {journals.original}" if journals.original else "",
        )
        if part
    )
