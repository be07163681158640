"""What can stop a delivery; what was not acknowledged is delivered again."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class ColumnsDiffer(Problem):
    """The source's columns do not match the target's; a binary copy would corrupt values silently."""

    code = "DW-203"
    map: str
    table: str
    column: str
    source_type: str
    target_type: str


class TargetUnavailable(Problem):
    """A database refused the connection or broke it."""

    code = "DW-204"
    map: str
    database: str
    reason: str


class DeliveryBrokeOff(Problem):
    """Continuous delivery ended on something that nobody foresaw; no map is to blame."""

    code = "DW-215"
    reason: str


class DeliveryStopped(Problem):
    """A database refused the statement itself; no record is to blame."""

    code = "DW-210"
    map: str
    reason: str
