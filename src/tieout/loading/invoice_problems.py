"""What a line of a vendor invoice names and may not: problems of one row.

``value`` is what the row says.
"""

from __future__ import annotations

from tieout.kernel.problems import Problem


class NotOfMaterial(Problem):
    """A stocked line names a category of another class."""

    code = "LOAD-231"
    row: int
    value: str
    transaction_class: str


class SubcontractOfOtherVendor(Problem):
    """A line of one vendor names the subcontract of another."""

    code = "LOAD-232"
    row: int
    value: str
    vendor: str
    stored: str


class SubcontractNotInForce(Problem):
    """A line names a subcontract that was never confirmed, or was cancelled."""

    code = "LOAD-233"
    row: int
    value: str
    stored: str
