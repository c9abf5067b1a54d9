"""Delivered orders for the tests of billing, written straight into the tables."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend

from billing.models import Account, OrderTerms
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine
from marketplace.order.models import Fee, Line, Order
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from tests.factories.market import RoundFactory, RoundRuleFactory, WindowFactory, local

DAY = date(2026, 10, 17)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = date(2026, 11, 1)
AT = datetime(2026, 11, 1, 3, tzinfo=UTC)
_numbers = count(1)


def round_of(region: Region, day: date) -> DeliveryRound:
    """The region's round of that day, with one window."""
    found = DeliveryRound.objects.filter(region=region, delivery_day=day).first()
    if found:
        return found
    rule = region.round_rules.first() or RoundRuleFactory.create(region=region)
    made: DeliveryRound = RoundFactory.create(rule=rule, delivery_day=day)
    WindowFactory.create(round=made, capacity=1000)
    return made


def deliver(
    *lines: dict[str, Any],
    region: Region,
    day: date = DAY,
    fee: str = "",
    account: Account | None = None,
    method: str = "transfer",
    user: Any = None,
    at: datetime | None = None,
    **order: Any,
) -> Delivery:
    """A completed delivery of a new order on `day` at 11:00; each of `lines` as `item` makes them."""
    number = next(_numbers)
    total = sum((item["price"] * item["quantity"] for item in lines), Decimal(0))
    placed = Order.objects.create(
        **{
            "number": f"T{number:03d}-AAAA",
            "region": region,
            "user": user,
            "guest_email": "" if user else "kunde@haus.example",
            "first_name": "Jette",
            "last_name": "Petersen",
            "status": Order.Status.COMPLETED,
            "completed_at": at or local(day, time(11)),
            "date_placed": local(day, time(0)),
            "currency": "EUR",
            "goods_total": total,
            "total_incl_tax": total + Decimal(fee or 0),
            "total_excl_tax": total,
            **order,
        }
    )
    OrderTerms.objects.create(order=placed, method="account" if account else method, account=account)
    if fee:
        Fee.objects.create(order=placed, kind=Fee.Kind.DELIVERY, gross=Decimal(fee))
    round_ = round_of(region, day)
    delivery = Delivery.objects.create(
        order=placed,
        round=round_,
        window=round_.windows.get(),
        kind=Delivery.Kind.HOME,
        status=Delivery.Status.COMPLETED,
        code=f"{number:04d}",
        recipient="Jette Petersen",
        street="Dorfstraße 12",
        postal_code="24361",
        city="Haby",
        latitude=54.4,
        longitude=9.8,
        booked_at=local(day, time(0)),
        completed_at=at or local(day, time(11)),
    )
    for position, told in enumerate(lines):
        _line(delivery, position, told)
    return delivery


def item(
    partner: Partner, price: str = "4.90", quantity: int = 1, *, delivered: int | None = None, **more: Any
) -> dict[str, Any]:
    """An article of an order: `price` of one including VAT, how many were ordered and handed over."""
    return {
        "partner": partner,
        "price": Decimal(price),
        "quantity": quantity,
        "delivered": quantity if delivered is None else delivered,
        **more,
    }


def juice(partner: Partner, quantity: int = 3) -> dict[str, Any]:
    """Bottles at 19 % with a deposit."""
    return item(
        partner,
        "1.96",
        quantity,
        title="Apfelsaft",
        unit_text="Flasche 1 l",
        sales_unit="bottle",
        vat_category="standard",
        vat_rate=Decimal("19.00"),
        deposit_each=Decimal("0.15"),
    )


def _line(delivery: Delivery, position: int, told: dict[str, Any]) -> None:
    told = dict(told)
    partner, price, quantity, delivered = (told.pop(name) for name in ("partner", "price", "quantity", "delivered"))
    weight = told.pop("delivered_weight_g", None)
    line = Line.objects.create(
        order=delivery.order,
        partner=partner,
        partner_name=partner.name,
        quantity=quantity,
        unit_price_incl_tax=price,
        unit_price_excl_tax=price,
        line_price_incl_tax=price * quantity,
        line_price_excl_tax=price * quantity,
        line_price_before_discounts_incl_tax=price * quantity,
        line_price_before_discounts_excl_tax=price * quantity,
        num_allocated=0,
        **{
            "title": f"Rapshonig {position}",
            "unit_text": "Glas 500 g",
            "partner_sku": f"A{position}",
            "sales_unit": "jar",
            "vat_category": "reduced",
            "vat_rate": Decimal("7.00"),
            **told,
        },
    )
    collection, _created = Collection.objects.get_or_create(round=delivery.round, partner=partner)
    PackedLine.objects.create(
        collection=collection,
        delivery=delivery,
        order_line=line,
        ordered=quantity,
        packed=delivered,
        delivered=delivered,
        delivered_weight_g=weight,
        problem="" if delivered == quantity else "missing",
    )


class NoMail(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, _messages: Any) -> int:
        """Refuse."""
        raise ConnectionRefusedError
