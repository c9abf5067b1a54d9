"""Decides what is paid out to producers together, and writes the file that the bank takes (pain.001, ISO 20022).

The file is an order to the bank, no payment: a credit note counts as paid when the bank's statement says so.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from sepaxml import SepaTransfer

from billing import numbers, open_items
from billing.models import Invoice, Payment, PayoutItem, PayoutRun
from marketplace.core import audit, money
from marketplace.regions.models import Region
from marketplace.users.models import User

#: the version that German banks take since November 2023 (annex 3 of the DFÜ agreement, version 3.7)
FORMAT = "pain.001.001.09"
LONGEST_NAME = 70


class PayoutRefused(Exception):
    """The payout cannot be made like that; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A credit note that is to be paid out; `hindrance` says in a sentence why it cannot be, "" when it can."""

    settlement_id: int
    number: str
    name: str
    iban: str
    amount: Decimal
    day: date
    hindrance: str


def due(*, region: Region) -> list[Due]:
    """Credit notes that wait for their money and are in no run that stands; the oldest first. Two queries."""
    waiting = {item.pk: item for item in open_items.to_go_out(region=region) if item.kind == open_items.CREDIT_NOTE}
    rows = Invoice.objects.filter(pk__in=waiting).exclude(payout_items__stands=True).select_related("partner").defer("content")
    found = []
    for row in rows.order_by("issued_on", "number"):
        iban = row.partner.iban.replace(" ", "").upper() if row.partner else ""
        found.append(
            Due(
                settlement_id=row.pk,
                number=row.number,
                name=str(row.partner),
                iban=iban,
                amount=row.gross,
                day=row.issued_on,
                hindrance="" if _is_iban(iban) else _("No valid IBAN is on file."),
            )
        )
    return found


@transaction.atomic
def draw_up(
    *, region: Region, settlement_ids: Collection[int], execution_on: date, today: date, at: datetime, by: User | None
) -> PayoutRun:
    """Put these credit notes into a run and write its file. Raises `PayoutRefused`; then nothing has changed."""
    numbers.lock_books(region=region)
    chosen = [item for item in due(region=region) if item.settlement_id in settlement_ids]
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
                "description": f"{item.number} {region.name}",
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
