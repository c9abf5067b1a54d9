"""Books what the bank says of direct debits: that it credited a run, or that one of them came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import debit_runs, journal, mandates, open_items, returns, surcharges
from billing.journal import Ledger, Side
from billing.models import BankLine, DebitItem, DebitReceipt, DebitRun, JournalEntry, PaymentReturn, Surcharge
from billing.open_items import OpenItem
from marketplace.core import audit, money

#: a bank's fee for a return is some euro; more than that is another matter
MOST_CHARGES = Decimal(20)
#: a mandate that came back for want of money a second time within a year is suspended
AGAIN = timedelta(days=365)


class ReceiptRefused(Exception):
    """The booking cannot be this; the message is for the office."""


@dataclass(frozen=True)
class Reason:
    """What a code means in words, whether the mandate may be used again, and whether it was the payer's doing."""

    text: Promise | str
    suspends: bool
    payers: bool


#: ISO 20022 ExternalReturnReason1Code, as far as the SEPA rulebooks know them
REASONS = {
    "AC01": Reason(gettext_lazy("the IBAN is wrong"), True, True),
    "AC04": Reason(gettext_lazy("the account is closed"), True, True),
    "AC06": Reason(gettext_lazy("the account is blocked"), True, True),
    "AC13": Reason(gettext_lazy("a consumer's account cannot be collected from like that"), True, False),
    "AG01": Reason(gettext_lazy("the account does not take debits"), True, True),
    "AG02": Reason(gettext_lazy("the file was wrong"), False, False),
    "AM04": Reason(gettext_lazy("there was not enough money in the account"), False, True),
    "AM05": Reason(gettext_lazy("it was collected twice"), False, False),
    "MD01": Reason(gettext_lazy("the bank knows of no mandate"), True, True),
    "MD06": Reason(gettext_lazy("the account holder asked for the money back"), True, True),
    "MD07": Reason(gettext_lazy("the account holder has died"), True, False),
    "MS02": Reason(gettext_lazy("the account holder refused it"), True, True),
    "MS03": Reason(gettext_lazy("the bank gave no reason"), False, True),
    "SL01": Reason(gettext_lazy("the account holder has blocked debits of the market"), True, True),
}
OTHER = Reason(gettext_lazy("the bank returned it"), False, False)


def reason_for(*, code: str) -> Reason:
    """What a code means; one that is not known is nobody's fault."""
    return REASONS.get(code, OTHER)


def awaited(*, region: Any, incoming: bool) -> list[OpenItem]:
    """Runs that the bank has not credited in full; or the debits that may yet come back, for what goes out."""
    return _runs(region) if incoming else _collected(region)


def certain(*, line: BankLine, items: Sequence[OpenItem]) -> OpenItem | None:
    """The debit that a booking sends back without doubt: the bank says so, names it, and the amount is its own and the fee."""
    if not line.return_reason or line.amount > 0:
        return None
    return next((item for item in items if item.number == line.end_to_end and item.left == -line.amount - line.charges), None)


@transaction.atomic
def credit(*, run_id: int, line: BankLine, amount: Decimal, at: datetime) -> Decimal:
    """Book that the bank credited a part or all of a run; returns how much."""
    run = DebitRun.objects.select_for_update(of=("self",)).select_related("region").get(pk=run_id)
    taken = min(amount, debit_runs.outstanding(run=run))
    if taken <= 0:
        raise ReceiptRefused(_("%(number)s has been credited in full.") % {"number": run.number})
    entry = journal.post(
        region=run.region,
        kind=JournalEntry.Kind.DEBIT_RECEIPT,
        key=f"debit_receipt:{run.pk}:{line.pk}",
        day=line.booked_on,
        at=at,
        text=f"Gutschrift Lastschriften {run.number}",
        sides=(Side(ledger=Ledger.BANK, amount=taken), Side(ledger=Ledger.IN_TRANSIT, amount=-taken)),
    )
    DebitReceipt.objects.get_or_create(entry=entry, defaults={"run": run, "bank_line": line, "amount": taken})
    return taken


@transaction.atomic
def come_back(*, item_id: int, line: BankLine, left: Decimal, at: datetime) -> Decimal:
    """Book that one debit came back with the bank's fee; `left` is what the line took, euro. Returns it.

    The invoice is open again, the fee is the customer's where it was his doing, and the mandate is suspended by rule.
    """
    item = DebitItem.objects.select_for_update(of=("self",)).select_related("payment", "invoice", "mandate").get(pk=item_id)
    if not item.stands:
        raise ReceiptRefused(_("%(number)s came back before.") % {"number": item.invoice.number})
    charges = left - item.amount
    if not money.ZERO <= charges <= MOST_CHARGES:
        raise ReceiptRefused(_("A debit comes back in one sum, with the bank's fee at most. Please compare the amounts."))
    code = line.return_reason
    returns.take_back(
        payment=item.payment, day=line.booked_on, at=at, ledger=Ledger.BANK, reason=code, charges=charges, bank_line=line
    )
    item.stands = False
    item.save(update_fields=["stands"])
    reason = reason_for(code=code)
    if charges and reason.payers:
        surcharges.charge(
            invoice=item.invoice,
            kind=Surcharge.Kind.RETURN,
            amount=charges,
            key=f"return:{item.pk}",
            day=line.booked_on,
            at=at,
        )
    if reason.suspends or _again(item, at):
        mandates.suspend(mandate=item.mandate, because=str(reason.text), at=at)
    audit.record(action="debit.came_back", target=item.invoice, at=at, new={"reason": code, "charges": str(charges)})
    return left


def booked(*, line: BankLine) -> Decimal:
    """What of a booking was for runs or returned debits, as a positive sum of euro."""
    received: Decimal | None = line.debit_receipts.aggregate(sum=Sum("amount"))["sum"]
    back = line.returns.aggregate(sum=Sum("amount"), charges=Sum("charges"))
    return (received or money.ZERO) + (back["sum"] or money.ZERO) + (back["charges"] or money.ZERO)


def _runs(region: Any) -> list[OpenItem]:
    rows = DebitRun.objects.filter(region=region, dropped_at__isnull=True).defer("message").prefetch_related("receipts")
    found = [(run, debit_runs.outstanding(run=run)) for run in rows.order_by("collect_on", "pk")]
    return [
        OpenItem(kind=open_items.DEBIT_RUN, pk=run.pk, number=run.number, whom="", left=left, day=run.collect_on)
        for run, left in found
        if left > 0
    ]


def _collected(region: Any) -> list[OpenItem]:
    standing = DebitItem.objects.filter(run__region=region, run__dropped_at__isnull=True, stands=True)
    rows = standing.select_related("invoice", "mandate", "run")
    return [
        OpenItem(
            kind=open_items.DEBIT_ITEM,
            pk=item.pk,
            number=item.invoice.number,
            whom=item.mandate.holder,
            left=item.amount,
            day=item.run.collect_on,
        )
        for item in rows.defer("invoice__content", "run__message").order_by("run__collect_on", "pk")
    ]


def _again(item: DebitItem, at: datetime) -> bool:
    """Whether it is the second return of this mandate within a year."""
    since = timezone.localdate(at - AGAIN)
    back = PaymentReturn.objects.filter(payment__debit_item__mandate=item.mandate, day__gte=since).exclude(reason="")
    return back.count() > 1
