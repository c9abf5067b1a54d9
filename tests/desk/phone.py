"""Somebody without e-mail calls, and the office takes the order down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from logistics.models import DeliveryWindow
from marketplace.basket import baskets
from marketplace.desk import bulk, callers, reading, taking
from marketplace.desk.models import BulkCancellation, Caller, TakenOrder
from marketplace.order.models import Order
from tests.factories.orders import TERMS
from tests.factories.town import Town

#: an elderly neighbour, plainly invented
CARD: dict[str, Any] = {
    "phone": "04356 000 123",
    "first_name": "Hertha",
    "last_name": "Beispiel",
    "street": "Am Teich 3",
    "postal_code": "24361",
    "city": "Haby",
}


def card(town: Town, *, at: datetime | None = None, **given: Any) -> Caller:
    """A card in Haby; `given` changes it."""
    details = {**CARD, "municipality": town.villages["Haby"], **given}
    user = details.pop("user", None)
    return callers.add(region=town.region, details=details, at=at or town.noon, user=user)


def fill(town: Town, caller: Caller, goods: Mapping[str, int]) -> None:
    """So many of these articles go into the caller's basket."""
    basket = taking.keep_basket(caller=caller)
    for key, quantity in goods.items():
        baskets.add(basket=basket, product=town.products[key], quantity=quantity)


def order(
    town: Town,
    caller: Caller,
    goods: Mapping[str, int],
    *,
    window: DeliveryWindow | None = None,
    at: datetime | None = None,
    **given: Any,
) -> Order:
    """The caller orders for the town's next round, to the door unless another window is told."""
    fill(town, caller, goods)
    basket = taking.basket_of(caller=caller)
    told = {"payment": "handover", "read": list(reading.POINTS), "by": town.people["office"], **given}
    return taking.take_down(
        caller=caller,
        basket=basket,
        window_id=(window or town.window()).pk,
        fingerprint=baskets.contents(basket=basket).fingerprint,
        terms_accepted=TERMS,
        at=at or town.noon,
        **told,
    )


def wants_to_cancel(town: Town, *, at: datetime) -> BulkCancellation:
    """The office wants what was taken down cancelled, and nobody has done it yet."""
    number = TakenOrder.objects.get().order.number
    told: dict[str, Any] = {"reason": "Der Hof liefert nicht", "tell": False, "restock": True, "by": town.people["office"]}
    return bulk.begin(region=town.region, key=uuid4(), numbers=[number], at=at, **told)


def arguments(name: str) -> list[object]:
    """What an address of the desk is asked for, where one order was taken down and the caller has gone on since."""
    taken = TakenOrder.objects.select_related("order", "caller__basket").get()
    caller, number = taken.caller, taken.order.number
    if name in {"order", "letter", "change", "cancel"}:
        return [number]
    if name == "cancelled_orders":
        return [BulkCancellation.objects.get().pk]
    if name == "quantity":
        return [caller.pk, caller.basket.lines.get().pk if caller.basket else 0]
    return [caller.pk, number] if name == "again" else [caller.pk]
