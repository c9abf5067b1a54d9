"""Draws corrections (381): what was credited after an invoice was drawn is given back by a document that refers to it.

Its amounts are positive, as the code 381 wants them: they say what the customer gets back. In the journal they lower what is
owed. What is due is found by a query, so a run that broke off is made up for by the next one.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation

from billing import agencies, charges, credits, drafting, journal, periods, reductions, selling, worth
from billing.charges import Charged
from billing.documents import Document, Payment, TypeCode
from billing.finalising import Draft, finalise
from billing.models import Credit, Invoice, InvoiceLine, JournalEntry
from billing.numbers import Prefix
from billing.rates import RateTable
from billing.selling import Bill
from billing.snapshots import thawed
from logistics import empties
from logistics.models import DepositReturn
from marketplace.core import money, wording
from marketplace.order.models import Order

log = logging.getLogger(__name__)
#: how long empties wait for the customer's next document before they are paid back by one of their own
WAITING_DAYS = 30


def due() -> QuerySet[Order]:
    """Orders with credits that came after their invoice and are on no document, the oldest first."""
    billed = InvoiceLine.objects.filter(kind="380", charge=InvoiceLine.Charge.GOODS, order_line__order=OuterRef("pk"))
    waiting = Credit.objects.filter(order=OuterRef("pk")).exclude(invoice_lines__kind__in=reductions.GIVING)
    return Order.objects.filter(Exists(waiting), Exists(billed)).order_by("pk")


def due_returns(*, today: date) -> QuerySet[Order]:
    """Billed orders at whose delivery empties came back long ago and are on no document yet, the oldest first."""
    before = periods.starts(today - timedelta(days=WAITING_DAYS))
    paid_back = InvoiceLine.objects.filter(kind__in=reductions.GIVING, deposit_return=OuterRef("pk"))
    waiting = DepositReturn.objects.filter(~Exists(paid_back), delivery__order=OuterRef("pk"), noted_at__lt=before)
    billed = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, order=OuterRef("pk"), replaced_by__isnull=True)
    return Order.objects.filter(Exists(waiting), Exists(billed)).order_by("pk")


def draw_due(*, today: date, at: datetime) -> list[Invoice]:
    """Draw every correction that is due, and give back the new ones. One that cannot be drawn is logged and tried again."""
    draws = [partial(draw, order=order) for order in due()]
    draws += [partial(draw_returns, order=order) for order in due_returns(today=today)]
    drawn = []
    for one in draws:
        try:
            invoice = one(today=today, at=at)
        except Exception:
            log.exception("No correction: %s", one)
        else:
            drawn += [invoice] if invoice else []
    return drawn


@transaction.atomic
def draw(*, order: Order, today: date, at: datetime) -> Invoice | None:
    """The correction of an order's invoice by all that was credited since; None when there is nothing to correct.

    An order that is not billed yet needs none: its invoice will say it.
    """
    credits.hold(order=order)
    fees = {order.number: worth.of(order=order).fee}
    drawn = []
    for seller_id, corrected in credits.invoices_of(order=order).items():
        waiting = reductions.sold_by(credits=reductions.waiting(orders=[order.number]), seller_id=seller_id)
        if waiting:
            charged = reductions.of_credits(credits=waiting, rates=_rates(seller_id), fees=fees, sign=1)
            drawn.append(_drawn(corrected, order, charged, today, at))
    return drawn[0] if drawn else None


@transaction.atomic
def draw_returns(*, order: Order, today: date, at: datetime) -> Invoice | None:
    """The correction of an order's invoice by the empties that came back at its delivery; None when nothing waits (any more).

    For customers who do not order again: otherwise empties come off the next document.
    """
    credits.hold(order=order)
    customer = empties.customer_of(order)
    mine = empties.waiting(customers=[customer], region=order.region_id).filter(delivery__order=order)
    returns = list(mine.select_for_update(of=("self",), no_key=True, skip_locked=True))
    drawn = []
    for seller_id, rows in selling.by_seller(returns=returns).items():
        corrected = credits.invoices_of(order=order).get(seller_id) or credits.invoice_of(order=order)
        if corrected is not None:
            charged = reductions.of_returns(returns=rows, rates=_rates(corrected.seller_id), sign=1)
            drawn.append(_drawn(corrected, order, charged, today, at))
    return drawn[0] if drawn else None


def _rates(seller_id: int | None) -> RateTable:
    """The market's rates, or those of the producer that sold in its own name."""
    rates = RateTable.load()
    return agencies.own_rates(partner_id=seller_id, rates=rates) if seller_id is not None else rates


def _drawn(corrected: Invoice, order: Order, charged: Iterable[Charged], today: date, at: datetime) -> Invoice:
    lines = _numbered(list(charged))
    document = _document(corrected, order, lines, today)
    return finalise(draft=_draft(corrected, order, document, lines), at=at)


def _numbered(charged: Sequence[Charged]) -> tuple[Charged, ...]:
    return tuple(replace(item, line=replace(item.line, position=position)) for position, item in enumerate(charged, 1))


def _document(corrected: Invoice, order: Order, charged: Sequence[Charged], today: date) -> Document:
    """The parties of the invoice as it named them; where it said more, the correction says nothing."""
    gross = sum((item.gross for item in charged), money.ZERO)
    return replace(
        thawed(corrected.content),
        type_code=TypeCode.CORRECTION,
        number="-",
        issued_on=today,
        due_on=None,
        replaces=(corrected.number, corrected.issued_on),
        lines=tuple(item.line for item in charged),
        allowances=(),
        charges=(),
        prepaid=money.ZERO,
        period=None,
        payment=Payment(),
        buyer_reference=order.number,
        intro=f"Wir korrigieren die Rechnung {corrected.number} vom {corrected.issued_on:%d.%m.%Y} um die folgenden Beträge.",
        notes=(),
        terms=_terms(corrected, order, gross),
    )


def _terms(corrected: Invoice, order: Order, gross: Decimal) -> str:
    """What becomes of the money, by what the customer owes before."""
    if corrected.order_id is None:
        return "Der Betrag wird mit Ihrem Kundenkonto verrechnet."
    back = min(gross, max(money.ZERO, gross - journal.balance(order=order)))
    with translation.override("de"):
        if back == gross:
            return f"Wir erstatten Ihnen {wording.euro(back)}."
        if not back:
            return f"Der Betrag mindert, was zur Rechnung {corrected.number} noch zu zahlen ist."
        return f"Der Betrag mindert, was noch zu zahlen ist; wir erstatten Ihnen {wording.euro(back)}."


def _draft(corrected: Invoice, order: Order, document: Document, charged: Sequence[Charged]) -> Draft:
    day = charges.day_of(order.delivery)
    drawn = drafting.draft(
        corrected.region,
        document,
        Bill(seller=corrected.seller, charged=tuple(charged)),
        (day, day),
        Prefix.CORRECTION,
        account_id=_account_id(corrected, order),
        order=order if corrected.order_id else None,
    )
    return replace(drawn, sides=tuple(journal.negated(drawn.sides)), entry_kind=JournalEntry.Kind.CORRECTION, corrects=corrected)


def _account_id(corrected: Invoice, order: Order) -> int | None:
    """The account whose receivable falls: the invoice's own, or that of the order."""
    terms = getattr(order, "terms", None)
    return corrected.account_id or (terms.account_id if terms else None)
