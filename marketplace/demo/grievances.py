"""What customers do after a delivery in the demo: give empties back, complain, withdraw; and what becomes of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from logistics import daytime, empties
from logistics.models import Delivery
from marketplace.aftersales import complaints, mails, settling, withdrawals
from marketplace.aftersales.models import Complaint, Withdrawal
from marketplace.aftersales.withdrawals import Declaration
from marketplace.demo.roundwork import Due
from marketplace.order.models import Line, Order
from marketplace.users.models import User

#: of a hundred deliveries: where empties stand at the door, where something is complained about, where somebody withdraws
EMPTIES, COMPLAINT, WITHDRAWAL = 0.3, 0.03, 0.02
SAID = {
    Complaint.Reason.DAMAGED: "Kam leider zerdrückt an.",
    Complaint.Reason.MISSING: "War nicht in der Kiste, ich habe zweimal nachgesehen.",
    Complaint.Reason.WRONG: "In der Tüte war etwas anderes.",
    Complaint.Reason.QUALITY: "Innen schon braun, das habe ich beim Schneiden gemerkt.",
}
SORRY = ("Das tut uns leid, Sie bekommen das Geld zurück.", "Danke für den Hinweis, das gleichen wir aus.")
WHY_NOT = "Die braunen Stellen sind bei dieser Sorte üblich und beeinträchtigen den Geschmack nicht."


def give_back(*, delivery: Delivery, at: datetime, by: User | None, dice: Random) -> int:
    """Most of the empties that the customer still has go back with the driver; says how many kinds."""
    if dice.random() >= EMPTIES:
        return 0
    held = empties.held(customer=empties.customer_of(delivery.order), region=delivery.order.region_id)
    for kind in held:
        number = max(1, round((kind.held or 1) * dice.uniform(0.5, 1)))
        uuid = UUID(int=dice.getrandbits(128), version=4)
        empties.record(delivery=delivery, uuid=uuid, kind=kind, quantity=number, at=at, by=by)
    return len(held)


def troubles(*, delivery: Delivery, at: datetime, dice: Random) -> Iterator[Due]:
    """When somebody complains about a delivery, or withdraws from something in it."""
    thrown = dice.random()
    if thrown < COMPLAINT:
        lines = Line.objects.filter(order=delivery.order_id, packed_line__delivered__gt=0).order_by("pk")
        if lines:
            yield Due(at + timedelta(hours=dice.randint(3, 40)), dice.choice(list(lines)))
    elif thrown < COMPLAINT + WITHDRAWAL:
        free = Line.objects.filter(order=delivery.order_id, packed_line__delivered__gt=0, withdrawal_ground="")
        if free and withdrawals.is_consumer(order=delivery.order):
            yield Due(at + timedelta(days=dice.randint(1, 6)), Order.objects.get(pk=delivery.order_id))


def complain(*, line: Line, at: datetime, dice: Random) -> Complaint:
    """Something was wrong with one piece of it."""
    fresh = Line.objects.select_related("order__delivery").get(pk=line.pk)
    reason = dice.choice(list(SAID))
    today = at.astimezone(daytime.ZONE).date()
    said = SAID[reason]
    made = complaints.report(order_line=fresh, quantity=1, reason=reason, text=said, photo=None, today=today, at=at)
    mails.mark_told(at=at)
    return made


def answer(*, complaint: Complaint, at: datetime, by: User | None, dice: Random) -> None:
    """Nearly always it is credited."""
    today = at.astimezone(daytime.ZONE).date()
    if complaint.reason == Complaint.Reason.QUALITY and dice.random() < 0.4:
        complaints.refuse(complaint=complaint, answer=WHY_NOT, at=at, by=by)
    else:
        at_market = complaint.reason == Complaint.Reason.MISSING
        sorry = dice.choice(SORRY)
        complaints.credit(
            complaint=complaint, amount=None, at_producers_cost=not at_market, answer=sorry, today=today, at=at, by=by
        )
    mails.mark_told(at=at)


def withdraw(*, order: Order, at: datetime) -> Withdrawal:
    """By the link in the confirmation, from all that can be withdrawn from."""
    today = at.astimezone(daytime.ZONE).date()
    open_ones = {row.line.pk: row.most for row in withdrawals.choices(order=order, today=today) if row.most}
    told = Declaration(name=order.contact_name, number=order.number, email=order.email, lines=open_ones)
    made = withdrawals.declare(region=order.region, declaration=told, at=at, order=order)
    mails.mark_told(at=at)
    return made


def settle(*, withdrawal: Withdrawal, at: datetime, by: User | None) -> None:
    """The goods came back with the next round."""
    pieces = {line.order_line_id: line.quantity for line in withdrawal.lines.all()}
    if pieces:
        today = at.astimezone(daytime.ZONE).date()
        settling.settle(withdrawal=withdrawal, pieces=pieces, answer="", today=today, at=at, by=by)
        mails.mark_told(at=at)
