"""What keeps a person from changing an integration journal."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class JournalNotOpen(Problem):
    """A journal is not there, is posted, or is in the hands of a posting run: its lines stay."""

    code = "PST-221"
    journal: str
    company: str


class NoLineToDelete(Problem):
    """None of the lines that were named stands in the journal without a voucher."""

    code = "PST-222"
    journal: str
    company: str
