"""The city council's books, set up from files: a company in pounds, its accounts, and open months.

The months reach from the first published year to the end of next year: today's preset window needs its own.
What the twelve published files hold is loaded with ``load_spend``; projects, categories and vendors are made
on the way, as the mapping profile says.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.journeys import books

from tieout.kernel.access import Actor, Role
from tieout.loading.actions import Loaded, load, load_set_up

REPOSITORY: Final = Path(__file__).parents[2]
PROFILE: Final = REPOSITORY / "tests" / "profiles" / "council_spend.toml"
COMPANY: Final = "GBOC"
BOOKS: Final = books.Books(COMPANY, "City council", "GBP")
FIRST_YEAR: Final = 2014
CLERK: Final = Actor(name="clerk", roles=frozenset({Role.AP_CLERK}), companies=frozenset({COMPANY}))
OPERATOR: Final = Actor(
    name="operator",
    roles=frozenset({Role.ADMINISTRATOR, Role.INTEGRATOR, Role.PROJECT_ACCOUNTANT, Role.SYSTEM}),
    companies=None,
)


def set_up_files(folder: Path) -> Path:
    """Write the council's set-up as a folder that ``tieout load setup`` takes; return the folder."""
    return books.write(folder, [BOOKS], first_year=FIRST_YEAR)


def set_up(folder: Path) -> list[Loaded]:
    """Set the council up in the databases, with files in ``folder``."""
    return load_set_up(actor=OPERATOR, folder=set_up_files(folder))


def load_spend(files: Sequence[Path], rejected: Path, *, dry_run: bool = False) -> Loaded:
    """Load published files through the mapping profile, as the accounts payable clerk."""
    return load(
        actor=CLERK,
        entity="vendor_invoice_line",
        files=files,
        profile=PROFILE,
        rejected=rejected,
        dry_run=dry_run,
    )
