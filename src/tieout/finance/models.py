"""Django finds the tables of the side here; each stage keeps its own in its own ``models.py``."""

from tieout.finance.agreements.models import FixedRateAgreement
from tieout.finance.costs.models import CostTransfer
from tieout.finance.documents.models import (
    ExpenseLine,
    ExpenseReport,
    PostingQueue,
    VendorInvoice,
    VendorInvoiceLine,
)
from tieout.finance.general.models import (
    GeneralJournal,
    GeneralJournalConfirmation,
    GeneralJournalLine,
    GeneralJournalOutcome,
    GeneralJournalSync,
    OpenGeneralJournal,
    OpenGeneralJournalLine,
)
from tieout.finance.intercompany.models import LendingRelationship
from tieout.finance.journals.models import (
    IntegrationJournal,
    IntegrationJournalLine,
    JournalLineError,
    JournalLineMove,
    JournalStep,
    PostingRule,
)
from tieout.finance.ledgers.models import (
    Account,
    Category,
    Company,
    Contract,
    ContractLine,
    Currency,
    Customer,
    ExchangeRate,
    FiscalPeriod,
    IntegrationParameters,
    LineProperty,
    NumberSequence,
    PaymentMethod,
    PeriodStatus,
    PostingProfile,
    Project,
    Role,
    Vendor,
)
from tieout.finance.postingruns.models import PostingRun
from tieout.finance.profiles.models import ProfileRule, ProjectProfile
from tieout.finance.seals.models import Seal, UnsealedBatch
from tieout.finance.staging.models import Intake, StagedActual, StagedConnection, StagingRetry
from tieout.finance.vouchers.models import AccountTotal, Voucher, VoucherLine

__all__ = [
    "Account",
    "AccountTotal",
    "Category",
    "Company",
    "Contract",
    "ContractLine",
    "CostTransfer",
    "Currency",
    "Customer",
    "ExchangeRate",
    "ExpenseLine",
    "ExpenseReport",
    "FiscalPeriod",
    "FixedRateAgreement",
    "GeneralJournal",
    "GeneralJournalConfirmation",
    "GeneralJournalLine",
    "GeneralJournalOutcome",
    "GeneralJournalSync",
    "Intake",
    "IntegrationJournal",
    "IntegrationJournalLine",
    "IntegrationParameters",
    "JournalLineError",
    "JournalLineMove",
    "JournalStep",
    "LendingRelationship",
    "LineProperty",
    "NumberSequence",
    "OpenGeneralJournal",
    "OpenGeneralJournalLine",
    "PaymentMethod",
    "PeriodStatus",
    "PostingProfile",
    "PostingQueue",
    "PostingRule",
    "PostingRun",
    "ProfileRule",
    "Project",
    "ProjectProfile",
    "Role",
    "Seal",
    "StagedActual",
    "StagedConnection",
    "StagingRetry",
    "UnsealedBatch",
    "Vendor",
    "VendorInvoice",
    "VendorInvoiceLine",
    "Voucher",
    "VoucherLine",
]
