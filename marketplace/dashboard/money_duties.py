"""Says what waits for somebody in the region's money today: every duty is found by a query, none is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import (
    applications,
    debit_runs,
    holds,
    invoicing,
    manual_entries,
    open_items,
    payments,
    periods,
    refunds,
    settlements,
)
from billing.models import BankLine, IncomingInvoice, Invoice, ManualEntry, Posting
from billing.online import movements, overview, transferring
from marketplace.dashboard import credit, duties
from marketplace.regions.models import Region

Ledger = Posting.Ledger


class Kind(StrEnum):
    """What has to be done, in the order of the list."""

    HELD = "held"
    STUCK = "stuck"
    UNBILLED = "unbilled"
    OBJECTIONS = "objections"
    BANK = "bank"
    ONLINE_FAILED = "online_failed"
    DISPUTES = "disputes"
    UNFITTING = "unfitting"
    TRANSFERS = "transfers"
    REVERSALS = "reversals"
    DEBITS = "debits"
    OVERDUE = "overdue"
    INCOMING = "incoming"
    CASH = "cash"
    DOORSTEP = "doorstep"
    PAYBACKS = "paybacks"
    APPLICATIONS = "applications"
    ACCOUNTS = "accounts"
    PAYOUTS = "payouts"
    UNSETTLED = "unsettled"
    PROPOSALS = "proposals"


#: customers or producers wait for it, or the law does
URGENT = frozenset({Kind.HELD, Kind.UNBILLED, Kind.OBJECTIONS, Kind.DISPUTES})
#: name of the page where it is done, and what to ask there
PLACES = {
    Kind.HELD: ("office:held", ""),
    Kind.STUCK: ("office:held", ""),
    Kind.INCOMING: ("office:incoming", ""),
    Kind.CASH: ("office:manual", ""),
    Kind.UNBILLED: ("office:orders", "?stand=completed"),
    Kind.OBJECTIONS: ("office:documents", "?art=389"),
    Kind.BANK: ("office:bank", ""),
    Kind.ONLINE_FAILED: ("office:online", ""),
    Kind.DISPUTES: ("office:online", ""),
    Kind.UNFITTING: ("office:online", ""),
    Kind.TRANSFERS: ("office:transfers", ""),
    Kind.REVERSALS: ("office:transfers", ""),
    Kind.DEBITS: ("office:debits", ""),
    Kind.OVERDUE: ("office:dunning", ""),
    Kind.DOORSTEP: ("office:doorstep", ""),
    Kind.PAYBACKS: ("aftersales:paybacks", ""),
    Kind.APPLICATIONS: ("office:accounts", ""),
    Kind.ACCOUNTS: ("office:accounts", ""),
    Kind.PAYOUTS: ("office:payouts", ""),
    Kind.UNSETTLED: ("office:producers", ""),
    Kind.PROPOSALS: ("office:manual", ""),
}


@dataclass(frozen=True)
class Duty:
    """One kind of work, how much of it there is, and what to do about it."""

    kind: Kind
    count: int
    text: str
    advice: str

    @property
    def urgent(self) -> bool:
        """Somebody waits for it."""
        return self.kind in URGENT


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the money is by the journal, in euro: what customers owe, what producers are owed, bank and cash."""

    receivable: Decimal
    payable: Decimal
    bank: Decimal
    cash: Decimal


def waiting(*, region: Region, at: datetime) -> list[Duty]:
    """What is to be done about money, in the order of `Kind`. One query."""
    counts = duties.counted(region=region, queries=_queries(region, at))
    return [Duty(kind, counts[kind], _text(kind, counts[kind]), _advice(kind)) for kind in Kind if counts[kind]]


def standing(*, region: Region) -> Standing:
    """The sums of the ledgers that hold money. One query."""
    rows = Posting.objects.filter(entry__region=region, ledger__in=(Ledger.RECEIVABLE, Ledger.PAYABLE, Ledger.BANK, Ledger.CASH))
    sums: Mapping[str, Decimal] = dict(rows.values_list("ledger").annotate(sum=Sum("amount")).order_by("ledger"))
    zero = Decimal("0.00")
    return Standing(
        receivable=sums.get(Ledger.RECEIVABLE, zero),
        payable=-sums.get(Ledger.PAYABLE, zero),
        bank=sums.get(Ledger.BANK, zero),
        cash=sums.get(Ledger.CASH, zero),
    )


def _queries(region: Region, at: datetime) -> dict[Kind, QuerySet[Any]]:
    today = timezone.localdate(at)
    documents = Invoice.objects.filter(region=region)
    return {
        Kind.HELD: holds.held(region=region),
        Kind.STUCK: holds.stuck(region=region, at=at),
        Kind.INCOMING: IncomingInvoice.objects.filter(region=region, status=IncomingInvoice.Status.OPEN),
        Kind.CASH: manual_entries.differing(region=region),
        Kind.UNBILLED: invoicing.due_deliveries().filter(round__region=region, completed_at__lt=periods.starts(today)),
        Kind.OBJECTIONS: duties.objections(region=region),
        Kind.BANK: BankLine.objects.filter(region=region, status=BankLine.Status.OPEN),
        Kind.ONLINE_FAILED: overview.failed(region=region),
        Kind.DISPUTES: overview.disputes(region=region),
        Kind.UNFITTING: movements.unfitting(region=region),
        Kind.TRANSFERS: transferring.held_up(region=region),
        Kind.REVERSALS: transferring.owing(region=region),
        Kind.DEBITS: debit_runs.waiting(region=region, until=debit_runs.horizon(today=today)),
        Kind.OVERDUE: open_items.unpaid(documents=documents.filter(due_on__lt=today)),
        Kind.DOORSTEP: payments.open_handovers(region=region),
        Kind.PAYBACKS: refunds.orders(region=region),
        Kind.APPLICATIONS: applications.waiting(region=region),
        Kind.ACCOUNTS: credit.waiting(region=region),
        Kind.PAYOUTS: settlements.to_pay_out(region=region).exclude(payout_items__stands=True),
        Kind.UNSETTLED: settlements.without_document(region=region, before=periods.month_of(today)[0]),
        Kind.PROPOSALS: ManualEntry.objects.filter(region=region, status=ManualEntry.Status.PROPOSED),
    }


