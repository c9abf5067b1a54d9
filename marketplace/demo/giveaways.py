"""Offers the vouchers of the demo, and lets some customers use them when they order."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from marketplace.basket.models import Basket
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User
from marketplace.vouchers import codes, offering
from marketplace.vouchers.codes import NotTaken
from marketplace.vouchers.offering import Promise
from marketplace.vouchers.standing import Person

WELCOME, CHEESE, HOUSE = "WILLKOMMEN5", "KAESE2", "FREIHAUS"
DAIRY = "kaeserei-sieben-sterne"
#: of a hundred orders of people with an account so many try a code
TRIED = 14
DAYS = 120


def offer(*, region: Region, since: date, at: datetime, by: User) -> None:
    """A welcome in every region; where there is the dairy, its own voucher, and free delivery for larger orders."""
    until = since + timedelta(days=DAYS)
    welcome = Promise(
        code=WELCOME,
        title="Willkommen in der Marktrunde",
        percent=Decimal(5),
        first_order_only=True,
        is_combinable=True,
        uses_in_all=500,
        valid_from=since,
        valid_until=until,
    )
    found = [welcome]
    if dairy := Partner.objects.filter(region=region, slug=DAIRY).first():
        cheese = Promise(
            code=CHEESE,
            title="Zwei Euro auf unseren Käse",
            amount=Decimal(2),
            goods_of=dairy,
            bearer=dairy,
            minimum=Decimal(12),
            uses_per_person=3,
            is_combinable=True,
            valid_from=since,
            valid_until=until,
        )
        house = Promise(
            code=HOUSE,
            title="Lieferung geschenkt",
            free_delivery=True,
            minimum=Decimal(45),
            uses_in_all=40,
            uses_per_person=None,
            valid_from=since,
            valid_until=until,
        )
        found += [cheese, house]
    for promise in found:
        offering.offer(region=region, promise=promise, at=at, by=by)


def try_one(*, basket: Basket, user: User | None, at: datetime, dice: Random) -> bool:
    """Now and then somebody with an account types a code; says whether it went into the basket."""
    if user is None or dice.randrange(100) >= TRIED:
        return False
    code = dice.choice((WELCOME, CHEESE, CHEESE, HOUSE))
    try:
        codes.enter(basket=basket, typed=code, person=Person(user_id=user.pk), at=at)
    except NotTaken:
        return False
    return True


def forget(*, basket: Basket) -> None:
    """The basket is given up."""
    basket.vouchers.clear()
