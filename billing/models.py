"""Terms, documents, money."""

from billing.model_parts.bank import BankLine
from billing.model_parts.credits import Credit, Refund
from billing.model_parts.documents import DocumentFile, Invoice, InvoiceLine, NumberSeries
from billing.model_parts.exports import Bookkeeping, ExportedEntry, LedgerExport
from billing.model_parts.money import JournalEntry, Payment, Posting
from billing.model_parts.payouts import PayoutItem, PayoutRun
from billing.model_parts.terms import Account, OrderTerms, SupplyContract

__all__ = [
    "Account",
    "BankLine",
    "Bookkeeping",
    "Credit",
    "DocumentFile",
    "ExportedEntry",
    "Invoice",
    "InvoiceLine",
    "JournalEntry",
    "LedgerExport",
    "NumberSeries",
    "OrderTerms",
    "Payment",
    "PayoutItem",
    "PayoutRun",
    "Posting",
    "Refund",
    "SupplyContract",
]
