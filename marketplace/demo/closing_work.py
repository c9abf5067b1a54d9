"""Lets the demo's office close its months, count cash, and leave proposals for a second person."""

from datetime import date, datetime
from random import Random

from billing import closing, manual_entries, open_items, sellers
from billing.models import Invoice
from logistics import cash, daytime
from logistics.models import Tour
from marketplace.core import money
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

#: of ten businesses those that have told the tax office's facts
TOLD = 0.7


def keep(*, region: Region, at: datetime, by: User, dice: Random) -> None:
    """The second person of the office closes what is over and proposes what the first one has to decide."""
    today = at.astimezone(daytime.ZONE).date()
    close_months(region=region, today=today, at=at, by=by)
    count_cash(region=region, today=today, at=at, by=by)
    propose(region=region, today=today, at=at, by=by)
    tell_facts(region=region, today=today, at=at, dice=dice)


def close_months(*, region: Region, today: date, at: datetime, by: User) -> None:
    """Close what is over, as far as nothing hinders it."""
    while (month := closing.next_month(region=region, today=today)) is not None:
        if closing.hindrances(region=region, first=month[0], last=month[1], today=today):
            return
        closing.close(region=region, first=month[0], today=today, at=at, by=by)


def count_cash(*, region: Region, today: date, at: datetime, by: User) -> None:
    """The newest tour with cash was counted: a euro and a half is missing, and proposed to be booked."""
    purses = [purse for purse in cash.purses(region=region, today=today) if purse.expected > money.ZERO and purse.counted is None]
    for number, purse in enumerate(purses[:3]):
        short = money.ZERO if number else min(purse.expected, money.to_cents(3) / 2)
        count = cash.count(tour=Tour.objects.get(pk=purse.tour.pk), counted=purse.expected - short, note="", at=at, by=by)
        if short:
            reason = "Wechselgeld fehlt, zweimal nachgezählt"
            manual_entries.propose_cash_count(count=count, reason=reason, day=today, at=at, by=by)


def propose(*, region: Region, today: date, at: datetime, by: User) -> None:
    """The oldest invoice that is long overdue is proposed to be written off; somebody else has to decide."""
    overdue = open_items.unpaid(documents=Invoice.objects.filter(region=region, due_on__lt=today)).order_by("issued_on", "pk")
    oldest = overdue.first()
    if oldest is not None:
        reason = "Kundin verzogen, Mahnung kam zurück"
        manual_entries.propose_write_off(invoice=oldest, reason=reason, day=today, at=at, by=by)


def tell_facts(*, region: Region, today: date, at: datetime, dice: Random) -> None:
    """Most businesses have said what the tax office wants to know."""
    for partner in Partner.objects.filter(region=region, status=Partner.Status.APPROVED).order_by("pk"):
        if dice.random() < TOLD:
            told = {
                "is_person": True,
                "birth_date": date(1960 + dice.randint(0, 35), dice.randint(1, 12), dice.randint(1, 28)),
                "tin": str(dice.randint(10**10, 10**11 - 1)),
                "register_number": "",
            }
            sellers.tell(partner=partner, told=told, today=today, at=at, by=None)
