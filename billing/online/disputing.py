"""Follows payments that customers' banks take back: the money is away while it is open, and lost or back when it is decided."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from billing import journal
from billing.journal import Ledger, Side
from billing.models import Dispute, JournalEntry, OnlinePayment, Payment, Refund
from billing.online import bookings
from billing.online.provider import Disputed, Provider
from marketplace.core import audit
from marketplace.regions.models import Region

Status = Dispute.Status
#: the provider's words for what is decided; a warning takes no money
DECIDED = {"won": Status.WON, "lost": Status.LOST, "prevented": Status.WON}
WARNINGS = "warning_"


def take_in(*, region: Region, provider: Provider, since: datetime, at: datetime) -> None:
    """Read what is disputed, each once, and how it stands. Raises `provider.Unreachable`."""
    for told in provider.disputes(since=since):
        if not told.status.startswith(WARNINGS):
            _apply(region, told, at)


@transaction.atomic
def _apply(region: Region, told: Disputed, at: datetime) -> None:
    payment = OnlinePayment.objects.select_for_update(of=("self",)).filter(region=region, intent=told.intent).first()
    if payment is None or not told.intent:
        return
    day = timezone.localdate(at)
    row, is_new = Dispute.objects.get_or_create(
        number=told.number,
        defaults={
            "payment": payment,
            "amount": told.amount,
            "reason": told.reason[:100],
            "answer_until": told.answer_until,
            "opened_at": told.opened_at,
        },
    )
    if is_new:
        text = f"Rückbuchung {told.number}"
        bookings.dispute(dispute=row, sign=1, key="open", text=text, day=day, at=at)
    to = DECIDED.get(told.status)
    if to is None or to not in Dispute.TRANSITIONS.get(Status(row.status), frozenset()):
        return
    old, row.status, row.ended_at = row.status, to, at
    row.save(update_fields=["status", "ended_at"])
    if to == Status.WON:
        text = f"Rückbuchung {told.number} zu unseren Gunsten"
        bookings.dispute(dispute=row, sign=-1, key="won", text=text, day=day, at=at)
    else:
        _lose(row, at)
    audit.record(action=f"dispute.{to}", target=row, at=at, old={"status": old}, new={"status": to})


def _lose(row: Dispute, at: datetime) -> None:
    """The customer has the money again, and owes what was delivered."""
    payment = row.payment
    order = payment.order or (payment.invoice.order if payment.invoice is not None else None)
    account = payment.invoice.account if payment.invoice is not None and order is None else None
    terms = getattr(order, "terms", None)
    account_id = account.pk if account is not None else terms.account_id if terms is not None else None
    entry = journal.post(
        region=payment.region,
        kind=JournalEntry.Kind.DISPUTE,
        key=f"online:dispute:{row.pk}:lost",
        day=timezone.localdate(at),
        at=at,
        text=f"Rückbuchung {row.number} verloren",
        sides=(
            Side(
                ledger=Ledger.RECEIVABLE,
                amount=row.amount,
                order_id=order.pk if order is not None else None,
                account_id=account_id,
            ),
            Side(ledger=Ledger.DISPUTED, amount=-row.amount),
        ),
    )
    Refund.objects.create(
        order=order,
        account=account,
        method=Payment.Method.ONLINE,
        amount=row.amount,
        paid_on=timezone.localdate(at),
        reference=row.number,
        entry=entry,
    )
