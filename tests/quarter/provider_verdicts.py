"""What must hold of paying online and of producers' accounts in the end: the provider, our rows and the books say one thing."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from billing import journal
from billing.models import (
    AgencyStatement,
    ConnectedAccount,
    Dispute,
    OnlinePayment,
    OnlineRefund,
    Payment,
    Posting,
    ProviderEvent,
    ProviderMovement,
    ProviderPayout,
    ProviderTransfer,
    TransferReversal,
)
from billing.online import giving_back, movements, transferring
from marketplace.core import money
from marketplace.regions.models import Region
from tests.billing.online.bank import PracticeBank

Status = OnlinePayment.Status


def findings(*, region: Region, bank: PracticeBank, at: datetime) -> list[str]:
    """Everything that does not fit."""
    things: dict[str, list[dict[str, object]]] = {}
    for thing in bank.do("read")["things"]:
        things.setdefault(thing["object"], []).append(thing)
    return [
        *_unfinished(region, at),
        *_ledgers(region, things),
        *_payments(things),
        *_refunds(things),
        *_transfers(region, things),
        *_statements(region),
    ]


def counted() -> dict[str, int]:
    """How many payments, refunds, disputes, transfers and reversals ended how, e.g. `hold captured`."""
    found = Counter(f"{way} {status}" for way, status in OnlinePayment.objects.values_list("way", "status"))
    for name, rows in (
        ("refund", OnlineRefund.objects),
        ("dispute", Dispute.objects),
        ("transfer", ProviderTransfer.objects),
        ("reversal", TransferReversal.objects),
    ):
        found.update(f"{name} {status}" for status in rows.values_list("status", flat=True))
    return dict(sorted(found.items()))


def _unfinished(region: Region, at: datetime) -> Iterator[str]:
    """Nothing is under way any more."""
    ended = (Status.CAPTURED, Status.RELEASED, Status.FAILED)
    for payment in OnlinePayment.objects.exclude(status__in=ended):
        yield f"Online payment {payment.pk} of order {payment.order_id} is still {payment.status}."
    kept = OnlinePayment.objects.exclude(means="").exclude(way=OnlinePayment.Way.LATER)
    for payment in kept.filter(order__isnull=False):
        yield f"The provider still knows the card of online payment {payment.pk}."
    for rows in (OnlineRefund.objects, ProviderTransfer.objects, TransferReversal.objects):
        yield from (f"{row!r} is still under way." for row in rows.filter(status="asked"))
    for event in ProviderEvent.objects.filter(done_at__isnull=True):
        yield f"Report {event} was never worked off."
    for dispute in Dispute.objects.filter(status=Dispute.Status.OPEN):
        yield f"Dispute {dispute} was decided, and we do not know."
    for payout in ProviderPayout.objects.filter(entry__isnull=True):
        yield f"{payout} never arrived at the bank."
    yield from (f"Order {order.number} is owed money back by the card." for order in giving_back.due(region=region, at=at))
    yield from (f"{transfer} waits." for transfer in transferring.to_send(region=region, at=at))


def _ledgers(region: Region, things: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """What is held is over; what is with the provider, and what it kept, are as it says."""
    rows = Posting.objects.filter(entry__region=region).values_list("ledger").annotate(sum=Sum("amount")).order_by("ledger")
    booked = dict(rows)
    lines = things.get("balance_transaction", [])
    told = {
        Posting.Ledger.HELD: money.ZERO,
        Posting.Ledger.HELD_AGAINST: money.ZERO,
        Posting.Ledger.DISPUTED: money.ZERO,
        Posting.Ledger.PROVIDER: _euro(sum(_cents(row, "net") for row in lines)),
        Posting.Ledger.PROV_FEES: _euro(sum(_cents(row, "fee") for row in lines)),
    }
    for ledger, amount in told.items():
        if booked.get(ledger, money.ZERO) != amount:
            yield f"{ledger}: {booked.get(ledger)} in the journal, {amount} by the provider."
    if movements.balance(region=region).difference:
        yield f"The account with the provider differs by {movements.balance(region=region).difference}."
    yield from (f"The line {row.kind} {row} fits nothing." for row in movements.unfitting(region=region))
    if ProviderMovement.objects.filter(region=region).count() != len(lines):
        yield f"{ProviderMovement.objects.count()} lines of the provider's {len(lines)} are known."


def _payments(things: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """What the provider says it took is what the journal says, payment by payment; it holds nothing any more."""
    rows = {row.intent: row for row in OnlinePayment.objects.exclude(intent="")}
    received = Payment.objects.filter(method=Payment.Method.ONLINE, reference__startswith="pi_")
    booked: Counter[str] = Counter()
    for reference, amount in received.values_list("reference", "amount"):
        booked[reference] += int(amount * 100)
    for intent in things.get("payment_intent", []):
        number, taken = str(intent["id"]), _cents(intent, "amount_received")
        row = rows.get(number)
        if row is None and taken:
            yield f"The provider took {taken} cents by {number}, of which nobody knows."
        if row is not None and int(row.taken * 100) != taken:
            yield f"Online payment {row.pk} says {row.taken}, the provider {taken} cents."
        if booked.pop(number, 0) != taken:
            yield f"{number}: the provider took {taken} cents, the journal says otherwise."
        if intent["status"] in ("requires_capture", "processing"):
            yield f"{number} is {intent['status']} at the provider."
    yield from (f"{number} is booked, and the provider does not know it." for number in booked)


def _refunds(things: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """What went back is what the provider gave back."""
    told = {str(row["id"]): _cents(row, "amount") for row in things.get("refund", [])}
    for row in OnlineRefund.objects.filter(status=OnlineRefund.Status.DONE):
        if told.pop(row.number, None) != int(row.amount * 100):
            yield f"Refund {row.number} of {row.amount} is not the provider's."
    yield from (f"The provider gave back {amount} cents by {number}, of which nobody knows." for number, amount in told.items())


def _transfers(region: Region, things: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """Producers hold there what was transferred to them less what came back, each once."""
    told: Counter[str] = Counter()
    for row in things.get("transfer", []):
        told[str(row["destination"])] += _cents(row, "amount") - _cents(row, "amount_reversed")
    for account in ConnectedAccount.objects.filter(region=region):
        sent = account.transfers.filter(status=ProviderTransfer.Status.DONE).aggregate(sum=Sum("amount"))["sum"] or money.ZERO
        back = TransferReversal.objects.filter(transfer__account=account, status=TransferReversal.Status.DONE)
        left = sent - (back.aggregate(sum=Sum("amount"))["sum"] or money.ZERO)
        if int(left * 100) != told[account.number]:
            yield f"{account}: {left} by our rows, {told[account.number]} cents by the provider."


def _statements(region: Region) -> Iterator[str]:
    """Who sells in its own name got what its statements say, by transfer, bank or set-off; what it owes could not come back."""
    for account in ConnectedAccount.objects.filter(region=region).select_related("partner"):
        credit = AgencyStatement.objects.filter(partner=account.partner).aggregate(sum=Sum("amount"))["sum"] or money.ZERO
        paid = Payment.objects.filter(invoice__partner=account.partner).aggregate(sum=Sum("amount"))["sum"] or money.ZERO
        back = TransferReversal.objects.filter(transfer__account=account, status=TransferReversal.Status.DONE)
        got = paid - (back.aggregate(sum=Sum("amount"))["sum"] or money.ZERO)
        owed = journal.balance(partner=account.partner)
        if credit - got != owed:
            yield f"{account.partner}: credited {credit}, got {got}, owed {owed}."
        refused = TransferReversal.objects.filter(transfer__account=account, status=TransferReversal.Status.FAILED).exists()
        if owed < 0 and not refused:
            yield f"{account.partner} owes {-owed}, and nobody brings it back."
    twice = Counter(ProviderTransfer.objects.filter(status="done").values_list("item__settlement", flat=True))
    yield from (f"Statement {pk} was transferred {times} times." for pk, times in twice.items() if times > 1)


def _cents(row: dict[str, object], name: str) -> int:
    return int(str(row[name] or 0))


def _euro(cents: int) -> Decimal:
    return money.to_cents(Decimal(cents) / 100)
