"""Django finds the tables of the side here; each stage keeps its own in its own ``models.py``."""

from tieout.finance.documents.models import (
    ExpenseLine,
    ExpenseReport,
    PostingQueue,
    VendorInvoice,
    VendorInvoiceLine,
)
from tieout.finance.journals.models import (
    IntegrationJournal,
    IntegrationJournalLine,
    JournalLineError,
    PostingRule,
)
from tieout.finance.ledgers.models import (
    Account,
    Category,
    Company,
    Currency,
    ExchangeRate,
    FiscalPeriod,
    IntegrationParameters,
    LineProperty,
    NumberSequence,
    PeriodStatus,
    PostingProfile,
    Project,
    Vendor,
)
from tieout.finance.staging.models import Intake, StagedActual, StagedConnection, StagingRetry
from tieout.finance.vouchers.models import Voucher, VoucherLine

__all__ = [
    "Account",
    "Category",
    "Company",
    "Currency",
    "ExchangeRate",
    "ExpenseLine",
    "ExpenseReport",
    "FiscalPeriod",
    "Intake",
    "IntegrationJournal",
    "IntegrationJournalLine",
    "IntegrationParameters",
    "JournalLineError",
    "LineProperty",
    "NumberSequence",
    "PeriodStatus",
    "PostingProfile",
    "PostingQueue",
    "PostingRule",
    "Project",
    "StagedActual",
    "StagedConnection",
    "StagingRetry",
    "Vendor",
    "VendorInvoice",
    "VendorInvoiceLine",
    "Voucher",
    "VoucherLine",
]
