"""Pays producers that sell in their own name through the provider, as their statements say, and brings back what they owe.

A row and its place among the payouts stand before the provider is asked, so no file for the bank can hold the same statement.
While the provider is asked the row is locked; what it did when we broke off is found by the statement's number before anything
is asked again. It is booked in the same step in which the row says that it is done.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import journal, numbers, payments, payouts
from billing.models import ConnectedAccount, Payment, PayoutItem, Posting, ProviderTransfer, TransferReversal
from billing.online import bookings
from billing.online.provider import Declined, NotPossible, Unreachable
from billing.online.remitting import Done, Remitter
from marketplace.core import audit, money
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

log = logging.getLogger(__name__)
Status, BackStatus = ProviderTransfer.Status, TransferReversal.Status
#: so many are shown
LISTED = 60
#: the provider holds too little of the operator's money at the moment; it is asked again after that time
TOO_LITTLE, PAUSE = "balance_insufficient", timedelta(hours=1)
#: what could not be brought back once, twice …, is asked for again after so many days, in the end every so many
BACK_AGAIN = (3, 7, 14)


class TransferStands(Exception):
    """It cannot be given up; the message is for the office."""


def pay_due(*, region: Region, remitter: Remitter, today: date, at: datetime) -> None:
    """Decide what is due, then have it transferred or brought back; what broke off goes on here."""
    if ConnectedAccount.objects.filter(region=region, chosen_at__isnull=False).exists():
        decide(region=region, today=today, at=at)
        decide_back(region=region, at=at)
    waiting: list[Callable[[], object]] = [
        *[lambda row=row: send(transfer=row, remitter=remitter, at=at) for row in to_send(region=region, at=at)],
        *[lambda row=row: send_back(reversal=row, remitter=remitter, at=at) for row in to_send_back(region=region)],
    ]
    for step in waiting:
        try:
            step()
        except Unreachable:
            log.warning("The payment provider does not answer; producers are paid later.")
            return
        except Exception:
            log.exception("A producer could not be paid through the provider; it stays due.")


@transaction.atomic
def decide(*, region: Region, today: date, at: datetime) -> list[ProviderTransfer]:
    """Take what is due out of the next file for the bank, each statement once."""
    numbers.lock_books(region=region)
    accounts = {row.partner_id: row for row in ConnectedAccount.objects.filter(region=region)}
    found = []
    for due in payouts.due(region=region, today=today):
        if not due.by_provider:
            continue
        item = PayoutItem.objects.create(settlement_id=due.settlement_id, name=due.name[:140], amount=due.amount)
        account = accounts[item.settlement.partner_id or 0]
        made = ProviderTransfer.objects.create(account=account, item=item, amount=due.amount, group=due.number, asked_at=at)
        audit.record(action="provider_transfer.decided", target=made, at=at, new={"amount": str(due.amount)})
        found.append(made)
    return found


@transaction.atomic
def decide_back(*, region: Region, at: datetime) -> list[TransferReversal]:
    """What producers owe after a later statement is to come back from what was transferred last, never more than that.

    What was refused is asked for again after a while, each time a longer one. Meanwhile it is set off against the next payouts,
    as for everybody; then nothing is owed, and nothing is asked for.
    """
    numbers.lock_books(region=region)
    found = []
    accounts = ConnectedAccount.objects.filter(region=region, chosen_at__isnull=False).select_related("partner")
    for account in accounts.order_by("pk"):
        debt = _debt(account.partner)
        done = account.transfers.filter(status=Status.DONE).prefetch_related("reversals")
        for transfer in done.order_by("-ended_at", "-pk") if debt > 0 else ():
            again = asked_again(transfer=transfer)
            amount = min(debt, transfer.amount - _sum(transfer.reversals.all()))
            if amount > 0 and (again is None or again <= at):
                found.append(TransferReversal.objects.create(transfer=transfer, amount=amount, asked_at=at))
                debt -= amount
    return found


def asked_again(*, transfer: ProviderTransfer) -> datetime | None:
    """When the provider is asked again to bring back of a transfer what it refused last; None when it refused nothing since.

    The reversals are prefetched.
    """
    refused: list[datetime] = []
    for row in sorted(transfer.reversals.all(), key=lambda one: one.pk):
        if row.status == BackStatus.DONE:
            refused.clear()
        elif row.status == BackStatus.FAILED and row.ended_at is not None:
            refused.append(row.ended_at)
    return refused[-1] + timedelta(days=BACK_AGAIN[min(len(refused), len(BACK_AGAIN)) - 1]) if refused else None


def owing(*, region: Region) -> QuerySet[ConnectedAccount]:
    """Accounts of producers that owe the market what the provider could not bring back; nothing of it is under way."""
    of_producer = TransferReversal.objects.filter(transfer__account=OuterRef("pk"))
    booked = Posting.objects.filter(ledger=Posting.Ledger.PAYABLE, partner=OuterRef("partner")).order_by().values("partner")
    rows = ConnectedAccount.objects.filter(Exists(of_producer.filter(status=BackStatus.FAILED)), region=region)
    rows = rows.exclude(Exists(of_producer.filter(status=BackStatus.ASKED)))
    return rows.filter(Exists(booked.annotate(owed=Sum("amount")).filter(owed__gt=0)))


def to_send(*, region: Region, at: datetime) -> QuerySet[ProviderTransfer]:
    """Transfers that the provider has not done, those left out that wait for money; the oldest first."""
    rows = ProviderTransfer.objects.filter(account__region=region, status=Status.ASKED)
    return rows.filter(Q(failure="") | Q(asked_at__lte=at - PAUSE)).order_by("pk")


def held_up(*, region: Region) -> QuerySet[ProviderTransfer]:
    """Transfers for which too little of the operator's money is with the provider."""
    return ProviderTransfer.objects.filter(account__region=region, status=Status.ASKED, failure__gt="")


