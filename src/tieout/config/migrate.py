"""Brings the three databases to the program's shape and loads the tables that are rules."""

from __future__ import annotations

import importlib

from tieout.database import schema


def migrate() -> None:
    """Create or upgrade all tables, functions and views, then load the reference tables."""
    schema.migrate()
    load_reference_tables()


def load_reference_tables() -> None:
    """Load what stands in CSV files in the code base: decision table, posting matrix, dual-write maps."""
    for module, verb in (
        ("tieout.operations.actuals.actions", "load_decision_table"),
        ("tieout.operations.journals.actions", "load_journal_tables"),
        ("tieout.operations.pricing.actions", "load_standards"),
        ("tieout.finance.journals.actions", "load_posting_matrix"),
        ("tieout.dualwrite.maps.actions", "load_maps"),
    ):
        try:
            getattr(importlib.import_module(module), verb)()
        except (ModuleNotFoundError, AttributeError):
            continue
