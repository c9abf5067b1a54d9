"""Decides who may pay for something without a login: whoever holds its signed link. Paying for others harms nobody."""

from django.core import signing

from billing.models import Invoice
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.regions.models import Region

_SALT = "billing.pay"
Target = Order | Invoice


def sign(*, target: Target) -> str:
    """What the link to pay for an order or an invoice holds; it is good as long as there is something to pay."""
    return signing.dumps(["order" if isinstance(target, Order) else "invoice", target.pk], salt=_SALT)


def read(*, signed: str, region: Region) -> Target | None:
    """What a link of the region is for; None when it is forged or of elsewhere, or of somebody who was erased."""
    try:
        kind, pk = signing.loads(signed, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if kind == "order":
        orders = Order.objects.filter(pk=pk, region=region).exclude(user__erased_at__isnull=False)
        related = ("terms__account", "delivery__round", "user", "region__site")
        return orders.select_related(*related).prefetch_related(*statement.prefetches()).first()
    invoices = Invoice.objects.filter(pk=pk, region=region, kind=Invoice.Kind.INVOICE, replaced_by__isnull=True)
    invoices = invoices.exclude(order__user__erased_at__isnull=False).defer("content")
    return invoices.select_related("order__user", "account", "region__site").first()