def to_send_back(*, region: Region) -> QuerySet[TransferReversal]:
    """What is to come back and has not; the oldest first."""
    return TransferReversal.objects.filter(transfer__account__region=region, status=BackStatus.ASKED).order_by("pk")


def listed(*, region: Region | None = None, partner: Partner | None = None) -> QuerySet[ProviderTransfer]:
    """The latest transfers of a region or of one producer, the newest first, with what came back.

    Of what was refused several times only the last is told. Two queries.
    """
    whose = Q(account__region=region) if region is not None else Q(account__partner=partner)
    rows = ProviderTransfer.objects.filter(whose).select_related("account__partner", "item__settlement__agency_statement")
    later = TransferReversal.objects.filter(transfer=OuterRef("transfer"), pk__gt=OuterRef("pk"))
    backs = TransferReversal.objects.exclude(Exists(later), status=BackStatus.FAILED).order_by("pk")
    rows = rows.defer("item__settlement__content").prefetch_related(Prefetch("reversals", queryset=backs))
    return rows.order_by("-asked_at", "-pk")[:LISTED]


@transaction.atomic
def send(*, transfer: ProviderTransfer, remitter: Remitter, at: datetime) -> ProviderTransfer:
    """Have the provider transfer it, once, and book it. Raises `provider.Unreachable`; then nothing is booked."""
    row = _locked(transfer)
    if row.status != Status.ASKED:
        return row
    try:
        done = _known(remitter.transfers(group=row.group), row) or remitter.transfer(
            to=row.account.number, amount=row.amount, group=row.group, reference=str(row.key), key=f"{row.key}:{row.refused}"
        )
    except (NotPossible, Declined) as refusal:
        return _refuse(row, str(refusal), at)
    return _book(row, done, at)


