"""Terms, documents, money."""

from billing.model_parts.agency import AgencyItem, AgencyStatement
from billing.model_parts.applications import AccountApplication, Offset
from billing.model_parts.archives import PeriodExport
from billing.model_parts.bank import BankLine
from billing.model_parts.closing import Closing
from billing.model_parts.commissions import CommissionRule, PayoutMinimum, ProducerFee
from billing.model_parts.connect import ConnectedAccount, ProviderTransfer, TransferReversal
from billing.model_parts.credits import Credit, Refund
from billing.model_parts.debits import DebitItem, DebitReceipt, DebitRun, DebitTerms, Mandate, PaymentReturn
from billing.model_parts.documents import DocumentFile, Invoice, InvoiceLine, NumberSeries
from billing.model_parts.dunning import (
    BaseRate,
    DunnedInvoice,
    DunningLetter,
    DunningLevel,
    DunningStop,
    Instalment,
    InstalmentPlan,
    Surcharge,
)
from billing.model_parts.exports import Bookkeeping, ExportedEntry, LedgerExport
from billing.model_parts.fees import PassedFee
from billing.model_parts.holds import DocumentHold
from billing.model_parts.incoming import IncomingInvoice
from billing.model_parts.manual import ManualEntry
from billing.model_parts.money import JournalEntry, Payment, Posting
from billing.model_parts.online import (
    Dispute,
    OnlinePayment,
    OnlineRefund,
    ProviderEvent,
    ProviderMovement,
    ProviderPayout,
)
from billing.model_parts.payouts import PayoutItem, PayoutRun
from billing.model_parts.sellers import SellerCopy, SellerFacts, SellerReminder
from billing.model_parts.terms import Account, OrderTerms, SupplyContract

__all__ = [
    "Account",
    "AccountApplication",
    "AgencyItem",
    "AgencyStatement",
    "BankLine",
    "BaseRate",
    "Bookkeeping",
    "Closing",
    "CommissionRule",
    "ConnectedAccount",
    "Credit",
    "DebitItem",
    "DebitReceipt",
    "DebitRun",
    "DebitTerms",
    "Dispute",
    "DocumentFile",
    "DocumentHold",
    "DunnedInvoice",
    "DunningLetter",
    "DunningLevel",
    "DunningStop",
    "ExportedEntry",
    "IncomingInvoice",
    "Instalment",
    "InstalmentPlan",
    "Invoice",
    "InvoiceLine",
    "JournalEntry",
    "LedgerExport",
    "Mandate",
    "ManualEntry",
    "NumberSeries",
    "Offset",
    "OnlinePayment",
    "OnlineRefund",
    "OrderTerms",
    "PassedFee",
    "Payment",
    "PaymentReturn",
    "PayoutItem",
    "PayoutMinimum",
    "PayoutRun",
    "PeriodExport",
    "Posting",
    "ProducerFee",
    "ProviderEvent",
    "ProviderMovement",
    "ProviderPayout",
    "ProviderTransfer",
    "Refund",
    "SellerCopy",
    "SellerFacts",
    "SellerReminder",
    "SupplyContract",
    "Surcharge",
    "TransferReversal",
]
