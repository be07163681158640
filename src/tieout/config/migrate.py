"""Brings the three databases to the program's shape and loads the tables that are rules."""

from __future__ import annotations

from django.db import ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable

from tieout.config.problems import TablesOfOtherBuild
from tieout.database import schema
from tieout.dualwrite.maps.actions import load_maps
from tieout.finance.journals.actions import load_posting_matrix
from tieout.operations.actuals.actions import load_decision_table
from tieout.operations.journals.actions import load_journal_tables
from tieout.operations.pricing.actions import load_standards


def migrate() -> None:
    """Create or upgrade all tables, functions and views, then load the reference tables.

    Tables that were made by a build whose first migration was another raise :class:`TablesOfOtherBuild`:
    until the first release there is one migration, and it is written anew.
    """
    was_there = schema.is_migrated()
    try:
        schema.migrate()
        load_reference_tables()
    except ProgrammingError as error:
        if was_there and isinstance(error.__cause__, UndefinedColumn | UndefinedTable):
            raise TablesOfOtherBuild(missing=str(error.__cause__).splitlines()[0]) from error
        raise


def load_reference_tables() -> None:
    """Load what stands in CSV files in the code base: decision table, posting matrix, dual-write maps."""
    load_decision_table()
    load_journal_tables()
    load_standards()
    load_posting_matrix()
    load_maps()
