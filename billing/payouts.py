"""Decides what is paid out to producers together, and writes the file that the bank takes (pain.001, ISO 20022).

The file is an order to the bank, no payment: a credit note counts as paid when the bank's statement says so.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from sepaxml import SepaTransfer

from billing import numbers, open_items, payables, payments, sellers
from billing.models import InvoiceLine, Payment, PayoutItem, PayoutMinimum, PayoutRun
from marketplace.core import audit, money, wording
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

#: the version that German banks take since November 2023 (annex 3 of the DFÜ agreement, version 3.7)
FORMAT = "pain.001.001.09"
LONGEST_NAME = 70
#: what does not keep is to be paid so many days after the month of its delivery (section 11 AgrarOLkG); one is told before
DAYS_FOR_PERISHABLE, DAYS_BEFORE = 30, 7
PERISHABLE = ("cool", "frozen")


class PayoutRefused(Exception):
    """The payout cannot be made like that; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A credit note that is to be paid out; `hindrance` says in a sentence why it cannot be, "" when it can.

    `offset` is what is set off against what the producer owes, `amount` what is left; euro. `late` names the day by which the law
    wants perishable food paid, once it is near or past. `by_provider`: nothing hinders it, and it goes to the producer's account
    with the payment provider by itself instead of into a file for the bank (`billing.online.transferring`).
    """

    settlement_id: int
    number: str
    name: str
    iban: str
    amount: Decimal
    offset: Decimal
    day: date
    hindrance: str
    late: date | None
    by_provider: bool = False
    #: their own invoice that was settled, by which they know what it is for
    theirs: str = ""


def due(*, region: Region, today: date, minimums: "Minimums | None" = None) -> list[Due]:
    """Credit notes that wait for their money and are in no run that stands; the oldest first. Eight queries for any number.

    `minimums` are the region's, where they are known already.

    What is less than the smallest payout waits for the next month, unless it is for perishable food and the thirty days of
    section 11 AgrarOLkG are nearly over.
    """
    rows = list(_waiting(region))
    left = payables.left_of(settlements=rows)
    sums: dict[int | None, Decimal] = {}
    for row in rows:
        sums[row.partner_id] = sums.get(row.partner_id, money.ZERO) + left[row.pk]
    smallest = minimums or Minimums.load(region=region)
    found = [_due(row, left[row.pk], sums[row.partner_id], smallest, today) for row in rows]
    stopped = sellers.stopped(region=region, today=today)
    held = {row.pk for row in rows if row.partner_id in stopped}
    why = _("Facts for the tax office are missing; twice reminded.")
    return [_other_way(_stopped(item, why) if item.settlement_id in held else item) for item in found]


@dataclass(frozen=True)
class Minimums:
    """The smallest payouts of a region: its own, and those of single producers by key."""

    usual: Decimal
    single: dict[int, Decimal]

    @classmethod
    def load(cls, *, region: Region) -> "Minimums":
        """As the database holds them. One query."""
        rows = list(PayoutMinimum.objects.filter(region=region))
        usual = next((row.amount for row in rows if row.partner_id is None), money.ZERO)
        return cls(usual, {row.partner_id: row.amount for row in rows if row.partner_id is not None})

    def of(self, *, partner_id: int | None) -> Decimal:
        """What a producer's balance has to come to."""
        return self.single.get(partner_id or 0, self.usual)


@transaction.atomic
def set_minimum(*, region: Region, partner: Partner | None, amount: Decimal, at: datetime, by: User | None) -> PayoutMinimum:
    """The smallest payout of a region, or of one of its producers, from now on. Raises `PayoutRefused`."""
    if partner is not None and partner.region_id != region.pk:
        raise PayoutRefused(_("That producer belongs to another region."))
    minimum, _new = PayoutMinimum.objects.update_or_create(region=region, partner=partner, defaults={"amount": amount})
    audit.record(action="payout_minimum.set", target=minimum, at=at, by=by, new={"amount": str(amount)})
    return minimum


def _waiting(region: Region) -> QuerySet[Any]:
    perishable = InvoiceLine.objects.filter(invoice=OuterRef("pk"), order_line__storage__in=PERISHABLE)
    refused = PayoutItem.objects.filter(settlement=OuterRef("pk"), run__isnull=True, stands=False)
    open_ones = open_items.waiting_credit_notes(region=region).exclude(payout_items__stands=True)
    open_ones = open_ones.annotate(perishable=Exists(perishable), is_refused=Exists(refused), theirs=F("settled_by__number"))
    return open_ones.select_related("partner__connected_account", "agency_statement").order_by("issued_on", "number")


def _stopped(item: Due, why: str) -> Due:
    return replace(item, hindrance=item.hindrance or why, by_provider=False)


def _other_way(item: Due) -> Due:
    """What the provider pays is in no file for the bank."""
    return replace(item, hindrance=_("Is paid through the payment provider.")) if item.by_provider else item


def _is_by_provider(row: Any) -> bool:
    """Statements of producers for which the office has chosen so, and whose account takes money; none that was refused there."""
    account = getattr(row.partner, "connected_account", None)
    is_chosen = account is not None and account.chosen_at is not None and account.is_payable
    return is_chosen and hasattr(row, "agency_statement") and not row.is_refused


