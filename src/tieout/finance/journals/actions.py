"""Integration journals: import from staging, post (finance spec 2.3 to 2.5).

::

    import   row    what arrived, or was refused before    -> import_row
             judge  each actual: good, or its first problem -> import_batch
             deal   period keys to journals                 (rules.allot)
             write  journals, lines, what is tried again, the problem log
    post     take   lines without a voucher                 -> posting_line
             judge  date, accounts, or its first problem    -> posting_verdict
             write  vouchers and their lines, the outbox, errors, the problem log, the journals' status

Each batch is one transaction. Of each verb, one run per company at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.locks import session_lock
from tieout.finance.journals.rules import (
    POSTING_MATRIX,
    Allotment,
    Draft,
    IntegrationNotSetUp,
    NumberSequenceMissing,
    Slice,
    allot,
    slices,
)
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning
