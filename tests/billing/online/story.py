"""What happens to an order between paying and the books, in a few words."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from billing import books, invoicing
from billing.models import Invoice, OnlinePayment, Posting
from billing.online import opening
from billing.online.provider import Provider
from logistics.models import Collection, Delivery, PackedLine
from marketplace.order import statement
from marketplace.order.models import Order
from tests.billing.online.bank import PracticeBank
from tests.factories.market import NOW, local

BACK, LEAVE = "http://localhost/zurueck/", "http://localhost/ohne/"


def fresh(order: Order) -> Order:
    """As it is now, as pages load it."""
    related = ("terms", "delivery__round", "region__site", "user")
    return Order.objects.select_related(*related).prefetch_related(*statement.prefetches()).get(pk=order.pk)


def page(target: Any, provider: Provider, at: datetime = NOW) -> str:
    """The address to which the customer is sent."""
    wanted = fresh(target) if isinstance(target, Order) else target
    return opening.page_for(target=wanted, provider=provider, at=at, back=BACK, leave=LEAVE)


def pay(order: Order, bank: PracticeBank, provider: Provider, means: str = "karte", at: datetime = NOW) -> OnlinePayment:
    """The customer pays, and the market asks."""
    from billing.online import following

    bank.pay(page(order, provider, at), means)
    return following.follow(payment=OnlinePayment.objects.get(order=order, status="opened"), provider=provider, at=at)


def hand_over(order: Order, *, missing: int = 0) -> datetime:
    """The goods reach the customer on the delivery day, `missing` pieces of the first line not; says when."""
    delivery = Delivery.objects.select_related("round").get(order=order)
    at = local(delivery.round.delivery_day, time(11))
    for number, line in enumerate(order.lines.order_by("pk")):
        collection, _new = Collection.objects.get_or_create(round=delivery.round, partner_id=line.partner_id)
        came = line.quantity - (missing if number == 0 else 0)
        PackedLine.objects.create(
            collection=collection,
            delivery=delivery,
            order_line=line,
            ordered=line.quantity,
            packed=came,
            packed_at=at,
            delivered=came,
        )
    Order.objects.filter(pk=order.pk).update(status=Order.Status.COMPLETED, closed_at=at, completed_at=at)
    Delivery.objects.filter(pk=delivery.pk).update(status=Delivery.Status.COMPLETED, completed_at=at)
    return at


def bill(order: Order, at: datetime) -> Invoice:
    """Its invoice."""
    found = invoicing.draw_for_order(delivery=Delivery.objects.get(order=order), today=at.date(), at=at)
    assert found is not None
    return found


def ledgers(region: Any = None) -> dict[str, Decimal]:
    """What is on each ledger (of one region), those at zero left out."""
    rows = Posting.objects.filter(entry__region=region) if region else Posting.objects.all()
    sums = rows.values_list("ledger").annotate(sum=Sum("amount")).order_by("ledger")
    return {ledger: amount for ledger, amount in sums if amount}


def in_order(order: Order, at: datetime) -> bool:
    """Whether the books hold together."""
    found = [text for text in books.problems(region=order.region, today=at.date()) if "has no file" not in text]
    assert found == []
    return True
