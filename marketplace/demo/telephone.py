"""Lets a few households of the demo order by telephone: they have no internet, and the office takes it down."""

from datetime import datetime
from random import Random
from typing import Any

from marketplace.basket.models import Basket
from marketplace.demo.market import Customer
from marketplace.desk import callers, calls, numbers, reading, taking
from marketplace.desk.models import Call, Caller
from marketplace.order import letters
from marketplace.order.models import Order
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User

#: who calls; the market knows nobody's e-mail address of them
CALLERS = frozenset({"elke-federsen-moor", "olga-wiesengrund", "selma-tarpenbek"})
NOTES = {"elke-federsen-moor": "Hört schlecht: bitte langsam und laut.", "olga-wiesengrund": "Ruft meistens dienstags an."}
#: of a hundred deliveries those about which somebody calls in the morning
ASKED = 0.3
QUESTIONS = (
    (Call.Topic.DELIVERY, "Wann ist der Fahrer da? Zeitfenster gesagt."),
    (Call.Topic.GOODS, "Welche Kartoffeln sind festkochend? Für den Salat."),
    (Call.Topic.INVOICE, "Rechnung kommt mit der Post, kann sie am Schalter zahlen?"),
    (Call.Topic.DELIVERY, "Enkel nimmt die Kiste an, ist angekommen."),
)


def card_of(*, customer: Customer, region: Region, village: Municipality, at: datetime) -> Caller:
    """The card of a household; a new one with the first call."""
    number = numbers.normal(text=customer.phone)
    known = Caller.objects.filter(region=region, number=number).first()
    if known is not None:
        return known
    details = {
        "phone": customer.phone,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "street": customer.street,
        "postal_code": customer.postal_code,
        "city": customer.city,
        "municipality": village,
        "note": NOTES.get(customer.slug, ""),
    }
    return callers.add(region=region, details=details, at=at)


def take_down(*, caller: Caller, basket: Basket, by: User, **order: Any) -> Order:
    """Everything is read aloud, and the order is placed; `order` is what `taking.take_down` is told besides."""
    return taking.take_down(caller=caller, basket=basket, by=by, read=list(reading.POINTS), **order)


def post(*, order: Order, at: datetime, by: User) -> None:
    """The letter goes out with the next day's post."""
    letters.mark(region=order.region, printed={order.pk: order.revision}, way=letters.Way.POSTED, at=at, by=by)


def ask(*, order: Order, at: datetime, by: User, dice: Random) -> None:
    """Somebody calls on the delivery day."""
    topic, text = dice.choice(QUESTIONS)
    caller = Caller.objects.filter(taken_orders__order=order).first()
    calls.note(region=order.region, topic=topic, text=text, at=at, by=by, caller=caller, order=order)
