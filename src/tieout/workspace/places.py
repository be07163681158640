"""Where one can go from a page of a company: the bar, in groups (the workspaces of the seeds, and set-up)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the bar: the address it opens, and the pages that are reached from there."""

    label: str
    opens: str
    leads_to: tuple[str, ...] = ()
    is_of_company: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A place as one page shows it."""

    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Links that open together."""

    label: str
    links: tuple[Link, ...]

    @property
    def is_here(self) -> bool:
        """Whether the page is one of theirs."""
        return any(link.is_here for link in self.links)


PLACES: Final[dict[str, tuple[Place, ...]]] = {
    "Reconciliation": (
        Place("Integration", "summary", ("grid", "grid-causes", "troubleshoot", "general-journal-sync")),
        Place("Trace", "trace"),
        Place("Maps", "maps", ("prerequisites",), is_of_company=False),
    ),
    "Operations": (
        Place("Time entries", "time"),
        Place("Expenses", "expenses"),
        Place("Material usage", "materials"),
        Place("Approvals", "approvals", ("approval-sets", "approval-set", "entry")),
        Place("Verification", "verification", ("verified-invoices",)),
        Place("Quotes and contracts", "contracts"),
        Place("Journals", "journals", ("journal",)),
        Place("Actuals", "projects", ("actuals", "actuals-to-date", "actual-price")),
    ),
    "Finance": (
        Place("General journals", "general-journals", ("general-journal",)),
        Place("Integration journals", "integration-journals", ("integration-journal", "staging")),
        Place("Intercompany invoices", "intercompany-invoices"),
        Place("Ledger", "trial-balance", ("ledger-calendar", "account-detail", "voucher")),
    ),
    "Set-up": (
        Place("Set-up", "set-up", is_of_company=False),
        Place("Parameters", "parameters"),
        Place("Prices", "prices"),
        Place("What happens when", "decisions"),
    ),
}
"""Each page of a company is one of these, or is reached from one; a test demands it."""


def groups(company: str, page: str) -> list[Group]:
    """Return the bar of a company as the page with this name of an address shows it."""
    return [
        Group(
            label,
            tuple(
                Link(
                    one.label,
                    reverse(one.opens, args=[company] if one.is_of_company else None),
                    page in (one.opens, *one.leads_to),
                )
                for one in places
            ),
        )
        for label, places in PLACES.items()
    ]
