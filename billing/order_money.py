"""Decides how money for an order counts for each of its invoices, when producers sold a part of it in their own names.

One payment is made for the order, however many invoices it has. It pays the oldest first; what is left over counts for the last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from billing import journal
from billing.models import Invoice, Payment, PaymentReturn, Refund
from marketplace.core import money
from marketplace.order.models import Order
from marketplace.partner.models import Partner

MONEY = DecimalField(max_digits=12, decimal_places=2)
NOTHING = Value(0, output_field=MONEY)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The invoices of an order with several sellers together; no invoice itself. `rows`: number, seller, gross euro."""

    rows: tuple[tuple[str, str, Decimal], ...]
    left: Decimal

    @property
    def gross(self) -> Decimal:
        """What all of them come to."""
        return sum((gross for _number, _seller, gross in self.rows), money.ZERO)


def overview(*, order: Order, invoices: Iterable[Invoice]) -> Overview | None:
    """The overview of an order's documents; None where the operator alone sold. Two queries where there is one."""
    sold = [row for row in invoices if row.kind == Invoice.Kind.INVOICE and not hasattr(row, "replaced_by")]
    if not any(row.seller_id for row in sold):
        return None
    names = dict(Partner.objects.filter(pk__in=[row.seller_id for row in sold if row.seller_id]).values_list("pk", "name"))
    rows = [(row.number, names.get(row.seller_id or 0, order.region.legal_name), row.gross) for row in reversed(sold)]
    return Overview(rows=tuple(rows), left=max(journal.balance(order=order), money.ZERO))


def spread() -> Case:
    """What has to be added to all the money of the order, so that it is the share of the outer query's invoice; euro.

    Nothing for an invoice that is the only one of its order, and the database looks no further there.
    """
    others = _standing().exclude(pk=OuterRef("pk"))
    later = _standing().filter(pk__gt=OuterRef("pk"))
    whole = (
        _sum(Payment.objects.filter(order=OuterRef("order")), "amount")
        - _sum(Refund.objects.filter(order=OuterRef("order")), "amount")
        - _sum(PaymentReturn.objects.filter(payment__order=OuterRef("order")), "amount")
    )
    earlier = (
        _sum(_standing().filter(pk__lt=OuterRef("pk")), "gross")
        - _sum(Invoice.objects.filter(kind="381", order=OuterRef("order"), corrects__lt=OuterRef("pk")), "gross")
        - _sum(Payment.objects.filter(invoice__order=OuterRef("order"), invoice__lt=OuterRef("pk")), "amount")
    )
    own = (
        F("gross")
        - _sum(Invoice.objects.filter(corrects=OuterRef("pk")), "gross")
        - _sum(Payment.objects.filter(invoice=OuterRef("pk")), "amount")
    )
    rest = Greatest(whole - earlier, NOTHING, output_field=MONEY)
    share = Case(When(Exists(later), then=Least(rest, own, output_field=MONEY)), default=rest, output_field=MONEY)
    shared = Exists(others)
    return Case(When(shared, then=share - whole), default=NOTHING, output_field=MONEY)


def spread_of(*, invoice: Invoice) -> Decimal:
    """The same for one invoice at hand. One query, none for an invoice without an order."""
    if not invoice.order_id:
        return money.ZERO
    found: Decimal = Invoice.objects.annotate(spread=spread()).values_list("spread", flat=True).get(pk=invoice.pk)
    return found


def _standing() -> QuerySet[Invoice]:
    """The invoices of the outer invoice's order that were not cancelled."""
    return Invoice.objects.filter(kind="380", order=OuterRef("order"), replaced_by__isnull=True)


def _sum(rows: QuerySet[Any], of: str) -> Coalesce:
    summed = rows.order_by().annotate(of_all=Value(1)).values("of_all").annotate(sum=Sum(of)).values("sum")
    return Coalesce(Subquery(summed, output_field=MONEY), NOTHING, output_field=MONEY)
