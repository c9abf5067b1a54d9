"""Grants credits on delivered lines: once for each decision, and never more than was charged.

Whoever grants holds what is billed (the account of the month, or the delivery) as drawing an invoice does, so a credit is either
on that invoice or on a correction of it (`corrections`), never on both or on none.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from billing import worth
from billing.models import Account, Credit, Invoice, InvoiceLine
from logistics.models import Delivery
from marketplace.core import money
from marketplace.order.models import Line, Order

Charge = InvoiceLine.Charge


class CreditRefused(Exception):
    """Nothing can be credited like that; the message is fit for the person who tried."""


def hold(*, order: Order) -> None:
    """Keep others from billing or crediting the order until this transaction ends: the account first, then the delivery."""
    consolidated = Account.objects.filter(order_terms__order=order, terms__in=Account.CONSOLIDATED)
    list(consolidated.select_for_update(of=("self",), no_key=True))
    list(Delivery.objects.filter(order=order).select_for_update(of=("self",), no_key=True))


def invoices_of(*, order: Order) -> dict[int | None, Invoice]:
    """The invoices of an order by the producer that sold in its own name, None the operator; the latest of each. One query."""
    mine = Q(order_line__order=order, charge=Charge.GOODS) | Q(fee__order=order)
    lines = InvoiceLine.objects.filter(mine, kind="380").select_related("invoice__region", "invoice__seller")
    return {line.invoice.seller_id: line.invoice for line in lines.order_by("invoice")}


def invoice_of(*, order: Order) -> Invoice | None:
    """The invoice on which the goods of an order are, the latest if it was drawn anew; None before it is drawn."""
    lines = InvoiceLine.objects.filter(order_line__order=order, kind="380", charge=Charge.GOODS)
    first = lines.select_related("invoice__region").order_by("-invoice").first()
    return first.invoice if first else None


@transaction.atomic
def on_line(
    *,
    order_line: Line,
    pieces: int,
    goods: Decimal,
    deposit: Decimal,
    bearer: Any,
    cause: Credit.Cause,
    key: str,
    at: datetime,
) -> list[Credit]:
    """Take `goods` and `deposit` (gross euro) off a delivered line; `bearer` is the producer who bears it, None the operator.

    The same `key` a second time gives back what was granted first. Raises `CreditRefused`.
    """
    order = order_line.order
    hold(order=order)
    granted = list(Credit.objects.filter(key__in=(f"{key}:goods", f"{key}:deposit")).order_by("pk"))
    if granted:
        return granted
    _check_invoice(order)
    line = worth.of(order=order).lines.get(order_line.pk)
    if line is None or not 1 <= pieces <= line.pieces:
        raise CreditRefused(_("No more of “%(article)s” was delivered.") % {"article": order_line.title})
    if not money.ZERO <= goods <= line.goods_left or not money.ZERO <= deposit <= line.deposit_left or not goods + deposit:
        raise CreditRefused(_("That is more than was paid for “%(article)s”.") % {"article": order_line.title})
    parts = {Charge.GOODS: (goods, line.supplied_of(goods=goods)), Charge.DEPOSIT: (deposit, deposit)}
    return [
        Credit.objects.create(
            key=f"{key}:{charge}",
            order=order,
            order_line=order_line,
            charge=charge,
            cause=cause,
            quantity=pieces,
            gross=gross,
            bearer=bearer,
            borne=supplied if bearer is not None else money.ZERO,
            granted_at=at,
        )
        for charge, (gross, supplied) in parts.items()
        if gross
    ]


@transaction.atomic
def on_fee(*, order: Order, cause: Credit.Cause, key: str, at: datetime) -> Credit | None:
    """Take all that is left of an order's fee off again; None when nothing is. The operator bears it."""
    hold(order=order)
    granted = Credit.objects.filter(key=f"{key}:fee").first()
    if granted:
        return granted
    _check_invoice(order)
    left, fee = worth.of(order=order).fee_left, order.fees.order_by("pk").first()
    if left <= 0 or fee is None:
        return None
    return Credit.objects.create(
        key=f"{key}:fee", order=order, fee=fee, charge=Charge.FEE, cause=cause, quantity=1, gross=left, granted_at=at
    )


def _check_invoice(order: Order) -> None:
    invoice = invoice_of(order=order)
    if invoice is not None and Invoice.objects.filter(replaces=invoice).exists():
        raise CreditRefused(_("%(number)s was cancelled; nothing can be credited on it.") % {"number": invoice.number})
