"""Django finds the tables of reconciliation here; each stage keeps its own in its own ``models.py``."""

from tieout.reconciliation.collectors.models import Watermark
from tieout.reconciliation.facts.models import (
    FactActual,
    FactActualRetry,
    FactApproval,
    FactDocument,
    FactDocumentRetry,
    FactIntegrationAccount,
    FactJournalLine,
    FactLedgerEntry,
    FactLineDeparture,
    FactLineError,
    FactPeriod,
    FactPosting,
    FactSourceLine,
    FactStaged,
    FactWriteBack,
)

__all__ = [
    "FactActual",
    "FactActualRetry",
    "FactApproval",
    "FactDocument",
    "FactDocumentRetry",
    "FactIntegrationAccount",
    "FactJournalLine",
    "FactLedgerEntry",
    "FactLineDeparture",
    "FactLineError",
    "FactPeriod",
    "FactPosting",
    "FactSourceLine",
    "FactStaged",
    "FactWriteBack",
    "Watermark",
]