@transaction.atomic
def give_up(*, transfer: ProviderTransfer, remitter: Remitter, at: datetime, by: User | None) -> ProviderTransfer:
    """The office does not want to wait until the provider holds enough: the statement waits for a file for the bank again.

    Raises `TransferStands` unless the provider has refused it, and `provider.Unreachable`.
    """
    row = _locked(transfer)
    if row.status == Status.FAILED:
        return row
    if row.status == Status.DONE or not row.failure:
        raise TransferStands(_("It is transferred, or on its way. It cannot be given up."))
    if (done := _known(remitter.transfers(group=row.group), row)) is not None:
        _book(row, done, at)
        return row
    return _fail(row, at, by)


@transaction.atomic
def send_back(*, reversal: TransferReversal, remitter: Remitter, at: datetime) -> TransferReversal:
    """Have the provider bring it back, once, and book it. Raises `provider.Unreachable`."""
    rows = TransferReversal.objects.select_for_update(of=("self",)).select_related("transfer__account__region")
    row = rows.get(pk=reversal.pk)
    if row.status != BackStatus.ASKED:
        return row
    number, key = row.transfer.number, str(row.key)
    try:
        known = next((one for one in remitter.brought_back(number=number) if one.key == key), None)
        done = known or remitter.bring_back(number=number, amount=row.amount, key=key)
    except (NotPossible, Declined) as refusal:
        row.status, row.failure = BackStatus.FAILED, str(refusal)[:100]
    else:
        row.status, row.number = BackStatus.DONE, done.number
        row.entry = bookings.payout_back(reversal=row, day=timezone.localdate(at), at=at)
    row.ended_at = at
    row.save()
    audit.record(action=f"transfer_reversal.{row.status}", target=row, at=at, new={"amount": str(row.amount)})
    return row


def _debt(partner: Partner) -> Decimal:
    """What a producer owes in all; nothing as long as a payout or what comes back is under way, because that changes it."""
    under_way = PayoutItem.objects.filter(stands=True, settlement__partner=partner, settlement__payments__isnull=True)
    asked = TransferReversal.objects.filter(transfer__account__partner=partner, status=BackStatus.ASKED)
    if under_way.exists() or asked.exists():
        return money.ZERO
    return max(-journal.balance(partner=partner), money.ZERO)


def _locked(transfer: ProviderTransfer) -> ProviderTransfer:
    rows = ProviderTransfer.objects.select_for_update(of=("self",)).select_related("account__region", "item__settlement")
    return rows.get(pk=transfer.pk)


def _known(told: list[Done], row: ProviderTransfer) -> Done | None:
    return next((one for one in told if one.key == str(row.key)), None)


def _book(row: ProviderTransfer, done: Done, at: datetime) -> ProviderTransfer:
    row.status, row.number, row.failure, row.ended_at = Status.DONE, done.number, "", at
    row.save()
    payments.pay_out(
        settlement=row.item.settlement,
        paid_on=timezone.localdate(at),
        at=at,
        reference=done.number,
        method=Payment.Method.ONLINE,
    )
    audit.record(action="provider_transfer.done", target=row, at=at, new={"amount": str(row.amount)})
    return row


def _refuse(row: ProviderTransfer, why: str, at: datetime) -> ProviderTransfer:
    row.failure, row.refused, row.asked_at = why[:100], row.refused + 1, at
    if why != TOO_LITTLE:
        return _fail(row, at, None)
    row.save()
    return row


def _fail(row: ProviderTransfer, at: datetime, by: User | None) -> ProviderTransfer:
    row.status, row.ended_at = Status.FAILED, at
    row.save()
    row.item.stands = False
    row.item.save(update_fields=["stands"])
    audit.record(action="provider_transfer.failed", target=row, at=at, by=by, new={"why": row.failure})
    return row


def _sum(rows: QuerySet[TransferReversal]) -> Decimal:
    found: Decimal | None = rows.exclude(status=BackStatus.FAILED).aggregate(sum=Sum("amount"))["sum"]
    return found or money.ZERO
