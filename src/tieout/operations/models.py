"""Django finds the tables of the side here; each stage keeps its own in its own ``models.py``."""

from tieout.operations.actuals.models import (
    Actual,
    ActualPosting,
    Decision,
    TransactionConnection,
    TransactionOrigin,
)
from tieout.operations.approvals.models import Approval, ApprovalRetry, Intake
from tieout.operations.entries.models import EntryJournalLine, EntrySubmission, Expense, TimeEntry
from tieout.operations.organization.models import (
    Category,
    Company,
    Contract,
    ContractLine,
    Currency,
    Customer,
    ExchangeRate,
    OrganizationalUnit,
    Project,
    Resource,
    Role,
    Vendor,
)
from tieout.operations.pricing.models import PriceList, RolePrice
from tieout.operations.purchasing.models import VendorInvoice, VendorInvoiceLine

__all__ = [
    "Actual",
    "ActualPosting",
    "Approval",
    "ApprovalRetry",
    "Category",
    "Company",
    "Contract",
    "ContractLine",
    "Currency",
    "Customer",
    "Decision",
    "EntryJournalLine",
    "EntrySubmission",
    "ExchangeRate",
    "Expense",
    "Intake",
    "OrganizationalUnit",
    "PriceList",
    "Project",
    "Resource",
    "Role",
    "RolePrice",
    "TimeEntry",
    "TransactionConnection",
    "TransactionOrigin",
    "Vendor",
    "VendorInvoice",
    "VendorInvoiceLine",
]