def _text(kind: Kind, number: int) -> str:
    return {
        Kind.HELD: ngettext("%(number)s document is held back", "%(number)s documents are held back", number),
        Kind.STUCK: ngettext("%(number)s document could not be sent", "%(number)s documents could not be sent", number),
        Kind.INCOMING: ngettext("%(number)s invoice came in", "%(number)s invoices came in", number),
        Kind.CASH: ngettext(
            "Counted cash of %(number)s tour does not fit", "Counted cash of %(number)s tours does not fit", number
        ),
        Kind.UNBILLED: ngettext("%(number)s delivery is not billed", "%(number)s deliveries are not billed", number),
        Kind.OBJECTIONS: ngettext("%(number)s objection to a credit note", "%(number)s objections to credit notes", number),
        Kind.BANK: ngettext("%(number)s bank booking is unexplained", "%(number)s bank bookings are unexplained", number),
        Kind.ONLINE_FAILED: ngettext(
            "%(number)s online payment could not be taken", "%(number)s online payments could not be taken", number
        ),
        Kind.DISPUTES: ngettext(
            "%(number)s payment was taken back by a bank", "%(number)s payments were taken back by a bank", number
        ),
        Kind.UNFITTING: ngettext(
            "%(number)s line of the payment provider does not fit", "%(number)s lines of the payment provider do not fit", number
        ),
        Kind.TRANSFERS: ngettext(
            "%(number)s producer waits for money at the provider", "%(number)s producers wait for money at the provider", number
        ),
        Kind.REVERSALS: ngettext(
            "%(number)s producer owes what the provider could not bring back",
            "%(number)s producers owe what the provider could not bring back",
            number,
        ),
        Kind.DEBITS: ngettext("%(number)s invoice can be collected", "%(number)s invoices can be collected", number),
        Kind.OVERDUE: ngettext("%(number)s invoice is overdue", "%(number)s invoices are overdue", number),
        Kind.DOORSTEP: ngettext(
            "%(number)s order is not paid at the door yet", "%(number)s orders are not paid at the door yet", number
        ),
        Kind.PAYBACKS: ngettext("%(number)s customer gets money back", "%(number)s customers get money back", number),
        Kind.APPLICATIONS: ngettext(
            "%(number)s application to buy on account", "%(number)s applications to buy on account", number
        ),
        Kind.ACCOUNTS: ngettext(
            "%(number)s customer account awaits approval", "%(number)s customer accounts await approval", number
        ),
        Kind.PAYOUTS: ngettext("%(number)s credit note awaits payout", "%(number)s credit notes await payout", number),
        Kind.UNSETTLED: ngettext("%(number)s producer is not settled", "%(number)s producers are not settled", number),
        Kind.PROPOSALS: ngettext("%(number)s booking awaits approval", "%(number)s bookings await approval", number),
    }[kind] % {"number": number}


def _advice(kind: Kind) -> str:
    return {
        Kind.HELD: _("Its file is missing or did not pass the rules. Open the document and read why."),
        Kind.STUCK: _("The mail did not go out. Look at the address, then let it be tried again."),
        Kind.INCOMING: _("Read it, accept it or say what is wrong with it."),
        Kind.CASH: _("Find out why, then propose to book the difference."),
        Kind.UNBILLED: _("Invoices are drawn by themselves in the night. What is still here lacks something: look at the order."),
        Kind.OBJECTIONS: _("Talk to the farm, then cancel the credit note and write a new one. Until then nothing is paid out."),
        Kind.BANK: _("Assign each booking to what it was for, or set it aside with a word why."),
        Kind.ONLINE_FAILED: _("The customer has a link to pay. If nothing comes, talk to them before you remind them."),
        Kind.DISPUTES: _("Answer in the provider's own pages before the day is over that stands there."),
        Kind.UNFITTING: _("Find out what it was, book it by hand if need be, then tick it off."),
        Kind.TRANSFERS: _("Wait until customers have paid more online, add money there, or pay by the bank."),
        Kind.REVERSALS: _(
            "It is asked for again by itself, and set off against the next payout. If none comes, talk to the business."
        ),
        Kind.DEBITS: _("Make the file of direct debits and give it to the bank."),
        Kind.OVERDUE: _("Look whether the money has come in, then remind the customer."),
        Kind.DOORSTEP: _("Ask the driver how it was paid, and book it."),
        Kind.PAYBACKS: _("Transfer the money, then note that it is done."),
        Kind.APPLICATIONS: _("Read the application, set a limit and approve or decline."),
        Kind.ACCOUNTS: _("Set a limit and approve it, or leave it closed."),
        Kind.PAYOUTS: _("Choose them, make the file and give it to the bank."),
        Kind.UNSETTLED: _(
            "Goods were delivered, but contract, agreement or tax number is missing. Complete it, the rest runs by itself."
        ),
        Kind.PROPOSALS: _("Whoever did not propose it reads why and approves or turns it down."),
    }[kind]
