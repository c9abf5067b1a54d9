"""Decides what is collected together, and writes the file that the bank takes (pain.008, ISO 20022).

Handing the file in counts as paid at once (the money is on its way, `IN_TRANSIT`): so no second run takes an invoice and nobody
is reminded of it. The bank's statement brings the money, or sends it back (`debit_returns`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from sepaxml import SepaDD

from billing import journal, mandates, numbers, open_items, returns
from billing.journal import Ledger, Side
from billing.models import DebitItem, DebitRun, DebitTerms, Invoice, JournalEntry, Mandate, OnlinePayment, Payment, PaymentReturn
from marketplace.core import audit, money, wording
from marketplace.regions.models import Region
from marketplace.users.models import User

#: the version that German banks take since November 2023 (annex 3 of the DFÜ agreement, version 3.7)
FORMAT = "pain.008.001.08"
LONGEST_NAME = 70
#: a bank wants the file at least this long before
LEAD = timedelta(days=1)
FIRST, RECURRENT = "FRST", "RCUR"


class DebitRefused(Exception):
    """It cannot be collected like that; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """An invoice that says it will be collected; `hindrance` says in a sentence why it cannot be, "" when it can."""

    invoice_id: int
    number: str
    name: str
    amount: Decimal
    due_on: date
    mandate: Mandate | None
    hindrance: str

    @property
    def iban(self) -> str:
        """Where it is collected from."""
        return self.mandate.iban if self.mandate else ""


def due(*, region: Region, today: date) -> list[Due]:
    """Invoices that announce a debit and are open, the first day first. Three queries, for any number."""
    announced = Invoice.objects.filter(region=region, content__payment__code="59")
    moving = OnlinePayment.objects.filter(status__in=OnlinePayment.UNDER_WAY)
    moving = moving.filter(Q(invoice=OuterRef("pk")) | Q(order=OuterRef("order"), order__isnull=False))
    found = open_items.unpaid(documents=announced).annotate(moves=Exists(moving)).select_related("account", "order")
    rows = list(found.order_by("due_on", "number"))
    told = Invoice.objects.filter(pk__in=[row.pk for row in rows])
    references = dict(told.values_list("pk", "content__payment__mandate"))
    known = mandates.with_use(Mandate.objects.filter(region=region, reference__in=set(references.values())))
    by_reference = {mandate.reference: mandate for mandate in known}
    back = {item.invoice_id for item in DebitItem.objects.filter(invoice__in=rows, stands=False, run__dropped_at__isnull=True)}
    return [_due(row, by_reference.get(references[row.pk]), row.pk in back, today) for row in rows]


def waiting(*, region: Region, until: date) -> Any:
    """Open invoices that announce a debit until a day and did not come back, to be counted."""
    announced = Invoice.objects.filter(region=region, content__payment__code="59", due_on__lte=until)
    return open_items.unpaid(documents=announced.exclude(debit_items__payment__returns__reason__gt=""))


def earliest(*, today: date) -> date:
    """The first day that a file made today may name, weekends left out; a bank moves holidays by itself."""
    day = today + LEAD
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def horizon(*, today: date) -> date:
    """What falls due until then is worth a file today; the rest waits for the next one."""
    return earliest(today=today) + timedelta(days=7)


@transaction.atomic
def draw_up(
    *, region: Region, invoice_ids: Collection[int], collect_on: date, today: date, at: datetime, by: User | None
) -> DebitRun:
    """Put these invoices into a run, write its file and book them on their way. Raises `DebitRefused`; nothing has changed."""
    numbers.lock_books(region=region)
    terms = mandates.terms_of(region=region)
    if terms is None:
        raise DebitRefused(_("Please enter the creditor identifier first."))
    chosen = [item for item in due(region=region, today=today) if item.invoice_id in invoice_ids]
    _refuse(region, chosen, len(set(invoice_ids)), collect_on, today)
    number = _number(region, today.year)
    sequences = _sequences(chosen)
    total = sum((item.amount for item in chosen), money.ZERO)
    run = DebitRun.objects.create(
        region=region,
        number=number,
        collect_on=collect_on,
        total=total,
        message=_message(region, terms, number, chosen, sequences, collect_on),
        made_at=at,
        made_by=by,
    )
    for item in chosen:
        _book(run, item, sequences[item.invoice_id], today, at)
    audit.record(action="debit_run.made", target=run, at=at, by=by, new={"total": str(total), "items": len(chosen)})
    return run


@transaction.atomic
def drop(*, run: DebitRun, today: date, at: datetime, by: User | None) -> None:
    """The file never went to the bank: its invoices are open again. Raises `DebitRefused` once the bank knows of it."""
    numbers.lock_books(region=run.region)
    locked = DebitRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.dropped_at is not None:
        return
    if locked.receipts.exists() or PaymentReturn.objects.filter(payment__debit_item__run=locked).exists():
        raise DebitRefused(_("The bank has carried out a part of it. It cannot be dropped any more."))
    locked.dropped_at, locked.dropped_by = at, by
    locked.save(update_fields=["dropped_at", "dropped_by"])
    for item in locked.items.select_related("payment").order_by("pk"):
        returns.take_back(payment=item.payment, day=today, at=at, ledger=Ledger.IN_TRANSIT)
    locked.items.update(stands=False)
    audit.record(action="debit_run.dropped", target=locked, at=at, by=by)


