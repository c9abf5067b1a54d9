"""Decides who may read an order without logging in: whoever holds its signed link, for a while."""

from datetime import date, timedelta

from django.core import signing

from marketplace.order.models import Order

SALT = "order.link"
DAYS = 180


class BadLink(Exception):
    """The link was never given out by us."""


class LinkExpired(Exception):
    """The link was good once."""


def sign(*, order: Order) -> str:
    """What the link of an order holds; the same order always gets the same link, good for 180 days after it was placed."""
    until = order.date_placed.date() + timedelta(days=DAYS)
    return signing.Signer(salt=SALT).sign_object([order.number, until.isoformat()])


def read(*, token: str, today: date) -> str:
    """The number of the order that a link leads to. Raises `BadLink` or `LinkExpired`; neither says whether an order exists.

    The links of somebody who was erased have ended.
    """
    try:
        number, until = signing.Signer(salt=SALT).unsign_object(token)
        last = date.fromisoformat(until)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error
    if today > last or Order.objects.filter(number=number, user__erased_at__isnull=False).exists():
        raise LinkExpired
    return str(number)
