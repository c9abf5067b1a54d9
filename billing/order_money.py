"""Decides how money for an order counts for each of its invoices, when producers sold a part of it in their own names.

One payment is made for the order, however many invoices it has. It pays the oldest first; what is left over counts for the last.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from billing.models import Invoice, Payment, PaymentReturn, Refund
from marketplace.core import money

MONEY = DecimalField(max_digits=12, decimal_places=2)
NOTHING = Value(0, output_field=MONEY)


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