def outstanding(*, run: DebitRun) -> Decimal:
    """What the bank has not credited of a run, in euro."""
    if run.dropped_at is not None:
        return money.ZERO
    return run.total - sum((receipt.amount for receipt in run.receipts.all()), money.ZERO)


def _due(row: Invoice, mandate: Mandate | None, came_back: bool, today: date) -> Due:
    if row.moves:  # type: ignore[attr-defined]  # annotated by `due`
        hindrance = _("The customer is paying it online.")
    elif came_back:
        hindrance = _("It was collected and came back. The customer was asked to transfer it.")
    elif mandate is None:
        hindrance = _("The mandate is not known.")
    else:
        hindrance = mandates.hindrance(mandate=mandate, today=today)
    return Due(
        invoice_id=row.pk,
        number=row.number,
        name=mandate.holder if mandate else open_items.whom(row),
        amount=row.left,  # type: ignore[attr-defined]  # annotated by open_items.unpaid
        due_on=row.due_on or row.issued_on,
        mandate=mandate,
        hindrance=hindrance,
    )


def _refuse(region: Region, chosen: list[Due], asked: int, collect_on: date, today: date) -> None:
    if not asked:
        raise DebitRefused(_("Please choose at least one invoice."))
    if len(chosen) != asked:
        raise DebitRefused(_("One of them is paid or collected by now. Please look at the list again."))
    if collect_on < earliest(today=today):
        raise DebitRefused(_("The bank needs a working day. Please choose a later day."))
    for item in chosen:
        if item.hindrance:
            raise DebitRefused(f"{item.name}: {item.hindrance}")
        if item.due_on > collect_on:
            text = _("%(name)s was told %(day)s. Please do not collect before.")
            raise DebitRefused(text % {"name": item.name, "day": wording.full_date(item.due_on)})


def _sequences(chosen: Iterable[Due]) -> dict[int, str]:
    """The first debit of a mandate says so, once."""
    found, seen = {}, set()
    for item in chosen:
        if item.mandate is None:
            continue
        fresh = item.mandate.pk not in seen and mandates.is_first(mandate=item.mandate)
        seen.add(item.mandate.pk)
        found[item.invoice_id] = FIRST if fresh else RECURRENT
    return found


def _book(run: DebitRun, item: Due, sequence: str, today: date, at: datetime) -> None:
    """One payment on its way, and where it belongs."""
    if item.mandate is None:
        raise DebitRefused(item.hindrance)
    invoice = Invoice.objects.select_related("order__terms").get(pk=item.invoice_id)
    terms = invoice.order.terms if invoice.order is not None and hasattr(invoice.order, "terms") else None
    owed = Side(
        ledger=Ledger.RECEIVABLE,
        amount=-item.amount,
        account_id=invoice.account_id or (terms.account_id if terms else None),
        order_id=invoice.order_id,
    )
    entry = journal.post(
        region=run.region,
        kind=JournalEntry.Kind.PAYMENT,
        key=f"debit:{run.pk}:{invoice.pk}",
        day=today,
        at=at,
        text=f"Zahlung {invoice.number} (Lastschrift {run.number})",
        sides=(Side(ledger=Ledger.IN_TRANSIT, amount=item.amount), owed),
        invoice=invoice,
    )
    payment = Payment.objects.create(
        invoice=invoice,
        method=Payment.Method.DEBIT,
        amount=item.amount,
        received_on=today,
        reference=run.number,
        entry=entry,
    )
    DebitItem.objects.create(
        run=run, invoice=invoice, mandate=item.mandate, payment=payment, amount=item.amount, sequence=sequence
    )


def _message(
    region: Region, terms: DebitTerms, number: str, chosen: Iterable[Due], sequences: dict[int, str], collect_on: date
) -> str:
    """The order to the bank, checked against the official schema. Core and business debits never share a file."""
    schemes = {item.mandate.scheme for item in chosen if item.mandate}
    if len(schemes) > 1:
        raise DebitRefused(_("Core and business-to-business debits need a file each."))
    order = SepaDD(
        {
            "name": region.legal_name[:LONGEST_NAME],
            "IBAN": region.iban.replace(" ", "").upper(),
            "currency": "EUR",
            "batch": True,
            "creditor_id": terms.creditor_id,
            "instrument": schemes.pop(),
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
                "type": sequences[item.invoice_id],
                "collection_date": collect_on,
                "mandate_id": item.mandate.reference if item.mandate else "",
                "mandate_date": item.mandate.signed_on if item.mandate else collect_on,
                "description": f"{item.number} {region.name}",
                "endtoend_id": item.number,
            }
        )
    written: bytes = order.export(validate=True)
    return written.decode()


def _number(region: Region, year: int) -> str:
    return f"EZ-{year}-{DebitRun.objects.filter(region=region, made_at__year=year).count() + 1:06d}"