def _due(row: Any, amount: Decimal, balance: Decimal, minimums: Minimums, today: date) -> Due:
    deadline = row.period_until + timedelta(days=DAYS_FOR_PERISHABLE)
    pressing = row.perishable and today >= deadline - timedelta(days=DAYS_BEFORE)
    iban = row.partner.iban.replace(" ", "").upper() if row.partner else ""
    smallest = minimums.of(partner_id=row.partner_id)
    hindrance, by_provider = "", _is_by_provider(row)
    if not by_provider and not _is_iban(iban):
        hindrance = _("No valid IBAN is on file.")
    elif amount <= 0:
        hindrance = _("Set off against what the business owes; carried into the next month.")
    elif balance < smallest and not pressing:
        told = {"minimum": wording.euro(smallest), "balance": wording.euro(balance)}
        hindrance = _("%(balance)s lie below the smallest payout of %(minimum)s: carried into the next month.") % told
    return Due(
        settlement_id=row.pk,
        number=row.number,
        name=str(row.partner),
        iban=iban,
        amount=max(amount, money.ZERO),
        offset=payables.worth(settlement=row) - max(amount, money.ZERO),
        day=row.issued_on,
        hindrance=hindrance,
        late=deadline if pressing else None,
        by_provider=by_provider and not hindrance,
        theirs=row.theirs or "",
    )


@transaction.atomic
def draw_up(
    *, region: Region, settlement_ids: Collection[int], execution_on: date, today: date, at: datetime, by: User | None
) -> PayoutRun:
    """Put these credit notes into a run and write its file. Raises `PayoutRefused`; then nothing has changed."""
    numbers.lock_books(region=region)
    chosen = [item for item in due(region=region, today=today) if item.settlement_id in settlement_ids]
    _refuse(region, chosen, len(set(settlement_ids)), execution_on, today)
    number = _number(region, today.year)
    total = sum((item.amount for item in chosen), money.ZERO)
    run = PayoutRun.objects.create(
        region=region,
        number=number,
        execution_on=execution_on,
        total=total,
        message=_message(region, number, chosen, execution_on),
        made_at=at,
        made_by=by,
    )
    PayoutItem.objects.bulk_create(
        PayoutItem(run=run, settlement_id=item.settlement_id, name=item.name[:140], iban=item.iban, amount=item.amount)
        for item in chosen
    )
    audit.record(action="payout_run.made", target=run, at=at, by=by, new={"total": str(total), "items": len(chosen)})
    return run


def set_off_due(*, today: date, at: datetime) -> list[Payment]:
    """Book every credit note that is eaten up by what its producer owes, the oldest first; again books nothing new."""
    found = []
    for region in Region.objects.order_by("pk"):
        rows = list(_waiting(region))
        left = payables.left_of(settlements=rows)
        made = [payments.set_off(settlement=row, today=today, at=at) for row in rows if left[row.pk] <= 0]
        found += [payment for payment in made if payment is not None]
    return found


@transaction.atomic
def drop(*, run: PayoutRun, at: datetime, by: User | None) -> None:
    """The file never went to the bank: its credit notes wait again. Raises `PayoutRefused` once one of them was paid."""
    numbers.lock_books(region=run.region)
    locked = PayoutRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.dropped_at is not None:
        return
    if Payment.objects.filter(invoice__payout_items__run=locked).exists():
        raise PayoutRefused(_("The bank has carried out a part of it. It cannot be dropped any more."))
    locked.dropped_at, locked.dropped_by = at, by
    locked.save(update_fields=["dropped_at", "dropped_by"])
    locked.items.update(stands=False)
    audit.record(action="payout_run.dropped", target=locked, at=at, by=by)


def unpaid(*, run: PayoutRun) -> list[PayoutItem]:
    """The items of a run of which the bank has not said that they are carried out."""
    paid = Payment.objects.filter(invoice=OuterRef("settlement"))
    rows = run.items.filter(stands=True).exclude(Exists(paid)).select_related("settlement").order_by("pk")
    return list(rows)


def _refuse(region: Region, chosen: list[Due], asked: int, execution_on: date, today: date) -> None:
    if not asked:
        raise PayoutRefused(_("Please choose at least one credit note."))
    if len(chosen) != asked:
        raise PayoutRefused(_("One of them is paid out or objected to by now. Please look at the list again."))
    for item in chosen:
        if item.hindrance:
            raise PayoutRefused(f"{item.name}: {item.hindrance}")
    if execution_on < today:
        raise PayoutRefused(_("The day lies in the past."))
    if not _is_iban(region.iban.replace(" ", "")):
        raise PayoutRefused(_("The market's own IBAN is not valid."))


def _message(region: Region, number: str, chosen: Iterable[Due], execution_on: date) -> str:
    """The order to the bank, checked against the official schema."""
    order = SepaTransfer(
        {
            "name": region.legal_name[:LONGEST_NAME],
            "IBAN": region.iban.replace(" ", "").upper(),
            "currency": "EUR",
            "batch": True,
            "msg_id": number,
        },
        schema=FORMAT,
        clean=True,
    )
    for item in chosen:
        order.add_payment(
            {
                "name": item.name,
                "IBAN": item.iban,
                "amount": int(item.amount * 100),
                "execution_date": execution_on,
                "description": f"{item.theirs} {item.number} {region.name}".strip()[:140],
                "endtoend_id": item.number,
            }
        )
    written: bytes = order.export(validate=True)
    return written.decode()


def _number(region: Region, year: int) -> str:
    return f"AZ-{year}-{PayoutRun.objects.filter(region=region, made_at__year=year).count() + 1:06d}"


def _is_iban(told: str) -> bool:
    try:
        IBAN(told)
    except SchwiftyException:
        return False
    return True
